"""Emergency access: another clinic's patient, opened for a reason, for a while, for reading.

Whoever opens must already hold the record's reference: there is no search over other clinics.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from openmeso.gateways import clock
from openmeso.records.models import Clinic, EmergencyAccess, Membership, Patient, User
from openmeso.services import audit, permission
from openmeso.services.member import membership_of
from openmeso.services.refusal import NotAllowed, NotFound

OPEN_FOR = timedelta(hours=1)
LEAST_REASON = 10  # characters

log = logging.getLogger(__name__)


@transaction.atomic
def open_with_reason(*, by: User, pk: UUID, reason: str) -> EmergencyAccess:
    """Open a patient of another clinic to read for an hour; both clinics' trails show it."""
    membership = permission.own_membership(by)
    if membership.role not in permission.DECIDE:
        raise NotAllowed("Only practitioners and leads may open a record in an emergency.")
    reason = " ".join(reason.split())
    if len(reason) < LEAST_REASON:
        raise ValidationError({"reason": "Say in a sentence why this record must be opened now."})
    patient = Patient.objects.select_related("clinic").filter(pk=pk).first()
    if patient is None:
        raise NotFound("No such patient.")
    now = clock.now()
    access = EmergencyAccess.objects.create(
        user=by, patient=patient, reason=reason, until=now + OPEN_FOR, created_at=now, created_by=by
    )
    audit.record(
        by=by, action="break_glass", of=access, purpose="emergency", details={"until": access.until}
    )
    audit.record(
        by=by,
        action="break_glass_elsewhere",
        of=membership.clinic,
        purpose="emergency",
        details={"access": access.pk},
    )
    log.warning("Emergency access %s opened by user %s", access.pk, by.pk)
    return access


def open_to(user: permission.Asker, patient: Patient) -> EmergencyAccess | None:
    """The access through which somebody reads the patient now; None where they need none."""
    membership = membership_of(user)
    if membership is None or membership.clinic_id == patient.clinic_id:
        return None
    held = EmergencyAccess.objects.filter(
        user=membership.user, patient=patient, until__gt=clock.now()
    )
    return held.order_by("-until").first()


@transaction.atomic
def close(*, by: User, patient: Patient) -> int:
    """Give back what the asker holds on the patient, before it closes by itself; how many."""
    now = clock.now()
    held = EmergencyAccess.objects.filter(user=by, patient=patient, until__gt=now)
    for access in held:
        access.until = now
        access.save(update_fields=["until"])
        audit.record(by=by, action="close", of=access, purpose="emergency")
    return len(held)


@transaction.atomic
def of_clinic(*, by: User) -> QuerySet[EmergencyAccess]:
    """Which of the clinic's patients were opened from outside, by whom and why, newest first."""
    clinic: Clinic = permission.own_clinic(by)
    permission.require(by, "audit.see", clinic)
    audit.record(by=by, action="read_emergency_accesses", of=clinic, purpose="audit")
    return EmergencyAccess.objects.filter(patient__clinic=clinic).select_related("user", "patient")


@transaction.atomic
def by_members(*, by: User) -> QuerySet[EmergencyAccess]:
    """What the clinic's own people opened elsewhere; of whom is for the other clinic to see."""
    clinic: Clinic = permission.own_clinic(by)
    permission.require(by, "audit.see", clinic)
    audit.record(by=by, action="read_emergency_accesses", of=clinic, purpose="audit")
    # whoever was a member then, though they may have left since
    then = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("created_at")),
        clinic=clinic,
        user=OuterRef("user"),
        created_at__lte=OuterRef("created_at"),
    )
    return EmergencyAccess.objects.filter(Exists(then)).select_related("user").defer("patient")
