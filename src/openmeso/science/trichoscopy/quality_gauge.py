"""Numbers that tell whether a picture can be measured: sharpness, light, contrast, cover, stains.

All light is linear. Sizes on the skin need a scale; without one a nominal pixel is taken, so that
counts of pixels still mean something, and nothing is said in micrometres. All but sharpness and
glints is read from the picture shrunk to pixels of 12 or 24 µm.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from openmeso.science.trichoscopy.foreign_mark import Box, Image, Mask, boxes_of
from openmeso.science.trichoscopy.quality_light import (
    CLEARER,
    DEEPEST,
    HAIR_ABSORPTION,
    WORK_UM,
    Plane,
    contrast_of,
    covered,
    glint_flags,
    light_of,
    lit_over_skin,
    skin_light,
    strands_cm2,
    usual_width_um,
)
from openmeso.science.trichoscopy.quality_sharpness import Sharpness, read_sharpness
from openmeso.science.trichoscopy.quality_spot import read_bubbles, read_stains
from openmeso.science.trichoscopy.quality_subject import Variety, read_variety, text_lines

NOMINAL_UM_PER_PX = 5.0
PATCH_UM = 40.0  # a cell in which glints are counted
CROWDED = 0.25  # share of such cells under glints from which hair cannot be seen
BURNT = 0.8
MOST_BOXES = 12


@dataclass(frozen=True, slots=True, eq=False)
class QualityGauge:
    """What was read. Shares [1] are of the picture outside foreign marks; None where nothing showed.

    ``contrast`` share of light that the clearer hairs take, or have over the skin where light hair
    was asked for; ``strands_cm2`` bright strands, which are light hair; ``hair_width_um`` usual width of what
    is dark, meaningless without a scale; masks are (h, w), boxes x, y, width, height [px].
    ``text_lines`` bands that are dark all across, as the lines of a page; ``absorbed`` share of the skin's light that each pixel takes (or has over it), of the picture
    ``shrunk`` by a whole number.
    """

    background: float
    saturated_share: float
    glint_share: float
    cover_share: float
    contrast: float | None
    hair_width_um: float | None
    sharpness: Sharpness
    stain_share: float
    glare_mask: Mask
    glare_px: tuple[Box, ...]
    stains_px: tuple[Box, ...]
    tattoos_px: tuple[Box, ...]
    bubbles_px: tuple[Box, ...]
    strands_cm2: float
    variety: Variety
    text_lines: int
    absorbed: Plane
    shrunk: int


def read_gauge(
    image: Image, um_per_px: float | None, foreign: Mask, light_hair: bool = False
) -> QualityGauge:
    """Read all gauges of a picture (h, w, 3) in sRGB; ``foreign`` (h, w) is left out.

    Where ``light_hair`` is asked for what shines is hair, and no glint is told.
    """
    um = NOMINAL_UM_PER_PX if um_per_px is None else um_per_px
    fine, coarse = _factor(image, WORK_UM / um), _factor(image, 2 * WORK_UM / um)
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    out = shrunk_mask(foreign, fine)
    dim = light_of(_shrunk(grey, fine))
    skin = skin_light(dim, um * fine)
    against = lit_over_skin(dim, um * fine) if light_hair else 1.0 - dim / skin
    absorbed = np.where(out, 0.0, against).astype(np.float32)
    contrast = contrast_of(absorbed, CLEARER if light_hair else DEEPEST)
    glints = glint_flags(grey, skin)
    burnt = np.asarray(cv2.inRange(image, (254, 254, 254), (255, 255, 255)), np.uint8)
    if foreign.any():
        glints[foreign], burnt[foreign] = 0, 0
    if light_hair:
        glints[:], burnt[:] = 0, 0
    kept = max(int(foreign.size - np.count_nonzero(foreign)), 1)
    cells = _factor(image, PATCH_UM / um)
    glare = _patches(_shrunk(glints, cells), _shrunk(burnt, cells))
    colour = _shrunk(image, coarse)
    stains = read_stains(colour, shrunk_mask(foreign, coarse), um * coarse)
    return QualityGauge(
        background=float(np.median(skin[~out][::7])) if not out.all() else 0.0,
        saturated_share=cv2.countNonZero(burnt) / kept,
        glint_share=cv2.countNonZero(glints) / kept,
        cover_share=covered(absorbed, ~out),
        contrast=contrast,
        hair_width_um=usual_width_um(absorbed, contrast, um * fine),
        sharpness=read_sharpness(grey, skin, _no_hair(glints, foreign)),
        stain_share=float(stains.brown.mean()),
        glare_mask=_enlarged(glare, image),
        glare_px=_scaled(boxes_of(glare, 3)[:MOST_BOXES], cells),
        stains_px=_scaled(boxes_of(stains.brown, 9)[:MOST_BOXES], coarse),
        tattoos_px=_scaled(stains.tattoos_px, coarse),
        bubbles_px=_scaled(read_bubbles(colour, stains, um * coarse), coarse),
        strands_cm2=strands_cm2(np.where(out, 0.0, dim).astype(np.float32), skin, um * fine),
        variety=read_variety(colour, shrunk_mask(foreign, coarse)),
        text_lines=text_lines(absorbed > max(HAIR_ABSORPTION, 0.5 * (contrast or 1.0))),
        absorbed=absorbed,
        shrunk=fine,
    )


def _factor(image: Image, wanted: float) -> int:
    """Whole number by which a picture is shrunk, so that eight pixels a side are left."""
    shorter = int(min(image.shape[:2]))
    return max(1, min(round(wanted), shorter // 8))


def _shrunk(image: Image, factor: int) -> Image:
    height, width = image.shape[0] // factor, image.shape[1] // factor
    held = image[: height * factor, : width * factor]
    return np.asarray(cv2.resize(held, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def shrunk_mask(mask: Mask, factor: int) -> Mask:
    """Where any of the mask falls into a pixel of the shrunk picture."""
    if not mask.any():
        return np.zeros((mask.shape[0] // factor, mask.shape[1] // factor), bool)
    return _shrunk(mask.astype(np.uint8) * np.uint8(255), factor) > 0


def _no_hair(glints: Image, foreign: Mask) -> Image:
    """255 where an edge is that of a glint or a mark."""
    found = np.asarray(cv2.dilate(glints, np.ones((5, 5), np.uint8)), np.uint8)
    if foreign.any():
        found[foreign] = 255
    return found


def _enlarged(small: Mask, image: Image) -> Mask:
    if not small.any():
        return np.zeros(image.shape[:2], bool)
    whole = cv2.resize(small.astype(np.uint8), image.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(whole > 0)


def _scaled(boxes: tuple[Box, ...], factor: int) -> tuple[Box, ...]:
    return tuple((x * factor, y * factor, w * factor, h * factor) for x, y, w, h in boxes)


def _patches(glints: Image, burnt: Image) -> Mask:
    """Where glints crowd or the picture is burnt out, so that hair below cannot be seen."""
    crowd = cv2.blur(glints.astype(np.float32), (5, 5))
    return np.asarray((crowd > 255 * CROWDED) | (burnt > 255 * BURNT)).reshape(glints.shape)
