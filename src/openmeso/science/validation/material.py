"""What the checks are run on: the calibrated model, and forecasts of studies left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openmeso.science.forecast.library import Library
from openmeso.science.forecast.prior import Priors
from openmeso.science.forecast.structure import Numbers
from openmeso.terms.plan import Plan
from openmeso.terms.substance import Substance


@dataclass(frozen=True, slots=True)
class Material:
    """The present model.

    ``left_out`` are the scores and rows of `openmeso backtest --json`, each study forecast without
    itself; ``library`` and ``others`` are virtual patients drawn apart, ``plan`` what they get.
    """

    structure: Numbers
    priors: Priors
    substances: Mapping[str, Substance]
    library: Library
    others: Library
    plan: Plan
    left_out: Mapping[str, Any]
