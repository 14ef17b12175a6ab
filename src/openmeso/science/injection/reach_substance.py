"""The reach of one substance: size classes, readings, curve, uptake and the doubt of each."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openmeso.science.injection import reach_level as level
from openmeso.science.injection.absorption import absorbed_mg, body_mg, peak_rate_mg_h
from openmeso.science.injection.exposure import Neighbours
from openmeso.science.injection.reach_doubt import (
    HIGH,
    LOW,
    Node,
    doubt_nodes,
    weighted_quantile,
)
from openmeso.science.injection.reach_field import Release, Spread
from openmeso.science.injection.reach_level import NOMINAL, Fields
from openmeso.science.injection.reach_text import (
    absorbed_sentence,
    coverage_sentence,
    depot_sentence,
    reached_when,
    reading_sentence,
    systemic_sentence,
)
from openmeso.terms.formula import SystemicEquivalent
from openmeso.terms.provenance import Quantity, Statement
from openmeso.terms.reach import (
    ClassReach,
    CoursePoint,
    DepotLife,
    MapReach,
    Reading,
    SubstanceReach,
)
from openmeso.terms.substance import Deposit, SizeClass, Substance

Floats = NDArray[np.float64]

STRATA = 5
CURVE_POINTS = 31
_UPTAKE_POINTS = 33
_HALF_LIVES = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """What the reach of one substance is computed from."""

    release: Release
    dose_mg: float
    interval_h: float
    classes: tuple[SizeClass, ...]
    equivalent: SystemicEquivalent | None
    at_bulbs: Spread
    at_bulges: Spread


def substance_reach(ask: Ask, near: Neighbours, cells: Neighbours) -> SubstanceReach:
    """Everything about one substance. ``cells`` are the maps' cells, ``near`` the follicles."""
    substance, transport = ask.release.substance, ask.release.transport
    bulbs = level.fields_at(
        ask.release, near, level.bulb_depths(ask.classes), ask.interval_h, ask.at_bulbs
    )
    nodes = doubt_nodes(substance.deposit is Deposit.DEPOT)
    size_classes = _classes(ask, bulbs, near, nodes)
    readings = _readings(bulbs, nodes)
    depot = _depot(bulbs)
    lasting = level.node_lasting_h(bulbs, NOMINAL)
    hours = _hours(lasting or _HALF_LIVES * transport.half_life_h)
    when = reached_when(substance)
    said = absorbed_sentence(ask.dose_mg, transport.half_life_h, depot)
    facts, assumptions = _provenance(substance, ask.classes)
    return SubstanceReach(
        ingredient=substance.ingredient,
        mode=substance.deposit,
        half_life_h=transport.half_life_h,
        decay_length_mm=transport.decay_length_mm,
        dose_mg=ask.dose_mg,
        reached_when=when,
        size_classes=size_classes,
        curve_of="cmax" if substance.inactivation_per_nm_h is None else "auc",
        coverage_curve=_curve(bulbs),
        absorbed=_pairs(hours, absorbed_mg(hours, ask.dose_mg, transport.k_per_h, lasting)),
        peak_rate_mg_h=peak_rate_mg_h(ask.dose_mg, transport.k_per_h, lasting),
        plasma=_plasma(ask, lasting),
        equivalent=ask.equivalent,
        systemic_sentence=systemic_sentence(said, ask.equivalent),
        strata=readings[0].strata,
        readings=readings,
        maps=_maps(ask, cells),
        depot=depot,
        sentence=coverage_sentence(size_classes, when),
        facts=facts,
        assumptions=assumptions,
    )


def _classes(
    ask: Ask, bulbs: Fields, near: Neighbours, nodes: Sequence[Node]
) -> tuple[ClassReach, ...]:
    weights = np.array([node.weight for node in nodes])
    some = level.every_other(bulbs)
    shares = np.stack([level.reached(some, node).mean(axis=1) for node in nodes])
    low, high = (weighted_quantile(shares, weights, at) for at in (LOW, HIGH))
    nominal = level.reached(bulbs, NOMINAL).mean(axis=1)
    depths = level.bulge_depths(ask.classes)
    bulges = level.fields_at(ask.release, near, depths, ask.interval_h, ask.at_bulges)
    bulge = level.reached(bulges, NOMINAL).mean(axis=1)
    auc, (hours, course) = level.node_auc(bulbs, NOMINAL), level.node_course(bulbs, NOMINAL)
    main = next(iter(level.levels(bulbs, NOMINAL).values()))
    above = None
    if ask.release.substance.threshold_ng_ml is not None:
        above = level.hours_above(hours, course, level.threshold_ng_ml(bulbs))
    return tuple(
        ClassReach(
            name=one.name,
            bulb_depth_mm=one.bulb_depth_mm.middle,
            reached_fraction=float(nominal[i]),
            # few cases make steps: the middle estimate always lies within its own range
            reached_low=float(min(low[i], nominal[i])),
            reached_high=float(max(high[i], nominal[i])),
            cmax=float(np.median(course[i].max(axis=-1))),
            auc=float(np.median(auc[i])),
            hours_above=None if above is None else float(np.median(above[i])),
            bulge_depth_mm=one.bulge_depth_mm.middle,
            bulge_reached_fraction=float(bulge[i]),
            strata=_strata(main[i]),
            course=_course(hours, course[i]),
        )
        for i, one in enumerate(ask.classes)
    )


