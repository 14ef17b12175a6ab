"""Consent: handed over, signed, withdrawn; and how it stands before a session.

A consent holds for a plan when it was signed for the same procedure in the text's present version,
for the same technique, and for every product that the plan injects.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from openmeso.gateways import clock
from openmeso.gateways.consent_sheet import Signed, consent_pdf
from openmeso.gateways.conversion import structure
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Consent, Patient, Plan, User
from openmeso.services import audit, permission
from openmeso.services import file as files
from openmeso.services.consent_text import Need, course_of, form_for, need_of, needs_of, paper_for
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.refusal import NotFound
from openmeso.terms.consent import SOURCE_LANGUAGE, ConsentPaper, ConsentStanding, Signature
from openmeso.terms.file import FileKind

LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Sheet:
    """The signed sheet, printed and not kept yet."""

    consent: UUID
    signed: Signed
    content: bytes


class AlreadySigned(Exception):
    """It is signed, or its text has been superseded; a new one is to be handed over."""


def visible_to(user: permission.Asker) -> QuerySet[Consent]:
    """Consents of the patients somebody may open, newest first."""
    return Consent.objects.filter(patient__in=visible_patients(user)).select_related(
        "patient__clinic", "plan", "created_by", "taken_by", "withdrawn_by", "pdf__clinic"
    )


def of_patient(patient: Patient) -> QuerySet[Consent]:
    """Every consent of a patient whose reading is noted already, newest first."""
    held = Consent.objects.filter(patient=patient).defer("text")
    return held.select_related("plan", "taken_by", "created_by")


def likely_language(
    held: Iterable[Consent], asked: str, papers: Mapping[str, ConsentPaper | None]
) -> str:
    """The language to offer first: of the patient's last consent, else as asked, else English."""
    last = next(iter(held), None)
    wanted = (last.language if last else "", asked.split("-")[0], SOURCE_LANGUAGE)
    return next((one for one in wanted if papers.get(one)), SOURCE_LANGUAGE)


@transaction.atomic
def get(*, by: User, pk: UUID, purpose: str) -> Consent:
    """One consent, the read noted."""
    permission.require(by, "patient.see")
    consent = visible_to(by).filter(pk=pk).first()
    if consent is None:
        raise NotFound("No such consent in your clinic.")
    audit.record(by=by, action="read", of=consent, purpose=purpose)
    return consent


def paper_of(consent: Consent) -> ConsentPaper:
    """The words as they were put before the patient."""
    return structure(consent.text, ConsentPaper)


def valid(*, patient: Patient, plan: Plan, on: date) -> Consent | None:
    """The consent under which a session of the plan may be given on the day, if there is one."""
    if plan.patient_id != patient.pk:
        return None
    return covering(patient=patient, need=need_of(plan), on=on)


def covering(*, patient: Patient, need: Need, on: date) -> Consent | None:
    """The consent that gives what is needed on the day, if there is one."""
    held = _held(patient)
    return next((one for one in _standing(held, need, on) if _covers(one, need)), None)


def status(*, patient: Patient, plan: Plan, on: date) -> ConsentStanding:
    """How the patient's consent to the plan stands on the day; anything but VALID is no consent."""
    if plan.patient_id != patient.pk:
        return ConsentStanding.MISSING
    return _status(_held(patient), need_of(plan), on)


def status_of_each(*, patient: Patient, on: date) -> dict[UUID, ConsentStanding]:
    """How consent stands for every plan of the patient, by the plan's id."""
    held = _held(patient)
    needs = needs_of(Plan.objects.filter(patient=patient))
    return {plan: _status(held, need, on) for plan, need in needs.items()}


@transaction.atomic
def hand_over(*, by: User, plan: Plan, language: str) -> Consent:
    """Put the present text before the patient, to read now or at home."""
    permission.require(by, "consent.hand_over", plan)
    form, paper = paper_for(plan, language)
    consent = Consent(
        patient=plan.patient,
        plan=plan,
        form=form.id,
        version=form.version,
        language=language,
        text=asdict(paper),
        course=course_of(plan),
        created_at=clock.now(),
        created_by=by,
    )
    consent.full_clean()
    consent.save(force_insert=True)
    said = {"form": form.id, "version": form.version, "language": language}
    audit.record(by=by, action="hand_over", of=consent, details=said)
    return consent


def write_sheet(
    consent: Consent, *, signature: Signature, taken_by: User, questions: str = ""
) -> Sheet:
    """Print what is being signed; before the transaction begins, for printing takes a second."""
    now = clock.now()
    signed = Signed(
        signature=signature,
        signed_at=at_clinic(consent.patient, now),
        handed_over_at=at_clinic(consent.patient, consent.created_at),
        taken_by=taken_by.name,
        questions=questions.strip()[:LONGEST_NOTE],
        same_day=is_same_day(consent, now),
    )
    return Sheet(consent.pk, signed, _pdf(consent, signed))


