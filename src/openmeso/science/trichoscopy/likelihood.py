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
        0.34304,
        0.45612,
        -0.24874,
        2.2416,
        1.4423,
        0.64966,
        2.3922,
        0.60849,
        0.88407,
        0.75383,
        0.57078,
        0.4525,
        0.0096776,
        0.34839,
        1.3678,
        0.34401,
        0.86146,
        0.92889,
        0.83639,
    ),
    sd=(
        0.7485,
        0.55201,
        0.54712,
        1.234,
        0.88416,
        0.86753,
        0.78944,
        2.2018,
        0.10192,
        0.18809,
        0.31545,
        0.45872,
        0.0068805,
        0.77625,
        1.0162,
        0.22608,
        0.24665,
        0.19479,
        2.6786,
    ),
    weight=(
        1.5379,
        -0.29855,
        -0.74859,
        0.6223,
        0.021732,
        -0.023602,
        -0.66083,
        3.6909,
        0.35696,
        -0.55731,
        0.22987,
        -0.52623,
        -1.1259,
        0.10049,
        0.46958,
        -0.38541,
        0.92334,
        1.4191,
        -1.1844,
        1.9156,
        -0.39093,
        -1.192,
        1.0798,
        0.068633,
        -0.78405,
        -0.1916,
        -1.151,
        0.12937,
        -0.10481,
        0.22853,
        -0.2511,
        0.096667,
        0.062645,
        0.15622,
        0.25099,
        0.12127,
        -0.15067,
        -0.40269,
        -0.89327,
        0.1506,
        -0.089317,
        0.4348,
        0.36339,
        -0.92658,
        1.0879,
        1.3284,
        0.37024,
        0.62965,
        0.042164,
    ),
)
