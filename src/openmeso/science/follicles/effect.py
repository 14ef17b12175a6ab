"""DrugEffect: what a drug does to the hair cycle, as multipliers that grow with exposure.

A 5-alpha-reductase inhibitor slows miniaturisation (``p_down``), lengthens anagen and shortens
kenogen; minoxidil shortens kenogen (dormant follicles re-enter anagen) and telogen, lengthens
anagen and thickens growth. Both published mechanisms of regrowth, reactivation (kenogen) and
reversal (size), can be expressed; the data decide how much of each, as far as they can.
"""

from dataclasses import dataclass, fields, replace
from math import isfinite

from openmeso.science.follicles.cycle import HairCycle


@dataclass(frozen=True, slots=True)
class DrugEffect:
    """Multipliers at full exposure: of phase durations, of size-change chances, of growth mass."""

    anagen: float = 1.0
    telogen: float = 1.0
    kenogen: float = 1.0
    p_down: float = 1.0
    p_up: float = 1.0
    growth: float = 1.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (isfinite(value) and value > 0):
                raise ValueError(f"multiplier {field.name} must be above 0; got {value}")

    def at(self, exposure: float) -> "DrugEffect":
        """The effect at a part of full exposure: each multiplier to that power.

        ``exposure`` is 0 (none) to 1 (full); ValueError outside.
        """
        if not 0 <= exposure <= 1:
            raise ValueError(f"exposure is a part from 0 to 1; got {exposure}")
        return DrugEffect(*(getattr(self, field.name) ** exposure for field in fields(self)))

    def __mul__(self, other: "DrugEffect") -> "DrugEffect":
        """Both effects at once, independent of each other (Bliss); an assumption."""
        return DrugEffect(
            *(getattr(self, field.name) * getattr(other, field.name) for field in fields(self))
        )

    def on(self, cycle: HairCycle) -> HairCycle:
        """The cycle under this effect; chances are kept within 0-1."""
        p_down = min(cycle.p_down * self.p_down, 1.0)
        return replace(
            cycle,
            anagen_days=cycle.anagen_days * self.anagen,
            telogen_days=cycle.telogen_days * self.telogen,
            kenogen_days=cycle.kenogen_days * self.kenogen,
            p_down=p_down,
            p_up=min(cycle.p_up * self.p_up, 1.0 - p_down),
        )


NO_EFFECT = DrugEffect()
