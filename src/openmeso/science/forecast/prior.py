"""Priors: what is assumed before a trial is seen, as read from the knowledge."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Priors:
    """Numbers by table and name; each carries unit and basis in its file.

    ``follicle`` and ``dose``: middle and SD of the logarithm; ``effect``: middle and SD;
    ``spread``: half-Cauchy scale; ``measurement``: floor and patient SD; ``fixed``, ``baseline``.
    """

    follicle: Mapping[str, tuple[float, float]]
    dose: Mapping[str, tuple[float, float]]
    effect: Mapping[str, tuple[float, float]]
    spread: Mapping[str, float]
    measurement: Mapping[str, tuple[float, float]]
    fixed: Mapping[str, float]
    baseline: Mapping[str, float]
