"""What a plan does to each virtual patient's hair cycle: exposure, size of the effect, its end."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openmeso.science.forecast.library import LEAST, MOST, NODES, Library
from openmeso.science.forecast.library_course import READINGS, Array, Single
from openmeso.science.forecast.library_prior import DELIVERIES, PatientPriors
from openmeso.terms.forecast import Exposure
from openmeso.terms.plan import Plan
from openmeso.terms.provenance import Statement
from openmeso.terms.reach import Reach
from openmeso.terms.schedule import VisitKind

MECHANICAL_COURSE = "minoxidil"
"""The course that perforations and unmodelled substances borrow; an assumption."""
ONE_90 = 1.6449
"""Standard normal 95th percentile."""


@dataclass(frozen=True, slots=True)
class Drive:
    """One effect on the cycle: its course, its size in full effects by (stratum, draw), shares."""

    name: str
    course: str
    size: Array
    shares: Array


def modelled(plan: Plan, priors: PatientPriors) -> tuple[str, ...]:
    """Ingredients of the plan's formula that trials say something about."""
    return tuple(
        dict.fromkeys(d.ingredient for d in plan.doses if d.ingredient in priors.ingredient)
    )


def exposures(plan: Plan, reach: Reach | None, priors: PatientPriors) -> tuple[Exposure, ...]:
    """Exposure of each modelled ingredient under each account of its stay.

    From the computed transport where given: the reading with the lowest mean level stands for the
    solution, that with the highest for the depot. Else the default, which says so.
    """
    found = []
    for ingredient in modelled(plan, priors):
        if priors.ingredient[ingredient].direct:
            continue
        for delivery in DELIVERIES:
            one = _computed(ingredient, delivery, reach)
            found.append(one or _default(ingredient, delivery, plan, priors))
    return tuple(found)


def _computed(ingredient: str, delivery: str, reach: Reach | None) -> Exposure | None:
    substances = reach.substances if reach else ()
    for one in substances:
        if one.ingredient == ingredient and one.readings:
            pick = min if delivery == DELIVERIES[0] else max
            reading = pick(one.readings, key=lambda each: sum(each.strata))
            share = 1 / len(reading.strata)
            return Exposure(
                ingredient,
                delivery,
                tuple((share, min(max(level, 0.0), 1.0)) for level in reading.strata),
                Statement(reading.sentence, one.facts, "" if one.facts else "computed transport"),
                tuple(min(max(level, 0.0), 1.0) for level in reading.low),
                tuple(min(max(level, 0.0), 1.0) for level in reading.high),
            )
    return None


def _default(ingredient: str, delivery: str, plan: Plan, priors: PatientPriors) -> Exposure:
    account = priors.delivery[delivery]
    seldom = min(1.0, account.usual_interval_days / max(_interval_days(plan), 1.0))
    strata = tuple((share, exposure * seldom) for share, exposure in account.strata)
    text = f"No transport was computed: exposure of {ingredient} assumed, as {account.words}."
    return Exposure(ingredient, delivery, strata, Statement(text, (), account.basis))


def _interval_days(plan: Plan) -> float:
    days = [visit.on.toordinal() for visit in plan.visits if visit.kind is VisitKind.SESSION]
    return float(np.median(np.diff(days))) if len(days) > 1 else 0.0


def stop_weeks(plan: Plan, library: Library) -> Array:
    """The week at which each draw's effect ends: the last session, and what outlasts it."""
    last = max((v.week for v in plan.visits if v.kind is VisitKind.SESSION), default=0)
    stop = np.empty(library.size)
    for delivery in DELIVERIES:
        here = library.is_structure(0, delivery)
        stop[here] = np.ceil(last + library.source.priors.delivery[delivery].outlasts_weeks)
    return stop


def drives(plan: Plan, exposed: Sequence[Exposure], library: Library) -> tuple[Drive, ...]:
    """Every effect of the plan; perforations join the first that has their course."""
    priors = library.source.priors
    mechanical = needling(plan, library)
    names = modelled(plan, priors)
    if not names:
        middle, sd = priors.effect["unmodelled"]
        mechanical = mechanical + middle + sd * library.number["effect"]
    made: list[Drive] = []
    rest = mechanical / library.unit[MECHANICAL_COURSE]
    for name in names:
        one = _drive(name, exposed, library)
        if one.course == MECHANICAL_COURSE:
            one = Drive(name, one.course, np.clip(one.size + rest, LEAST, MOST), one.shares)
            rest = np.zeros_like(rest)
        made.append(one)
    if rest.any():
        size = np.clip(rest, LEAST, MOST)[None]
        made.append(Drive("", MECHANICAL_COURSE, size, np.ones_like(size)))
    return tuple(made)


