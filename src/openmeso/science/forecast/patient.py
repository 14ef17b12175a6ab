"""Forecast of one patient under one plan: twelve months, treated and untreated, with doubt."""

from collections.abc import Mapping, Sequence

import numpy as np

from openmeso.science.forecast.doubt import band, drawn, influences, is_even, shares, structures
from openmeso.science.forecast.library import STRUCTURES, Library
from openmeso.science.forecast.library_course import Array, Single
from openmeso.science.forecast.library_prior import PatientPriors
from openmeso.science.forecast.milestone import milestones
from openmeso.science.forecast.patient_effect import full_effect, modelled, needling
from openmeso.science.forecast.patient_outcome import LABELS, counting_sd
from openmeso.science.forecast.patient_words import (
    PARAMETERS,
    assumptions,
    extrapolation,
    facts_of,
    sentence,
)
from openmeso.science.forecast.simulation import Simulation, simulate
from openmeso.science.forecast.update import log_likelihood, weigh
from openmeso.terms.assessment import Assessment, Sex
from openmeso.terms.forecast import (
    LAST_WEEK,
    Exposure,
    Forecast,
    Influence,
    MeasuredOutcome,
    NoForecast,
    OutcomeCourse,
)
from openmeso.terms.plan import Plan
from openmeso.terms.reach import Reach

INDICATIONS = ("androgenetic_alopecia_male", "androgenetic_alopecia_female")
UNGRADED = "moderate"
METHOD = "corrected"
"""The count that bands are drawn for when no method is named."""
WELL_INFORMED = 0.25
"""Above this narrowing of the prior a parameter is said to rest on trials."""


def severity_of(assessment: Assessment, priors: PatientPriors) -> tuple[str, bool]:
    """Severity by the assessed grade, and whether a grade said it; else moderate."""
    for score in assessment.scores:
        found = priors.grade.get(score.scale, {}).get(score.value)
        if found:
            return found, True
    return UNGRADED, False


def check_forecastable(assessment: Assessment) -> None:
    """Raise :class:`NoForecast` for a condition that the trials say nothing about."""
    if assessment.indication not in INDICATIONS:
        accepted = ", ".join(INDICATIONS)
        raise NoForecast(
            f"only pattern hair loss is forecast ({accepted}); got {assessment.indication}"
        )


def forecast(
    assessment: Assessment,
    plan: Plan,
    reach: Reach | None,
    library: Library,
    measurements: Sequence[MeasuredOutcome] = (),
) -> Forecast:
    """Twelve months of every outcome for this patient under this plan.

    ``library`` is of the patient's severity (:func:`severity_of`) and sex. ``reach`` gives the
    exposures; without it a labelled default stands in. ``measurements`` of the treated patient
    weigh the library's virtual patients; those of week 0 say where the patient starts.

    Raises :class:`NoForecast` and :class:`ForecastInputError`.
    """
    check_forecastable(assessment)
    made = simulate(plan, reach, library)
    return forecast_of(assessment, made, library, measurements)


def forecast_of(
    assessment: Assessment,
    made: Simulation,
    library: Library,
    measurements: Sequence[MeasuredOutcome] = (),
    names: Sequence[str] = tuple(LABELS),
) -> Forecast:
    """As :func:`forecast`, of what has been simulated already; ``names`` the outcomes to show."""
    check_forecastable(assessment)
    if library.female != (assessment.sex is Sex.FEMALE):
        raise NoForecast("the library is of the other sex")
    plan, exposed, on, off = made.plan, made.exposed, made.on, made.off
    weights, diagnostic = np.full(library.size, 1 / library.size), None
    if measurements:
        value = library.source.priors.value
        log = log_likelihood(measurements, on, library)
        least, most = value["update.least_ess"], value["update.most_pareto_k"]
        weights, diagnostic = weigh(log, least, most)
    method = next((one.method for one in measurements if one.method), METHOD)
    courses = tuple(_outcome(name, on, off, weights, library, method) for name in names)
    graded = severity_of(assessment, library.source.priors)[1]
    return Forecast(
        weeks=tuple(range(LAST_WEEK + 1)),
        outcomes=courses,
        milestones=milestones(on, off, weights, library),
        extrapolation=extrapolation(plan, library.source.priors),
        influential=_influential(plan, exposed, on["count"], weights, library),
        exposures=exposed,
        update=diagnostic,
        sentence=sentence(on["count"], off["count"], weights, plan, library),
        facts=facts_of(plan, exposed),
        assumptions=assumptions(plan, exposed, library, graded),
    )


def _outcome(
    name: str,
    on: Mapping[str, Single],
    off: Mapping[str, Single],
    weights: Array,
    library: Library,
    method: str,
) -> OutcomeCourse:
    label, unit = LABELS[name]
    number = library.number["counting"][list(LABELS).index(name)]
    chosen: Array | slice = slice(None) if is_even(weights) else drawn(weights)
    bands = []
    variance: Array = np.zeros(0)
    for values in (off, on):
        value, count = values[name].astype(float), values["count"].astype(float)
        sd = counting_sd(name, value, count, library, method)
        seen = np.maximum(value + sd * number, 0.0).astype(np.float32)
        bands.append(band(seen[:, chosen]))
        variance = sd**2
    return OutcomeCourse(
        name,
        label,
        unit,
        bands[1],
        bands[0],
        shares(on[name], variance, weights, library),
        structures(on[name], off[name], weights, library),
    )


def _influential(
    plan: Plan, exposed: Sequence[Exposure], count: Single, weights: Array, library: Library
) -> tuple[Influence, ...]:
    """The three parameters behind the variance of the gain at 12 months."""
    named: dict[str, tuple[Array, str, bool]] = {}
    source, number = library.source, library.number
    for name, words in PARAMETERS.items():
        if name in library.own:
            prior_sd = source.posterior.priors.follicle.get(name, (0.0, 0.0))[1]
            left = source.log_sd.get(name, prior_sd)
            informed = prior_sd > 0 and left < (1 - WELL_INFORMED) * prior_sd
            named[name] = (np.log(library.own[name]), words, not informed)
    for name in modelled(plan, source.priors):
        words = f"the effect of {name} at full exposure"
        named[f"effect_{name}"] = (full_effect(name, library), words, False)
    for symbol in ("response", "delivery", "reach"):
        if exposed:
            named[symbol] = (number[symbol], PARAMETERS[symbol], True)
    if "minoxidil" in modelled(plan, source.priors):
        yes = (number["responder"] < source.priors.value["responder.share"]).astype(float)
        named["responder"] = (yes, PARAMETERS["responder"], False)
    named["perforation"] = (needling(plan, library), PARAMETERS["perforation"], True)
    for place, symbol in enumerate(("stay", "regrowth")):
        first = STRUCTURES[0][place]
        draws = library.is_structure(place, first).astype(float)
        named[symbol] = (draws, PARAMETERS[symbol], True)
    gain = (count[LAST_WEEK] - count[0]).astype(float)
    return influences(gain, named, weights)
