"""Light of the skin, and what hair takes of it, in a picture shrunk to pixels of 12 µm."""

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.absorption import absorb
from openmeso.science.trichoscopy.foreign_mark import Image, Mask
from openmeso.science.trichoscopy.srgb import coded, linear

Plane = NDArray[np.float32]

WORK_UM = 12.0  # a pixel of the shrunk picture
CELL_UM = 300.0  # in which the skin has one brightness
GLINT = 1.35  # times the skin around
GLINT_OVER = 0.06  # above it at least, so that the noise of a dark picture is none
HAIR_ABSORPTION = 0.20  # from here on a pixel counts as covered by hair
SEEN_ABSORPTION = 0.15  # from here on a pixel stands out at all
DEEPEST = 0.97  # of what is dark, from which it is the middle of a clear shaft
CLEARER = 0.8  # of what is lighter than the skin: less shines around light hair
LEAST_DARK = 0.003  # of the picture that hair must cover for its contrast to be read
STRAND_UM, STRAND_WIDE_UM = 350.0, 130.0  # least length and most width of a bright strand
LEAST_MIDDLES = 30  # pixels on the middle of something dark, for a width

LINEAR = linear(np.arange(256)).astype(np.float32)


def light_of(grey: Image) -> Plane:
    """Linear light of a picture (h, w), 0 to 1."""
    return np.asarray(cv2.LUT(grey, LINEAR), np.float32)


def skin_light(light: Plane, um: float) -> Plane:
    """Light of the skin beneath hair and glints: a coarse upper quantile, smoothed."""
    step = max(1, round(CELL_UM / um))
    height, width = light.shape
    rows, columns = max(height // step, 1), max(width // step, 1)
    held = light[: rows * (height // rows), : columns * (width // columns)]
    blocks = held.reshape(rows, height // rows, columns, width // columns).transpose(0, 2, 1, 3)
    skin = np.quantile(blocks.reshape(rows, columns, -1), 0.7, axis=-1).astype(np.float32)
    if min(rows, columns) >= 3:
        # a cell full of hair borrows from its neighbours
        near = cv2.dilate(cv2.medianBlur(skin, 3), np.ones((3, 3), np.uint8))
        skin = np.maximum(skin, np.float32(0.85) * np.asarray(near, np.float32))
    smooth = cv2.GaussianBlur(skin, (0, 0), 0.8)
    whole = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.maximum(np.asarray(whole, np.float32).reshape(height, width), np.float32(1e-3))


def contrast_of(absorbed: Plane, share: float = DEEPEST) -> float | None:
    """Light that the middle of the clearest shafts takes [1]; None where next to nothing is dark.

    ``share`` of what stands out takes less: shade around the roots is much of it.
    """
    dark = absorbed[absorbed > SEEN_ABSORPTION]
    return float(np.quantile(dark, share)) if dark.size >= LEAST_DARK * absorbed.size else None


def covered(absorbed: Plane, kept: Mask) -> float:
    """Share of the picture under hair [1]."""
    return float((absorbed > HAIR_ABSORPTION)[kept].mean()) if kept.any() else 0.0


def usual_width_um(absorbed: Plane, contrast: float | None, um: float) -> float | None:
    """Usual width of what is dark [µm]: twice the distance of the middle from the edge."""
    if contrast is None:
        return None
    whole = (absorbed > 0.5 * contrast).astype(np.uint8)
    near = np.ones((3, 3), np.uint8)
    if whole.all():
        return None  # no edge to be away from
    dark = cv2.morphologyEx(whole, cv2.MORPH_OPEN, near)
    deep = np.asarray(cv2.distanceTransform(dark, cv2.DIST_L2, 3), np.float32)
    middle = (deep >= cv2.dilate(deep, near) - 1e-3) & (deep > 0.9)
    enough = np.count_nonzero(middle) >= LEAST_MIDDLES
    return float(2.0 * um * np.median(deep[middle]) - um) if enough else None


def lit_over_skin(light: Plane, um: float) -> Plane:
    """Share of its light by which what is lighter than the skin exceeds it, 0 to 1."""
    return absorb(light, um, um, light_hair=True).a


def strands_cm2(light: Plane, skin: Plane, um: float) -> float:
    """Long thin things much brighter than the skin [/cm²]: light hair; glints are short."""
    bright = (light > np.maximum(skin * GLINT, skin + 0.5 * GLINT_OVER)).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(bright)[2][1:]
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].astype(float)
    long = np.hypot(*sides.T) * um
    thin = stats[:, cv2.CC_STAT_AREA] * um**2 <= STRAND_WIDE_UM * long
    straight = stats[:, cv2.CC_STAT_AREA] * um**2 >= 0.15 * STRAND_WIDE_UM * long
    number = int(((long >= STRAND_UM) & thin & straight).sum())
    return number / (light.size * (um * 1e-4) ** 2)


def glint_flags(grey: Image, skin: Plane) -> Image:
    """(h, w) 255 where a pixel is much brighter than the skin around, 0 elsewhere."""
    limit = coded(np.minimum(np.maximum(skin * GLINT, skin + GLINT_OVER), 0.97)).astype(np.uint8)
    whole = cv2.resize(limit, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.compare(grey, whole, cv2.CMP_GT), np.uint8)
