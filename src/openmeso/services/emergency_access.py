"""Emergency access: another clinic's patient, opened for a reason, for a while, for reading."""

import logging
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from openmeso.gateways import clock
from openmeso.records.models import Clinic, EmergencyAccess, Patient, User
from openmeso.services import audit, permission
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
    log.warning("Emergency access %s opened by user %s", access.pk, by.pk)
    return access


@transaction.atomic
def of_clinic(*, by: User) -> QuerySet[EmergencyAccess]:
    """Which of the clinic's patients were opened from outside, by whom and why, newest first."""
    clinic: Clinic = permission.own_clinic(by)
    permission.require(by, "audit.see", clinic)
    audit.record(by=by, action="read_emergency_accesses", of=clinic, purpose="audit")
    return EmergencyAccess.objects.filter(patient__clinic=clinic).select_related("user")
