"""Sharpness: the point spread that the steepest edges of a picture show, and where it is worse."""

import math
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.foreign_mark import Box, Image, Mask, boxes_of
from openmeso.science.trichoscopy.quality_light import Plane
from openmeso.science.trichoscopy.srgb import linear

Floats = NDArray[np.float64]

EDGE_CONTRAST = 0.15  # least step, over the skin, at which sharpness is read
LEAST_EDGES = 6
CELLS = (12, 16)  # rows and columns; the steepest edge of each is read
REACH_PX = 12
RIM_PX = 12  # beside the border nothing is read
SHARPER = 0.35  # quantile of the edges: shadows and vessels are soft in a sharp picture too


@dataclass(frozen=True, slots=True, eq=False)
class Sharpness:
    """``psf_px`` standard deviation of the point spread, None where no edge is clear enough.

    ``cells_px`` (12, 16) the same for each part of the picture, nan where none is clear.
    """

    psf_px: float | None
    cells_px: Floats
    width_px: int
    height_px: int

    def softer_than(self, limit_px: float) -> Mask:
        """(12, 16) parts out of focus: at least three by three of them together."""
        soft = (np.nan_to_num(self.cells_px) > limit_px).astype(np.uint8)
        return np.asarray(cv2.morphologyEx(soft, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0)

    def boxes(self, cells: Mask) -> tuple[Box, ...]:
        """Boxes [px] around parts (12, 16)."""
        across, down = self.width_px / CELLS[1], self.height_px / CELLS[0]
        return tuple(
            (round(x * across), round(y * down), round(w * across), round(h * down))
            for x, y, w, h in boxes_of(cells, 1)
        )


def read_sharpness(grey: Image, skin: Plane, out: Image) -> Sharpness:
    """Point spread from the steepest edge in each part of a picture (h, w); not where ``out`` is 255."""
    height, width = grey.shape
    nothing = Sharpness(None, np.full(CELLS, np.nan), width, height)
    if min(grey.shape) <= 2 * RIM_PX:
        return nothing
    smooth = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), np.uint8)
    gx, gy = cv2.spatialGradient(smooth)
    both = cv2.add(cv2.convertScaleAbs(gx, alpha=0.25), cv2.convertScaleAbs(gy, alpha=0.25))
    steep: Image = np.asarray(cv2.subtract(both, out), np.uint8)
    steep[:RIM_PX], steep[-RIM_PX:], steep[:, :RIM_PX], steep[:, -RIM_PX:] = 0, 0, 0, 0
    cells, points = _steepest(steep)
    if not len(points):
        return nothing
    x, y = points[:, 1], points[:, 0]
    norm = np.hypot(gx[y, x], gy[y, x]) + 1e-9
    along = np.arange(-REACH_PX, REACH_PX + 0.1, 0.5)
    sx = x[:, None] + along * (gx[y, x] / norm)[:, None]
    sy = y[:, None] + along * (gy[y, x] / norm)[:, None]
    level = smooth.astype(np.float32)
    profile = cv2.remap(level, sx.astype(np.float32), sy.astype(np.float32), cv2.INTER_LINEAR)
    step, sigma = _spread(linear(profile))
    good = (step >= EDGE_CONTRAST * _around(skin, x, y, grey.shape)) & np.isfinite(sigma)
    if np.count_nonzero(good) < LEAST_EDGES:
        return nothing
    spread = np.full(CELLS, np.nan)
    spread[cells[good, 0], cells[good, 1]] = sigma[good]
    return Sharpness(float(np.quantile(sigma[good], SHARPER)), spread, width, height)


def _around(
    skin: Plane, x: NDArray[np.int64], y: NDArray[np.int64], shape: tuple[int, int]
) -> Floats:
    """Light of the skin of the shrunk picture at points of the whole one."""
    rows = np.minimum(y * skin.shape[0] // shape[0], skin.shape[0] - 1)
    columns = np.minimum(x * skin.shape[1] // shape[1], skin.shape[1] - 1)
    return np.asarray(skin[rows, columns], np.float64)


def _steepest(steep: Image) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(n, 2) parts (row, column) that have an edge at all, and (n, 2) y, x of their steepest."""
    rows = np.linspace(0, steep.shape[0], CELLS[0] + 1).astype(int)
    columns = np.linspace(0, steep.shape[1], CELLS[1] + 1).astype(int)
    cells, points = [], []
    for row, (top, bottom) in enumerate(pairwise(rows)):
        for column, (left, right) in enumerate(pairwise(columns)):
            part = steep[top:bottom, left:right]
            if not part.size:
                continue
            y, x = divmod(int(part.argmax()), part.shape[1])
            if part[y, x] > 0:
                cells.append((row, column))
                points.append((top + y, left + x))
    return np.array(cells, np.int64).reshape(-1, 2), np.array(points, np.int64).reshape(-1, 2)


def _spread(profile: Floats) -> tuple[Floats, Floats]:
    """Height of the step that rises through the middle, and the point spread it shows [px].

    A step blurred by a Gaussian rises at most by height / (sigma sqrt(2 pi)) a pixel. Smoothing and
    the gradient's own reach are taken off.
    """
    middle = profile.shape[1] // 2
    rise = np.diff(profile, axis=1)
    up, down = rise[:, middle:] <= 0, rise[:, :middle][:, ::-1] <= 0
    reach_up = np.where(up.any(axis=1), up.argmax(axis=1), up.shape[1])
    reach_down = np.where(down.any(axis=1), down.argmax(axis=1), down.shape[1])
    at = np.arange(len(profile))
    step = profile[at, middle + reach_up] - profile[at, middle - reach_down]
    slope = (profile[:, middle + 1] - profile[:, middle - 1]).clip(1e-9)
    sigma = step / (slope * math.sqrt(2.0 * math.pi))
    own = 1.0 + 1.0 / 12.0
    return step, np.sqrt(np.maximum(sigma**2 - own, 0.01))
