"""AdverseEvent: the terms reactions are recorded in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AdverseEventTerm:
    """A CTCAE v5 term with the wording of its grades; absent grades are empty strings."""

    id: str
    term: str
    meddra_code: str  # only as printed in CTCAE
    grades: tuple[str, str, str, str, str]
    facts: tuple[str, ...]
    expected: bool = False  # the mild, passing ones of the field


@dataclass(frozen=True, slots=True)
class EventRate:
    """How often an event was seen, with its denominator; never a bare percentage."""

    id: str
    event: str
    rate: str
    time_course: str
    facts: tuple[str, ...]
    patient_wording: str = ""


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A sign that stops the course at once."""

    id: str
    sign: str
    think_of: str
    action: str
    facts: tuple[str, ...]
