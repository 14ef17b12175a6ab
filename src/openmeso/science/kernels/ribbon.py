"""Ribbons: two edges of a shaft followed through a picture of absorption.

Lengths are pixels of the working picture; absorption is 0 (skin) to 1 (black).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

STEP = 2.0
_SAMPLES = 24  # points along an edge whose mean is taken
_COAST = 12
_BRIGHT = 3
_DARK = 0.5  # of its contrast that a shaft may lose before it has ended


@njit(cache=True, inline="always")
def at(a: NDArray[np.float32], x: float, y: float) -> float:
    """Absorption at a point by bilinear interpolation; the border is repeated."""
    height, width = a.shape
    x = min(max(x, 0.0), width - 1.001)
    y = min(max(y, 0.0), height - 1.001)
    row, column = int(y), int(x)
    v, u = y - row, x - column
    # without a sign: a negative index would count from the end, and asking for it takes time
    i, below, j, beside = np.uintp(row), np.uintp(row + 1), np.uintp(column), np.uintp(column + 1)
    top = a[i, j] + u * (np.float64(a[i, beside]) - a[i, j])
    low = a[below, j] + u * (np.float64(a[below, beside]) - a[below, j])
    return float(top + v * (low - top))


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def _mean(
    a: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64], dx: float, dy: float
) -> float:
    """Mean absorption of points moved by (dx, dy)."""
    total = 0.0
    for k in range(x.size):
        total += at(a, x[k] + dx, y[k] + dy)
    return total / x.size


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def _along(segment: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> int:
    """Number of points spread evenly along a segment x0, y0, x1, y1; written to ``x`` and ``y``."""
    x0, y0, x1, y1 = segment
    samples = min(x.size, int(np.hypot(x1 - x0, y1 - y0)))
    for k in range(samples):
        f = (k + 0.5) / samples
        x[k], y[k] = x0 + f * (x1 - x0), y0 + f * (y1 - y0)
    return samples


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def cast_widths(  # noqa: C901 (one pass over one path: calls would cost more than they tell)
    a: NDArray[np.float32], segments: NDArray[np.float64], most: float, least: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Candidate strips (n, 6) from edge segments (m, 4), and the side (m, 7) of each segment.

    A strip is x, y, ux, uy, width, contrast; every falling edge on the dark side of a segment gives
    a width. A side is x, y, ux, uy, base, contrast, and the strips up to this segment; ``base`` is
    the absorption beyond the pale side, contrast 0 where there is no edge.
    """
    x, y = np.empty(_SAMPLES), np.empty(_SAMPLES)
    profile = np.zeros(int(most) + 6)
    found, sides = np.empty((segments.shape[0] * 3, 6)), np.zeros((segments.shape[0], 7))
    n = 0
    for s in range(segments.shape[0]):
        sides[s, 6] = n
        x0, y0, x1, y1 = segments[s]
        length = np.hypot(x1 - x0, y1 - y0)
        if length < 4:
            continue
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        nx, ny = -uy, ux
        samples = _along(segments[s], x, y)
        px, py = x[:samples], y[:samples]
        if _mean(a, px, py, 1.5 * nx, 1.5 * ny) < _mean(a, px, py, -1.5 * nx, -1.5 * ny):
            ux, uy, nx, ny = -ux, -uy, -nx, -ny
        mx, my = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
        base = min(_mean(a, px, py, -4 * nx, -4 * ny), _mean(a, px, py, -3 * nx, -3 * ny))
        for o in range(4):
            profile[o] = _mean(a, px, py, o * nx, o * ny)
        contrast = max(profile[1], profile[2], profile[3]) - base
        if contrast < 0.03:
            continue
        sides[s, :6] = (mx, my, ux, uy, base, contrast)
        cut, kept = -0.2 * contrast, 0
        for o in range(2, int(most) + 2):
            profile[o + 2] = _mean(a, px, py, (o + 2) * nx, (o + 2) * ny)
            if kept == 3 or (kept and profile[o] < base + 0.25 * contrast):
                break
            d = profile[o + 1] - profile[o - 1]
            before, after = profile[o] - profile[o - 2], profile[o + 2] - profile[o]
            if d < cut and d <= before and d < after:
                bend = before - 2 * d + after
                shift = 0.5 * (before - after) / bend if bend > 1e-9 else 0.0
                w = o + min(max(shift, -0.5), 0.5)
                if least <= w <= most:
                    found[n] = (mx + 0.5 * w * nx, my + 0.5 * w * ny, ux, uy, w, contrast)
                    n, kept = n + 1, kept + 1
        sides[s, 6] = n
    return found[:n].copy(), sides


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def with_usual(
    a: NDArray[np.float32],
    segments: NDArray[np.float64],
    strips: NDArray[np.float64],
    sides: NDArray[np.float64],
    usual: float,
) -> NDArray[np.float64]:
    """The strips of ``cast_widths``, and after those of a segment one of the picture's usual width.

    Only where the strip stays dark that far: for hairs lying side by side without a seam.
    """
    x, y = np.empty(_SAMPLES), np.empty(_SAMPLES)
    all_ = np.empty((strips.shape[0] + segments.shape[0], 6))
    n, k, far = 0, 0, int(0.8 * usual)
    for s in range(segments.shape[0]):
        while k < sides[s, 6]:
            all_[n] = strips[k]
            n, k = n + 1, k + 1
        mx, my, ux, uy, base, contrast = sides[s, :6]
        if contrast == 0:
            continue
        samples = _along(segments[s], x, y)
        if _mean(a, x[:samples], y[:samples], -far * uy, far * ux) > base + 0.7 * contrast:
            all_[n] = (mx - 0.5 * usual * uy, my + 0.5 * usual * ux, ux, uy, usual, contrast)
            n += 1
    return all_[:n].copy()


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def _edge(
    a: NDArray[np.float32], x: float, y: float, nx: float, ny: float, out: float
) -> tuple[float, float]:
    """Steepest fall going outwards near ``out`` along the normal: (shift, fall over two px)."""
    best, where = 0.0, 0.0
    inner = at(a, x + (out - 3) * nx, y + (out - 3) * ny)
    between = at(a, x + (out - 2) * nx, y + (out - 2) * ny)
    for k in range(-2, 3):
        outer = at(a, x + (out + k + 1) * nx, y + (out + k + 1) * ny)
        fall = inner - outer - 0.002 * abs(k)
        inner, between = between, outer
        if fall > best:
            best, where = fall, float(k)
    return where, best


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def follow(  # noqa: C901, PLR0915 (one pass over one path: calls would cost more than they tell)
    a: NDArray[np.float32],
    strip: NDArray[np.float64],
    direction: float,
    out: NDArray[np.float32],
    room: int,
) -> int:
    """Follow a strip one way; returns the points kept.

    Writes x, y, and whether an edge stands to the left and to the right (1 or 0).
    """
    height, width = a.shape
    x, y, ux, uy, w, contrast = strip
    ux, uy = ux * direction, uy * direction
    level, need = 0.0, 0.25 * contrast
    for k in range(-2, 3):
        level += at(a, x + 2 * k * ux, y + 2 * k * uy) / 5
    first = level
    n, kept, bright, coast, deep = 0, 0, 0, 0, 0
    while n < room:
        nx, ny = -uy, ux
        inner = 0.0
        for k in range(-2, 3):
            inner += 0.2 * at(a, x + 0.14 * k * w * nx, y + 0.14 * k * w * ny)
        left, left_fall = _edge(a, x, y, nx, ny, 0.5 * w)
        right, right_fall = _edge(a, x, y, -nx, -ny, 0.5 * w)
        both = left_fall > need and right_fall > need
        one = left_fall > need or right_fall > need
        deep = deep + 1 if inner > first + contrast else 0
        if deep > _COAST:
            break
        if inner < level - _DARK * contrast:
            bright += 1
            if bright > _BRIGHT:
                break
        elif one:
            bright, coast = 0, 0
        else:
            coast += 1
            if coast > _COAST:
                break
        shift = 0.0
        if both:
            shift = 0.25 * (left - right)
        elif left_fall > need:
            shift = 0.2 * left
        elif right_fall > need:
            shift = -0.2 * right
        shift = min(max(shift, -0.5), 0.5)
        x, y = x + shift * nx, y + shift * ny
        dark = inner >= level - _DARK * contrast
        out[n, 0], out[n, 1] = x, y
        out[n, 2] = 1.0 if dark and left_fall > need else 0.0
        out[n, 3] = 1.0 if dark and right_fall > need else 0.0
        n += 1
        if dark and one and not deep:
            kept = n
            level = min(max(level, 0.97 * level + 0.03 * inner), first + 0.2 * contrast)
        turn = 0.06 * shift
        ux, uy = ux + turn * nx, uy + turn * ny
        norm = np.sqrt(ux * ux + uy * uy)
        ux, uy = ux / norm, uy / norm
        x, y = x + STEP * ux, y + STEP * uy
        if x < 0 or y < 0 or x > width - 1 or y > height - 1:
            break
    return kept


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def _kind(ux: float, uy: float, w: float) -> tuple[int, int]:
    """Class of a direction (8, without sign) and of a width (4), to tell strips apart."""
    angle = np.arctan2(uy, ux) / np.pi * 8 + 0.5
    return int(np.floor(angle)) % 8, min(max(int(2.5 * np.log(max(w, 1.0) / 3.0)), 0), 3)


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def _sign(known: NDArray[np.uint32], points: NDArray[np.float32], n: int, w: float) -> None:
    """Note where a path runs, which way and how wide; points with both edges only."""
    height, width = known.shape
    for k in range(1, n):
        if points[k, 2] + points[k, 3] < 1.5:
            continue
        way, size = _kind(points[k, 0] - points[k - 1, 0], points[k, 1] - points[k - 1, 1], w)
        bit = np.uint32(0)
        for turn in range(-1, 2):
            bit |= np.uint32(1) << np.uint32((way + turn) % 8 * 4 + size)
        i0, j0 = int(points[k, 1] + 0.5), int(points[k, 0] + 0.5)
        for i in range(max(i0 - 1, 0), min(i0 + 2, height)):
            for j in range(max(j0 - 1, 0), min(j0 + 2, width)):
                known[i, j] |= bit


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def follow_all(
    a: NDArray[np.float32], strips: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Paths of strips: points (k, 4) x, y, edge left, edge right; where each starts; its strip.

    A strip that lies on a path followed earlier, runs the same way and is as wide, is left out.
    """
    known = np.zeros(a.shape, np.uint32)
    starts = np.zeros(strips.shape[0] + 1, np.int64)
    which = np.zeros(strips.shape[0], np.int64)
    points = np.empty((1 << 14, 4), np.float32)
    one, two = np.empty((1024, 4), np.float32), np.empty((1024, 4), np.float32)
    n, m = 0, 0
    for s in range(strips.shape[0]):
        i = min(max(int(strips[s, 1] + 0.5), 0), a.shape[0] - 1)
        j = min(max(int(strips[s, 0] + 0.5), 0), a.shape[1] - 1)
        way, size = _kind(strips[s, 2], strips[s, 3], strips[s, 4])
        if known[i, j] >> np.uint32(way * 4 + size) & np.uint32(1):
            continue
        there = follow(a, strips[s], 1.0, one, 1024)
        back = follow(a, strips[s], -1.0, two, 1024)
        if there + back < 5:
            continue
        _sign(known, one, there, strips[s, 4])
        _sign(known, two, back, strips[s, 4])
        if n + there + back > points.shape[0]:
            more = np.empty((2 * points.shape[0] + 2048, 4), np.float32)
            more[:n] = points[:n]
            points = more
        for k in range(back - 1, 0, -1):
            points[n, 0], points[n, 1] = two[k, 0], two[k, 1]
            points[n, 2], points[n, 3] = two[k, 3], two[k, 2]  # it was followed the other way
            n += 1
        for k in range(there):
            points[n] = one[k]
            n += 1
        which[m] = s
        m += 1
        starts[m] = n
    return points[:n].copy(), starts[: m + 1].copy(), which[:m].copy()
