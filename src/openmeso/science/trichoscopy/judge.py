"""Whether a chosen path is a hair, by a small network that sees the picture along it and its company.

The weights lie in ``knowledge/hair_judge.json``, fitted by ``benchmarks/trichoscopy_fit.py``.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.likelihood import sigmoid
from openmeso.science.trichoscopy.path_look import Surroundings

Floats = NDArray[np.float64]

_FAR = 4.0  # standard deviations beyond which a feature says no more


@dataclass(frozen=True, slots=True)
class Network:
    """Mean and deviation of each feature, weights (k, m) into the nodes and (m,) out of them."""

    mean: Floats
    sd: Floats
    inner: Floats
    bias: Floats
    outer: Floats
    offset: float

    def odds(self, features: Floats) -> Floats:
        """Logarithm of the odds (n,) that a path with ``features`` (n, k) is a hair."""
        scaled = np.clip((features - self.mean) / self.sd, -_FAR, _FAR)
        nodes = np.maximum(scaled @ self.inner + self.bias, 0.0)
        return np.asarray(nodes @ self.outer + self.offset)


def network_of(written: str) -> Network:
    """The network in the JSON that ``benchmarks/trichoscopy_fit.py`` writes."""
    net = json.loads(written)["network"]
    columns = {name: np.array(net[name]) for name in ("mean", "sd", "inner", "bias", "outer")}
    return Network(**columns, offset=float(net["offset"]))


@cache
def network() -> Network:
    """The network that is part of the software, from its file in ``knowledge``."""
    return network_of(resources.files("openmeso.knowledge").joinpath("hair_judge.json").read_text())


def judged(features: Floats, around: Surroundings, before: Floats) -> Floats:
    """Probability (n,) that each path is a hair [1].

    ``features`` (n, k) tell what it looks like, ``before`` how likely it was when it was proposed.
    """
    return sigmoid(network().odds(np.hstack([features, around.company(before)])))
