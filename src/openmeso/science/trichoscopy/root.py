"""Which end of a shaft is its root, and which roots share a follicular unit."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
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
    final = votes
    for i in np.flatnonzero(final < 0):
        paths[i] = paths[i][::-1].copy()
    return np.asarray(np.abs(final) > _SURE)


def _votes(a: NDArray[np.float32], path: Floats, um: float) -> float:
    """Positive when the first point looks like the root."""
    height, width = a.shape
    edge = _BORDER * max(height, width)
    vote = 0.0
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
    vote += float(np.clip((shadows[0] - shadows[1]) / 0.06, -1.5, 1.5))
    return vote


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


def units(roots: Floats, distance: float) -> NDArray[np.int64]:
    """Follicular unit of each root (n, 2): single linkage at ``distance``, same unit."""
    if not len(roots):
        return np.zeros(0, np.int64)
    pairs = cKDTree(roots).query_pairs(distance, output_type="ndarray")
    joined = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (len(roots),) * 2)
    return np.asarray(connected_components(joined, directed=False)[1], np.int64)
