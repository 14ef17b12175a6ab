"""Spots on the skin and in the fluid: brown stains, a tattooed mark, air bubbles."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.foreign_mark import Box, Image, Mask
from openmeso.science.trichoscopy.quality_light import LINEAR, Plane

GLINT_UM = 50.0  # radius of what is too small to be skin
WIDEST_HAIR_UM = 260.0  # or bundle of hairs: dark spots that outlast a closing by this are neither
STAIN_AROUND_UM = 1100.0
STAIN = 0.50  # optical depth of a stain, as the logarithm of light
LEAST_STAIN_UM = 60.0  # radius
# Set on rendered tattoos and on what crossing hair leaves of a closing, on skin of all types; that
# real ink under the skin is as blue is an assumption.
TATTOO = 0.55  # optical depth
TATTOO_RED = 1.15  # and of it in red
INK_BLUE = 1.6  # times as deep in red as in blue; a bundle of black hair is so on dark skin alone
TATTOO_UM = (320.0, 1500.0)
TATTOO_RIM_UM = 60.0
TATTOO_RING = (1.35, 1.9)  # radii around a tattoo, where a bundle of hairs goes on
RING_DARK = 0.25  # share of that ring under hair, up to which a spot is no bundle
BUBBLE_UM = (100.0, 480.0)  # radius
BUBBLE_RIM_UM = 70.0  # beyond the circle found: the rim itself, and the error of its radius
BUBBLE_EDGE = 120.0  # Canny's upper threshold, of the crisp rim
ROUNDNESS = 0.8  # of a bubble's rim, of at most 1


@dataclass(frozen=True, slots=True, eq=False)
class Stains:
    """``brown`` (h, w) and the boxes of tattoos, in pixels of the shrunk picture."""

    brown: Mask
    tattoos_px: tuple[Box, ...]


def read_stains(small: Image, out: Mask, um: float) -> Stains:
    """Dark spots wider than hair: brown ones are dye, one blue-black round one is a tattoo."""
    skin = small.copy()
    skin[out] = np.median(small[~out], axis=0) if not out.all() else 128
    # glints and white hair off, dark hair off; what is left is skin
    calm = cv2.morphologyEx(skin, cv2.MORPH_OPEN, _disc(GLINT_UM / um))
    bare = LINEAR[cv2.morphologyEx(calm, cv2.MORPH_CLOSE, _disc(0.5 * WIDEST_HAIR_UM / um))]
    near = cv2.blur(bare, (round(STAIN_AROUND_UM / um) | 1,) * 2)
    depth = np.log(np.maximum(near, 1e-3) / np.maximum(bare, 1e-3))
    # brown dye takes away blue most, blood green, ink and depth red
    brown = (depth[..., 2] > STAIN) & (depth[..., 2] > 1.25 * depth[..., 0])
    _, labels, stats, _ = cv2.connectedComponentsWithStats(brown.astype(np.uint8))
    large = stats[:, cv2.CC_STAT_AREA] * um**2 >= math.pi * LEAST_STAIN_UM**2
    large[0] = False
    seen = np.log(np.maximum(near, 1e-3) / np.maximum(LINEAR[calm], 1e-3)).min(axis=-1)
    tattoos = _tattoos(np.asarray(depth, np.float32), np.asarray(seen, np.float32), um)
    return Stains(np.asarray(large[labels]), tattoos)


def read_bubbles(small: Image, stains: Stains, um: float) -> tuple[Box, ...]:
    """Full circles with a crisp rim; a tattoo is none."""
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    least, most = (max(round(one / um), 4) for one in BUBBLE_UM)
    if min(grey.shape) < 2 * least:
        return ()
    found = cv2.HoughCircles(
        grey, cv2.HOUGH_GRADIENT_ALT, 1.5, 8, param1=BUBBLE_EDGE, param2=ROUNDNESS,
        minRadius=least, maxRadius=most,
    )  # fmt: skip
    if found is None:
        return ()
    rim = BUBBLE_RIM_UM / um
    circles = np.asarray(found, float).reshape(-1, np.shape(found)[-1])[:, :3]
    return tuple(
        (round(x - r - rim), round(y - r - rim), round(2 * (r + rim)), round(2 * (r + rim)))
        for x, y, r in circles
        if not any(
            left <= x <= left + w and top <= y <= top + h for left, top, w, h in stains.tattoos_px
        )
    )


def _disc(radius_px: float) -> NDArray[np.uint8]:
    side = 2 * max(1, round(radius_px)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _tattoos(depth: Plane, seen: Plane, um: float) -> tuple[Box, ...]:
    """Round blue-black spots of ``depth`` (h, w, 3) in which no bundle of ``seen`` hairs ends."""
    ink = (depth.min(axis=-1) > TATTOO) & (depth[..., 0] > 1.1 * depth[..., 2])
    number, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    boxes = []
    grow = TATTOO_RIM_UM / um
    for label, (x, y, width, height, area) in enumerate(stats[1:number].tolist(), 1):
        is_round = area >= 0.68 * width * height and max(width, height) <= 1.5 * min(width, height)
        if not (is_round and TATTOO_UM[0] <= math.sqrt(width * height) * um <= TATTOO_UM[1]):
            continue
        red, _, blue = depth[labels == label].mean(axis=0)
        if red < max(TATTOO_RED, INK_BLUE * blue):
            continue
        if _dark_around(seen, (x, y, width, height)) <= RING_DARK:
            left, top = round(x - grow), round(y - grow)
            boxes.append((left, top, round(width + 2 * grow), round(height + 2 * grow)))
    return tuple(boxes)


def _dark_around(seen: Plane, box: Box) -> float:
    """Share under hair of a ring around a round spot in ``box`` [1]."""
    x, y, width, height = box
    rows, columns = np.ogrid[: seen.shape[0], : seen.shape[1]]
    far = np.hypot(
        (columns - x - 0.5 * (width - 1)) / (0.5 * width),
        (rows - y - 0.5 * (height - 1)) / (0.5 * height),
    )
    ring = (far >= TATTOO_RING[0]) & (far <= TATTOO_RING[1])
    return float((seen[ring] > TATTOO).mean()) if ring.any() else 0.0
