"""Device: a dermoscope or lens whose pictures have a known scale."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.trichoscopy import Scale, ScaleSource, TrichoscopyInputError

AGREED = 0.03
"""Two ways to the scale of one picture that differ by more are not both right: an assumption."""


class Basis(StrEnum):
    """How a device's scale is known."""

    FACT = "fact"
    ASSUMPTION = "assumption"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class Device:
    """A device and lens at one setting: its scale holds for whole pictures of this width alone.

    ``um_per_px`` with the relative standard deviation it is known to [1]; ``source`` says where
    it is from, ``basis`` how far it is to be trusted.
    """

    id: str
    name: str
    picture_width_px: int
    um_per_px: float
    relative_sd: float
    basis: Basis
    source: str

    def scale(self, picture_width_px: int) -> Scale:
        """The scale of a picture; TrichoscopyInputError where it was not taken at this setting."""
        if picture_width_px != self.picture_width_px:
            raise TrichoscopyInputError(
                "device",
                f"{self.name} takes pictures {self.picture_width_px} px wide, and this one has "
                f"{picture_width_px}: its scale does not hold",
            )
        return Scale(self.um_per_px, self.relative_sd, ScaleSource.DEVICE)

    def agrees(self, scale: Scale) -> bool:
        """Whether another scale may be that of this device."""
        apart = abs(scale.um_per_px / self.um_per_px - 1.0)
        return apart <= AGREED + 2.0 * (self.relative_sd + scale.relative_sd)
