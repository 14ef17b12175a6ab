"""The reach of one substance: size classes, readings, curve, uptake and the doubt of each."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openmeso.science.injection import reach_level as level
from openmeso.science.injection.absorption import peak_rate_mg_h
from openmeso.science.injection.exposure import Neighbours
from openmeso.science.injection.fat import ASSUMPTION as FAT_ASSUMPTION
from openmeso.science.injection.reach_body import absorbed, body_reach, uptake_of
from openmeso.science.injection.reach_class import class_reaches, strata_of
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
    responder_sentence,
    systemic_sentence,
)
from openmeso.terms.formula import SystemicEquivalent
from openmeso.terms.provenance import Quantity, Statement
from openmeso.terms.reach import DepotLife, MapReach, Reading, SubstanceReach
from openmeso.terms.substance import Deposit, SizeClass, Substance

Floats = NDArray[np.float64]

CURVE_POINTS = 31


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
    bulges = level.fields_at(
        ask.release, near, level.bulge_depths(ask.classes), ask.interval_h, ask.at_bulges
    )
    dermis = None
    if ask.release.layers:
        plain = replace(ask.release, layers=None)
        dermis = level.fields_at(
            plain, near, level.bulb_depths(ask.classes), ask.interval_h, ask.at_bulbs
        )
    size_classes = class_reaches(ask.classes, bulbs, bulges, nodes, dermis)
    readings = _readings(bulbs, nodes)
    depot = _depot(bulbs)
    uptake = uptake_of(ask.dose_mg, bulbs)
    body = body_reach(substance, uptake)
    when = reached_when(substance)
    said = absorbed_sentence(ask.dose_mg, transport.half_life_h, depot)
    facts, assumptions = _provenance(substance, ask.classes)
    if ask.release.layers:
        assumptions = (*assumptions, FAT_ASSUMPTION)
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
        absorbed=absorbed(uptake),
        peak_rate_mg_h=peak_rate_mg_h(ask.dose_mg, uptake.k_per_h, uptake.lasting_h),
        plasma=body.plasma,
        equivalent=ask.equivalent,
        systemic_sentence=systemic_sentence(said, ask.equivalent),
        strata=readings[0].strata,
        readings=readings,
        maps=_maps(ask, cells),
        depot=depot,
        sentence=coverage_sentence(size_classes, when),
        facts=facts,
        assumptions=assumptions,
        mark=level.mark(bulbs),
        blood=body.blood,
        balance=body.balance,
        balance_error=body.error,
        responders=responder_sentence(substance),
    )


def _readings(bulbs: Fields, nodes: Sequence[Node]) -> tuple[Reading, ...]:
    weights = np.array([node.weight for node in nodes])
    some = level.every_other(bulbs)
    cases = [
        {name: strata_of(values) for name, values in level.levels(some, node).items()}
        for node in nodes
    ]
    found = []
    for name, values in level.levels(bulbs, NOMINAL).items():
        strata = np.array(strata_of(values))
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
