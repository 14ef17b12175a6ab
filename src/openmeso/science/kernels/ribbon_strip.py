"""The picture along a followed ribbon laid straight, and how ribbons cover each other."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from openmeso.science.kernels.ribbon import at

ALONG, PAST = 24, 4  # rows between the ends of a path, and beyond each end
ACROSS = 15
_TURN = 3  # points on either side that give the direction


@njit(cache=True)
def _place(
    points: NDArray[np.float32], first: int, last: int, row: int, past: float
) -> tuple[float, float, float, float]:
    """Point and unit direction of one row of a straightened path."""
    m = last - first
    f = (row - PAST + 0.5) / ALONG * (m - 1)
    beyond = 0.0
    if row < PAST:
        beyond, f = (row - PAST) * past, 0.0
    elif row >= PAST + ALONG:
        beyond, f = (row - PAST - ALONG + 1) * past, float(m - 1)
    k = min(int(f), m - 2)
    u = f - k
    x = points[first + k, 0] * (1 - u) + points[first + k + 1, 0] * u
    y = points[first + k, 1] * (1 - u) + points[first + k + 1, 1] * u
    turn = _TURN if beyond == 0 else 2 * _TURN
    before, after = max(k - turn + 1, 0), min(k + turn, m - 1)
    dx = points[first + after, 0] - points[first + before, 0]
    dy = points[first + after, 1] - points[first + before, 1]
    norm = max(np.hypot(dx, dy), 1e-6)
    dx, dy = dx / norm, dy / norm
    return x + beyond * dx, y + beyond * dy, dx, dy


@njit(cache=True)
def straighten(
    planes: NDArray[np.float32],
    points: NDArray[np.float32],
    spans: NDArray[np.int64],
    pitch: float,
    past: float,
) -> NDArray[np.float32]:
    """Planes (c, height, width) along spans (n, 2) of ``points``: (n, c, rows, columns).

    Rows are spread evenly from end to end and go on straight every ``past`` pixels beyond;
    columns lie ``pitch`` pixels apart, the middle one on the path.
    """
    rows = ALONG + 2 * PAST
    out = np.empty((spans.shape[0], planes.shape[0], rows, ACROSS), np.float32)
    for s in range(spans.shape[0]):
        for row in range(rows):
            x, y, dx, dy = _place(points, spans[s, 0], spans[s, 1], row, past)
            for q in range(ACROSS):
                o = (q - ACROSS // 2) * pitch
                for c in range(planes.shape[0]):
                    out[s, c, row, q] = at(planes[c], x - o * dy, y + o * dx)
    return out


@njit(cache=True)
def _cover(
    total: NDArray[np.float32],
    seen: NDArray[np.int32],
    path: NDArray[np.float32],
    radius: float,
    mark: int,
    weight: float,
) -> None:
    """Add a weight once to every pixel of a strip, and mark it."""
    height, width = total.shape
    reach = int(radius) + 1
    for k in range(path.shape[0]):
        x, y = path[k, 0], path[k, 1]
        for i in range(max(int(y) - reach, 0), min(int(y) + reach + 2, height)):
            for j in range(max(int(x) - reach, 0), min(int(x) + reach + 2, width)):
                if seen[i, j] != mark and (i - y) ** 2 + (j - x) ** 2 <= radius * radius:
                    seen[i, j] = mark
                    total[i, j] += weight


@njit(cache=True)
def _inside(seen: NDArray[np.int32], path: NDArray[np.float32], mark: int) -> float:
    """Share of the points of a path on marked pixels."""
    n = 0
    for k in range(path.shape[0]):
        i = min(max(int(path[k, 1] + 0.5), 0), seen.shape[0] - 1)
        j = min(max(int(path[k, 0] + 0.5), 0), seen.shape[1] - 1)
        n += seen[i, j] == mark
    return float(n / path.shape[0])


@njit(cache=True)
def crowd(
    shape: tuple[int, int],
    points: NDArray[np.float32],
    spans: NDArray[np.int64],
    widths: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Sum (height, width) of the weights of the strips that cover each pixel, and (n, n) the share
    of the points of each path that lie inside the strip of each other.
    """
    n = spans.shape[0]
    total = np.zeros(shape, np.float32)
    share = np.zeros((n, n), np.float32)
    seen = np.zeros(shape, np.int32)
    low, high = np.empty((n, 2)), np.empty((n, 2))
    for s in range(n):
        path = points[spans[s, 0] : spans[s, 1]]
        for c in range(2):
            low[s, c], high[s, c] = path[:, c].min(), path[:, c].max()
    for j in range(n):
        radius = 0.5 * widths[j]
        _cover(total, seen, points[spans[j, 0] : spans[j, 1]], radius, j + 1, weights[j])
        for s in range(n):
            apart = np.any(low[s] > high[j] + radius) or np.any(high[s] < low[j] - radius)
            if s != j and not apart:
                share[s, j] = _inside(seen, points[spans[s, 0] : spans[s, 1]], j + 1)
    return total, share
