"""How likely a path is a hair: a logistic regression on what the path looks like.

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
class Weights:
    """Mean and standard deviation of each feature; weights of one, features, squares, products."""

    mean: tuple[float, ...]
    sd: tuple[float, ...]
    weight: tuple[float, ...]


def likelihood(weights: Weights, features: Floats) -> Floats:
    """Probability (n,) that a path with ``features`` (n, k) is a hair [1]."""
    scaled = np.clip((features - np.array(weights.mean)) / np.array(weights.sd), -_FAR, _FAR)
    products = [scaled[:, i] * scaled[:, j] for i, j in _TOGETHER]
    terms = np.column_stack([np.ones(len(scaled)), scaled, scaled**2, *products])
    odds = np.clip(terms @ np.array(weights.weight), -40, 40)
    return np.asarray(1 / (1 + np.exp(-odds)))


PROPOSED = Weights(
    mean=(
        -0.50724,
        0.50187,
        -0.23596,
        1.1383,
        0.55993,
        0.0095926,
        1.4854,
        -1.1767,
        0.84758,
        0.5992,
        0.35601,
        0.28359,
        0.0087137,
        0.087843,
        0.66742,
        0.17607,
    ),
    sd=(
        0.8566,
        0.57468,
        0.57657,
        0.80938,
        0.51561,
        0.43271,
        0.67506,
        1.639,
        0.093752,
        0.17775,
        0.25583,
        0.34017,
        0.0053449,
        0.7696,
        0.57197,
        0.26457,
    ),
    weight=(
        -7.0549,
        2.0619,
        -2.6756,
        2.0912,
        0.57532,
        -0.88132,
        -0.23666,
        2.2447,
        0.36247,
        0.096654,
        1.5581,
        -1.2449,
        -0.0099876,
        -0.22925,
        -0.067323,
        -0.097648,
        0.43444,
        0.22885,
        0.069435,
        -0.35296,
        0.058805,
        -0.43666,
        -0.067408,
        -0.46436,
        0.29673,
        0.06293,
        0.14785,
        -0.033854,
        0.10229,
        -0.022959,
        -0.1133,
        0.10081,
        0.11158,
        -0.3023,
        0.21465,
        -0.38896,
        0.59048,
        -0.36997,
        0.15506,
        1.0115,
        0.088616,
        0.066216,
        -0.28042,
    ),
)
CHOSEN = Weights(
    mean=(
        0.25881,
        0.52934,
        -0.1674,
        2.5536,
        1.6915,
        0.84975,
        2.6523,
        1.1637,
        0.90957,
        0.80189,
        0.63927,
        0.48507,
        0.0086382,
        0.49301,
        1.6193,
        0.38064,
        0.8948,
        0.94058,
        1.7727,
    ),
    sd=(
        0.61937,
        0.51702,
        0.50392,
        1.1765,
        0.82085,
        0.87569,
        0.6056,
        2.039,
        0.087305,
        0.17268,
        0.30782,
        0.42373,
        0.0064119,
        0.75067,
        1.0036,
        0.20791,
        0.22355,
        0.17495,
        2.2966,
    ),
    weight=(
        3.6505,
        -0.39243,
        -0.43375,
        0.57078,
        -0.10067,
        -0.45084,
        0.28725,
        2.9867,
        -0.71524,
        -0.24958,
        0.43376,
        -0.87349,
        -0.99059,
        -0.057164,
        0.4782,
        0.020711,
        0.97641,
        1.1105,
        -1.201,
        1.0629,
        -0.29496,
        -0.89103,
        0.7172,
        -0.017642,
        -0.1653,
        -0.050581,
        -0.99678,
        -0.21799,
        -0.028749,
        0.22732,
        -0.42853,
        0.033859,
        0.11737,
        0.14652,
        0.20042,
        0.072217,
        -0.2103,
        -0.35832,
        -0.62577,
        0.17539,
        -0.36576,
        0.48411,
        0.4825,
        -0.4727,
        0.75873,
        0.52384,
        0.40904,
        0.87698,
        0.10344,
    ),
)
