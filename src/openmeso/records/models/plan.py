"""Plan: versioned; once approved, fixed by a database trigger."""

from enum import StrEnum

from django.conf import settings
from django.db import models

from openmeso.records.models.assessment import Assessment
from openmeso.records.models.base import Record
from openmeso.records.models.patient import Patient


class PlanStatus(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


STATUSES = [(status.value, status.value.capitalize()) for status in PlanStatus]
_APPROVAL = ("approved_at", "approved_by")


def _all_null(*fields: str) -> models.Q:
    return models.Q(**{f"{field}__isnull": True for field in fields})


def _none_null(*fields: str) -> models.Q:
    return models.Q(**{f"{field}__isnull": False for field in fields})


class Plan(Record):
    """``choice`` is a PlanChoice, ``result`` the computed Plan, both as JSON."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="plans")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=12, choices=STATUSES, default=PlanStatus.DRAFT.value)
    title = models.CharField(max_length=160, blank=True)
    start_on = models.DateField()
    choice = models.JSONField()
    result = models.JSONField()
    knowledge_version = models.CharField(max_length=80)
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
    )
    updated_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["patient", "-created_at"], name="plan_latest_first")]
        constraints = [
            models.CheckConstraint(
                name="plan_status_is_known",
                condition=models.Q(status__in=[status.value for status in PlanStatus]),
            ),
            models.CheckConstraint(
                name="plan_approved_at_and_by_together",
                condition=_all_null(*_APPROVAL) | _none_null(*_APPROVAL),
            ),
            models.CheckConstraint(
                name="plan_is_a_draft_until_approved",
                condition=(models.Q(status=PlanStatus.DRAFT.value) & _all_null(*_APPROVAL))
                | (~models.Q(status=PlanStatus.DRAFT.value) & _none_null(*_APPROVAL)),
            ),
            models.CheckConstraint(
                name="plan_version_counts_from_one",
                condition=models.Q(version=1, supersedes__isnull=True)
                | models.Q(version__gt=1, supersedes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk} version {self.version}"