@transaction.atomic
def sign(*, by: User, consent: Consent, sheet: Sheet, enough_time: bool = False) -> Consent:
    """Take the consent: the signed sheet is kept encrypted, and nothing of it changes again."""
    permission.require(by, "consent.take", consent)
    consent = _locked(consent)
    signed = sheet.signed
    _refuse_what_is_not_signed(by, consent, sheet)
    if signed.same_day and not enough_time:
        ask = "Tick this, or let the patient take more time and come back."
        raise ValidationError({"enough_time": ask})
    consent.pdf = files.keep(
        by=by,
        patient=consent.patient,
        content=sheet.content,
        media_type="application/pdf",
        kind=FileKind.CONSENT,
        name=f"consent-{consent.form}-{consent.version}.pdf",
    )
    consent.signed_at, consent.taken_by = signed.signed_at, by
    consent.signing = {
        "method": signed.signature.method.value,
        "name": signed.signature.name,
        "relation": signed.signature.relation,
        "questions": signed.questions,
        "same_day": signed.same_day,
    }
    consent.save(update_fields=["pdf", "signed_at", "taken_by", "signing"])
    said = {
        "plan": consent.plan_id,
        "version": consent.version,
        "method": signed.signature.method.value,
    }
    audit.record(by=by, action="sign", of=consent, details=said)
    return consent


def _refuse_what_is_not_signed(by: User, consent: Consent, sheet: Sheet) -> None:
    form = form_for(consent.plan)
    if consent.signed_at or form is None or consent.version != form.version:
        raise AlreadySigned
    if sheet.consent != consent.pk or sheet.signed.taken_by != by.name:
        raise ValueError("the sheet was written for another consent, or in another's name")


@transaction.atomic
def withdraw(*, by: User, consent: Consent, note: str = "") -> Consent:
    """Write down that the patient has withdrawn; earlier consents to the procedure end with it."""
    permission.require(by, "consent.withdraw", consent)
    consent = _locked(consent)
    if consent.signed_at is None or consent.withdrawn_at is not None:
        raise AlreadySigned
    consent.withdrawn_at, consent.withdrawn_by = clock.now(), by
    consent.withdrawal = {"note": note.strip()[:LONGEST_NOTE]}
    consent.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal"])
    audit.record(by=by, action="withdraw", of=consent)
    return consent


@transaction.atomic
def pdf(*, by: User, consent: Consent, purpose: str) -> bytes:
    """The signed sheet as it was kept; before it is signed, the text to take home."""
    permission.require(by, "patient.see")
    audit.record(by=by, action="print", of=consent, purpose=purpose)
    if consent.pdf is not None:
        return files.content(by=by, file=consent.pdf, purpose=purpose)
    return _pdf(consent)


def is_same_day(consent: Consent, moment: datetime) -> bool:
    """Whether the text was handed over on the same day, by the clinic's calendar."""
    days = (at_clinic(consent.patient, each).date() for each in (consent.created_at, moment))
    return len(set(days)) == 1


def at_clinic(patient: Patient, moment: datetime) -> datetime:
    """The moment on the clinic's clock."""
    return moment.astimezone(ZoneInfo(patient.clinic.timezone))


def _locked(consent: Consent) -> Consent:
    return (
        Consent.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "plan")
        .get(pk=consent.pk)
    )


_HELD = Prepared(
    lambda patient: (
        Consent.objects.filter(patient=patient).defer("text").select_related("patient__clinic")
    ),
    patient=UUID,
)


def _held(patient: Patient) -> list[Consent]:
    return _HELD.all(patient=patient.pk)


def _status(held: list[Consent], need: Need, on: date) -> ConsentStanding:
    if need.form is None:
        return ConsentStanding.MISSING
    standing = list(_standing(held, need, on))
    if any(_covers(one, need) for one in standing):
        return ConsentStanding.VALID
    if any(one.signed_at is None and _covers(one, need) for one in held):
        return ConsentStanding.HANDED_OVER
    if not standing and any(one.withdrawn_at for one in held if one.form == need.form.id):
        return ConsentStanding.WITHDRAWN
    if any(one.version != need.form.version for one in standing):
        return ConsentStanding.OUTDATED
    return ConsentStanding.OTHER_COURSE if standing else ConsentStanding.MISSING


def _standing(held: list[Consent], need: Need, on: date) -> Iterator[Consent]:
    """Those signed by the day and after the last withdrawal: whoever withdraws, withdraws all."""
    same = [one for one in held if need.form is not None and one.form == need.form.id]
    ended = max((one.withdrawn_at for one in same if one.withdrawn_at), default=None)
    for one in same:
        if one.signed_at is None or (ended is not None and one.signed_at <= ended):
            continue
        if at_clinic(one.patient, one.signed_at).date() <= on:
            yield one


def _covers(consent: Consent, need: Need) -> bool:
    return (
        need.form is not None
        and (consent.form, consent.version) == (need.form.id, need.form.version)
        and consent.course["technique"] == need.technique
        and {one["id"] for one in consent.course["products"]} >= need.products
    )


def _pdf(consent: Consent, signed: Signed | None = None) -> bytes:
    patient = consent.patient
    heading: dict[str, Any] = {
        "clinic": patient.clinic.name,
        "patient": patient.name,
        "record_number": patient.record_number,
        "birth_date": patient.birth_date,
        "reference": str(consent.pk),
    }
    return consent_pdf(paper_of(consent), consent.course, heading, signed)
