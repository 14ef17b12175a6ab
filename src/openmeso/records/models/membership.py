"""Membership: who belongs to which clinic, in which role."""

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.clinic import Clinic
from openmeso.terms.practitioner import Role

ROLES = [(role.value, role.value.capitalize()) for role in Role]


class Membership(Record):
    """A user's one active place; ended memberships stay for the record."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=ROLES)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_role_is_known",
                condition=models.Q(role__in=[role.value for role in Role]),
            ),
            models.CheckConstraint(
                name="membership_ended_at_and_by_together",
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="membership_one_active_per_user",
                fields=["user"],
                condition=models.Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.clinic_id}"
