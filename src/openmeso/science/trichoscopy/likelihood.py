"""How likely a proposed path is a hair, from what it looks like: a logistic regression.

What is chosen of the proposals is judged again, see ``judge``.

Fitted on rendered fields and on annotated pictures of the development half (subjects divided by a
hash); the pictures are not in the software, only these numbers. How: docs/explanation/trichoscopy.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FAR = 4.0  # standard deviations beyond which a feature says no more
# Pairs of features whose product is asked for as well.
_TOGETHER = (
    (0, 1), (0, 4), (1, 3), (1, 4), (2, 11), (1, 11), (4, 6), (0, 9), (4, 5), (1, 10),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Regression:
    """Mean and standard deviation of each feature; weights of one, features, squares, products."""

    mean: tuple[float, ...]
    sd: tuple[float, ...]
    weight: tuple[float, ...]

    def odds(self, features: Floats) -> Floats:
        """Logarithm of the odds (n,) that a path with ``features`` (n, k) is a hair."""
        scaled = np.clip((features - np.array(self.mean)) / np.array(self.sd), -_FAR, _FAR)
        products = [scaled[:, i] * scaled[:, j] for i, j in _TOGETHER]
        terms = np.column_stack([np.ones(len(scaled)), scaled, scaled**2, *products])
        return np.asarray(terms @ np.array(self.weight))


def likelihood(model: Regression, features: Floats) -> Floats:
    """Probability (n,) that a path with ``features`` (n, k) is a hair [1]."""
    return sigmoid(model.odds(features))


def sigmoid(odds: Floats) -> Floats:
    """Probability (n,) of the logarithm of odds [1]."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -40, 40))))


PROPOSED = Regression(
    mean=(
        -0.4631, 0.4937, -0.2269, 1.17, 0.5914, 0.05035, 1.503, -1.083, 0.8503, 0.601,
        0.3701, 0.2798, 0.008785, 0.1075, 0.6948, 0.1803, 0.2447, 0.672,
    ),
    sd=(
        0.8622, 0.5698, 0.5714, 0.8541, 0.5702, 0.4796, 0.7014, 1.705, 0.09438, 0.1884,
        0.2635, 0.3358, 0.005449, 0.7768, 0.6273, 0.2639, 0.4263, 0.321,
    ),
    weight=(
        -7.881, 5.098, -0.1725, -1.231, 0.4463, -2.321, 0.01613, 2.985, 0.5793, -0.02795,
        1.859, -0.4981, 0.5946, -0.9186, 0.7346, 0.1212, 0.7163, -0.09646, -0.05345, -1.116,
        -0.6641, 0.2453, 0.2025, -0.249, -0.04352, -0.6898, -0.07221, -0.1353, -0.5406, 0.1947,
        -0.05325, 0.1082, -0.0177, 0.04368, -0.04278, 0.07913, 0.1175, 0.3685, -0.1984, 0.1463,
        0.5218, -1.105, 0.8931, 1.087, -0.3924, 0.01386, -0.1515,
    ),
)  # fmt: skip
