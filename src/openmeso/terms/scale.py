"""Scale: how severity is graded."""

from dataclasses import dataclass

from openmeso.terms.provenance import Statement


@dataclass(frozen=True, slots=True)
class Grade:
    """One step of a graded scale."""

    code: str
    name: str
    description: str
    facts: tuple[str, ...] = ()
    assumption: str = ""
    preset: str = ""  # map preset that pre-fills the zones


@dataclass(frozen=True, slots=True)
class Scale:
    """A published severity scale: graded steps, or a number between ``low`` and ``high``."""

    id: str
    name: str
    measures: str
    grades: tuple[Grade, ...] = ()
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    better: str = "lower"
    notes: tuple[Statement, ...] = ()
    facts: tuple[str, ...] = ()