def _course(hours: Floats, course: Floats) -> tuple[CoursePoint, ...]:
    low, middle, high = np.quantile(np.ascontiguousarray(course.T), (0.1, 0.5, 0.9), axis=1)
    rows = zip(hours.tolist(), middle.tolist(), low.tolist(), high.tolist(), strict=True)
    return tuple(CoursePoint(*row) for row in rows)


def _strata(values: Floats) -> tuple[float, ...]:
    """Mean of each fifth of ``values``, lowest first."""
    rising = np.sort(values, axis=None)
    if len(rising) % STRATA:
        raise ValueError(f"{len(rising)} follicles do not divide into {STRATA} strata")
    return tuple(rising.reshape(STRATA, -1).mean(axis=1).tolist())


def _readings(bulbs: Fields, nodes: Sequence[Node]) -> tuple[Reading, ...]:
    weights = np.array([node.weight for node in nodes])
    some = level.every_other(bulbs)
    cases = [
        {name: _strata(values) for name, values in level.levels(some, node).items()}
        for node in nodes
    ]
    found = []
    for name, values in level.levels(bulbs, NOMINAL).items():
        strata = np.array(_strata(values))
        all_strata = np.array([case[name] for case in cases])
        low = np.minimum(weighted_quantile(all_strata, weights, LOW), strata)
        high = np.maximum(weighted_quantile(all_strata, weights, HIGH), strata)
        middle = tuple(strata.tolist())
        said = reading_sentence(name, middle)
        found.append(Reading(name, middle, tuple(low.tolist()), tuple(high.tolist()), said))
    return tuple(found)


def _curve(bulbs: Fields) -> tuple[tuple[float, float], ...]:
    """Share of all bulbs at or above thresholds around the mark, four decades each way."""
    if bulbs.release.substance.inactivation_per_nm_h is None:
        values = level.node_course(bulbs, NOMINAL)[1].max(axis=-1)
    else:
        values = level.node_auc(bulbs, NOMINAL)
    thresholds = level.mark(bulbs) * np.logspace(-4, 4, CURVE_POINTS)
    below = np.searchsorted(np.sort(values, axis=None), thresholds, side="left")
    return _pairs(thresholds, 1.0 - below / values.size)


def _depot(bulbs: Fields) -> DepotLife | None:
    if bulbs.release.substance.deposit is not Deposit.DEPOT:
        return None
    longest, middle, shortest = (
        level.node_lasting_h(bulbs, Node(NOMINAL.length, 1.0, at, 1.0)) for at in (0.0, 0.5, 1.0)
    )
    return DepotLife(
        longest_days=longest / level.HOURS_PER_DAY,
        middle_days=middle / level.HOURS_PER_DAY,
        shortest_days=shortest / level.HOURS_PER_DAY,
        sentence=depot_sentence(longest, shortest),
    )


def _hours(last: float) -> Floats:
    return np.linspace(0.0, last, _UPTAKE_POINTS)


def _plasma(ask: Ask, lasting: float) -> tuple[tuple[float, float], ...]:
    known = ask.release.substance.systemic_half_life_h
    if known is None:
        return ()
    k = ask.release.transport.k_per_h
    hours = _hours(lasting + 5.0 * known.middle + 5.0 * ask.release.transport.half_life_h)
    return _pairs(hours, body_mg(hours, ask.dose_mg, k, known.middle, lasting))


def _pairs(first: Floats, second: Floats) -> tuple[tuple[float, float], ...]:
    return tuple(zip(first.tolist(), second.tolist(), strict=True))


def _maps(ask: Ask, cells: Neighbours) -> tuple[MapReach, ...]:
    """First reading's level at the bulb depth of every class, over every view."""
    depths = level.bulb_depths(ask.classes)
    values = level.map_levels(ask.release, cells, depths, ask.interval_h)
    found, start = [], 0
    for one in ask.release.site.maps:
        rows, columns = len(one.y_mm), len(one.x_mm)
        block = np.round(values[:, start : start + rows * columns], 3)
        start += rows * columns
        found += [
            MapReach(
                view=one.view,
                size_class=size.id,
                x_mm=tuple(one.x_mm.tolist()),
                y_mm=tuple(one.y_mm.tolist()),
                values=tuple(map(tuple, block[i].reshape(rows, columns).tolist())),
            )
            for i, size in enumerate(ask.classes)
        ]
    return tuple(found)


def _provenance(
    substance: Substance, classes: Sequence[SizeClass]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Facts used, and what is assumed, each once."""
    facts: dict[str, None] = {}
    assumed: dict[str, None] = {}
    for owner in (substance, *classes):
        for name, part in _quantities(owner):
            facts.update(dict.fromkeys(part.facts))
            if part.assumption:
                where = f"{owner.name}: " if isinstance(owner, SizeClass) else ""
                assumed[f"{where}{name}. {part.assumption}"] = None
    return tuple(facts), tuple(assumed)


def _quantities(term: Any) -> list[tuple[str, Quantity | Statement]]:
    if not is_dataclass(term):
        return []
    found: list[tuple[str, Quantity | Statement]] = []
    for one in fields(term):
        value = getattr(term, one.name)
        parts = value if isinstance(value, tuple) else (value,)
        name = one.name.replace("_", " ").capitalize()
        found += [(name, part) for part in parts if isinstance(part, Quantity | Statement)]
    return found
