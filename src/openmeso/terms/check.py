"""Check: a rule as data, and what it finds in a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Strength(StrEnum):
    """What a finding does: nothing lifts a block; an override wants a reason."""

    BLOCK = "block"
    OVERRIDE = "override"
    ADVISE = "advise"


class Outcome(StrEnum):
    """Whether the rule found something, or could not be applied for want of data."""

    FOUND = "found"
    COULD_NOT_RUN = "could_not_run"


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One row of the rules file.

    ``kind`` names the pure function that applies the rule; ``params`` are its numbers and
    names, with units in the key (``max_mg_per_kg``). ``facts`` say where they come from.
    """

    id: str
    kind: str
    strength: Strength
    title: str
    reason: str
    remedy: str
    facts: tuple[str, ...] = ()
    assumption: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: shown with its reason, its sources and how to mend it.

    ``id`` is stable for the same cause (``pregnancy_5ari:dutasteride``), so that an override
    given for it is not mistaken for another's. ``possible_from`` is the date from which a
    deferred session is possible.
    """

    id: str
    rule: str
    strength: Strength
    outcome: Outcome
    title: str
    reason: str
    remedy: str
    facts: tuple[str, ...] = ()
    assumption: str = ""
    possible_from: date | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """The practitioner's reason for going on despite a finding of strength *override*."""

    finding: str
    reason: str


def merged_overrides(
    held: tuple[Override, ...], given: tuple[Override, ...]
) -> tuple[Override, ...]:
    """One reason for each finding; one given later stands for the one held."""
    return tuple({one.finding: one for one in (*held, *given)}.values())
