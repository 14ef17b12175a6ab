"""The plan: everything computed from one request and the knowledge."""

import math
from dataclasses import replace
from typing import TypeVar

from openmeso.science.formulary.check import CheckContext, run_checks, split_findings
from openmeso.science.formulary.dose import ingredient_doses
from openmeso.science.formulary.equivalent import systemic_equivalents
from openmeso.science.formulary.mixture import draw_up, ph_estimate
from openmeso.science.injection.grid import lay_on
from openmeso.science.injection.layer import reached_layers
from openmeso.science.injection.volume import PlannedVolume, volume_conflict
from openmeso.science.injection.zone import TreatedZone, head_scale, treated_zones, view_scales
from openmeso.science.planning.choice import (
    products_of,
    protocol_of,
    resolve_choice,
    technique_of,
)
from openmeso.science.planning.minutes import session_minutes
from openmeso.science.planning.schedule import MEASUREMENT_WEEKS, build_schedule
from openmeso.science.planning.site import zone_regions
from openmeso.terms.formula import PhEstimate
from openmeso.terms.grid import Grid
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan, PlanChoice, PlanRequest, VolumeConflict
from openmeso.terms.protocol import Protocol
from openmeso.terms.provenance import Quantity
from openmeso.terms.schedule import Visit
from openmeso.terms.technique import Technique

T = TypeVar("T")

# what is measured at a visit, by the indication's group
_HAIR = "hair"
_MEASURES = {_HAIR: "Trichoscopy and photographs", "pain": "Pain and function scales"}
_OTHER_MEASURES = "Scales and photographs"


def compute_plan(request: PlanRequest, knowledge: Knowledge) -> Plan:
    """The whole plan. The same request and knowledge always give the same plan.

    Raises
    ------
    PlanInputError
        When the request is incomplete or contradicts itself; the error names the field.
    """
    choice = resolve_choice(request, knowledge)
    protocol = protocol_of(request, knowledge)
    technique = technique_of(choice, protocol, knowledge)
    treated = _treated(request, choice, knowledge)
    grid = lay_on(treated, _given(choice.grid))
    visits = _visits(request, choice, protocol, knowledge)
    products = products_of(request, knowledge)
    formula = choice.formula
    volume_per_point_ml = _given(choice.volume_per_point_ml)
    volume_ml = grid.points * volume_per_point_ml
    prepared_ml = volume_ml + choice.dead_space_ml
    sessions = sum(visit.session_number is not None for visit in visits)
    points_by_zone = [(zone.zone, len(zone.points_mm)) for zone in grid.zones]
    doses = (
        ingredient_doses(formula, products, points_by_zone, volume_per_point_ml, sessions)
        if formula
        else ()
    )
    ph = ph_estimate(formula, products) if formula else PhEstimate(None, None)
    minutes = session_minutes(technique, grid.points, request.setting.recorded)
    conflict = _conflict(choice, protocol, technique, treated, grid)
    context = CheckContext(
        request=replace(request, choice=choice),
        knowledge=knowledge,
        products=products,
        doses=doses,
        ph=ph,
        grid=grid,
        volume_per_session_ml=volume_ml,
        technique=technique,
        visits=visits,
        minutes=minutes,
        conflict=conflict,
    )
    findings = run_checks(context, tuple(knowledge.checks.values()))
    judged = split_findings(findings, choice.overrides)
    return Plan(
        request=request,
        choice=choice,
        grid=grid,
        volume_per_session_ml=volume_ml,
        prepared_volume_ml=prepared_ml,
        doses=doses,
        draw_up=draw_up(formula, products, prepared_ml) if formula else (),
        ph=ph,
        equivalents=systemic_equivalents(doses, knowledge.equivalents),
        layers=reached_layers(
            zone_regions(choice.zones, knowledge.views), _given(choice.depth_mm), knowledge.layers
        ),
        needles=math.ceil(grid.points / technique.points_per_needle.lower),
        minutes=minutes,
        visits=visits,
        conflict=conflict,
        findings=findings,
        blocked=judged.blocked,
        open_overrides=judged.open_overrides,
        knowledge_version=knowledge.version,
    )


def _given(value: T | None) -> T:
    """A field that :func:`resolve_choice` has filled in."""
    if value is None:
        raise ValueError("the choice is not resolved")
    return value


def _treated(
    request: PlanRequest, choice: PlanChoice, knowledge: Knowledge
) -> tuple[TreatedZone, ...]:
    scale = head_scale(request.assessment, knowledge.body)
    scales = view_scales(choice.zones, knowledge.views, scale)
    outlines = {view: knowledge.views[view].outline for view in scales}
    return treated_zones(choice.zones, scales, outlines)


def _visits(
    request: PlanRequest, choice: PlanChoice, protocol: Protocol | None, knowledge: Knowledge
) -> tuple[Visit, ...]:
    group = knowledge.indications[request.assessment.indication].group
    weeks = protocol.assessment_weeks if protocol else ()
    return build_schedule(
        choice.phases,
        choice.start_on,
        request.setting.closing_days,
        weeks,
        _MEASURES.get(group, _OTHER_MEASURES),
        # hair grows slowly and is measured for half a year; others as their protocol says
        MEASUREMENT_WEEKS if group == _HAIR or not weeks else (),
    )


def _conflict(
    choice: PlanChoice,
    protocol: Protocol | None,
    technique: Technique,
    treated: tuple[TreatedZone, ...],
    grid: Grid,
) -> VolumeConflict | None:
    published = _published_volume(protocol, technique)
    if published is None or not technique.injects:
        return None
    planned = PlannedVolume(
        treated, _given(choice.grid), grid.points, _given(choice.volume_per_point_ml)
    )
    return volume_conflict(planned, published, technique.volume_per_point_ml)


def _published_volume(protocol: Protocol | None, technique: Technique) -> Quantity | None:
    """The protocol's session volume [mL] where it prints one, else the technique's."""
    if protocol is None or protocol.session_volume_ml is None:
        return technique.session_volume_ml
    return Quantity(
        "mL",
        value=protocol.session_volume_ml,
        facts=protocol.facts,
        assumption=protocol.assumption or "the protocol's own session volume",
    )
