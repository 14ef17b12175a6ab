"""Device: a dermoscope or lens whose pictures have a known scale."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isclose, isfinite

from openmeso.terms.trichoscopy import Scale, ScaleSource, TrichoscopyInputError
from openmeso.terms.units import UM_PER_MM

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
    it is from, ``basis`` how far it is to be trusted, ``lens`` what was on it.
    """

    id: str
    name: str
    picture_width_px: int
    um_per_px: float
    relative_sd: float
    basis: Basis
    source: str
    maker: str = ""
    lens: str = ""

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


class CalibrationWay(StrEnum):
    """How a clinic came to the scale of its own device."""

    RULER = "ruler"
    CERTIFICATE = "certificate"
    STATED = "stated"


BASES = {
    CalibrationWay.RULER: Basis.CLINIC,
    CalibrationWay.CERTIFICATE: Basis.CLINIC,
    CalibrationWay.STATED: Basis.ASSUMPTION,
}
"""A figure that the maker states and nobody has checked stays an assumption."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """When and how a device was calibrated.

    ``length_px`` on a picture of the device is ``length_mm`` in truth: of a ruler, or of the whole
    width by what is stated. A certificate gives the scale itself, and neither.
    """

    way: CalibrationWay
    on: date
    length_px: float | None = None
    length_mm: float | None = None

    def __post_init__(self) -> None:
        lengths = (self.length_px, self.length_mm)
        if self.way is CalibrationWay.CERTIFICATE:
            if lengths != (None, None):
                raise TrichoscopyInputError("length", "a certificate gives the scale itself")
            return
        if not all(each is not None and isfinite(each) and each > 0 for each in lengths):
            raise TrichoscopyInputError(
                "length", f"expected lengths above 0 in the picture and in truth; got {lengths}"
            )

    def agrees(self, um_per_px: float) -> bool:
        """Whether a scale is the one that the lengths give."""
        if self.length_px is None or self.length_mm is None:
            return True
        return isclose(um_per_px, UM_PER_MM * self.length_mm / self.length_px, rel_tol=1e-6)
