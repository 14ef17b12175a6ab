"""Edges that step from one pixel to the next, straight runs of them, and colours beside the rest."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

LYING_DARK, LYING_LIGHT, STANDING_DARK, STANDING_LIGHT = 1, 2, 4, 8
LYING_STRONG, STANDING_STRONG = 16, 32


@njit(cache=True)
def _step(
    far: np.int32, before: np.int32, at: np.int32, beyond: np.int32, limits: tuple[int, int]
) -> int:
    """1 darker, 2 lighter, 16 more where strong: whether one step holds 70 % of its edge."""
    step = at - before
    if abs(step) < limits[0] or 10 * abs(step) < 7 * abs(beyond - far):
        return 0
    return (1 if step < 0 else 2) + (16 if abs(step) >= limits[1] else 0)


@njit(cache=True)
def crisp_edges(grey: Bytes, least: int, strong: int) -> Bytes:
    """(h, w) flags: where a pixel is crisply darker or lighter than the one above or to the left.

    A step of at least ``least`` levels counts, and is strong from ``strong`` levels.
    """
    height, width = grey.shape
    limits = (least, strong)
    flags = np.zeros((height, width), np.uint8)
    for y in range(2, height - 1):
        for x in range(2, width - 1):
            at = np.int32(grey[y, x])
            above, left = np.int32(grey[y - 1, x]), np.int32(grey[y, x - 1])
            if abs(at - above) < least and abs(at - left) < least:
                continue
            lying = _step(np.int32(grey[y - 2, x]), above, at, np.int32(grey[y + 1, x]), limits)
            standing = _step(np.int32(grey[y, x - 2]), left, at, np.int32(grey[y, x + 1]), limits)
            flags[y, x] = lying + (standing & 3) * 4 + (standing & 16) * 2
    return flags


@njit(cache=True)
def straight_runs(flags: Bytes, bit: int, least: int, gap: int) -> NDArray[np.int64]:
    """(n, 3) row, begin, end of runs along rows at least ``least`` long.

    Gaps of up to ``gap`` pixels are bridged, and seven tenths of a run must carry the flag.
    """
    height, width = flags.shape
    runs = []
    for y in range(height):
        begin, last, hits = -1, -1, 0
        for x in range(width + gap + 2):
            if x < width and flags[y, x] & bit:
                if begin < 0:
                    begin, hits = x, 0
                last = x
                hits += 1
            elif begin >= 0 and x - last > gap:
                length = last + 1 - begin
                if length >= least and 10 * hits >= 7 * length:
                    runs.append((y, begin, last + 1))
                begin = -1
    found = np.zeros((len(runs), 3), np.int64)
    for i in range(len(runs)):
        found[i, 0], found[i, 1], found[i, 2] = runs[i]
    return found


@njit(cache=True)
def alien_colours(
    image: Bytes, cells: NDArray[np.float32], size: int, weak: int, strong: int
) -> Bytes:
    """(h, w) 2 where a colour departs strongly from what lies around it, 1 weakly, 0 not.

    ``cells`` (h / size, w / size, 3) hold the mean colour around. Red, blue, cyan and green above
    the other channels count, beyond what the surround shows of the same.
    """
    height, width = image.shape[:2]
    found = np.zeros((height, width), np.uint8)
    last_y, last_x = cells.shape[0] - 1, cells.shape[1] - 1
    for row in range(last_y + 1):
        bottom = height if row == last_y else (row + 1) * size
        for column in range(last_x + 1):
            right = width if column == last_x else (column + 1) * size
            ar, ag, ab = cells[row, column]
            # what is beyond the surround by more than weak, on whole levels
            red_from = np.int32(max(ar - max(ag, ab), 0.0) + weak)
            blue_from = np.int32(max(ab - max(ar, ag), 0.0) + weak)
            cyan_from = np.int32(max(min(ag, ab) - ar, 0.0) + weak)
            green_from = np.int32(max(ag - max(ar, ab), 0.0) + weak)
            for y in range(row * size, bottom):
                for x in range(column * size, right):
                    r, g, b = (
                        np.int32(image[y, x, 0]),
                        np.int32(image[y, x, 1]),
                        np.int32(image[y, x, 2]),
                    )
                    red = r - max(g, b) - red_from
                    blue = b - max(r, g) - blue_from
                    cyan = min(g, b) - r - cyan_from
                    green = 2 * (g - max(r, b)) - green_from
                    most = max(max(red, blue), max(cyan, green))
                    if most > 0:
                        found[y, x] = 2 if most > strong - weak else 1
    return found
