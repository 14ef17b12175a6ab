"""Which hair of one picture is which of another, once the one is laid upon the other.

Hairs regrow a little turned and bent, longer or shorter, so lines are compared near the root, and
position, direction and width together decide. All hairs are paired at once, at the least cost.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]

NEAR_UM = 400.0
"""Of a path, what is compared: roots stay, tips swing."""
MOST_APART_UM = 75.0
MOST_TURNED_DEG = 35.0
# Spread of one hair found twice, read on rendered pairs without a change
APART_SD_UM = 25.0
ROOT_SD_UM = 60.0
TURN_SD_DEG = 12.0
LOG_WIDTH_SD = 0.5
MOST_ROOT_COST = 6.0
"""A root at the wrong end costs this and no more."""
SINGLE_COST = 9.0
"""What a hair without its like costs: a pair may cost twice as much."""
_STEP_UM = 10.0
_REACH_UM = 300.0


@dataclass(frozen=True, slots=True)
class Line:
    """A hair as a line (n, 2) [µm], root first, and its width [µm]."""

    path: Floats
    width: float


def match(first: list[Line], second: list[Line]) -> list[tuple[int, int]]:
    """Pairs (place in ``first``, place in ``second``), each hair once, of least cost in all."""
    costs = _costs(first, second)
    rows, columns = costs.shape
    if not rows or not columns:
        return []
    whole = np.full((rows + columns, rows + columns), SINGLE_COST)
    whole[:rows, :columns] = costs
    whole[rows:, columns:] = 0.0
    return [
        (int(i), int(j))
        for i, j in zip(*linear_sum_assignment(whole), strict=True)
        if i < rows and j < columns and costs[i, j] < 2 * SINGLE_COST
    ]


def apart_um(one: Floats, other: Floats) -> float:
    """Mean distance of two lines near their roots, over the length that both have [µm]."""
    length = min(_length(one), _length(other), NEAR_UM)
    a, b = _sampled(one), _sampled(other)
    part = max(round(0.9 * length / _STEP_UM), 1) + 1
    there = cKDTree(b).query(a[:part])[0].mean()
    back = cKDTree(a).query(b[:part])[0].mean()
    return float(0.5 * (there + back))


def turned_deg(one: Floats, other: Floats) -> float:
    """Angle between two lines, whichever way they run [degrees]."""
    a, b = one[-1] - one[0], other[-1] - other[0]
    angle = abs(np.degrees(np.angle(complex(*a) * complex(*b).conjugate())))
    return float(min(angle, 180.0 - angle))


def _costs(first: list[Line], second: list[Line]) -> Floats:
    costs = np.full((len(first), len(second)), 1e3)
    if not costs.size:
        return costs
    middles = cKDTree([line.path.mean(axis=0) for line in second])
    roots = cKDTree([line.path[0] for line in second])
    for i, line in enumerate(first):
        near = middles.query_ball_point(line.path.mean(axis=0), _REACH_UM)
        for j in {*near, *roots.query_ball_point(line.path[0], _REACH_UM)}:
            costs[i, j] = _cost(line, second[j])
    return costs


def _cost(one: Line, other: Line) -> float:
    turned = turned_deg(one.path, other.path)
    if turned > MOST_TURNED_DEG:
        return 1e3
    apart = apart_um(one.path, other.path)
    if np.hypot(*(one.path[0] - other.path[0])) > ROOT_SD_UM:  # a root may be at the wrong end
        apart = min(apart, apart_um(one.path[::-1], other.path[::-1]))
    if apart > MOST_APART_UM:
        return 1e3
    roots = float(np.hypot(*(one.path[0] - other.path[0])))
    return float(
        (apart / APART_SD_UM) ** 2
        + min((roots / ROOT_SD_UM) ** 2, MOST_ROOT_COST)
        + (turned / TURN_SD_DEG) ** 2
        + (np.log(one.width / other.width) / LOG_WIDTH_SD) ** 2
    )


def _length(path: Floats) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def _sampled(path: Floats) -> Floats:
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    steps = np.linspace(0.0, run[-1], max(round(run[-1] / _STEP_UM), 1) + 1)
    return np.stack([np.interp(steps, run, path[:, axis]) for axis in (0, 1)], axis=1)
