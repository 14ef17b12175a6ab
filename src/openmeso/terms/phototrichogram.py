"""Phototrichogram: a shaved field seen twice, some days apart; growing hair is longer, resting is not."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.comparison import Registration
from openmeso.terms.trichoscopy import Estimate, Point

FEWEST_DAYS, MOST_DAYS = 1.0, 7.0
"""Between its pictures. Sooner, slow hair has not grown beyond the error; later, tips leave the
picture: an assumption."""


class Growth(StrEnum):
    """What a hair did between two days."""

    GROWING = "growing"
    RESTING = "resting"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class GrownHair:
    """One hair on both days, by id where it was traced and by path wherever it was found.

    ``growth_mm`` is None where an end could not be seen; ``is_rated`` says that both ends were, so
    that the growth counts towards the rate.
    """

    growth: Growth
    before: int | None
    after: int | None
    before_path_px: tuple[Point, ...]
    after_path_px: tuple[Point, ...]
    growth_mm: float | None = None
    is_rated: bool = False


@dataclass(frozen=True, slots=True)
class Phototrichogram:
    """Growing and resting hairs on the skin that both pictures show.

    ``anagen`` share of growing hairs among those traced on the first day [1]; ``rate_mm_day`` mean rate of the growing
    ones and ``rate_quartiles_mm_day`` its spread; None where too few were told.
    """

    registration: Registration
    days: float
    hairs: tuple[GrownHair, ...]
    anagen: Estimate | None
    rate_mm_day: Estimate | None
    rate_quartiles_mm_day: tuple[float, float, float] | None
    method: str

    def number(self, growth: Growth) -> int:
        """How many hairs did this."""
        return sum(hair.growth is growth for hair in self.hairs)
