"""Adverse event: what happened, and every note on it since; nothing is overwritten.

What is known of a reaction stands in its notes, each whole; the last one holds. Database triggers
keep every row as it was written and let notes follow each other in order.
"""

from enum import StrEnum

from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.patient import Patient
from openmeso.records.models.session import Session, SessionLot
from openmeso.terms.adverse_event import (
    FATAL_GRADE,
    GRADES,
    Causality,
    NoteKind,
    Outcome,
    Reporter,
    Seriousness,
    Trend,
)

_OVER = [outcome.value for outcome in Outcome if outcome.is_over]
_ENDS = [kind.value for kind in NoteKind if kind.ends]


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(one.value, one.value.replace("_", " ").capitalize()) for one in words]


class AdverseEvent(Record):
    """Whose it is and at which session it was seen; a late one may name none."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="adverse_events")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="adverse_events"
    )
    reporter = models.CharField(max_length=12, choices=_choices(Reporter))

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="adverse_event_reporter_is_known",
                condition=models.Q(reporter__in=[reporter.value for reporter in Reporter]),
            ),
        ]

    def __str__(self) -> str:
        return f"adverse event {self.pk}"


class AdverseEventNote(Record):
    """All that was known on ``seen_on``; ``reason`` says why it was corrected or taken back.

    ``next_due_on`` is when to look again, empty once nothing is to be followed up.
    """

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=_choices(NoteKind))
    seen_on = models.DateField()
    next_due_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    term = models.CharField(max_length=60)
    grade = models.PositiveSmallIntegerField()
    onset_on = models.DateField()
    outcome = models.CharField(max_length=24, choices=_choices(Outcome))
    trend = models.CharField(max_length=12, choices=_choices(Trend), blank=True)
    ended_on = models.DateField(null=True, blank=True)
    treatment = models.CharField(max_length=400, blank=True)
    causality = models.CharField(max_length=16, choices=_choices(Causality), blank=True)
    death = models.BooleanField(default=False)
    life_threatening = models.BooleanField(default=False)
    hospitalisation = models.BooleanField(default=False)
    disability = models.BooleanField(default=False)
    congenital_anomaly = models.BooleanField(default=False)
    medically_important = models.BooleanField(default=False)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ("event", "number")
        indexes = [
            models.Index(
                fields=["next_due_on"],
                name="adverse_event_due",
                condition=models.Q(next_due_on__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="adverse_event_note_number_unique", fields=["event", "number"]
            ),
            models.CheckConstraint(
                name="adverse_event_note_words_are_known",
                condition=models.Q(
                    kind__in=[kind.value for kind in NoteKind],
                    outcome__in=[outcome.value for outcome in Outcome],
                    trend__in=["", *(trend.value for trend in Trend)],
                    causality__in=["", *(causality.value for causality in Causality)],
                    grade__gte=GRADES[0],
                    grade__lte=GRADES[-1],
                )
                & ~models.Q(term=""),
            ),
            models.CheckConstraint(
                name="adverse_event_is_recorded_first",
                condition=models.Q(kind=NoteKind.RECORDED.value, number=1)
                | (~models.Q(kind=NoteKind.RECORDED.value) & models.Q(number__gt=1)),
            ),
            models.CheckConstraint(
                name="adverse_event_is_followed_until_it_ends",
                condition=models.Q(kind__in=_ENDS, next_due_on__isnull=True)
                | (~models.Q(kind__in=_ENDS) & models.Q(next_due_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="adverse_event_closed_with_an_end",
                condition=~models.Q(kind=NoteKind.CLOSED.value)
                | models.Q(outcome__in=[*_OVER, Outcome.UNKNOWN.value]),
            ),
            models.CheckConstraint(
                name="adverse_event_changed_for_a_reason",
                condition=~models.Q(kind__in=[NoteKind.CORRECTED.value, NoteKind.WITHDRAWN.value])
                | ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="adverse_event_fatal_is_grade_5_and_serious",
                condition=models.Q(outcome=Outcome.FATAL.value, grade=FATAL_GRADE, death=True)
                | (
                    ~models.Q(outcome=Outcome.FATAL.value)
                    & models.Q(grade__lt=FATAL_GRADE, death=False)
                ),
            ),
            models.CheckConstraint(
                name="adverse_event_ends_after_its_onset",
                condition=models.Q(ended_on__isnull=True)
                | (models.Q(outcome__in=_OVER) & models.Q(ended_on__gte=models.F("onset_on"))),
            ),
            models.CheckConstraint(
                name="adverse_event_dates_in_order",
                condition=models.Q(onset_on__lte=models.F("seen_on"))
                & (
                    models.Q(next_due_on__isnull=True)
                    | models.Q(next_due_on__gte=models.F("seen_on"))
                ),
            ),
        ]

    @property
    def seriousness(self) -> tuple[Seriousness, ...]:
        """Which criteria hold."""
        return tuple(one for one in Seriousness if getattr(self, one.value))

    @property
    def is_open(self) -> bool:
        """Whether it is still to be followed up."""
        return self.next_due_on is not None

    def __str__(self) -> str:
        return f"note {self.number} on adverse event {self.event_id}"


class AdverseEventLot(Record):
    """A lot that was given within the plausible window: suspect until somebody judges otherwise."""

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="lots")
    session_lot = models.ForeignKey(
        SessionLot, on_delete=models.PROTECT, related_name="adverse_events"
    )

    class Meta:
        ordering = ("event", "session_lot")
        constraints = [
            models.UniqueConstraint(name="adverse_event_lot_once", fields=["event", "session_lot"]),
        ]

    def __str__(self) -> str:
        return f"lot {self.session_lot_id} suspected in {self.event_id}"
