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
        0.14918,
        0.49522,
        -0.21048,
        1.1994,
        0.57404,
        0.023874,
        1.4949,
        -1.3803,
        0.7718,
        0.6124,
        0.37414,
        0.26056,
        0.012406,
        0.42023,
        0.89089,
        0.20507,
    ),
    sd=(
        0.83005,
        0.56248,
        0.56415,
        0.79261,
        0.51511,
        0.4051,
        0.68624,
        1.6581,
        0.12125,
        0.1568,
        0.2233,
        0.30116,
        0.0081978,
        0.74415,
        0.66916,
        0.25132,
    ),
    weight=(
        -5.583,
        2.4574,
        -2.6254,
        2.0002,
        1.1173,
        -2.9347,
        0.40337,
        3.2006,
        0.048025,
        -0.075054,
        0.98366,
        -0.32379,
        0.63821,
        -0.1593,
        -0.13491,
        -0.33814,
        0.68726,
        0.037214,
        0.17357,
        -0.29751,
        -0.051336,
        -0.18584,
        -0.039011,
        -0.40494,
        0.16547,
        0.045267,
        -0.24411,
        0.1761,
        -0.015735,
        0.06088,
        0.051193,
        0.10868,
        0.14701,
        -0.069356,
        0.087597,
        -0.077287,
        0.22444,
        -1.3413,
        1.1194,
        1.253,
        -0.16256,
        -0.072422,
        -0.096016,
    ),
)
CHOSEN = Weights(
    mean=(
        0.76256,
        0.40401,
        -0.28202,
        1.3347,
        0.71731,
        0.10716,
        1.7274,
        -0.95302,
        0.70646,
        0.68817,
        0.48008,
        0.37066,
        0.018661,
        -0.23288,
        0.85962,
        0.25859,
        0.55163,
        0.7679,
        0.9345,
    ),
    sd=(
        0.79781,
        0.60924,
        0.61372,
        0.80958,
        0.56549,
        0.54628,
        0.83462,
        2.0324,
        0.17711,
        0.16036,
        0.25049,
        0.44712,
        0.014585,
        1.2261,
        0.85947,
        0.22062,
        0.32692,
        0.29052,
        2.2001,
    ),
    weight=(
        -2.2335,
        0.17718,
        0.46101,
        -0.3049,
        1.62,
        -2.725,
        -1.3479,
        2.5758,
        0.21559,
        -0.078368,
        1.0029,
        -0.58604,
        0.22937,
        -0.25334,
        -0.20364,
        -0.69205,
        0.62347,
        1.5704,
        1.0101,
        1.4086,
        -0.38475,
        -0.22088,
        0.84228,
        -0.062645,
        -0.41838,
        -0.31858,
        -1.2079,
        0.14736,
        -0.048305,
        0.7077,
        -0.61817,
        0.13078,
        0.057199,
        -0.14726,
        0.061446,
        -0.096738,
        0.68598,
        -0.24713,
        -0.46584,
        0.3049,
        -0.37192,
        0.21566,
        -0.029232,
        -1.7761,
        1.3008,
        2.027,
        -0.14208,
        0.73547,
        -0.21773,
    ),
)
