"""Contraindication: a question of the checklist and what its answer means."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.provenance import Quantity


class Consequence(StrEnum):
    """What a "yes" does to the session."""

    BLOCK = "block"
    PRESCRIBER_DECISION = "prescriber_decision"
    DEFER = "defer"


class Answer(StrEnum):
    """Reply to a checklist question; a question never asked is not the same as "no"."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Contraindication:
    """One checklist question.

    ``defer_days`` counts from the date of the event (last aspirin, vaccine, antibiotic).
    ``sexes`` limits the question to those it concerns. ``every_session``: the answer may change
    between sessions, so it is asked anew at each; the others stand until somebody says otherwise.
    """

    id: str
    question: str
    consequence: Consequence
    reason: str
    facts: tuple[str, ...]
    remedy: str = ""
    defer_days: Quantity | None = None
    sexes: tuple[str, ...] = ("female", "male")
    every_session: bool = False
