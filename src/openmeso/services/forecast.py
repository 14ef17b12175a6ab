"""Forecast: what a plan reaches and what to expect of it, kept for the pages that ask again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from openmeso.records.models import Plan, User
from openmeso.services import permission
from openmeso.services import plan as plans
from openmeso.services.knowledge import knowledge
from openmeso.terms import plan as plan_terms
from openmeso.terms.assessment import Assessment, ScaleScore, Sex
from openmeso.terms.forecast import (
    Forecast,
    ForecastInputError,
    MeasuredOutcome,
    NoForecast,
    OutcomeCourse,
)
from openmeso.terms.formula import Component, Formula
from openmeso.terms.grid import GridSpec
from openmeso.terms.product import Product, Strength
from openmeso.terms.protocol import Phase
from openmeso.terms.reach import Reach, Skin

if TYPE_CHECKING:  # the science of a forecast is slow to import
    from openmeso.science.forecast.library import Library

KEPT = 64
EXPLORED = "explored"
NOWHEN = date(2000, 1, 3)
"""A Monday; an explored course has no calendar, and equal questions must give equal plans."""

NOTHING_MEASURED = "Nothing has been measured yet: the forecast is that of patients like this one."
ONLY_PATTERN_LOSS = (
    "What to expect is forecast for pattern hair loss alone: "
    "of this condition no trial that OpenMeso learns from tells enough."
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A plan's reach and forecast; where one cannot be had, the reason in words."""

    plan: plan_terms.Plan
    reach: Reach | None
    forecast: Forecast | None
    gain: OutcomeCourse | None = None
    no_reach: str = ""
    no_forecast: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredExpectation:
    """A plan's forecast before and after the patient's own measurements were taken in.

    ``after`` is None where nothing was measured or nothing can be forecast; ``words`` say how the
    measurements were taken in, or why they were not.
    """

    before: Expectation
    measured: tuple[MeasuredOutcome, ...]
    after: Forecast | None
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is varied without a patient: a substance, how it is injected, and how often.

    ``scale`` and ``grade`` say on whose head; concentration in the unit of the ingredient's
    products (mg/mL).
    """

    ingredient: str
    concentration_mg_ml: float
    scale: str
    grade: str
    technique: str
    spacing_mm: float
    volume_per_point_ml: float
    depth_mm: float
    sessions: int
    interval_days: int


def of_plan(*, by: User, plan_record: Plan) -> Expectation:
    """What to expect of a plan whose read has been noted already."""
    permission.require(by, "patient.see", plan_record)
    return _expectation(plans.to_terms(plan_record), knowledge().version)


def of_measured_plan(
    *, by: User, plan_record: Plan, measured: tuple[MeasuredOutcome, ...]
) -> MeasuredExpectation:
    """What to expect of a plan once the patient's outcomes at its visits are known.

    The reads of plan and measurements have been noted already.
    """
    before = of_plan(by=by, plan_record=plan_record)
    if before.forecast is None:
        return MeasuredExpectation(before, measured, None, before.no_forecast or before.no_reach)
    if not measured:
        return MeasuredExpectation(before, measured, None, NOTHING_MEASURED)
    try:
        after = _updated(before.plan, measured, knowledge().version)
    except (ForecastInputError, NoForecast) as reason:
        return MeasuredExpectation(before, measured, None, str(reason))
    words = after.update.sentence if after.update else ""
    return MeasuredExpectation(before, measured, after, words)


def expected_of(plan: plan_terms.Plan) -> Expectation:
    """What to expect of a computed plan that the caller has opened already."""
    return _expectation(plan, knowledge().version)


def reach_of(plan: plan_terms.Plan, skin: Skin = Skin.DERMIS) -> Reach:
    """Where the substances of a computed plan go, the patient's if its reading is noted already.

    Raises :class:`~openmeso.terms.plan.PlanInputError` for a depth or volume that no scalp has.
    """
    return _reached(plan, skin, knowledge().version)


def explore(question: Question) -> Expectation:
    """What to expect of a course that nobody is to be given.

    Raises :class:`~openmeso.terms.plan.PlanInputError` for what no plan can be made of.
    """
    return _explored(question, knowledge().version)


@lru_cache(maxsize=KEPT)
def _explored(question: Question, _version: str) -> Expectation:
    return _expect(plans.compute(request_of(question)), _glimpse)


@lru_cache(maxsize=KEPT)
def _expectation(plan: plan_terms.Plan, _version: str) -> Expectation:
    return _expect(plan, _forecast)


def _expect(
    plan: plan_terms.Plan,
    forecast: Callable[[plan_terms.Plan, Reach], tuple[Forecast, OutcomeCourse]],
) -> Expectation:
    try:
        reach = _reach(plan)
    except plan_terms.PlanInputError as reason:
        return Expectation(plan, None, None, no_reach=f"{reason.message} {reason.remedy}".strip())
    try:
        return Expectation(plan, reach, *forecast(plan, reach))
    except NoForecast as reason:
        return Expectation(plan, reach, None, no_forecast=str(reason))


def request_of(question: Question) -> plan_terms.PlanRequest:
    """The plan request that a question stands for."""
    known = knowledge()
    product = Product(
        id=EXPLORED,
        name=EXPLORED,
        strengths=(Strength(question.ingredient, question.concentration_mg_ml),),
        ampoule_ml=1.0,
        assumption="Explored, not on a shelf.",
    )
    scale = known.scales[question.scale]
    indication = next(one for one in known.indications.values() if scale.id in one.scales)
    sex = Sex.FEMALE if indication.id.endswith("_female") else Sex.MALE
    choice = plan_terms.PlanChoice(
        start_on=NOWHEN,
        formula=Formula(EXPLORED, (Component(EXPLORED, 1.0),)),
        technique=question.technique,
        grid=GridSpec(question.spacing_mm),
        volume_per_point_ml=question.volume_per_point_ml,
        depth_mm=question.depth_mm,
        phases=(Phase(question.sessions, question.interval_days),),
    )
    return plan_terms.PlanRequest(
        assessment=Assessment(
            assessed_on=NOWHEN,
            indication=indication.id,
            sex=sex,
            scores=(ScaleScore(question.scale, question.grade),),
        ),
        choice=choice,
        setting=plan_terms.PlanSetting(products=(product,)),
    )


def _reach(plan: plan_terms.Plan, skin: Skin = Skin.DERMIS) -> Reach:
    from openmeso.science.injection.reach import reach

    return reach(plan, knowledge(), skin)


@lru_cache(maxsize=KEPT)
def _reached(plan: plan_terms.Plan, skin: Skin, _version: str) -> Reach:
    return _reach(plan, skin)


@lru_cache(maxsize=KEPT)
def _updated(
    plan: plan_terms.Plan, measured: tuple[MeasuredOutcome, ...], version: str
) -> Forecast:
    from openmeso.science.forecast.patient import forecast

    reach = _expectation(plan, version).reach
    return forecast(plan.request.assessment, plan, reach, _library(plan), measured)


def _forecast(plan: plan_terms.Plan, reach: Reach) -> tuple[Forecast, OutcomeCourse]:
    from openmeso.science.forecast.gain import gain
    from openmeso.science.forecast.patient import forecast_of
    from openmeso.science.forecast.simulation import simulate

    shared = _library(plan)
    made = simulate(plan, reach, shared)
    return forecast_of(plan.request.assessment, made, shared), gain(made, shared)


def _glimpse(plan: plan_terms.Plan, reach: Reach) -> tuple[Forecast, OutcomeCourse]:
    """The gain alone, from courses that were kept; as exact as :func:`_forecast` without them."""
    from openmeso.gateways.library_stop import kept_courses
    from openmeso.science.forecast.gain import gain
    from openmeso.science.forecast.patient import forecast_of
    from openmeso.science.forecast.simulation import glimpse, simulate

    shared = _library(plan)
    kept = kept_courses(shared.severity, shared.female, _folder())
    made = glimpse(plan, reach, shared, kept) if kept else simulate(plan, reach, shared)
    return forecast_of(plan.request.assessment, made, shared, names=()), gain(made, shared)


def make_ready() -> None:
    """Make every library and what *Explore* answers from, the likeliest asked for first."""
    from openmeso.gateways.forecast_library import library, library_source
    from openmeso.gateways.library_stop import keep_courses

    every = [(one, female) for one in library_source().priors.severity for female in (False, True)]
    for severity, female in every:
        library(severity, female)
    for severity, female in every:
        keep_courses(severity, female, _folder())


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "forecast"


def _library(plan: plan_terms.Plan) -> "Library":
    """The virtual patients of the plan's severity and sex; NoForecast where there are none."""
    from openmeso.gateways.forecast_library import library, library_source
    from openmeso.gateways.posterior import PosteriorError
    from openmeso.science.forecast.patient import INDICATIONS, severity_of

    assessment = plan.request.assessment
    if assessment.indication not in INDICATIONS:
        raise NoForecast(ONLY_PATTERN_LOSS)
    try:
        severity, _ = severity_of(assessment, library_source().priors)
        return library(severity, assessment.sex is Sex.FEMALE)
    except PosteriorError as stale:
        raise NoForecast(str(stale)) from stale
