"""Emergency access: a patient of another clinic opened for a stated reason, for a while."""

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.patient import Patient


class EmergencyAccess(Record):
    """Opened by ``user``; closes by itself at ``until``."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="emergency_accesses"
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="emergency_accesses"
    )
    reason = models.CharField(max_length=400)
    until = models.DateTimeField()

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="emergency_access_has_a_reason", condition=~models.Q(reason="")
            ),
            models.CheckConstraint(
                name="emergency_access_ends_after_it_began",
                condition=models.Q(until__gt=models.F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"emergency access {self.pk}"
