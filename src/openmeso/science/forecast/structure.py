"""Structure: what the hair-cycle model says of time courses and of one outcome against another.

Two drugs with published courses stand for two mechanisms: finasteride for 5-alpha-reductase
inhibitors, minoxidil for drugs that open and lengthen the cycle. Every other active class borrows
minoxidil's course, which is an assumption.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from openmeso.science.follicles.chain import Array, after_years
from openmeso.science.follicles.course import Epoch, course
from openmeso.science.follicles.cycle import HairCycle
from openmeso.science.follicles.effect import NO_EFFECT, DrugEffect
from openmeso.science.follicles.measure import HairMeasures
from openmeso.science.forecast.prior import Priors
from openmeso.terms.study import FollicleTarget

STEP_WEEKS = 4.0
LAST_WEEK = 520.0
WEEKS = np.arange(0.0, LAST_WEEK + 1, STEP_WEEKS)
REFERENCE_WEEK = 24.0
DRUGS = ("none", "finasteride", "minoxidil")

Numbers = tuple[tuple[str, float], ...]
"""Parameters by name, as a hashable tuple."""


def numbers(values: Mapping[str, float]) -> Numbers:
    """Parameters in a form that results can be remembered by."""
    return tuple(sorted(values.items()))


@lru_cache(maxsize=64)
def courses(parameters: Numbers, last_week: float = LAST_WEEK) -> Mapping[str, HairMeasures]:
    """Courses of an untreated, a finasteride and a minoxidil arm on :data:`WEEKS`, by drug."""
    value, cycle = dict(parameters), hair_cycle(parameters)
    start = after_years(cycle, value["history_years"])
    days = WEEKS[last_week >= WEEKS] * 7
    return {
        drug: course(cycle, start, days, [Epoch(0.0, effect)])
        for drug, effect in zip(DRUGS, effects_of(parameters), strict=True)
    }


def hair_cycle(parameters: Numbers) -> HairCycle:
    """The untreated hair cycle; chances of changing size are kept within their range."""
    value = dict(parameters)
    return HairCycle(
        anagen_days=value["anagen_days"],
        catagen_days=value["catagen_days"],
        telogen_days=value["telogen_days"],
        kenogen_days=value["kenogen_days"],
        anagen_exponent=value["anagen_exponent"],
        kenogen_exponent=value["kenogen_exponent"],
        p_down=min(value["p_down"], 0.7),
        p_up=min(value["p_up"], 0.3),
        p_loss=value["p_loss"],
    )


def effects_of(parameters: Numbers) -> tuple[DrugEffect, DrugEffect, DrugEffect]:
    """What each of :data:`DRUGS` does at full exposure."""
    value = dict(parameters)
    inhibitor = DrugEffect(
        anagen=value["inhibitor_anagen"],
        kenogen=value["inhibitor_kenogen"],
        p_down=value["inhibitor_p_down"],
    )
    minoxidil = DrugEffect(
        anagen=value["minoxidil_anagen"],
        telogen=value["minoxidil_telogen"],
        kenogen=value["minoxidil_kenogen"],
        growth=value["minoxidil_growth"],
    )
    return NO_EFFECT, inhibitor, minoxidil


_READ: Mapping[str, Callable[[HairMeasures], Array]] = {
    "anagen_share": lambda found: found.anagen_pct / 100,
    "count": lambda found: _relative(found.non_vellus_per_cm2),
    "anagen_count": lambda found: _relative(found.non_vellus_per_cm2 * found.anagen_pct),
    "terminal": lambda found: (
        (found.terminal_per_cm2 - found.terminal_per_cm2[0]) / found.non_vellus_per_cm2[0]
    ),
    "weight": lambda found: _relative(found.growth_mass, found.growth_mass[0]),
    "log_tv": lambda found: np.log(found.tv_ratio / found.tv_ratio[0]),
}


def _relative(course_: Array, first: float | None = None) -> Array:
    base = course_[0] if first is None else first
    return course_ / base - 1


def change(parameters: Numbers, drug: str, measure: str, last_week: float = LAST_WEEK) -> Array:
    """Change of a measure on :data:`WEEKS`, as a part of baseline (``log_tv``: ln of the ratio).

    ``terminal`` counts terminal hairs per non-vellus hair at baseline.
    """
    every = courses(parameters, last_week)
    if measure == "weight":  # a drug's growth factor acts at once, so its own start is no baseline
        return _relative(every[drug].growth_mass, float(every["none"].growth_mass[0]))
    return _READ[measure](every[drug])


def predicted(parameters: Numbers, target: FollicleTarget, last_week: float = LAST_WEEK) -> float:
    """What the hair-cycle model says for a calibration target."""
    found = change(parameters, target.drug, target.measure, last_week)
    if target.against:
        found = found - change(parameters, target.against, target.measure, last_week)
    return float(np.interp(target.week, WEEKS[: len(found)], found))


@dataclass(frozen=True, slots=True)
class FollicleFit:
    """Parameters at the posterior mode, with how far the trials informed each.

    ``informed`` is 1 - posterior/prior SD of the logarithm: near 0 means that the prior rules.
    """

    parameters: Numbers
    informed: Numbers
    misfit: tuple[tuple[str, float, float, float], ...]


def fit_follicles(
    targets: Sequence[FollicleTarget], priors: Priors, first: Mapping[str, float] | None = None
) -> FollicleFit:
    """The mode of the hair-cycle parameters given published means; Gauss-Newton, no chance in it.

    ``misfit`` lists name, value, prediction and (prediction - value) / sd of each target.
    """
    # A third of a second to import, and only a calibration needs it.
    from scipy.optimize import least_squares

    names = sorted(priors.follicle)
    middle = np.array([np.log(priors.follicle[name][0]) for name in names])
    sd = np.array([priors.follicle[name][1] for name in names])
    fixed = {name: priors.fixed[name] for name in _FIXED}
    last = STEP_WEEKS * np.ceil(max((one.week for one in targets), default=24.0) / STEP_WEEKS)

    def parameters(z: Array) -> Numbers:
        values = np.exp(middle + sd * z)
        return numbers({**fixed, **dict(zip(names, map(float, values), strict=True))})

    def residuals(z: Array) -> Array:
        at = parameters(z)
        errors = [(predicted(at, one, float(last)) - one.value) / one.sd for one in targets]
        return np.append(np.array(errors), z)

    start = np.zeros(len(names))
    if first:
        start = np.array([(np.log(first[name]) - m) for name, m in zip(names, middle, strict=True)])
        start = start / sd
    found = least_squares(residuals, start, diff_step=1e-4, xtol=1e-5, ftol=1e-5, max_nfev=25)
    mode = parameters(found.x)
    posterior_sd = np.sqrt(np.diag(np.linalg.inv(found.jac.T @ found.jac)))
    misfit = tuple(
        (one.name, one.value, predicted(mode, one), (predicted(mode, one) - one.value) / one.sd)
        for one in targets
    )
    informed = numbers({n: float(1 - s) for n, s in zip(names, posterior_sd, strict=True)})
    return FollicleFit(mode, informed, misfit)


_FIXED = ("catagen_days", "telogen_days", "p_loss", "minoxidil_telogen")
