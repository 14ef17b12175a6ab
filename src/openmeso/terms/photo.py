"""Photo: the standard views, so that two dates can be compared."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.provenance import Statement


@dataclass(frozen=True, slots=True)
class PhotoView:
    """One way of framing; ``statements`` say what that rests on."""

    id: str
    name: str
    frame: str  # what to put in the picture, in a sentence
    statements: tuple[Statement, ...]


class PhotoSize(StrEnum):
    """Which of the kept pictures."""

    WHOLE = "whole"
    SCREEN = "screen"
    THUMB = "thumb"
