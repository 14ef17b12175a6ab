"""Straight edges: regions of pixels whose level lines run the same way.

After the line-segment detector of Grompone von Gioi 2010 (doi 10.1109/TPAMI.2008.300), without its
refinement: a noisy segment costs a path that the choice among paths leaves out.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

_BINS = 256
_ALIKE = 0.92387953  # cosine of 22.5 degrees


@njit(cache=True, error_model="numpy")
def _level_lines(
    a: NDArray[np.float32], least: float
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Rows (n, 5) of the pixels where absorption changes by more than ``least``, and their places.

    A row tells x and y [px], cosine and sine of the level line, and the gradient. Places (height + 2,
    width + 2) hold the number of each pixel's row from 1 on, 0 where there is none and all round.
    """
    height, width = a.shape
    places = np.zeros((height + 2, width + 2), np.int32)
    rows = np.empty((a.size, 5), np.float32)
    n = 0
    for i in range(height - 1):
        for j in range(width - 1):
            falling = a[i + 1, j + 1] - a[i, j]
            rising = a[i, j + 1] - a[i + 1, j]
            gx, gy = 0.5 * (falling + rising), 0.5 * (falling - rising)
            norm = np.sqrt(gx * gx + gy * gy)
            if norm > least:
                rows[n, 0], rows[n, 1] = j, i
                rows[n, 2], rows[n, 3], rows[n, 4] = -gy / norm, gx / norm, norm
                n += 1
                places[i + 1, j + 1] = n
    return places, rows[:n]


@njit(cache=True, error_model="numpy")
def _steepest_first(steep: NDArray[np.float32]) -> NDArray[np.int32]:
    """Numbers of the gradients ``steep``, the steepest first (to a bin)."""
    most = max(steep.max(), 1e-6) if steep.size else 1.0
    begins = np.zeros(_BINS + 1, np.int64)
    bins = np.empty(steep.size, np.uint8)
    for k in range(steep.size):
        bins[k] = _BINS - 1 - int(steep[k] / most * (_BINS - 1))
        begins[bins[k] + 1] += 1
    for b in range(_BINS):
        begins[b + 1] += begins[b]
    order = np.empty(steep.size, np.int32)
    for k in range(steep.size):
        order[begins[bins[k]]] = k
        begins[bins[k]] += 1
    return order


@njit(cache=True, error_model="numpy")
def _grow(
    seed: int,
    places: NDArray[np.int32],
    width: int,
    rows: NDArray[np.float32],
    region: NDArray[np.int32],
) -> int:
    """Pixels around a seed that run the same way; they are used up (their place is emptied)."""
    sx, sy = rows[seed, 2], rows[seed, 3]
    reach = _ALIKE * np.sqrt(sx * sx + sy * sy)
    region[0], n, done = seed, 1, 0
    places[(int(rows[seed, 1]) + 1) * width + int(rows[seed, 0]) + 1] = 0
    while done < n:
        middle = (int(rows[region[done], 1]) + 1) * width + int(rows[region[done], 0]) + 1
        done += 1
        for above in range(-1, 2):
            for beside in range(-1, 2):
                place = middle + above * width + beside
                k = places[place] - 1
                if k >= 0 and rows[k, 2] * sx + rows[k, 3] * sy >= reach:
                    places[place] = 0
                    sx, sy = sx + rows[k, 2], sy + rows[k, 3]
                    reach = _ALIKE * np.sqrt(sx * sx + sy * sy)
                    region[n] = k
                    n += 1
    return n


@njit(cache=True, error_model="numpy")
def _axis(
    region: NDArray[np.int32], rows: NDArray[np.float32]
) -> tuple[float, float, float, float]:
    """Ends of the long axis of a region, its pixels weighed by their gradient."""
    total, cx, cy = 0.0, 0.0, 0.0
    for k in region:
        weight = np.float64(rows[k, 4])
        total += weight
        cx += weight * rows[k, 0]
        cy += weight * rows[k, 1]
    cx, cy = cx / total, cy / total
    xx, yy, xy = 0.0, 0.0, 0.0
    for k in region:
        weight = np.float64(rows[k, 4])
        dx, dy = rows[k, 0] - cx, rows[k, 1] - cy
        xx, yy, xy = xx + weight * dx * dx, yy + weight * dy * dy, xy + weight * dx * dy
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    dx, dy = np.cos(angle), np.sin(angle)
    low, high = 0.0, 0.0
    for k in region:
        along = (rows[k, 0] - cx) * dx + (rows[k, 1] - cy) * dy
        low, high = min(low, along), max(high, along)
    # the gradient stands between four pixels: half a pixel to the right and down
    return cx + low * dx + 0.5, cy + low * dy + 0.5, cx + high * dx + 0.5, cy + high * dy + 0.5


@njit(cache=True, error_model="numpy")
def straight_edges(a: NDArray[np.float32], least: float, size: int) -> NDArray[np.float64]:
    """Edge segments (n, 4) x0, y0, x1, y1 [px] of a picture of absorption.

    A pixel belongs to an edge where absorption changes by more than ``least`` a pixel; an edge has
    at least ``size`` pixels.
    """
    plane, rows = _level_lines(a, least)
    places, width = plane.ravel(), plane.shape[1]
    region = np.empty(len(rows), np.int32)
    found = np.empty((len(rows) // max(size, 1) + 1, 4))
    n = 0
    for seed in _steepest_first(rows[:, 4].copy()):
        if places[(int(rows[seed, 1]) + 1) * width + int(rows[seed, 0]) + 1] == 0:
            continue
        pixels = _grow(seed, places, width, rows, region)
        if pixels >= size:
            found[n] = _axis(region[:pixels], rows)
            n += 1
    return found[:n].copy()
