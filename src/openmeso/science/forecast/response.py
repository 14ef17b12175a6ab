"""Response: how a row's forecast depends on what is learnt beside the coefficients.

That is the doses of half effect, and the links: the size of terminal density, weight and
terminal:vellus against the count, as factors around the hair-cycle model's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openmeso.science.follicles.chain import Array
from openmeso.science.forecast.feature import LINKS, Feature
from openmeso.science.forecast.intervention import REFERENCE_DOSE
from openmeso.science.forecast.prior import Priors

DOSES = ("minoxidil_topical_pct", "minoxidil_oral_mg", "dutasteride_oral_mg")


@dataclass(frozen=True, slots=True)
class Response:
    """Relative dose and link of rows as functions of the standardised logarithms ``phi``."""

    dose: Array
    reference: Array
    middle: Array
    log_sd: Array
    dose_at: NDArray[np.int64]
    fixed: Array
    link_at: NDArray[np.int64]
    link_log_sd: float

    @classmethod
    def of(cls, features: Sequence[Feature], priors: Priors) -> "Response":
        """The response of these rows."""
        graded = [one.dose_name in DOSES and one.dose is not None for one in features]
        names = [
            one.dose_name if yes else DOSES[0] for one, yes in zip(features, graded, strict=True)
        ]
        reference = np.array([REFERENCE_DOSE[name] for name in names])
        dose = np.array([one.dose or 0.0 for one in features])
        return cls(
            np.where(graded, dose, reference),
            reference,
            np.array([priors.dose[name][0] for name in names]),
            np.array([priors.dose[name][1] for name in names]),
            np.array([DOSES.index(name) for name in names]),
            np.array([_saturating(one, priors) for one in features]),
            np.array([LINKS.index(one.link) if one.link else -1 for one in features]),
            priors.fixed["link_log_sd"],
        )

    def at(self, phi: Array) -> tuple[Array, Array]:
        """Relative dose and link of each row."""
        half = self.middle * np.exp(self.log_sd * phi[self.dose_at])
        relative = self.dose * (self.reference + half) / (self.reference * (self.dose + half))
        links = np.append(np.exp(self.link_log_sd * phi[len(DOSES) :]), 1.0)
        return relative * self.fixed, links[self.link_at]


def _saturating(feature: Feature, priors: Priors) -> float:
    """Relative dose of finasteride tablets, whose curve is known and not learnt; else 1."""
    if feature.dose_name != "finasteride_oral_mg":
        return 1.0
    half, hill = priors.fixed["finasteride_ed50_mg"], priors.fixed["finasteride_hill"]
    return relative_dose(feature.dose_name, feature.dose, half, hill)


def relative_dose(name: str, dose: float | None, half: float, hill: float) -> float:
    """Effect of a dose over that of the reference dose: a Hill curve; 1 when it is not stated."""
    if dose is None or not name:
        return 1.0
    reference = REFERENCE_DOSE[name]
    full = reference**hill / (reference**hill + half**hill)
    return float(dose**hill / (dose**hill + half**hill) / full)
