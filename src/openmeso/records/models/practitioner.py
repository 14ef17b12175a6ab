"""Practitioner: what somebody has been trained in."""

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record


class Training(Record):
    """Training in one technique; ``created_by`` recorded it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trainings"
    )
    technique = models.CharField(max_length=60)
    trained_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("technique", "trained_on")
        constraints = [
            models.CheckConstraint(
                name="training_lapses_after_it_was_given",
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("trained_on")),
            ),
            models.CheckConstraint(
                name="training_names_a_technique", condition=~models.Q(technique="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.technique} ({self.trained_on})"
