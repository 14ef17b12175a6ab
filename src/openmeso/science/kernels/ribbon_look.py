"""What a followed ribbon looks like, for telling hair from skin."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from openmeso.science.kernels.ribbon import at


@njit(cache=True)
def _length(dx: np.float32, dy: np.float32) -> np.float32:
    """Length of a step, rounded as ``hypot`` rounds it, which takes several times as long."""
    x, y = np.float64(dx), np.float64(dy)
    return np.float32(np.sqrt(x * x + y * y))


@njit(cache=True)
def _select(values: NDArray[np.float64], rank: int) -> None:
    """Put the value of a rank in its place, smaller ones before and larger ones behind (Hoare)."""
    low, high = 0, values.size - 1
    while low < high:
        pivot, i, j = values[(low + high) // 2], low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i, j = i + 1, j - 1
        if j < rank < i:
            return
        low, high = (low, j) if rank <= j else (i, high)


@njit(cache=True)
def _quantile(values: NDArray[np.float64], share: float) -> float:
    """Quantile of values by linear interpolation; puts them into another order."""
    place = share * (values.size - 1)
    rank = int(place)
    _select(values, rank)
    if place == rank:
        return float(values[rank])
    return float(values[rank] + (place - rank) * (values[rank + 1 :].min() - values[rank]))


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def describe(  # noqa: C901, PLR0915 (one pass over one path: calls would cost more than they tell)
    a: NDArray[np.float32],
    texture: NDArray[np.float32],
    points: NDArray[np.float32],
    spans: NDArray[np.int64],
    widths: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What a path looks like, one row a span (first, last) of ``points``.

    Columns: darkness, contrast to the lighter and to the darker flank, darkness of its palest
    fifth over its median, mean edge evidence, share with both edges, texture of the skin there,
    seam (darkest minus palest line along the inside), bow (arc over chord minus one), ends
    (fall of absorption past the two ends, the smaller and the larger), steepness of the two edges
    (fall within two pixels over the contrast to that flank, the softer and the steeper).
    """
    rows = np.zeros((spans.shape[0], 13))
    for s in range(spans.shape[0]):
        first, last = spans[s]
        m = last - first
        w = widths[s]
        inner, bright, dark = np.empty(m), np.empty(m), np.empty(m)
        lanes = np.zeros(7)
        arc, seen, both, rough = 0.0, 0.0, 0.0, 0.0
        steep, step = np.zeros(2), np.zeros(2)
        for k in range(first, last):
            before, after = max(k - 1, first), min(k + 1, last - 1)
            dx, dy = points[after, 0] - points[before, 0], points[after, 1] - points[before, 1]
            norm = max(_length(dx, dy), 1e-6)
            nx, ny = -dy / norm, dx / norm
            x, y = points[k, 0], points[k, 1]
            total = 0.0
            for q in range(-3, 4):
                v = at(a, x + q * 0.12 * w * nx, y + q * 0.12 * w * ny)
                lanes[q + 3] += v
                total += v
            total /= 7
            left, right = 0.0, 0.0
            for q in range(3):
                o = 0.5 * w + 2.0 + 1.5 * q
                left += at(a, x + o * nx, y + o * ny)
                right += at(a, x - o * nx, y - o * ny)
            left, right = left / 3, right / 3
            for side in range(2):
                o = (0.5 - side) * w
                out = 1.0 - 2.0 * side
                steep[side] += at(a, x + (o - out) * nx, y + (o - out) * ny)
                steep[side] -= at(a, x + (o + out) * nx, y + (o + out) * ny)
                step[side] += total - (left if side == 0 else right)
            inner[k - first] = total
            bright[k - first] = total - min(left, right)
            dark[k - first] = total - max(left, right)
            found = points[k, 2] + points[k, 3]
            seen += 0.5 * found
            both += found > 1.5
            i = min(max(int(y + 0.5), 0), a.shape[0] - 1)
            j = min(max(int(x + 0.5), 0), a.shape[1] - 1)
            rough += texture[i, j]
            if k > first:
                arc += float(_length(x - points[k - 1, 0], y - points[k - 1, 1]))
        middle = _quantile(inner, 0.5)
        chord = np.hypot(
            points[last - 1, 0] - points[first, 0], points[last - 1, 1] - points[first, 1]
        )
        falls = np.zeros(2)
        for side in range(2):
            k = first if side == 0 else last - 1
            other = min(first + 4, last - 1) if side == 0 else max(last - 5, first)
            dx, dy = points[k, 0] - points[other, 0], points[k, 1] - points[other, 1]
            norm = max(np.hypot(dx, dy), 1e-6)
            past = 0.0
            for q in range(3):
                reach = 5.0 + 2 * q
                past += (
                    at(a, points[k, 0] + reach * dx / norm, points[k, 1] + reach * dy / norm) / 3
                )
            falls[side] = middle - past
        rows[s, 0] = middle
        rows[s, 1] = _quantile(bright, 0.5)
        rows[s, 2] = _quantile(dark, 0.5)
        rows[s, 3] = _quantile(inner, 0.2) / max(middle, 1e-6)
        rows[s, 4] = seen / m
        rows[s, 5] = both / m
        rows[s, 6] = rough / m
        rows[s, 7] = (lanes.max() - lanes.min()) / m
        rows[s, 8] = arc / max(chord, 1e-6) - 1
        rows[s, 9] = falls.min()
        rows[s, 10] = falls.max()
        edges = steep / np.maximum(step, 0.02 * m)
        rows[s, 11] = edges.min()
        rows[s, 12] = edges.max()
    return rows
