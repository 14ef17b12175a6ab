"""Recall message: letters on paper and e-mails to those whom a lot reached, each noted."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.gateways.letter import filled, letters_pdf
from openmeso.gateways.mail import MailError, is_configured, send_mail
from openmeso.records.models import Lot, User
from openmeso.services import audit, permission, recall
from openmeso.services.recall_trace import TracedPatient
from openmeso.terms.recall import Channel, Letter


@dataclass(frozen=True, slots=True)
class Message:
    """A text with {blanks}; ``everybody`` also writes to those who have been told."""

    subject: str
    text: str
    everybody: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Sent:
    """How the e-mails went."""

    sent: int = 0
    without_address: int = 0
    failed: int = 0


@transaction.atomic
def letters(*, by: User, lot: Lot, message: Message) -> bytes | None:
    """A PDF with a letter for each, noted as told by letter; None where nobody is left to tell."""
    people = _people(by, lot, message)
    if not people:
        return None
    pdf = letters_pdf((_letter(lot, one, message) for one in people), message.language)
    for one in people:
        recall.tell(by=by, lot=lot, patient=one.patient, channel=Channel.LETTER)
    audit.record(by=by, action="print_letters", of=lot, details={"letters": len(people)})
    return pdf


def emails(*, by: User, lot: Lot, message: Message) -> Sent:
    """Send each a mail and note it at once, one by one: a mail sent cannot be taken back."""
    people = _people(by, lot, message)
    if not is_configured():
        raise ValidationError(_("No mail server is named for this site: nothing was sent."))
    reachable = [one for one in people if one.patient.email]
    failed = 0
    for one in reachable:
        values = _values(lot, one)
        clinic_only = {"clinic": lot.clinic.name}
        try:
            send_mail(
                one.patient.email,
                filled(message.subject, clinic_only),
                filled(message.text, values),
            )
        except MailError:
            failed += 1
        else:
            recall.tell(by=by, lot=lot, patient=one.patient, channel=Channel.EMAIL)
    return Sent(len(reachable) - failed, len(people) - len(reachable), failed)


def _people(by: User, lot: Lot, message: Message) -> list[TracedPatient]:
    permission.require(by, "recall.trace", lot)
    traced: Iterable[TracedPatient] = recall.trace_lot(by=by, lot=lot).patients
    return [one for one in traced if message.everybody or not one.told]


def _letter(lot: Lot, one: TracedPatient, message: Message) -> Letter:
    values = _values(lot, one)
    return Letter(
        sender=lot.clinic.name,
        addressee=f"{one.patient.name}\n{one.patient.address}".strip(),
        on=formats.date_format(clock.today()),
        subject=filled(message.subject, values),
        text=filled(message.text.replace("\r\n", "\n"), values),
    )


def _values(lot: Lot, one: TracedPatient) -> dict[str, str]:
    return {
        "name": one.patient.name,
        "clinic": lot.clinic.name,
        "product": lot.product_name,
        "lot": lot.number,
        "reason": lot.status_reason,
        "dates": ", ".join(formats.date_format(each.given_on) for each in one.sessions),
    }
