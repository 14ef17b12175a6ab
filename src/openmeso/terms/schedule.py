"""Schedule: the dated course."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class VisitKind(StrEnum):
    """What happens on a date."""

    SESSION = "session"
    MEASUREMENT = "measurement"


@dataclass(frozen=True, slots=True)
class Visit:
    """One dated visit; ``week`` counts from the first session, 0 being its week."""

    kind: VisitKind
    on: date
    label: str
    week: int
    session_number: int | None = None
    moved_from: date | None = None


@dataclass(frozen=True, slots=True)
class ClosingDays:
    """When the clinic is shut: ISO weekdays (1 Monday … 7 Sunday) and single dates."""

    weekdays: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionMinutes:
    """Expected length of a session [min] and what it rests on.

    ``low`` and ``high`` are the doubt; ``recorded`` counts the clinic's own sessions learnt
    from; ``published_low``/``published_high`` is what is written (10–40 min).
    """

    minutes: float
    low: float
    high: float
    recorded: int
    published_low: float
    published_high: float
    basis: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordedLength:
    """How long one of the clinic's own sessions took."""

    technique: str
    points: int
    minutes: float
