"""Patient report: a private link to tell from home, and what the clinic makes of what comes in.

Whoever holds the link may tell, and nothing else: it shows no record. Only the hash of its key is
kept. A report waits until somebody of the clinic settles it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.gateways.letter import filled, letter_text
from openmeso.gateways.mail import send_mail
from openmeso.records.models import AdverseEvent, Clinic, Patient, PatientReport, ReportLink, User
from openmeso.services import adverse_event as events
from openmeso.services import audit, permission
from openmeso.services.knowledge import knowledge
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.refusal import NotFound
from openmeso.terms.adverse_event import AdverseEventState, Reporter, Urgency
from openmeso.terms.patient_report import HowBad, PatientAccount, PatientSign

KEY_BYTES = 32  # 256 bits: nobody guesses it, so a plain hash of it gives nothing away
# how long a link may live [days]: a fortnight, the window of infections, a year for hair loss
LIFETIMES_DAYS = (14, 84, 365)
MOST_A_DAY = 6  # reports through one link
MOST_TEXT = 4000
EARLIEST_DAYS = 400  # a reaction that began longer ago is told in words


class TooMany(ValueError):
    """More reports through one link than anybody has to tell in a day."""


@dataclass(frozen=True, slots=True)
class Told:
    """A report as it is read: the signs in words, the gravest first, and how soon it presses."""

    report: PatientReport
    signs: tuple[PatientSign, ...]
    urgency: Urgency | None
    how_bad: HowBad


@transaction.atomic
def make_link(*, by: User, patient: Patient, days: int) -> tuple[ReportLink, str]:
    """A new link and its key, which is told this once; an earlier link of the patient ends."""
    permission.require(by, "patient_report.invite", patient)
    if days not in LIFETIMES_DAYS:
        raise ValidationError({"days": _("Choose one of the times offered.")})
    for link in _living(patient):
        _revoke(by, link)
    key = secrets.token_urlsafe(KEY_BYTES)
    link = ReportLink(
        patient=patient,
        token_hash=_hash(key),
        expires_at=clock.now() + timedelta(days=days),
        created_at=clock.now(),
        created_by=by,
    )
    link.full_clean()
    link.save(force_insert=True)
    audit.record(by=by, action="make", of=link, details={"days": days})
    return link, key


def send_link(*, by: User, link: ReportLink, address: str, language: str = "en") -> None:
    """E-mail the link to its patient, who agreed to it; that they did is kept in the audit trail.

    MailError where it did not go out. The message names the clinic and nothing else.
    """
    patient = link.patient
    permission.require(by, "patient_report.invite", patient)
    if not patient.email:
        raise ValidationError({"email": _("This patient has no e-mail address.")})
    words = letter_text("link", language)
    until = formats.date_format(timezone.localtime(link.expires_at).date())
    values = {"clinic": patient.clinic.name, "link": address, "until": until}
    send_mail(patient.email, filled(words.subject, values), filled(words.text, values))
    with transaction.atomic():
        audit.record(by=by, action="email_link", of=link, details={"patient_agreed": True})


@transaction.atomic
def revoke_link(*, by: User, patient: Patient) -> int:
    """End the patient's link before its time; how many there were."""
    permission.require(by, "patient_report.invite", patient)
    found = list(_living(patient))
    for link in found:
        _revoke(by, link)
        audit.record(by=by, action="revoke", of=link)
    return len(found)


def link_of(patient: Patient) -> ReportLink | None:
    """The patient's living link, if there is one; its key is known to the patient alone."""
    return _living(patient).first()


def open_link(key: str) -> ReportLink:
    """The living link of a key; NotFound for any other, and for all of them alike."""
    link = (
        ReportLink.objects.filter(
            token_hash=_hash(key), revoked_at__isnull=True, expires_at__gt=clock.now()
        )
        .select_related("patient__clinic")
        .first()
    )
    if link is None:
        raise NotFound("No such link.")
    return link


@transaction.atomic
def receive(*, by: None, link: ReportLink, account: PatientAccount) -> PatientReport:
    """Keep what a patient told through their link; ``by`` is nobody of the clinic."""
    _check(account)
    link = ReportLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    since = clock.now() - timedelta(days=1)
    if PatientReport.objects.filter(link=link, created_at__gt=since).count() >= MOST_A_DAY:
        raise TooMany
    report = PatientReport(
        patient_id=link.patient_id,
        link=link,
        signs=list(account.signs),
        how_bad=account.how_bad.value,
        began_on=account.began_on,
        text=account.text.strip(),
        may_phone=account.may_phone,
        created_at=clock.now(),
    )
    report.full_clean()
    report.save(force_insert=True)
    audit.record(by=by, action="receive", of=report)
    return report


@transaction.atomic
def waiting(*, by: User) -> list[Told]:
    """The clinic's reports that nobody has settled, the most pressing first; noted once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "patient_report.settle", clinic)
    rows = PatientReport.objects.filter(patient__clinic=clinic, settled_at__isnull=True)
    audit.record(by=by, action="list_reports", of=clinic, purpose="care")
    return _pressing_first(rows.select_related("patient__clinic"))


def count_waiting(clinic: Clinic) -> int:
    """How many reports of the clinic nobody has settled; a number, of nobody's record."""
    return PatientReport.objects.filter(
        patient__clinic_id=clinic.pk, settled_at__isnull=True
    ).count()


