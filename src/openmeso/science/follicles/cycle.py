"""HairCycle: how long a follicle of each size stays in each phase, and when its size changes.

A follicle passes anagen (growth), catagen (involution), telogen (rest) and kenogen (empty after
the hair is shed), then enters anagen again, one size class smaller (miniaturisation), larger
(reversal) or unchanged. A follicle of the smallest class that would shrink may be lost for good.
Thicker follicles grow longer and stand empty for less time:

    anagen_days(d) = anagen_days * (d / d_max)^anagen_exponent
    kenogen_days(d) = kenogen_days * (d / d_max)^(-kenogen_exponent)
"""

from dataclasses import astuple, dataclass
from itertools import pairwise
from math import isfinite

PHASES = ("anagen", "catagen", "telogen", "kenogen")


@dataclass(frozen=True, slots=True)
class PhaseCounts:
    """Stages in series per phase: an Erlang duration with coefficient of variation 1/sqrt(stages).

    0 stages leave the phase out (catagen only).
    """

    anagen: int = 3
    catagen: int = 2
    telogen: int = 4
    kenogen: int = 2

    def __post_init__(self) -> None:
        if min(self.anagen, self.telogen, self.kenogen) < 1 or self.catagen < 0:
            raise ValueError(f"stages must be 1 or more (catagen 0 or more); got {astuple(self)}")


@dataclass(frozen=True, slots=True)
class HairCycle:
    """Durations [days] at the largest size, their exponents, and chances at each new anagen.

    ``p_down`` and ``p_up`` are the chances to be one size smaller or larger in the next cycle;
    ``p_loss`` the part of the shrinking follicles of the smallest class that is lost for good.

    Raises
    ------
    ValueError
        For a duration below 0 or not finite, a chance outside 0-1, sizes not ascending.
    """

    anagen_days: float
    catagen_days: float
    telogen_days: float
    kenogen_days: float
    anagen_exponent: float
    kenogen_exponent: float
    p_down: float
    p_up: float
    p_loss: float
    sizes_um: tuple[float, ...] = (20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0)
    phases: PhaseCounts = PhaseCounts()

    def __post_init__(self) -> None:
        self._check_days()
        for name in ("p_down", "p_up", "p_loss"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a chance from 0 to 1; got {getattr(self, name)}")
        if self.p_down + self.p_up > 1:
            raise ValueError(f"p_down + p_up is at most 1; got {self.p_down + self.p_up}")
        if not _ascends_from_above_0(self.sizes_um):
            raise ValueError(f"sizes_um must ascend from above 0; got {self.sizes_um}")

    def _check_days(self) -> None:
        for name in ("anagen_exponent", "kenogen_exponent"):
            if not isfinite(getattr(self, name)):
                raise ValueError(f"{name} must be a finite number; got {getattr(self, name)}")
        for name in ("anagen_days", "telogen_days", "kenogen_days"):
            if not (isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ValueError(f"{name} must be above 0 days; got {getattr(self, name)}")
        if (self.catagen_days > 0) != (self.phases.catagen > 0) or not isfinite(self.catagen_days):
            raise ValueError(f"catagen_days {self.catagen_days} does not fit its stages")

    def mean_days(self, size_um: float) -> tuple[float, float, float, float]:
        """Mean duration of each phase at this size [days], in the order of ``PHASES``."""
        relative = size_um / self.sizes_um[-1]
        return (
            self.anagen_days * relative**self.anagen_exponent,
            self.catagen_days,
            self.telogen_days,
            self.kenogen_days * relative**-self.kenogen_exponent,
        )

    def stages(self) -> tuple[int, int, int, int]:
        """Stages of each phase, in the order of ``PHASES``."""
        counts = self.phases
        return counts.anagen, counts.catagen, counts.telogen, counts.kenogen


def _ascends_from_above_0(sizes_um: tuple[float, ...]) -> bool:
    rising = (isfinite(b) and a < b for a, b in pairwise((0.0, *sizes_um)))
    return bool(sizes_um) and all(rising)
