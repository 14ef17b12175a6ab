"""Recall: from a lot, a product or a hand to everybody it reached; who was told of a lot.

Signed sessions alone count. A trace counts everybody and names those who are asked for; each
asking is noted once.
"""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.records.models import Clinic, Lot, Patient, RecallNotice, SessionLot, User
from openmeso.records.models.session import SessionStatus
from openmeso.services import audit, permission
from openmeso.services.recall_trace import Trace, traced
from openmeso.services.refusal import NotFound
from openmeso.terms.recall import Channel


@transaction.atomic
def trace_lot(*, by: User, lot: Lot, as_file: bool = False) -> Trace:
    """Everybody who was given a lot; noted once, and otherwise where it is taken out."""
    permission.require(by, "recall.trace", lot)
    trace = traced(of_lot(lot), notices_of(lot))
    action = _action("trace_lot", as_file)
    audit.record(by=by, action=action, of=lot, purpose="recall", details=_counted(trace))
    return trace


@transaction.atomic
def trace_product(*, by: User, product: str, as_file: bool = False) -> Trace:
    """Everybody in the clinic who was given a product, of any lot; noted once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "recall.trace", clinic)
    trace = traced(_signed(clinic).filter(product=product))
    audit.record(
        by=by, action=_action("trace_product", as_file), of=clinic, purpose="recall",
        details={"product": product, **_counted(trace)},
    )  # fmt: skip
    return trace


@transaction.atomic
def trace_practitioner(*, by: User, practitioner: User, as_file: bool = False) -> Trace:
    """Everybody in the clinic whom somebody has injected; noted once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "recall.trace", clinic)
    trace = traced(_signed(clinic).filter(session__practitioner=practitioner))
    audit.record(
        by=by, action=_action("trace_practitioner", as_file), of=clinic, purpose="recall",
        details={"practitioner": practitioner.pk, **_counted(trace)},
    )  # fmt: skip
    return trace


def reached(lot: Lot, pk: UUID) -> Patient:
    """A patient whom the lot reached; NotFound for anybody else."""
    patient = (
        Patient.objects.filter(pk=pk, sessions__in=of_lot(lot).values("session"))
        .select_related("clinic")
        .first()
    )
    if patient is None:
        raise NotFound("This lot reached no such patient.")
    return patient


@transaction.atomic
def tell(*, by: User, lot: Lot, patient: Patient, channel: Channel, note: str = "") -> RecallNotice:
    """Write down that a patient was told of a lot, or could not be reached."""
    permission.require(by, "recall.trace", lot)
    reached(lot, patient.pk)
    note = " ".join(note.split())
    if channel is Channel.NOT_REACHED and not note:
        raise ValidationError({"note": _("Say how it was tried.")})
    notice = RecallNotice(
        lot=lot,
        patient=patient,
        channel=channel.value,
        note=note,
        created_at=clock.now(),
        created_by=by,
    )
    notice.full_clean()
    notice.save(force_insert=True)
    audit.record(
        by=by, action="tell", of=notice, purpose="recall",
        details={"lot": lot.pk, "channel": channel.value},
    )  # fmt: skip
    return notice


def of_lot(lot: Lot) -> QuerySet[SessionLot]:
    """What signed sessions drew of a lot."""
    return _signed(lot.clinic).filter(lot=lot)


def notices_of(lot: Lot) -> QuerySet[RecallNotice]:
    """Who was told of the lot, earliest first."""
    return RecallNotice.objects.filter(lot=lot).select_related("created_by")


def _signed(clinic: Clinic) -> QuerySet[SessionLot]:
    return SessionLot.objects.filter(
        session__patient__clinic=clinic, session__status=SessionStatus.SIGNED.value
    )


def _action(action: str, as_file: bool) -> str:
    return "export_recall" if as_file else action


def _counted(trace: Trace) -> dict[str, object]:
    return {"patients": trace.reached, "sessions": trace.sessions}
