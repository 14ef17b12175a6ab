"""Ribbons that stop short of the border of a picture, led on to it where the shaft goes on.

A root under the skin, or out of focus, pales before the border cuts it; who reads the picture sees that
the shaft leaves it.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from openmeso.science.kernels.ribbon import STEP, at

_BEHIND = 12  # points that give the direction in which an end goes on
_CORE = 0.14  # of the width, between the samples across
_DARK = 0.35  # of its usual absorption that a shaft keeps; the shadow of a buried root has less
_PALE = 2  # paler steps in a row that end it


@njit(cache=True)
def _core(a: NDArray[np.float32], x: float, y: float, dx: float, dy: float, width: float) -> float:
    """Mean absorption across the core of a shaft that runs along (dx, dy), of length one."""
    total = 0.0
    for k in range(-2, 3):
        total += at(a, x - _CORE * k * width * dy, y + _CORE * k * width * dx)
    return total / 5


@njit(cache=True)
def _away(path: NDArray[np.float32], last: bool) -> tuple[float, float, float, float]:
    """One end of a path, and the unit vector in which it goes on."""
    number = path.shape[0] - 1
    end = number if last else 0
    behind = max(number - _BEHIND, 0) if last else min(_BEHIND, number)
    dx, dy = path[end, 0] - path[behind, 0], path[end, 1] - path[behind, 1]
    norm = max(np.hypot(dx, dy), 1e-6)
    return path[end, 0], path[end, 1], dx / norm, dy / norm


@njit(cache=True)
def _usual(a: NDArray[np.float32], path: NDArray[np.float32], width: float) -> float:
    """Median absorption of the core along a path."""
    seen = np.empty(path.shape[0] - 1)
    for k in range(path.shape[0] - 1):
        dx, dy = path[k + 1, 0] - path[k, 0], path[k + 1, 1] - path[k, 1]
        norm = max(np.hypot(dx, dy), 1e-6)
        seen[k] = _core(a, path[k, 0], path[k, 1], dx / norm, dy / norm, width)
    return float(np.median(seen))


@njit(cache=True)
def _is_near(a: NDArray[np.float32], path: NDArray[np.float32], most: float) -> bool:
    """Whether the border is less than ``most`` pixels from an end of a path, whichever way it goes."""
    for end in (path[0], path[-1]):
        x, y = end[0], end[1]
        if min(x - 1, y - 1, a.shape[1] - 2 - x, a.shape[0] - 2 - y) < most:
            return True
    return False


@njit(cache=True)
def _onward(
    a: NDArray[np.float32],
    way: tuple[float, float, float, float],
    width: float,
    least: float,
    most: float,
) -> int:
    """Steps from an end to the border; 0 where the shaft ends before it or it is too far."""
    x, y, dx, dy = way
    pale = 0
    for k in range(1, int(most / STEP) + 1):
        x, y = x + STEP * dx, y + STEP * dy
        if x < 1 or y < 1 or x > a.shape[1] - 2 or y > a.shape[0] - 2:
            return k
        pale = pale + 1 if _core(a, x, y, dx, dy, width) < least else 0
        if pale > _PALE:
            return 0
    return 0


@njit(cache=True)
def reach_border(
    a: NDArray[np.float32],
    points: NDArray[np.float32],
    spans: NDArray[np.int64],
    widths: NDArray[np.float64],
    most: float,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The paths of ``spans`` (n, 2) alone: their points (k, 4), and where each lies among them.

    ``points`` are x, y and whether an edge stands to the left and to the right, ``widths`` (n,) in pixels.
    An end from which the border is less than ``most`` pixels away, the way the path goes, is led on to
    it where the shaft stays dark so far. The points that are added have no edges.
    """
    n = spans.shape[0]
    added = np.zeros((n, 2), np.int64)
    held = np.zeros((n, 2), np.int64)
    total = 0
    for s in range(n):
        path = points[spans[s, 0] : spans[s, 1]]
        if _is_near(a, path, most):
            least = _DARK * _usual(a, path, widths[s])
            for e in range(2):
                added[s, e] = _onward(a, _away(path, e == 1), widths[s], least, most)
        held[s, 0] = total
        total += added[s].sum() + path.shape[0]
        held[s, 1] = total
    longer = np.zeros((total, 4), np.float32)
    for s in range(n):
        path = points[spans[s, 0] : spans[s, 1]]
        low, high = held[s, 0] + added[s, 0], held[s, 1] - added[s, 1]
        longer[low:high] = path
        for e in range(2):
            x, y, dx, dy = _away(path, e == 1)
            for k in range(1, added[s, e] + 1):
                i = high - 1 + k if e == 1 else low - k
                longer[i, 0] = min(max(x + k * STEP * dx, 0.0), a.shape[1] - 1.0)
                longer[i, 1] = min(max(y + k * STEP * dy, 0.0), a.shape[0] - 1.0)
    return longer, held
