"""Access log: who looked at a patient's record, when and why, as the patient is told it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    """What somebody did with the record."""

    LOOKED = "looked"
    WROTE = "wrote"
    TOOK = "took"  # a copy, on paper or as a file
    OPENED = "opened"  # from another clinic, in an emergency


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One person's doing on one day: the first and the last time on the clinic's own clock.

    ``nouns`` are the parts of the record; ``role`` is empty for somebody from elsewhere, and
    ``reason`` what was written when the record was opened in an emergency.
    """

    first: datetime
    last: datetime
    times: int
    who: str
    role: str
    deed: Deed
    nouns: tuple[str, ...]
    purpose: str
    reason: str = ""
