"""Straight edges: regions of pixels whose level lines run the same way.

After the line-segment detector of Grompone von Gioi 2010 (doi 10.1109/TPAMI.2008.300), without its
refinement: a noisy segment costs a path that the choice among paths leaves out.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

_BINS = 256
_ALIKE = 0.92387953  # cosine of 22.5 degrees


@njit(cache=True)
def _level_lines(
    a: NDArray[np.float32], least: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Cosine and sine of the level line at every pixel, and the gradient (0 below ``least``)."""
    height, width = a.shape
    ux = np.zeros((height, width), np.float32)
    uy = np.zeros((height, width), np.float32)
    steep = np.zeros((height, width), np.float32)
    for i in range(height - 1):
        for j in range(width - 1):
            falling = a[i + 1, j + 1] - a[i, j]
            rising = a[i, j + 1] - a[i + 1, j]
            gx, gy = 0.5 * (falling + rising), 0.5 * (falling - rising)
            norm = np.sqrt(gx * gx + gy * gy)
            if norm > least:
                steep[i, j] = norm
                ux[i, j], uy[i, j] = -gy / norm, gx / norm
    return ux, uy, steep


@njit(cache=True)
def _steepest_first(steep: NDArray[np.float32]) -> NDArray[np.int32]:
    """Places of the pixels with a gradient, the steepest first (to a bin)."""
    flat = steep.ravel()
    most = max(flat.max(), 1e-6)
    begins = np.zeros(_BINS + 1, np.int64)
    for k in range(flat.size):
        if flat[k] > 0:
            begins[_BINS - 1 - int(flat[k] / most * (_BINS - 1)) + 1] += 1
    for b in range(_BINS):
        begins[b + 1] += begins[b]
    places = np.empty(begins[_BINS], np.int32)
    for k in range(flat.size):
        if flat[k] > 0:
            b = _BINS - 1 - int(flat[k] / most * (_BINS - 1))
            places[begins[b]] = k
            begins[b] += 1
    return places


@njit(cache=True)
def _grow(
    seed: int,
    ux: NDArray[np.float32],
    uy: NDArray[np.float32],
    steep: NDArray[np.float32],
    region: NDArray[np.int32],
) -> int:
    """Pixels around a seed that run the same way; they are used up (their gradient set below 0)."""
    height, width = steep.shape
    flat = steep.ravel()
    sx, sy = ux.ravel()[seed], uy.ravel()[seed]
    region[0], n, done = seed, 1, 0
    flat[seed] = -flat[seed]
    while done < n:
        i0, j0 = region[done] // width, region[done] % width
        done += 1
        reach = _ALIKE * np.sqrt(sx * sx + sy * sy)
        for i in range(max(i0 - 1, 0), min(i0 + 2, height)):
            for j in range(max(j0 - 1, 0), min(j0 + 2, width)):
                if steep[i, j] > 0 and ux[i, j] * sx + uy[i, j] * sy >= reach:
                    steep[i, j] = -steep[i, j]
                    sx, sy = sx + ux[i, j], sy + uy[i, j]
                    reach = _ALIKE * np.sqrt(sx * sx + sy * sy)
                    region[n] = i * width + j
                    n += 1
    return n


@njit(cache=True)
def _axis(
    region: NDArray[np.int32], n: int, steep: NDArray[np.float32]
) -> tuple[float, float, float, float]:
    """Ends of the long axis of a region, its pixels weighed by their gradient."""
    width = steep.shape[1]
    flat = steep.ravel()
    total, cx, cy = 0.0, 0.0, 0.0
    for k in range(n):
        weight = -flat[region[k]]
        total += weight
        cx += weight * (region[k] % width)
        cy += weight * (region[k] // width)
    cx, cy = cx / total, cy / total
    xx, yy, xy = 0.0, 0.0, 0.0
    for k in range(n):
        weight = -flat[region[k]]
        dx, dy = region[k] % width - cx, region[k] // width - cy
        xx, yy, xy = xx + weight * dx * dx, yy + weight * dy * dy, xy + weight * dx * dy
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    dx, dy = np.cos(angle), np.sin(angle)
    low, high = 0.0, 0.0
    for k in range(n):
        along = (region[k] % width - cx) * dx + (region[k] // width - cy) * dy
        low, high = min(low, along), max(high, along)
    # the gradient stands between four pixels: half a pixel to the right and down
    return cx + low * dx + 0.5, cy + low * dy + 0.5, cx + high * dx + 0.5, cy + high * dy + 0.5


@njit(cache=True)
def straight_edges(a: NDArray[np.float32], least: float, size: int) -> NDArray[np.float64]:
    """Edge segments (n, 4) x0, y0, x1, y1 [px] of a picture of absorption.

    A pixel belongs to an edge where absorption changes by more than ``least`` a pixel; an edge has
    at least ``size`` pixels.
    """
    ux, uy, steep = _level_lines(a, least)
    region = np.empty(steep.size, np.int32)
    places = _steepest_first(steep)
    found = np.empty((places.size // max(size, 1) + 1, 4))
    n = 0
    for place in places:
        if steep.ravel()[place] <= 0:
            continue
        pixels = _grow(place, ux, uy, steep, region)
        if pixels < size:
            continue
        found[n] = _axis(region, pixels, steep)
        n += 1
    return found[:n].copy()
