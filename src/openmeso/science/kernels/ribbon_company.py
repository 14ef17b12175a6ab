"""What the other hairs of a picture say of a followed ribbon: bundles, direction, likeness."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

COLUMNS = 18
_AROUND_UM = 700.0  # of the hairs whose direction counts as that of the neighbourhood
_UNIT_UM = 150.0  # between roots of one unit
_FAR = 3.0  # of these distances, beyond which nothing counts


@njit(cache=True)
def _partner(
    s: int, share: NDArray[np.float32], weights: NDArray[np.float64]
) -> tuple[int, float, float, float]:
    """The likeliest path that covers path ``s`` or is covered by it: (which, how far; covered)."""
    best, which, total, most = 0.0, 0, 0.0, 0.0
    for j in range(weights.size):
        covered = share[s, j] * weights[j]
        total += covered
        most = max(most, covered)
        either = max(share[s, j], share[j, s]) * weights[j]
        if either > best:
            best, which = either, j
    return which, best, min(total, 3.0), most


@njit(cache=True)
def _around(
    s: int, ends: NDArray[np.float64], weights: NDArray[np.float64], angle: NDArray[np.float64]
) -> tuple[float, float, float, float]:
    """Likeness in direction to the neighbours, their number, and those with an end near each end."""
    like, near, first, last = 0.0, 0.0, 0.0, 0.0
    for j in range(weights.size):
        if j == s:
            continue
        far = (ends[s, 4] - ends[j, 4]) ** 2 + (ends[s, 5] - ends[j, 5]) ** 2
        if far < (_FAR * _AROUND_UM) ** 2:
            weight = weights[j] * np.exp(-0.5 * far / _AROUND_UM**2)
            near += weight
            like += weight * np.cos(2 * (angle[s] - angle[j]))
        for e in range(0, 4, 2):
            far = (ends[s, 0] - ends[j, e]) ** 2 + (ends[s, 1] - ends[j, e + 1]) ** 2
            if far < (_FAR * _UNIT_UM) ** 2:
                first += weights[j] * np.exp(-0.5 * far / _UNIT_UM**2)
            far = (ends[s, 2] - ends[j, e]) ** 2 + (ends[s, 3] - ends[j, e + 1]) ** 2
            if far < (_FAR * _UNIT_UM) ** 2:
                last += weights[j] * np.exp(-0.5 * far / _UNIT_UM**2)
    return like / (near + 0.3), near, first, last


@njit(cache=True)
def company(
    ends: NDArray[np.float64],
    likeness: NDArray[np.float64],
    share: NDArray[np.float32],
    weights: NDArray[np.float64],
    area_cm2: float,
) -> NDArray[np.float64]:
    """What the others say of each path (n, 18), each weighed with its ``weights`` as a hair.

    ``ends`` (n, 6) are first, last and middle point [µm], ``likeness`` (n, 3) logarithm of width
    and of length, and darkness; ``share`` as from ``ribbon_strip.crowd``.
    """
    n = weights.size
    rows = np.zeros((n, COLUMNS))
    angle = np.arctan2(ends[:, 3] - ends[:, 1], ends[:, 2] - ends[:, 0])
    odds = np.log(weights / (1 - weights + 1e-6) + 1e-6)
    east, north = (weights * np.cos(2 * angle)).sum(), (weights * np.sin(2 * angle)).sum()
    middle = np.array([np.median(likeness[:, c]) for c in range(3)])
    for s in range(n):
        j, held, rows[s, 0], rows[s, 1] = _partner(s, share, weights)
        rows[s, 2] = -4.0
        if held > 0.05:
            rows[s, 2] = min(max(odds[j] - odds[s], -6.0), 6.0)
            rows[s, 3], rows[s, 4] = share[s, j], share[j, s]
            rows[s, 5] = likeness[j, 0] - likeness[s, 0]
            rows[s, 6] = abs(np.sin(angle[j] - angle[s]))
            rows[s, 7] = min(max(likeness[j, 1] - likeness[s, 1], -2.0), 2.0)
        own = weights[s]
        others = weights.sum() - own
        x, y = np.cos(2 * angle[s]), np.sin(2 * angle[s])
        ex, ny = east - own * x, north - own * y
        rows[s, 8] = (x * ex + y * ny) / (others + 0.5)
        rows[s, 9] = np.hypot(ex, ny) / (others + 0.5)
        rows[s, 10], near, first, last = _around(s, ends, weights, angle)
        rows[s, 11] = np.log1p(near)
        for c in range(3):
            usual = (weights * likeness[:, c]).sum() - own * likeness[s, c] + 0.2 * middle[c]
            rows[s, 12 + c] = min(max(likeness[s, c] - usual / (others + 0.2), -2.0), 2.0)
        rows[s, 15] = np.log((others + 1) / area_cm2)
        rows[s, 16] = np.log1p(max(first, last))
        rows[s, 17] = np.log1p(min(first, last))
    return rows
