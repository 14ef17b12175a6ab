"""Which roots share a follicular unit."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree


def units(roots: NDArray[np.float64], distance: float) -> NDArray[np.int64]:
    """Follicular unit of each root (n, 2): single linkage at ``distance``, same unit."""
    if not len(roots):
        return np.zeros(0, np.int64)
    pairs = cKDTree(roots).query_pairs(distance, output_type="ndarray")
    joined = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (len(roots),) * 2)
    return np.asarray(connected_components(joined, directed=False)[1], np.int64)
