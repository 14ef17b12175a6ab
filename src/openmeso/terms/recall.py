"""Recall: whom a lot, a product or a hand has reached, and who has been told."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How somebody was told."""

    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"
    IN_PERSON = "in_person"
    NOT_REACHED = "not_reached"  # tried, in vain: the note says how


@dataclass(frozen=True, slots=True)
class LetterText:
    """A text with {blanks}."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, filled in."""

    sender: str
    addressee: str
    on: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ZoneReached:
    """Points and volume [mL] that a zone got."""

    zone: str
    points: int
    volume_ml: float