def needling(plan: Plan, library: Library) -> Array:
    """Effect of the perforations at 24 weeks [hairs/cm²], by draw.

    Devices that perforate: as the trials of devices say, in wide doubt. Injection needles:
    centred on nothing.
    """
    priors = library.source.priors
    if plan.choice.technique in priors.devices:
        return library.effects.column("needling")
    middle, sd = priors.effect["injection_needle"]
    return middle + sd * library.number["needle"]


def full_effect(name: str, library: Library) -> Array:
    """Effect at full exposure and 24 weeks [hairs/cm²], by draw, in the average patient.

    What the trials of tablets and lotions say; in the account of a depot, what those that injected
    it say, where there are any. A class without a trial falls back on its mechanism.
    """
    borrowed, effects = library.source.priors.ingredient[name], library.effects
    common = effects.column("any_active") + effects.column(f"mechanism:{borrowed.mechanism}")
    unseen = effects.column("spread:class") * library.number["class"]

    def of(chosen: str) -> Array:
        return effects.column(f"class:{chosen}") if f"class:{chosen}" in effects.names else unseen

    injected = borrowed.injected or borrowed.full
    depot = library.is_structure(0, DELIVERIES[1])
    total: Array = common + np.where(depot, of(injected), of(borrowed.full))
    return total


def _drive(name: str, exposed: Sequence[Exposure], library: Library) -> Drive:
    priors, number = library.source.priors, library.number
    own_sd = priors.patient["response"]
    own = np.exp(own_sd * number["response"] - own_sd**2 / 2)
    if name == "minoxidil":
        own = own * _responder(library)
    course = priors.ingredient[name].course
    size = full_effect(name, library) * own / library.unit[course]
    shares, level = _levels(name, exposed, library)
    return Drive(name, course, np.clip(size * level, LEAST, MOST), shares)


def _responder(library: Library) -> Array:
    """Part of the average effect that a patient gets: follicles that activate minoxidil, or not."""
    value = library.source.priors.value
    share, others = value["responder.share"], value["responder.others_part"]
    mean = share + (1 - share) * others
    return np.where(library.number["responder"] < share, 1.0, others) / mean


def _levels(name: str, exposed: Sequence[Exposure], library: Library) -> tuple[Array, Array]:
    """Shares and exposures of the strata, by (stratum, draw)."""
    mine = {one.structure: one for one in exposed if one.ingredient == name}
    if not mine:
        return np.ones((1, library.size)), np.ones((1, library.size))
    count = max(len(one.strata) for one in mine.values())
    shares, levels = np.zeros((2, count, library.size))
    sd = library.source.priors.patient["delivery"]
    own = np.exp(sd * library.number["delivery"] - sd**2 / 2)
    for delivery, one in mine.items():
        here = library.is_structure(0, delivery)
        for i, (share, level) in enumerate(one.strata):
            shares[i, here] = share
            levels[i, here] = level + _doubt(one, i, library.number["reach"][here])
    return shares, np.clip(levels * own, 0.0, 1.0)


def _doubt(one: Exposure, i: int, number: Array) -> Array:
    if not one.low or not one.high:
        return np.zeros_like(number)
    level = one.strata[i][1]
    below, above = level - one.low[i], one.high[i] - level
    moved: Array = np.where(number < 0, number * below, number * above) / ONE_90
    return moved


def treated(every: Sequence[Drive], stop: Array, library: Library) -> Single:
    """Readings under all drives, as (reading, week, draw): their net effects are added."""
    total = library.untreated.copy()
    for one in every:
        first, second = library.treated(one.course, stop)
        total += net_effect(one, first, second, library.untreated)
        if one.course == "minoxidil":
            total[READINGS.index("grown")] *= _growth(one, stop, library)
    total[:, 0] = library.untreated[:, 0]  # week 0 is before the first session
    np.clip(total, 0.0, None, out=total)
    return total


def net_effect(one: Drive, first: Single, second: Single, untreated: Single) -> Single:
    """What a drive adds to untreated readings, from those at each of the treated nodes."""
    at_first, at_second = _parabola(one)
    total: Single = at_first * (first - untreated)
    total += at_second * (second - untreated)
    return total


def _parabola(one: Drive) -> tuple[Single, Single]:
    """Weights of the two treated nodes, averaged over the strata (not of the mean exposure)."""
    a, b = NODES
    first = one.size * (one.size - b) / (a * (a - b))
    second = one.size * (one.size - a) / (b * (b - a))
    shared = [(one.shares * weight).sum(axis=0).astype(np.float32) for weight in (first, second)]
    return shared[0], shared[1]


def _growth(one: Drive, stop: Array, library: Library) -> Single:
    """Thicker growth while the drug acts, by (week, draw)."""
    growth = library.shared["minoxidil_growth"]
    factor = (one.shares * growth**one.size).sum(axis=0)
    weeks = np.arange(library.untreated.shape[1])[:, None]
    out: Single = np.where(weeks < stop, factor, 1.0).astype(np.float32)
    return out
