"""Session: drafted at the chair; once signed, fixed by database triggers with all its parts.

The points and lots are written at the signature, one row each, so that a recalled lot is
followed to every point. Until then they stand in the draft's ``entry``.
"""

from enum import StrEnum

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.lot import Lot
from openmeso.records.models.patient import Patient
from openmeso.records.models.plan import Plan
from openmeso.terms.session import PAIN_HIGHEST, PointState

TOLERANCE_ML = 0.01  # rounding of a vial's balance


class SessionStatus(StrEnum):
    """Where a session stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    ABANDONED = "abandoned"


STATUSES = [(status.value, status.value.capitalize()) for status in SessionStatus]
STATES = [(state.value, state.value.capitalize()) for state in PointState]
_SIGNATURE = ("signed_at", "signed_by", "given_on", "practitioner", "result")


def _is(status: SessionStatus) -> models.Q:
    return models.Q(status=status.value)


class Session(Record):
    """``entry`` is a SessionEntry, ``result`` a SessionResult without its points, both as JSON.

    ``version`` counts the saves of a draft and ``client_token`` names the last of them, so that
    the same save sent twice is taken once and an older one is told apart.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    planned_on = models.DateField()
    status = models.CharField(max_length=10, choices=STATUSES, default=SessionStatus.DRAFT.value)
    version = models.PositiveIntegerField(default=1)
    client_token = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entry = models.JSONField()
    result = models.JSONField(null=True, blank=True)
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
    )
    given_on = models.DateField(null=True, blank=True)
    minutes = models.FloatField(null=True, blank=True)
    pain = models.PositiveSmallIntegerField(null=True, blank=True)
    points_given = models.PositiveIntegerField(default=0)
    volume_ml = models.FloatField(default=0.0)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    abandoned_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-planned_on", "-created_at")
        indexes = [
            models.Index(fields=["patient", "-planned_on"], name="session_latest_first"),
            models.Index(
                fields=["updated_at"],
                name="session_drafts",
                condition=models.Q(status=SessionStatus.DRAFT.value),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="session_status_is_known",
                condition=models.Q(status__in=[status.value for status in SessionStatus]),
            ),
            models.UniqueConstraint(
                name="session_number_given_once",
                fields=["plan", "number"],
                condition=~_is(SessionStatus.ABANDONED),
            ),
            models.CheckConstraint(
                name="session_counts_from_one",
                condition=models.Q(number__gte=1, version__gte=1),
            ),
            models.CheckConstraint(
                name="session_signed_as_a_whole",
                condition=(
                    _is(SessionStatus.SIGNED)
                    & models.Q(**{f"{field}__isnull": False for field in _SIGNATURE})
                )
                | (
                    ~_is(SessionStatus.SIGNED)
                    & models.Q(signed_at__isnull=True, signed_by__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="session_abandoned_for_a_reason",
                condition=~_is(SessionStatus.ABANDONED) | ~models.Q(abandoned_reason=""),
            ),
            models.CheckConstraint(
                name="session_pain_is_0_to_10",
                condition=models.Q(pain__isnull=True) | models.Q(pain__lte=PAIN_HIGHEST),
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"


class SessionPoint(models.Model):
    """One planned point and what became of it, in mm on the patient's own head or body.

    A whole number for a key and one index (session, number): there are hundreds a session.
    """

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="points", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=80)
    x_mm = models.FloatField()
    y_mm = models.FloatField()
    state = models.CharField(max_length=8, choices=STATES, default=PointState.GIVEN.value)
    volume_ml = models.FloatField()
    depth_mm = models.FloatField()
    syringe = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("session", "number")
        constraints = [
            models.UniqueConstraint(
                name="session_point_number_unique", fields=["session", "number"]
            ),
            models.CheckConstraint(
                name="session_point_state_is_known",
                condition=models.Q(state__in=[state.value for state in PointState]),
            ),
            models.CheckConstraint(
                name="session_point_skipped_gets_nothing",
                condition=models.Q(state=PointState.SKIPPED.value, volume_ml=0)
                | (~models.Q(state=PointState.SKIPPED.value) & models.Q(volume_ml__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"point {self.number} of session {self.session_id}"


class SessionZone(models.Model):
    """What a zone got from one syringe, skipped points left out: the points counted at signing.

    A recall adds these up instead of a hundred times as many points; a trigger lets no session be
    signed whose counts are not those of its points.
    """

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="zones", db_index=False
    )
    zone = models.CharField(max_length=80)
    syringe = models.PositiveSmallIntegerField(default=1)
    points = models.PositiveIntegerField()
    volume_ml = models.FloatField()

    class Meta:
        ordering = ("session", "zone", "syringe")
        constraints = [
            models.UniqueConstraint(
                name="session_zone_counted_once", fields=["session", "zone", "syringe"]
            ),
            models.CheckConstraint(
                name="session_zone_got_something",
                condition=models.Q(points__gte=1, volume_ml__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"zone {self.zone} of session {self.session_id}"


class SessionLot(Record):
    """What was drawn from one lot for a session [mL]; without a syringe it went into all.

    Product, number and expiry stand here as they were that day: the record explains itself.
    ``discarded_ml`` is what stayed behind in opened ampoules that are for one patient only.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="used")
    product = models.CharField(max_length=80)
    product_name = models.CharField(max_length=160)
    manufacturer = models.CharField(max_length=160, blank=True)
    number = models.CharField(max_length=40)
    expires_on = models.DateField()
    syringe = models.PositiveSmallIntegerField(null=True, blank=True)
    drawn_ml = models.FloatField()
    given_ml = models.FloatField()
    wasted_ml = models.FloatField()
    discarded_ml = models.FloatField(default=0.0)
    despite = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("session", "product_name", "number")
        indexes = [models.Index(fields=["product", "number"], name="session_lot_by_product")]
        constraints = [
            models.CheckConstraint(
                name="session_lot_is_named",
                condition=~(models.Q(product="") | models.Q(product_name="") | models.Q(number="")),
            ),
            models.CheckConstraint(
                name="session_lot_drawn_is_given_and_wasted",
                condition=models.Q(
                    given_ml__gte=0,
                    discarded_ml__gte=0,
                    wasted_ml__gte=-TOLERANCE_ML,
                    drawn_ml__gte=models.F("given_ml") + models.F("wasted_ml") - TOLERANCE_ML,
                    drawn_ml__lte=models.F("given_ml") + models.F("wasted_ml") + TOLERANCE_ML,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"lot {self.number} in session {self.session_id}"


class Addendum(Record):
    """What is said of a signed session later; ``created_by`` and ``created_at`` say who and when."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField()
    reason = models.CharField(max_length=400)

    class Meta:
        ordering = ("created_at", "id")
        verbose_name_plural = "addenda"
        constraints = [
            models.CheckConstraint(
                name="addendum_says_what_and_why",
                condition=~(models.Q(text="") | models.Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"addendum to session {self.session_id}"
