"""Where a statement or a number comes from."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class Tier(IntEnum):
    """What kind of source stands behind a fact; a smaller number is a stronger source."""

    REGULATOR = 1
    JOURNAL = 2
    SOCIETY = 3
    CLINIC = 4


class Read(StrEnum):
    """How much of the source was read before the fact was written down."""

    FILE = "F"
    TABLE = "T"
    ABSTRACT = "A"
    SECONDARY = "S"
    COMPUTED = "C"
    RECALLED = "R"


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement with the source it was read in.

    ``id`` is stable and cited everywhere (``F0072``); ``url`` may be empty only for facts
    computed from others, whose ids then stand in ``derived_from``.
    """

    id: str
    claim: str
    url: str
    tier: Tier
    read: Read
    noted_on: date
    derived_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or a range, with its unit and the facts it rests on.

    Either ``value`` or both ``low`` and ``high`` are given. A quantity without facts is an
    assumption, and says so: ``assumption`` then holds the reason in words.
    """

    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    facts: tuple[str, ...] = ()
    assumption: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.value is None and (self.low is None or self.high is None):
            raise ValueError("a quantity needs a value, or a low and a high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        if not self.facts and not self.assumption:
            raise ValueError("a quantity needs facts, or must be labelled an assumption")

    @property
    def is_assumption(self) -> bool:
        """Whether no source stands behind the number."""
        return not self.facts

    @property
    def lower(self) -> float:
        """The smallest value meant."""
        return self.low if self.low is not None else self._value

    @property
    def upper(self) -> float:
        """The largest value meant."""
        return self.high if self.high is not None else self._value

    @property
    def middle(self) -> float:
        """The value itself, or the middle of the range."""
        return self.value if self.value is not None else (self.lower + self.upper) / 2

    @property
    def _value(self) -> float:
        if self.value is None:
            raise ValueError("the quantity is a range")
        return self.value


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of our own with the facts it rests on."""

    text: str
    facts: tuple[str, ...] = ()
    assumption: str = ""

    def __post_init__(self) -> None:
        if not self.facts and not self.assumption:
            raise ValueError("a statement needs facts, or must be labelled an assumption")
