"""Course: the sessions given under an approved plan, when they are booked, and how it goes on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

# Assumption: half an interval late is still the same rhythm; no source says where it breaks.
LATE_SHARE = 0.5


class CourseStatus(StrEnum):
    """Where a course stands."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    COMPLETED = "completed"


class AppointmentStatus(StrEnum):
    """What became of an appointment."""

    BOOKED = "booked"
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"


AGREED = (
    AppointmentStatus.BOOKED.value,
    AppointmentStatus.KEPT.value,
    AppointmentStatus.MISSED.value,
)
"""Appointments whose day the session is expected on: a missed one until another is agreed."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When the clinic is open: ISO weekday (1 Monday … 7 Sunday) and the hours of that day.

    A weekday may stand more than once (morning and afternoon). Without any, hours are unknown
    and cannot be checked.
    """

    hours: tuple[tuple[int, time, time], ...] = ()

    def of_day(self, on: date) -> tuple[tuple[time, time], ...]:
        """The hours of one day, earliest first."""
        return tuple(sorted((a, b) for weekday, a, b in self.hours if weekday == on.isoweekday()))


@dataclass(frozen=True, slots=True)
class Slot:
    """A session at a time on the clinic's own wall clock."""

    number: int
    starts: datetime
    minutes: int

    @property
    def ends(self) -> datetime:
        """When the chair is free again."""
        return self.starts + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Busy:
    """A time the practitioner or the patient has given away already."""

    starts: datetime
    ends: datetime
    who: str  # "practitioner" or "patient"


class ConflictKind(StrEnum):
    """Why a slot cannot be booked."""

    PAST = "past"
    CLOSED = "closed"
    OUTSIDE_HOURS = "outside_hours"
    PRACTITIONER_BUSY = "practitioner_busy"
    PATIENT_BUSY = "patient_busy"
    TOO_SOON = "too_soon"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is wrong with a slot; ``days`` are those it is too soon by."""

    kind: ConflictKind
    days: int = 0


@dataclass(frozen=True, slots=True)
class Proposed:
    """A slot, all that is wrong with it, and a free time on the same day where there is one.

    ``moved_from`` is the date the interval asked for, where the clinic is closed on it.
    """

    slot: Slot
    conflicts: tuple[Conflict, ...] = ()
    free_at: time | None = None
    moved_from: date | None = None


class Rhythm(StrEnum):
    """How a session kept its interval."""

    KEPT = "kept"
    EARLY = "early"  # before the least interval
    LATE = "late"  # more than half an interval late


@dataclass(frozen=True, slots=True)
class Interval:
    """Days between a session and the one before it, against the plan's."""

    number: int
    days: int
    planned_days: int
    least_days: int

    @property
    def rhythm(self) -> Rhythm:
        """Kept, too early, or late."""
        if self.days < self.least_days:
            return Rhythm.EARLY
        if self.days > self.planned_days * (1 + LATE_SHARE):
            return Rhythm.LATE
        return Rhythm.KEPT


class Verdict(StrEnum):
    """Advice at a decision visit."""

    CONTINUE = "continue"
    CHANGE = "change"
    STOP = "stop"
    TOO_EARLY = "too_early"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of an advice, in a code with numbers; what it rests on."""

    code: str
    facts: tuple[str, ...] = ()
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to consider at a decision visit; the practitioner decides."""

    verdict: Verdict
    week: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """A change measured since the baseline [hairs/cm²], and the least that is no mere error."""

    change_per_cm2: float
    detectable_per_cm2: float
    week: int


@dataclass(frozen=True, slots=True)
class ExpectedChange:
    """A forecast change at a week [hairs/cm²], with its 90 % interval."""

    mean: float
    low90: float
    high90: float
    week: int


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """Of the courses planned to have session ``number``: how many got there, or left before."""

    number: int
    planned: int
    given: int
    stopped: int  # stopped with this session still to come first
    waiting: int  # running or paused, with this session next
