"""What a rendered field of the scalp shall look like. Plain numbers; every default is an assumption.

Where a number is known it is named: spacing and angles within a unit were read from annotated
phototrichograms (see docs/explanation/trichoscopy-truth.md); the rest is chosen to look right.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from math import isfinite

from openmeso.terms.trichoscopy import TrichoscopyInputError

Colour = tuple[float, float, float]
"""Linear reflectance (red, green, blue), 0 to 1."""


class HairStyle(StrEnum):
    """How long the hair is: shaved days ago, cut to millimetres, or left."""

    CLIPPED = "clipped"
    TRIMMED = "trimmed"
    LONG = "long"


class HairColour(StrEnum):
    """Colour of the terminal hair; vellus hair is paler."""

    BLACK = "black"
    BROWN = "brown"
    LIGHT_BROWN = "light_brown"
    BLOND = "blond"
    GREY = "grey"
    WHITE = "white"


class SkinType(StrEnum):
    """Fitzpatrick's six."""

    I = "I"  # noqa: E741 (their names)
    II = "II"
    III = "III"
    IV = "IV"
    V = "V"
    VI = "VI"


class Mark(StrEnum):
    """What is burnt in over the picture, or (tattoo) stands on the skin."""

    SCALE_BAR = "scale_bar"
    RULER = "ruler"
    CIRCLE = "circle"
    TEXT = "text"
    FRAME = "frame"
    TATTOO = "tattoo"


HAIR_REFLECTANCE: dict[HairColour, Colour] = {
    HairColour.BLACK: (0.014, 0.012, 0.011),
    HairColour.BROWN: (0.055, 0.032, 0.020),
    HairColour.LIGHT_BROWN: (0.14, 0.085, 0.048),
    HairColour.BLOND: (0.36, 0.26, 0.145),
    HairColour.GREY: (0.34, 0.33, 0.32),
    HairColour.WHITE: (0.74, 0.73, 0.70),
}
# thickness at which a shaft stops 63 % of the light [µm]
HAIR_OPAQUE_UM: dict[HairColour, float] = {
    HairColour.BLACK: 13.0,
    HairColour.BROWN: 18.0,
    HairColour.LIGHT_BROWN: 26.0,
    HairColour.BLOND: 50.0,
    HairColour.GREY: 45.0,
    HairColour.WHITE: 40.0,
}
SKIN_SRGB: dict[SkinType, tuple[int, int, int]] = {
    SkinType.I: (236, 202, 189),
    SkinType.II: (226, 186, 168),
    SkinType.III: (208, 161, 137),
    SkinType.IV: (176, 125, 99),
    SkinType.V: (128, 85, 65),
    SkinType.VI: (86, 57, 46),
}
LENGTH_MM: dict[HairStyle, float] = {
    HairStyle.CLIPPED: 0.8,
    HairStyle.TRIMMED: 2.5,
    HairStyle.LONG: 12.0,
}


@dataclass(frozen=True, slots=True)
class RenderSetting:
    """One field: picture, hair, skin, light and camera.

    Shares, ``curl``, ``specular``, ``glare``, ``dye``, ``vignette`` and ``tint`` go from 0 to 1.
    ``blur_um`` is the standard deviation of the point spread on the skin, ``defocus_um`` what is
    added towards one side; ``noise`` the standard deviation of shot noise at full white [1];
    ``jpeg_quality`` 0 leaves the picture uncompressed; ``flow_deg`` None draws the direction in
    which the hair lies. ``mark_mm`` is the length that a bar or a ruler shows.
    """

    width_px: int = 1600
    height_px: int = 1200
    um_per_px: float = 5.0
    style: HairStyle = HairStyle.CLIPPED
    density_cm2: float = 120.0
    vellus_share: float = 0.15
    intermediate_share: float = 0.05
    terminal_um: float = 72.0
    terminal_log_sd: float = 0.2
    length_mm: float | None = None
    curl: float = 0.0
    flow_deg: float | None = None
    unit_weights: tuple[float, float, float, float] = (0.40, 0.42, 0.15, 0.03)
    hair: HairColour = HairColour.BLACK
    white_share: float = 0.0
    skin: SkinType = SkinType.II
    texture: float = 1.0
    root_shadow: float = 1.0
    fragments_cm2: float = 3.0
    flakes_cm2: float = 6.0
    vessels_cm2: float = 12.0
    dye: float = 0.0
    specular: float = 0.5
    glare: float = 0.1
    bubbles: int = 0
    exposure: float = 1.0
    vignette: float = 0.15
    tint: float = 0.1
    blur_um: float = 6.0
    defocus_um: float = 0.0
    noise: float = 0.012
    jpeg_quality: int = 92
    marks: tuple[Mark, ...] = ()
    mark_mm: float = 1.0

    def __post_init__(self) -> None:
        for name, least, most in _ACCEPTED:
            value = getattr(self, name)
            if not (isfinite(value) and least <= value <= most):
                raise TrichoscopyInputError(name, f"expected {least:g} to {most:g}; got {value}")
        if self.vellus_share + self.intermediate_share > 1:
            raise TrichoscopyInputError(
                "vellus_share", "with intermediate_share expected at most 1"
            )
        if min(self.unit_weights) < 0 or not sum(self.unit_weights):
            raise TrichoscopyInputError("unit_weights", "expected four shares, not all of them 0")

    @property
    def mean_length_mm(self) -> float:
        """Length asked for, or that of the style [mm]."""
        return LENGTH_MM[self.style] if self.length_mm is None else self.length_mm

    @property
    def area_cm2(self) -> float:
        """Skin in the picture [cm²], seen straight."""
        return self.width_px * self.height_px * (self.um_per_px * 1e-4) ** 2


_UP_TO_ONE = (
    "vellus_share", "intermediate_share", "curl", "white_share", "dye", "specular", "glare",
    "vignette", "tint",
)  # fmt: skip
_ACCEPTED = (
    ("width_px", 16, 8192),
    ("height_px", 16, 8192),
    ("um_per_px", 0.5, 40.0),
    ("density_cm2", 0.0, 600.0),
    ("terminal_um", 15.0, 150.0),
    ("terminal_log_sd", 0.0, 0.6),
    ("texture", 0.0, 3.0),
    ("root_shadow", 0.0, 2.0),
    ("fragments_cm2", 0.0, 200.0),
    ("flakes_cm2", 0.0, 200.0),
    ("vessels_cm2", 0.0, 200.0),
    ("bubbles", 0, 500),
    ("exposure", 0.01, 10.0),
    ("blur_um", 0.0, 200.0),
    ("defocus_um", 0.0, 200.0),
    ("noise", 0.0, 0.5),
    ("jpeg_quality", 0, 100),
    ("mark_mm", 0.05, 50.0),
    *((name, 0.0, 1.0) for name in _UP_TO_ONE),
)
SETTING_NAMES = tuple(one.name for one in fields(RenderSetting))