def waiting_of(patient: Patient) -> list[Told]:
    """What the patient has told and nobody has settled, the most pressing first."""
    return _pressing_first(PatientReport.objects.filter(patient=patient, settled_at__isnull=True))


def _pressing_first(rows: QuerySet[PatientReport]) -> list[Told]:
    pressing = list(Urgency)
    found = [told(row) for row in rows]
    return sorted(found, key=lambda one: pressing.index(one.urgency) if one.urgency else 9)


def of_patient(patient: Patient) -> list[Told]:
    """What the patient has told, what waits first and then the latest."""
    rows = PatientReport.objects.filter(patient=patient).select_related("settled_by", "event")
    found = sorted(rows, key=lambda row: (row.settled_at is not None, -row.created_at.timestamp()))
    return [told(row) for row in found]


@transaction.atomic
def get(*, by: User, pk: UUID, purpose: str) -> PatientReport:
    """One report, the read noted."""
    permission.require(by, "patient.see")
    report = (
        PatientReport.objects.filter(pk=pk, patient__in=visible_patients(by))
        .select_related("patient__clinic", "settled_by", "event")
        .first()
    )
    if report is None:
        raise NotFound("No such report in your clinic.")
    audit.record(by=by, action="read", of=report, purpose=purpose)
    return report


@transaction.atomic
def take_up(
    *, by: User, report: PatientReport, state: AdverseEventState, next_due_on: date | None = None
) -> AdverseEvent:
    """Make a reaction of a report, as the practitioner judges it; both know of each other."""
    permission.require(by, "patient_report.take_up", report)
    report = _locked(report)
    event = events.record(
        by=by,
        patient=report.patient,
        state=state,
        reporter=Reporter.PATIENT,
        next_due_on=next_due_on,
    )
    _settle(by, report, event=event)
    audit.record(by=by, action="take_up", of=report, details={"adverse_event": event.pk})
    return event


@transaction.atomic
def join(*, by: User, report: PatientReport, event: AdverseEvent) -> PatientReport:
    """Settle a report that tells of a reaction already on record."""
    permission.require(by, "patient_report.settle", report)
    report = _locked(report)
    if event.patient_id != report.patient_id:
        raise NotFound("No such reaction of this patient.")
    _settle(by, report, event=event)
    audit.record(by=by, action="join", of=report, details={"adverse_event": event.pk})
    return report


@transaction.atomic
def lay_aside(*, by: User, report: PatientReport, reason: str) -> PatientReport:
    """Settle a report that is no reaction, for a reason; it stays readable."""
    permission.require(by, "patient_report.take_up", report)
    report = _locked(report)
    said = " ".join(reason.split())
    if not said:
        raise ValidationError({"reason": _("Say why it is no reaction.")})
    _settle(by, report, laid_aside=said)
    audit.record(by=by, action="lay_aside", of=report)
    return report


def told(report: PatientReport) -> Told:
    """A report with its signs in words; one that the knowledge has dropped shows by its key."""
    known = knowledge().patient_signs
    signs = [known.get(one) or PatientSign(one, one.replace("_", " ")) for one in report.signs]
    urgencies = [one.urgency for one in signs if one.urgency]
    return Told(
        report,
        tuple(sorted(signs, key=lambda one: not one.urgency)),
        min(urgencies, key=list(Urgency).index, default=None),
        HowBad(report.how_bad),
    )


def _check(account: PatientAccount) -> None:
    faults: dict[str, str] = {}
    known = knowledge().patient_signs
    if not account.signs or any(one not in known for one in account.signs):
        faults["signs"] = _("Choose at least one; or “something else” and tell us below.")
    if len(account.text) > MOST_TEXT:
        faults["text"] = _("Please tell it in fewer words; we will ask.")
    today, began = clock.today(), account.began_on
    if began and not today - timedelta(days=EARLIEST_DAYS) <= began <= today + timedelta(days=1):
        faults["began_on"] = _("Please look at the date again.")
    if faults:
        raise ValidationError(faults)


def _living(patient: Patient) -> QuerySet[ReportLink]:
    return ReportLink.objects.filter(
        patient=patient, revoked_at__isnull=True, expires_at__gt=clock.now()
    )


def _revoke(by: User, link: ReportLink) -> None:
    link.revoked_at, link.revoked_by = clock.now(), by
    link.save(update_fields=["revoked_at", "revoked_by"])


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _locked(report: PatientReport) -> PatientReport:
    report = (
        PatientReport.objects.select_for_update(of=("self",))
        .select_related("patient__clinic")
        .get(pk=report.pk)
    )
    if report.settled_at is not None:
        raise ValidationError(_("Somebody has settled this report meanwhile."))
    return report


def _settle(
    by: User, report: PatientReport, *, event: AdverseEvent | None = None, laid_aside: str = ""
) -> None:
    report.settled_at, report.settled_by = clock.now(), by
    report.event, report.laid_aside = event, laid_aside or None
    report.save(update_fields=["settled_at", "settled_by", "event", "laid_aside"])
