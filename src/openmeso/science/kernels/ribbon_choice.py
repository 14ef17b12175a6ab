"""Of many followed ribbons, those that together explain the edges of a picture."""

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

_WAYS = 16  # classes of the direction in which an edge falls
_BESIDE = 1  # classes next to its own that an edge explains as well
_ABOUT = 2  # pixels around an edge that it explains
_INSIDE = 1.5  # pixels from its edge inwards where a strip lets no other edge count


@njit(cache=True)
def _across(points: NDArray[np.float32], first: int, last: int, k: int) -> tuple[float, float, int]:
    """Unit normal to the left of a path at one point, and the class of its direction."""
    before, after = max(k - 1, first), min(k + 1, last - 1)
    dx, dy = points[after, 0] - points[before, 0], points[after, 1] - points[before, 1]
    norm = max(np.hypot(dx, dy), 1e-6)
    nx, ny = -dy / norm, dx / norm
    way = int(np.floor(np.arctan2(ny, nx) / (2 * np.pi) * _WAYS + 0.5)) % _WAYS
    return nx, ny, way


@njit(cache=True)
def _is_new(
    inside: NDArray[np.uint8], known: NDArray[np.uint16], x: float, y: float, way: int
) -> bool:
    height, width = known.shape
    i = min(max(int(y + 0.5), 0), height - 1)
    j = min(max(int(x + 0.5), 0), width - 1)
    return inside[i, j] == 0 and not known[i, j] >> np.uint16(way) & np.uint16(1)


@njit(cache=True)
def _fresh(
    inside: NDArray[np.uint8],
    known: NDArray[np.uint16],
    points: NDArray[np.float32],
    span: tuple[int, int],
    w: float,
) -> tuple[float, int, int, float]:
    """Edge not yet explained by a chosen hair, the stretch that holds it, and the share hidden."""
    first, last = span
    height, width = known.shape
    total, low, high, hidden = 0.0, last, first, 0.0
    for k in range(first, last):
        i = min(max(int(points[k, 1] + 0.5), 0), height - 1)
        j = min(max(int(points[k, 0] + 0.5), 0), width - 1)
        hidden += inside[i, j] / (last - first)
        if points[k, 2] + points[k, 3] < 0.5:
            continue
        nx, ny, way = _across(points, first, last, k)
        x, y, o = points[k, 0], points[k, 1], 0.5 * w
        new = 0.0
        if points[k, 2] > 0 and _is_new(inside, known, x + o * nx, y + o * ny, way):
            new += 0.5
        if points[k, 3] > 0 and _is_new(
            inside, known, x - o * nx, y - o * ny, (way + _WAYS // 2) % _WAYS
        ):
            new += 0.5
        if new:
            total += new
            low, high = min(low, k), max(high, k + 1)
    return total, low, high, hidden


@njit(cache=True)
def _explain(known: NDArray[np.uint16], x: float, y: float, way: int) -> None:
    height, width = known.shape
    bits = np.uint16(0)
    for turn in range(-_BESIDE, _BESIDE + 1):
        bits |= np.uint16(1) << np.uint16((way + turn) % _WAYS)
    i0, j0 = int(y + 0.5), int(x + 0.5)
    for i in range(max(i0 - _ABOUT, 0), min(i0 + _ABOUT + 1, height)):
        for j in range(max(j0 - _ABOUT, 0), min(j0 + _ABOUT + 1, width)):
            known[i, j] |= bits


@njit(cache=True)
def _paint(
    inside: NDArray[np.uint8],
    known: NDArray[np.uint16],
    points: NDArray[np.float32],
    span: tuple[int, int],
    w: float,
) -> None:
    """Mark what a chosen strip explains: its two edges, and all that lies between them."""
    height, width = known.shape
    radius = max(0.5 * w - _INSIDE, 0.0)
    reach = int(radius) + 1
    for k in range(span[0], span[1]):
        x, y = points[k, 0], points[k, 1]
        for i in range(max(int(y) - reach, 0), min(int(y) + reach + 2, height)):
            for j in range(max(int(x) - reach, 0), min(int(x) + reach + 2, width)):
                if (i - y) ** 2 + (j - x) ** 2 <= radius * radius:
                    inside[i, j] = 1
        nx, ny, way = _across(points, span[0], span[1], k)
        _explain(known, x + 0.5 * w * nx, y + 0.5 * w * ny, way)
        _explain(known, x - 0.5 * w * nx, y - 0.5 * w * ny, (way + _WAYS // 2) % _WAYS)


@njit(cache=True)
def choose(
    shape: tuple[int, int],
    points: NDArray[np.float32],
    spans: NDArray[np.int64],
    widths: NDArray[np.float64],
    weights: NDArray[np.float64],
    least: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Greedy choice with lazy gains: strips in order of what they explain.

    With each row its share of edge that was new, the share of its length that holds it, and the
    share that lay inside hairs chosen before. The
    gain of a strip is the edge that no chosen strip explains, times its weight; one whose gain is
    under ``least`` is dropped.
    """
    known = np.zeros(shape, np.uint16)
    inside = np.zeros(shape, np.uint8)
    heap = [(-1e9, np.int64(-1))]
    whole = np.zeros(widths.size)
    for s in range(widths.size):
        for k in range(spans[s, 0], spans[s, 1]):
            whole[s] += 0.5 * (points[k, 2] + points[k, 3])
        heap.append((-whole[s] * weights[s], np.int64(s)))
    heapq.heapify(heap)
    heapq.heappop(heap)
    chosen = np.empty(widths.size, np.int64)
    fresh = np.empty((widths.size, 3))
    n = 0
    while len(heap) > 0:
        promised, s = heapq.heappop(heap)  # type: ignore[assignment]
        span = (spans[s, 0], spans[s, 1])
        new, low, high, hidden = _fresh(inside, known, points, span, widths[s])
        gain = new * weights[s]
        if gain < least or high - low < 4:
            continue
        if gain < -promised * 0.999 and len(heap) > 0 and gain < -heap[0][0]:
            heapq.heappush(heap, (-gain, s))  # type: ignore[misc]
            continue
        _paint(inside, known, points, span, widths[s])
        chosen[n] = s
        fresh[n, 0] = new / max(whole[s], 1e-9)
        fresh[n, 1] = (high - low) / (span[1] - span[0])
        fresh[n, 2] = hidden
        n += 1
    return chosen[:n].copy(), fresh[:n].copy()
