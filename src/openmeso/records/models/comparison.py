"""Comparison: two pictures of one spot, and what became of its hairs; fixed by a trigger."""

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.measurement import Measurement, MeasurementStatus
from openmeso.records.models.patient import Patient
from openmeso.terms.comparison import ComparisonKind

KINDS = [(kind.value, kind.value.capitalize()) for kind in ComparisonKind]
_ACCEPTANCE = ("accepted_at", "accepted_by")
_WITHDRAWAL = ("withdrawn_at", "withdrawn_by", "withdrawn_because")


def _together(*fields: str) -> models.Q:
    return models.Q(**{f"{each}__isnull": True for each in fields}) | models.Q(
        **{f"{each}__isnull": False for each in fields}
    )


class Comparison(Record):
    """``data`` is :class:`openmeso.terms.comparison.Comparison`, or of a phototrichogram
    :class:`openmeso.terms.phototrichogram.Phototrichogram`, as JSON.

    ``before`` and ``after`` are the revisions that were compared, ``software`` what compared them,
    ``summary`` what it comes to (:class:`openmeso.terms.comparison.ComparisonSummary`). Only acceptance and withdrawal are filled in later, each once.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="comparisons")
    kind = models.CharField(max_length=16, choices=KINDS)
    before = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="+")
    software = models.CharField(max_length=80)
    data = models.JSONField()
    summary = models.JSONField(null=True, blank=True)  # NULL where it was made before summaries
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # NULL until withdrawn: the trigger lets it be filled once
    withdrawn_because = models.CharField(max_length=400, null=True, blank=True)  # noqa: DJ001

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="comparison_kind_is_known",
                condition=models.Q(kind__in=[kind.value for kind in ComparisonKind]),
            ),
            models.CheckConstraint(
                name="comparison_is_of_two", condition=~models.Q(before=models.F("after"))
            ),
            models.CheckConstraint(
                name="comparison_says_what_made_it", condition=~models.Q(software="")
            ),
            models.CheckConstraint(
                name="comparison_accepted_at_and_by_together", condition=_together(*_ACCEPTANCE)
            ),
            models.CheckConstraint(
                name="comparison_withdrawn_at_by_and_why_together",
                condition=_together(*_WITHDRAWAL),
            ),
        ]

    @property
    def status(self) -> MeasurementStatus:
        if self.withdrawn_at:
            return MeasurementStatus.WITHDRAWN
        return MeasurementStatus.ACCEPTED if self.accepted_at else MeasurementStatus.DRAFT

    def __str__(self) -> str:
        return f"comparison {self.pk}"
