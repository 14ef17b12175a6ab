"""Of many followed ribbons, those that together explain the edges of a picture."""

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True)
def _fresh(
    owner: NDArray[np.int32], points: NDArray[np.float32], first: int, last: int, w: float
) -> tuple[float, int, int]:
    """Evidence not yet explained by a chosen hair, and the stretch that holds it."""
    height, width = owner.shape
    total, low, high = 0.0, last, first
    for k in range(first, last):
        before, after = max(k - 1, first), min(k + 1, last - 1)
        dx, dy = points[after, 0] - points[before, 0], points[after, 1] - points[before, 1]
        norm = max(np.hypot(dx, dy), 1e-6)
        nx, ny = -dy / norm, dx / norm
        free = 0.0
        for q in range(-3, 4):
            o = q * 0.14 * w
            j = min(max(int(points[k, 0] + o * nx + 0.5), 0), width - 1)
            i = min(max(int(points[k, 1] + o * ny + 0.5), 0), height - 1)
            free += owner[i, j] == 0
        share = free / 7
        if share > 0.55:
            total += points[k, 2] * share
            low, high = min(low, k), max(high, k + 1)
    return total, low, high


@njit(cache=True)
def _paint(
    owner: NDArray[np.int32],
    points: NDArray[np.float32],
    span: tuple[int, int],
    w: float,
    mark: int,
) -> None:
    """Mark the pixels of a chosen strip as explained."""
    height, width = owner.shape
    radius = 0.5 * w + 0.3
    reach = int(radius) + 1
    for k in range(span[0], span[1]):
        x, y = points[k, 0], points[k, 1]
        for i in range(max(int(y) - reach, 0), min(int(y) + reach + 2, height)):
            for j in range(max(int(x) - reach, 0), min(int(x) + reach + 2, width)):
                if (i - y) ** 2 + (j - x) ** 2 <= radius * radius and owner[i, j] == 0:
                    owner[i, j] = mark


@njit(cache=True)
def choose(
    owner: NDArray[np.int32],
    points: NDArray[np.float32],
    spans: NDArray[np.int64],
    widths: NDArray[np.float64],
    weights: NDArray[np.float64],
    least: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Greedy choice with lazy gains: rows (strip, first, last) in order of what they explain.

    With each row its share of evidence that was new, and of its points that were.

    The gain of a strip is its edge evidence on skin that no chosen strip explains, times its
    weight; one whose gain is under ``least`` is dropped.
    """
    heap = [(-1e9, np.int64(-1))]
    for s in range(widths.size):
        whole = 0.0
        for k in range(spans[s, 0], spans[s, 1]):
            whole += points[k, 2]
        heap.append((-whole * weights[s], np.int64(s)))
    heapq.heapify(heap)
    heapq.heappop(heap)
    chosen = np.empty((widths.size, 3), np.int64)
    fresh = np.empty((widths.size, 2))
    n = 0
    while len(heap) > 0:
        promised, s = heapq.heappop(heap)  # type: ignore[assignment]
        gain, low, high = _fresh(owner, points, spans[s, 0], spans[s, 1], widths[s])
        new = gain
        gain *= weights[s]
        if gain < least or high - low < 4:
            continue
        if gain < -promised * 0.999 and len(heap) > 0 and gain < -heap[0][0]:
            heapq.heappush(heap, (-gain, s))  # type: ignore[misc]
            continue
        _paint(owner, points, (low, high), widths[s], n + 1)
        whole = 1e-9
        for k in range(spans[s, 0], spans[s, 1]):
            whole += points[k, 2]
        chosen[n] = (s, low, high)
        fresh[n, 0] = new / whole
        fresh[n, 1] = (high - low) / (spans[s, 1] - spans[s, 0])
        n += 1
    return chosen[:n].copy(), fresh[:n].copy()
