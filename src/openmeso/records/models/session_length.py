"""Session length: how long the clinic's own sessions took, to estimate the next from."""

from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.clinic import Clinic


class SessionLength(Record):
    """One session's points and minutes; no patient is named."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="session_lengths")
    technique = models.CharField(max_length=60)
    points = models.PositiveIntegerField()
    minutes = models.FloatField()

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["clinic", "-created_at"], name="session_length_latest")]
        constraints = [
            models.CheckConstraint(
                name="session_length_is_a_real_session",
                condition=models.Q(points__gte=1, minutes__gt=0, minutes__lte=600),
            ),
            models.CheckConstraint(
                name="session_length_names_a_technique", condition=~models.Q(technique="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} points in {self.minutes} min"
