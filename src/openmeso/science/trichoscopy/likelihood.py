"""How likely a path is a hair, from what it looks like: a logistic regression for what is proposed,
two small networks of six nodes, averaged, for what is chosen.

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


@dataclass(frozen=True, slots=True)
class Network:
    """Mean and standard deviation of each feature; weights into the nodes, and out of each net.

    ``inner`` holds, net by net, one weight for each feature and one without, each of every node;
    ``outer`` one for each node and one without.
    """

    mean: tuple[float, ...]
    sd: tuple[float, ...]
    inner: tuple[tuple[float, ...], ...]
    outer: tuple[tuple[float, ...], ...]

    def odds(self, features: Floats) -> Floats:
        """Logarithm of the odds (n,) that a path with ``features`` (n, k) is a hair."""
        scaled = np.clip((features - np.array(self.mean)) / np.array(self.sd), -_FAR, _FAR)
        given = np.column_stack([scaled, np.ones(len(scaled))])
        total = np.zeros(len(scaled))
        for inner, outer in zip(self.inner, self.outer, strict=True):
            nodes = np.tanh(given @ np.array(inner).reshape(given.shape[1], -1))
            total += nodes @ np.array(outer[:-1]) + outer[-1]
        return total / len(self.outer)


def likelihood(model: Regression | Network, features: Floats) -> Floats:
    """Probability (n,) that a path with ``features`` (n, k) is a hair [1]."""
    return np.asarray(1 / (1 + np.exp(-np.clip(model.odds(features), -40, 40))))


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
CHOSEN = Network(
    mean=(
        0.4121, 0.5548, -0.1423, 2.389, 1.601, 0.8124, 2.551, 1.153, 0.9002, 0.7885,
        0.6222, 0.5391, 0.009133, 0.7321, 1.614, 0.3632, 0.3326, 0.5653, 0.7994, 0.9183,
        0.2232, 0.611,
    ),
    sd=(
        0.4386, 0.4985, 0.4954, 1.216, 0.857, 0.8748, 0.6196, 1.865, 0.07899, 0.1628,
        0.2868, 0.5032, 0.006159, 0.6867, 0.9688, 0.2067, 0.2868, 0.2714, 0.308, 0.2066,
        0.365, 2.185,
    ),
    inner=(
        (
            0.4011, 0.228, -0.5233, -0.2572, 0.1943, 0.3135, 0.3995, 0.1205, -0.07377, -0.219,
            -0.1736, -0.3797, -0.02954, 0.3207, 0.1616, 0.1554, 0.03805, 0.05427, 0.03534, -0.3387,
            -0.3671, 0.1474, -0.7619, -0.3392, 0.1277, -0.1254, 0.172, -0.2467, -0.3293, -0.1172,
            0.4387, 0.0534, -0.2627, 0.1964, 0.03403, -0.1235, -0.6192, 0.5207, 0.4889, 0.7807,
            -0.6111, 0.4666, -0.07674, -0.1611, 0.1027, 0.1779, 0.008097, -0.1554, -0.1699, 0.04913,
            -0.01651, -0.1023, 0.1532, -0.1212, -0.07664, 0.32, 0.04834, 0.06653, 0.1954, 0.1169,
            -0.08594, 0.1434, 0.4021, -0.1721, 0.1083, 0.1028, -0.04272, 0.08722, 0.07937, -0.4272,
            0.0443, -0.08732, -0.2009, 0.1514, 0.1557, -0.1351, -0.1607, -0.02808, -0.1276, -0.01705,
            -0.04013, -0.04176, 0.3485, -0.2871, -0.1457, 0.01942, 0.005853, -0.3157, -0.218, -0.2543,
            0.2009, 0.3484, 0.02829, 0.1827, -0.4905, 0.05995, -0.06102, -0.08663, -0.3762, -0.05901,
            -0.1456, 0.4483, -0.4475, 0.2957, 0.441, -0.1035, 0.1446, -0.1781, -0.4377, -0.4243,
            -0.6528, -0.1126, 0.01026, 0.1924, 0.145, -0.2575, 0.02582, 0.2648, 0.2172, -0.1672,
            0.3113, -0.0004296, -0.1948, -0.7506, -0.1327, -0.2224, -0.5197, 0.3646, 0.5852, 0.5294,
            0.3683, 0.6143, 0.1811, 0.4464, -1.158, 0.1185, -0.2528, -1.254,
        ),
        (
            -0.01951, 0.01126, 0.3271, -0.5106, -0.32, 0.4798, -0.07379, 0.09837, 0.5742, -0.05489,
            0.6044, -0.06266, -0.3153, -0.2214, -0.5857, -0.03161, 0.1518, -0.1313, -0.194, -0.9212,
            0.7543, 0.3505, -0.3271, 0.3882, -0.003413, 0.1684, 0.9275, 0.2698, 0.02166, -0.02741,
            -0.2225, 0.3709, -0.4255, -0.02727, 0.4795, -0.02713, -0.5798, -0.3132, -0.9777, 0.592,
            -0.4052, -0.2244, 0.1363, 0.04861, 0.1514, 0.6346, 0.2993, 0.07255, 0.06029, 0.2008,
            -0.0687, 0.1586, -0.1951, -0.1291, 0.09687, -0.214, -0.09701, -0.2798, -0.1974, -0.1076,
            0.2888, 0.01796, -0.1409, -0.1111, -0.3352, -0.3862, 0.1757, 0.4991, -0.1604, 0.05159,
            -0.03206, 0.1405, 0.1486, 0.165, -0.06817, 0.2887, -0.2219, -0.02249, -0.1205, 0.6121,
            -0.2637, 0.1348, 0.31, -0.01751, -0.1448, 0.2275, -0.03798, -0.2083, -0.2555, -0.2759,
            -0.5331, -0.04064, -0.1424, -0.2619, -0.03574, 0.1941, 0.1987, -0.2513, 0.3185, 0.1235,
            -0.06849, 1.042, -0.3738, 0.3186, -0.272, -0.2306, -0.06613, -0.4491, -0.4938, 0.1545,
            0.2445, 0.3334, -0.2318, 0.4162, 0.06592, 0.01729, 0.07226, 0.1839, 0.09414, 0.005243,
            0.04092, 0.5082, 0.0824, -0.07955, 0.2769, 0.0784, 0.2935, -0.6789, -0.439, -0.09955,
            -0.3609, -0.2542, 0.3711, -0.3063, -0.3687, -0.1996, 0.4018, 0.487,
        ),
    ),
    outer=(
        (-1.568, 1.281, -1.617, 1.615, -1.457, 1.65, -0.05647),
        (-1.448, -1.664, -2.127, 1.207, -1.45, 1.459, -0.183),
    ),
)  # fmt: skip
