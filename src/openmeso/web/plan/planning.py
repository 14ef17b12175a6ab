"""Planning: from what was chosen on the page to the plan, and to all that the page shows of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import sqrt
from typing import TYPE_CHECKING, Any

from openmeso.gateways import clock
from openmeso.gateways.plan_map import draw_views, reference_points, views_of
from openmeso.gateways.plan_sheet import PlanSheet, plan_sheet
from openmeso.science.injection.zone import SCALED_REGION, head_scale
from openmeso.services import plan as plans
from openmeso.services import practitioner as practitioners
from openmeso.services.knowledge import knowledge
from openmeso.terms.grid import GridSpec
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan, PlanChoice, PlanInputError, PlanRequest, WayOut
from openmeso.terms.product import Product, Route
from openmeso.terms.protocol import Protocol
from openmeso.terms.zone import Exclusion, MapView, Zone
from openmeso.web.plan.forms import initial_data, zones_text
from openmeso.web.plan.map_words import MAP_WORDS, PLANNER_WORDS
from openmeso.web.plan.suggest import (
    first_choice,
    next_open_day,
    presets_for,
    protocols_for,
    techniques_for,
)

if TYPE_CHECKING:
    from openmeso.records.models import Patient, User


@dataclass(frozen=True, slots=True)
class Planning:
    """One state of the planner: the request, and the plan or why there is none."""

    request: PlanRequest
    people: Sequence["User"]
    injector: "User | None"
    plan: Plan | None
    fault: PlanInputError | None

    @property
    def choice(self) -> PlanChoice:
        """The choice with everything filled in, or as far as it goes where there is no plan."""
        return self.plan.choice if self.plan else as_far_as_it_goes(self.request)

    @property
    def sheet(self) -> PlanSheet | None:
        """The plan in words and figures."""
        return plan_sheet(self.plan, knowledge()) if self.plan else None


def open_planning(*, by: "User", patient: "Patient") -> Planning:
    """The proposal with which the planner opens."""
    base = plans.request_for(by=by, patient=patient, choice=PlanChoice(start_on=clock.today()))
    first_on = next_open_day(clock.today(), base.setting.closing_days)
    choice = first_choice(base.assessment, protocols_of(base), knowledge(), first_on)
    return _planned(base, choice, by=by, patient=patient, injector="")


def plan_choice(
    *, by: "User", patient: "Patient", choice: PlanChoice, injector: str = ""
) -> Planning:
    """The plan for a choice; ``injector`` is the chosen practitioner's key."""
    base = plans.request_for(by=by, patient=patient, choice=choice)
    return _planned(base, choice, by=by, patient=patient, injector=injector)


def _planned(
    base: PlanRequest, choice: PlanChoice, *, by: "User", patient: "Patient", injector: str
) -> Planning:
    people = list(practitioners.practitioners(patient.clinic))
    technique = technique_of(choice, protocols_of(base))
    person = _injector(people, technique, choice, injector or str(by.pk))
    setting = replace(base.setting, practitioner=practitioners.to_terms(person) if person else None)
    request = replace(base, choice=choice, setting=setting)
    trained = [each for each in people if _is_trained(each, technique, choice)]
    try:
        plan = plans.compute(request)
    except PlanInputError as fault:
        return Planning(request, trained, person, None, fault)
    return Planning(request, trained, person, plan, None)


def _injector(
    people: Sequence["User"], technique: str, choice: PlanChoice, wanted: str
) -> "User | None":
    trained = [each for each in people if _is_trained(each, technique, choice)]
    return next((each for each in trained if str(each.pk) == wanted), next(iter(trained), None))


def _is_trained(user: "User", technique: str, choice: PlanChoice) -> bool:
    return any(
        each.technique == technique
        and each.trained_on <= choice.start_on
        and (each.valid_until is None or each.valid_until >= choice.start_on)
        for each in practitioners.to_terms(user).trainings
    )


def protocols_of(request: PlanRequest) -> tuple[Protocol, ...]:
    """The published protocols, then the clinic's own."""
    return (*knowledge().protocols.values(), *request.setting.protocols)


def technique_of(choice: PlanChoice, protocols: Sequence[Protocol]) -> str:
    """The technique that the choice comes to."""
    named = (each.technique for each in protocols if each.id == choice.protocol)
    return choice.technique or next(named, "")


def as_far_as_it_goes(request: PlanRequest) -> PlanChoice:
    """The choice with what protocol, technique and pattern bring, so that only the gap is left."""
    choice, known = request.choice, knowledge()
    protocols = protocols_of(request)
    protocol = next((each for each in protocols if each.id == choice.protocol), None)
    preset = known.presets.get(choice.preset)
    choice = replace(
        choice,
        zones=choice.zones or (preset.zones if preset else ()),
        technique=technique_of(choice, protocols),
        phases=choice.phases or (protocol.phases if protocol else ()),
    )
    technique = known.techniques.get(choice.technique)
    if technique is None:
        return choice
    return replace(
        choice,
        grid=choice.grid or GridSpec(technique.default_spacing_mm),
        depth_mm=technique.default_depth_mm if choice.depth_mm is None else choice.depth_mm,
        volume_per_point_ml=technique.default_volume_per_point_ml
        if choice.volume_per_point_ml is None
        else choice.volume_per_point_ml,
    )


