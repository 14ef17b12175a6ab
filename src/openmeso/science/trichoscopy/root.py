"""Which end of a shaft is its root."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from openmeso.science.kernels import ribbon

Floats = NDArray[np.float64]
Paths = list[Floats]

_BORDER = 0.012  # of the longer side
_SURE = 0.6
_NEAR = 6  # neighbours asked for the direction of the hair


def turn_to_root(a: NDArray[np.float32], paths: Paths, um: float) -> NDArray[np.bool_]:
    """Turn paths (working px) in place so that the root comes first; returns which are sure.

    Signs: the shadow of the buried shaft goes on beyond the root, and neighbours lie the same way.
    Of a shaft that the border cuts either end may lie outside; only its neighbours tell which.
    """
    if not paths:
        return np.zeros(0, np.bool_)
    votes = np.array([_votes(a, path, um) for path in paths])
    middles = np.array([path[len(path) // 2] for path in paths])
    ways = np.array([_way(path) for path in paths])
    tree = cKDTree(middles)
    for _ in range(3):
        lean = votes + 0.9 * _consensus(tree, middles, ways, votes)
        votes = np.clip(0.5 * votes + 0.5 * lean, -4, 4)
    for i in np.flatnonzero(votes < 0):
        paths[i] = paths[i][::-1].copy()
    return np.asarray(np.abs(votes) > _SURE)


def _votes(a: NDArray[np.float32], path: Floats, um: float) -> float:
    """Positive when the first point looks like the root."""
    height, width = a.shape
    edge = _BORDER * max(height, width)
    shadows, cut = [], []
    for end in (path, path[::-1]):
        x, y = end[0]
        cut.append(min(x, y, width - 1 - x, height - 1 - y) < edge)
        way = end[0] - end[min(6, len(end) - 1)]
        way = way / (np.hypot(*way) + 1e-9)
        reach = np.array([90.0, 120.0, 150.0, 180.0]) / um
        shadows.append(
            float(np.mean([ribbon.at(a, x + r * way[0], y + r * way[1]) for r in reach]))
        )
    if cut[0] != cut[1]:
        return 0.0  # its root may lie outside: the neighbours decide
    return float(np.clip((shadows[0] - shadows[1]) / 0.06, -1.5, 1.5))


def _way(path: Floats) -> Floats:
    way = path[-1] - path[0]
    return np.asarray(way / (np.hypot(*way) + 1e-9))


def _consensus(tree: cKDTree, middles: Floats, ways: Floats, votes: Floats) -> Floats:
    """How far the neighbours' directions, as voted, agree with each path's own."""
    number = min(_NEAR * 3 + 1, len(middles))
    if number < 2:
        return np.zeros(len(middles))
    near = np.atleast_2d(tree.query(middles, k=number)[1])[:, 1:]
    flow = (ways * np.clip(votes, -1.5, 1.5)[:, None])[near].sum(axis=1) / near.shape[1]
    return np.asarray((ways * flow).sum(axis=1) * 1.5)
