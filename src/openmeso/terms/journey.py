"""Journey: what stands on a patient's time axis."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Lane(StrEnum):
    """The lines of the axis, from top to bottom."""

    SESSIONS = "sessions"
    DOSES = "doses"
    REACTIONS = "reactions"
    MEASUREMENTS = "measurements"
    COMPARISONS = "comparisons"
    PHOTOS = "photos"
    PAPERS = "papers"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Dose:
    """An ingredient's amount, in the unit of its products."""

    ingredient: str
    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Given:
    """A session begun: a draft, signed, or given up; ``on`` is the day it was given."""

    pk: UUID
    plan: UUID
    number: int
    status: str
    on: date
    points: int = 0
    volume_ml: float = 0.0
    pain: int | None = None
    doses: tuple[Dose, ...] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """An appointment that has no signed session: booked, missed or cancelled."""

    course: UUID
    plan: UUID
    number: int
    status: str
    on: date


@dataclass(frozen=True, slots=True)
class Planned:
    """A session that an approved plan foresees."""

    plan: UUID
    number: int
    on: date


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next session of a plan under way; ``session`` is its draft, where it is begun."""

    plan: UUID
    number: int
    on: date
    session: UUID | None = None

    def is_due(self, today: date) -> bool:
        """Whether it is begun, or its day has come."""
        return self.session is not None or self.on <= today