def way_out(planning: Planning, wanted: str) -> PlanChoice:
    """The choice with one of the conflict's ways out taken."""
    conflict = planning.plan.conflict if planning.plan else None
    ways = conflict.ways_out if conflict else ()
    way = next((each for each in ways if each.id == wanted), None)
    return _taken(planning.choice, way, planning.plan) if way and planning.plan else planning.choice


def _taken(choice: PlanChoice, way: WayOut, plan: Plan | None) -> PlanChoice:
    if way.spacing_mm is not None and choice.grid is not None:
        choice = replace(choice, grid=replace(choice.grid, spacing_mm=way.spacing_mm))
    if way.volume_per_point_ml is not None:
        choice = replace(choice, volume_per_point_ml=way.volume_per_point_ml)
    if way.area_cm2 is not None and plan is not None and plan.grid.area_cm2 > 0:
        factor = sqrt(way.area_cm2 / plan.grid.area_cm2)
        choice = replace(choice, zones=tuple(_shrunk(zone, factor) for zone in choice.zones))
    return choice


def _shrunk(zone: Zone, factor: float) -> Zone:
    """The zone drawn smaller (or larger) about its middle."""
    xs, ys = [x for x, _ in zone.polygon], [y for _, y in zone.polygon]
    cx, cy = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2

    def drawn(x: float, y: float) -> tuple[float, float]:
        return round(cx + factor * (x - cx), 1), round(cy + factor * (y - cy), 1)

    return replace(
        zone,
        polygon=tuple(drawn(x, y) for x, y in zone.polygon),
        exclusions=tuple(
            Exclusion(drawn(*spot.centre), spot.radius_mm, spot.reason) for spot in zone.exclusions
        ),
    )


def planner_context(planning: Planning, *, title: str = "") -> dict[str, Any]:
    """Everything the planner page shows of one state."""
    known = knowledge()
    request, choice = planning.request, planning.choice
    indication = known.indications[request.assessment.indication]
    protocols = protocols_of(request)
    sheet = planning.sheet
    person = str(planning.injector.pk) if planning.injector else ""
    views = views_of(choice.zones, known.views, indication.regions)
    scales = scales_of(request, known.views.values())
    return {
        "planning": planning,
        "sheet": sheet,
        "indication": indication,
        "values": initial_data(choice, title=title, practitioner=person),
        "protocols": protocols_for(indication.id, protocols),
        "other_protocols": [p for p in protocols if indication.id not in p.indications],
        "protocol": next((each for each in protocols if each.id == choice.protocol), None),
        "presets": presets_for(indication.id, known),
        "techniques": techniques_for(indication.id, known),
        "technique": known.techniques.get(choice.technique),
        "shelf": shelf(request.setting.products, known),
        "views": views,
        # called by the whole page alone; the panel does without
        "drawings": partial(
            draw_views, views, choice.zones, planning.plan.grid if planning.plan else None
        ),
        "map_scale": scales["scalp_top"],
        "map_data": map_data(
            views,
            presets_for(indication.id, known),
            scales,
        ),
        "map_points_text": map_points_text(planning.plan, sheet),
        "map_words": MAP_WORDS,
        "planner_words": PLANNER_WORDS,
        "body": known.body,
    }


def scales_of(request: PlanRequest, views: Iterable[MapView]) -> dict[str, float]:
    """Patient length over reference length on each view; 1 where the head cannot be right."""
    try:
        scale = head_scale(request.assessment, knowledge().body)
    except PlanInputError:
        scale = 1.0
    return {view.id: scale if view.region == SCALED_REGION else 1.0 for view in views}


def shelf(own: Sequence[Product], known: Knowledge) -> dict[str, list[Product]]:
    """Products to pick from: the clinic's own, those for injection, and those never to inject."""
    injected = [each for each in known.products.values() if each.route is Route.INJECTION]
    topical = [each for each in known.products.values() if each.route is not Route.INJECTION]
    return {
        "own": list(own),
        "injection": sorted(injected, key=lambda each: each.name.lower()),
        "topical": sorted(topical, key=lambda each: each.name.lower()),
    }


def map_data(
    views: Sequence[MapView], presets: Mapping[str, Any], scales: Mapping[str, float]
) -> dict[str, Any]:
    """What the map editor draws: views, and the zones that each preset brings."""
    return {
        "views": [
            {
                "id": view.id,
                "name": view.name,
                "region": view.region,
                "scale": scales[view.id],
                "outline": view.outline,
                "lines": view.lines,
                "labels": view.labels,
            }
            for view in views
        ],
        "presets": {key: zones_text(preset.zones) for key, preset in presets.items()},
    }


def map_points_text(plan: Plan | None, sheet: PlanSheet | None, *, replaces: bool = False) -> str:
    """The computed points, in mm of the reference map, and each zone's numbers, as JSON.

    ``replaces`` sends the zones along, where the server has changed the drawing.
    """
    if plan is None or sheet is None:
        return json.dumps({"views": {}, "zones": []})
    points = reference_points(plan.grid)
    found: dict[str, Any] = {
        "views": {
            view: [(round(x, 2), round(y, 2)) for x, y in dots] for view, dots in points.items()
        },
        "zones": [
            {"area_cm2": line.area_cm2, "points": line.points, "outside": line.outside_cm2}
            for line in sheet.zones
        ],
    }
    if replaces:
        found["replace"] = zones_text(plan.choice.zones)
    return json.dumps(found, separators=(",", ":"))
