"""A spot of skin with forty hairs for tests: which are drawn and which are traced is known."""

import cv2
import numpy as np

from openmeso.science.trichoscopy.spot import View
from openmeso.terms.comparison import Registration
from openmeso.terms.trichoscopy import (
    Estimate,
    FieldSummary,
    Hair,
    HairField,
    HairMode,
    Scale,
)

UM_PER_PX = 5.5
WIDTH_PX, HEIGHT_PX = 720, 440
SKIN, DARK, WIDE_PX = 205, 45, 11
SAME_PLACE = Registration((0.0, 1.0, 0.0), (0.0, 0.0, 1.0), 0.0, 1.0, 40, 40, 0.0, 1.0, 1e-9)
_AWRY = np.random.default_rng(5).uniform(-13, 13, (40, 2))
PLACES = [
    (60 + 80 * (n % 8) + float(_AWRY[n, 0]), 55 + 75 * (n // 8) + float(_AWRY[n, 1]))
    for n in range(40)
]
"""Roots of 40 hairs, each 340 µm long at least and alone."""
EVERY = frozenset(range(len(PLACES)))


def line(number: int) -> list[tuple[float, float]]:
    x, y = PLACES[number]
    turn = np.radians(25 + 7 * (number % 5))
    length = 62 + 4 * (number % 4)
    across, down = float(length * np.cos(turn)), float(length * np.sin(turn))
    return [(x + s * across, y + s * down) for s in (0, 0.5, 1)]


def view(drawn: frozenset[int], traced: frozenset[int], wide_px: int = WIDE_PX) -> View:
    """Hairs drawn on even skin, of which some were traced."""
    image = np.full((HEIGHT_PX, WIDTH_PX, 3), SKIN, np.uint8)
    for number in drawn:
        bits = np.round(np.array(line(number)) * 16).astype(np.int32)
        cv2.polylines(image, [bits], False, (DARK,) * 3, wide_px, cv2.LINE_AA, 4)
    hairs = tuple(
        Hair(
            id=number, path_px=tuple(line(number)), width_px=float(wide_px), length_px=70.0,
            width_um=wide_px * UM_PER_PX, width_error_um=0.5,
        )
        for number in sorted(traced)
    )  # fmt: skip
    return View(
        image,
        HairField(
            WIDTH_PX, HEIGHT_PX, HairMode.CLIPPED, Scale(UM_PER_PX), hairs,
            FieldSummary(Estimate(0, 0, 0), len(hairs)), (0, 0, WIDTH_PX, HEIGHT_PX),
        ),
    )  # fmt: skip
