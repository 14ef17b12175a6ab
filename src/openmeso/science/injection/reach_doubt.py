"""Doubt of transport: diffusivity and decay length are known to a factor, solubility less.

Their logarithms are normal (solubility's uniform); Gauss quadrature takes the place of chance, so
that the same plan always gives the same range.

References
----------
Golub GH, Welsch JH. Math Comput 1969;23:221-230 (Gauss quadrature).
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from openmeso.science.injection.dancik_2013 import LN_D_SD, LN_LENGTH_SD

Floats = NDArray[np.float64]

NORMAL_NODES = 5
UNIFORM_NODES = 3
LOW, HIGH = 0.05, 0.95
# cases rarer than this, 2 to 5 % together, hardly move a 90 % range and are left out
_RARE = 0.004


@dataclass(frozen=True, slots=True)
class Node:
    """One case: factors on decay length and diffusivity, a place in solubility's range, weight.

    ``length`` indexes :data:`LENGTH_FACTORS`, ``solubility`` runs from 0 (lowest) to 1.
    """

    length: int
    diffusivity: float
    solubility: float
    weight: float


_PLACES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(NORMAL_NODES)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_LEVELS, _SHARES = np.polynomial.legendre.leggauss(UNIFORM_NODES)

LENGTH_FACTORS: Floats = np.exp(LN_LENGTH_SD * _PLACES)
"""Factors on the decay length, in the order of :attr:`Node.length`; the middle one is 1."""


def doubt_nodes(with_solubility: bool) -> tuple[Node, ...]:
    """Cases and weights (sum 1) of the joint doubt, all independent of each other."""
    levels = (
        list(zip((_LEVELS + 1) / 2, _SHARES / 2, strict=True)) if with_solubility else [(0.5, 1.0)]
    )
    nodes = [
        Node(i, float(np.exp(LN_D_SD * _PLACES[j])), float(s), float(_WEIGHTS[i] * _WEIGHTS[j] * w))
        for i, j, (s, w) in product(range(NORMAL_NODES), range(NORMAL_NODES), levels)
    ]
    kept = [node for node in nodes if node.weight > _RARE]
    total = sum(node.weight for node in kept)
    return tuple(replace(node, weight=node.weight / total) for node in kept)


def weighted_quantile(values: Floats, weights: Floats, at: float) -> Floats:
    """Smallest value whose weights, summed from below, reach ``at``; along the first axis."""
    order = np.argsort(values, axis=0, kind="stable")
    sorted_values = np.take_along_axis(values, order, axis=0)
    summed = np.cumsum(weights[order], axis=0)
    place = np.argmax(summed >= at - 1e-12, axis=0)
    return np.asarray(np.take_along_axis(sorted_values, place[None, ...], axis=0)[0])
