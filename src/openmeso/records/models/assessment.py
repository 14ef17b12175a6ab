"""Assessment: immutable; a newer one supersedes it."""

from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.patient import Patient


class Assessment(Record):
    """``data`` is :class:`openmeso.terms.assessment.Assessment` as JSON."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="assessments")
    assessed_on = models.DateField()
    indication = models.CharField(max_length=60)
    data = models.JSONField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["patient", "-created_at"], name="assessment_latest_first")]
        constraints = [
            models.CheckConstraint(
                name="assessment_supersedes_another",
                condition=models.Q(supersedes__isnull=True) | ~models.Q(supersedes=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk}"
