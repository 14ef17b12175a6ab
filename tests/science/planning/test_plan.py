"""The plan composed of everything: totals, published arithmetic, determinism."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.planning.plan import compute_plan
from openmeso.terms.assessment import Assessment, ScaleScore, Sex
from openmeso.terms.check import Strength
from openmeso.terms.formula import Component, Formula
from openmeso.terms.grid import GridSpec, Lattice
from openmeso.terms.plan import PlanChoice, PlanInputError, PlanRequest, PlanSetting
from openmeso.terms.protocol import Phase
from openmeso.terms.schedule import ClosingDays, RecordedLength
from openmeso.terms.zone import Exclusion, Zone

KNOWLEDGE = load_knowledge()
START = date(2026, 12, 1)
VITAMINS = Formula("Vitamins", (Component("dexpanthenol", 2.0), Component("biotin", 1.0)))


def asked(head_mm: float | None = None, **choice: object) -> PlanRequest:
    assessment = Assessment(
        date(2026, 11, 20),
        "androgenetic_alopecia_male",
        Sex.MALE,
        birth_date=date(1986, 5, 1),
        weight_kg=80.0,
        head_circumference_mm=head_mm,
        scores=(ScaleScore("norwood_hamilton", "III vertex"),),
    )
    return PlanRequest(assessment, PlanChoice(START, **{"protocol": "classic_weekly_10", **choice}))


def test_whole_scalp_by_hand() -> None:
    # whole scalp at the reference head: 500 cm2; the published grid of 1 cm is near 1 per cm2
    request = asked(
        preset="whole_scalp",
        grid=GridSpec(10.0, margin_mm=0.0),
        volume_per_point_ml=0.02,
        dead_space_ml=0.5,
        formula=VITAMINS,
        technique="point_by_point",
    )
    plan = compute_plan(request, KNOWLEDGE)
    assert plan.grid.area_cm2 == pytest.approx(500.0, abs=1e-9)
    assert plan.grid.points == pytest.approx(500, abs=12)
    assert plan.volume_per_session_ml == pytest.approx(plan.grid.points * 0.02, abs=1e-12)
    assert plan.prepared_volume_ml == pytest.approx(plan.volume_per_session_ml + 0.5, abs=1e-12)
    drawn = {one.product: one.volume_ml for one in plan.draw_up}
    assert drawn["dexpanthenol"] == pytest.approx(2 / 3 * plan.prepared_volume_ml, abs=1e-9)
    assert sum(drawn.values()) == pytest.approx(plan.prepared_volume_ml, abs=1e-9)
    assert plan.sessions == 10
    assert plan.needles == 5
    assert plan.minutes.minutes == pytest.approx(10 + plan.grid.points * 3 / 60)
    assert plan.conflict is not None
    assert plan.conflict.ratio == pytest.approx(
        plan.volume_per_session_ml / plan.conflict.published_high_ml
    )
    assert plan.knowledge_version == KNOWLEDGE.version


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["norwood_iii_vertex", "norwood_v", "ludwig_ii", "whole_scalp", "vertex"]),
    st.floats(6, 20),
    st.sampled_from(Lattice),
    st.floats(0.005, 0.1),
    st.floats(0.1, 5),
    st.floats(500, 620),
    st.integers(1, 13),
)
def test_total_dose_is_points_times_volume_times_concentration(
    preset, spacing, lattice, volume, parts, head_mm, sessions
) -> None:
    formula = Formula("x", (Component("dexpanthenol", parts), Component("biotin", 1.0)))
    plan = compute_plan(
        asked(
            head_mm,
            preset=preset,
            grid=GridSpec(spacing, lattice),
            volume_per_point_ml=volume,
            formula=formula,
            phases=(Phase(sessions, 7),),
        ),
        KNOWLEDGE,
    )
    points = sum(len(zone.points_mm) for zone in plan.grid.zones)
    assert points == plan.grid.points
    for product, share in (("dexpanthenol", parts / (parts + 1)), ("biotin", 1 / (parts + 1))):
        strength = KNOWLEDGE.products[product].strengths[0]
        dose = next(one for one in plan.doses if one.ingredient == strength.ingredient)
        expected = points * volume * share * strength.per_ml
        assert dose.per_session == pytest.approx(expected, rel=1e-9)
        assert sum(amount for _, amount in dose.per_zone) == pytest.approx(expected, rel=1e-9)
        assert dose.per_course == pytest.approx(sessions * expected, rel=1e-9)


def test_the_same_request_gives_the_same_plan() -> None:
    request = asked(preset="norwood_vi")
    assert compute_plan(request, KNOWLEDGE) == compute_plan(request, KNOWLEDGE)


def test_a_larger_head_has_more_skin_and_the_body_does_not_grow() -> None:
    small, large = (
        compute_plan(asked(head, preset="whole_scalp"), KNOWLEDGE) for head in (560.0, 616.0)
    )
    assert large.grid.scale == pytest.approx(1.1)
    assert large.grid.area_cm2 == pytest.approx(1.21 * small.grid.area_cm2)
    knees = [
        compute_plan(asked(head, preset="knee", formula=VITAMINS), KNOWLEDGE)
        for head in (560.0, 616.0)
    ]
    assert knees[0].grid == knees[1].grid


def test_scars_and_overdrawn_zones_are_left_out() -> None:
    wide = Zone(
        "Wide",
        "scalp_top",
        ((-150.0, -40.0), (150.0, -40.0), (150.0, 40.0), (-150.0, 40.0)),
        (Exclusion((0.0, 0.0), 15.0, "scar"),),
    )
    grid = compute_plan(asked(zones=(wide,)), KNOWLEDGE).grid.zones[0]
    assert grid.outside_cm2 > 50
    assert all(x * x + y * y >= 17.0**2 - 1e-9 for x, y in grid.points_mm)


def test_a_chosen_way_out_ends_the_conflict() -> None:
    request = asked(preset="whole_scalp")
    conflict = compute_plan(request, KNOWLEDGE).conflict
    assert conflict is not None
    for way in conflict.ways_out:
        if way.spacing_mm is not None:
            choice = replace(request.choice, grid=GridSpec(way.spacing_mm))
        elif way.volume_per_point_ml is not None:
            choice = replace(request.choice, volume_per_point_ml=way.volume_per_point_ml)
        else:
            continue
        assert compute_plan(replace(request, choice=choice), KNOWLEDGE).conflict is None


def test_the_techniques_volume_counts_where_the_protocol_prints_none() -> None:
    request = asked(
        protocol="", technique="nappage", phases=(Phase(3, 7),), formula=VITAMINS, preset="top"
    )
    conflict = compute_plan(request, KNOWLEDGE).conflict
    published = KNOWLEDGE.techniques["nappage"].session_volume_ml
    assert conflict is not None
    assert published is not None
    assert conflict.published_high_ml == published.upper
    assert conflict.facts == published.facts


def test_microneedling_plans_without_a_drop() -> None:
    request = asked(
        protocol="", technique="microneedling", phases=(Phase(4, 21),), preset="norwood_iv"
    )
    plan = compute_plan(request, KNOWLEDGE)
    assert (plan.volume_per_session_ml, plan.doses, plan.draw_up) == (0.0, (), ())
    assert plan.conflict is None
    assert plan.needles == 1


def test_setting_reaches_schedule_and_minutes() -> None:
    closed = ClosingDays(weekdays=(2, 3, 4, 5, 6, 7))
    setting = PlanSetting(
        closing_days=closed,
        recorded=tuple([RecordedLength("point_by_point", 60, 60.0)] * 10),
    )
    plan = compute_plan(replace(asked(), setting=setting), KNOWLEDGE)
    assert {visit.on.isoweekday() for visit in plan.visits} == {1}
    assert plan.visits[0].on >= START + timedelta(6)
    assert plan.minutes.recorded == 10
    assert plan.minutes.minutes > 30


def test_buflomedil_blocks_whatever_reason_is_given() -> None:
    product = next(
        one.id
        for one in KNOWLEDGE.products.values()
        if any(strength.ingredient == "buflomedil" for strength in one.strengths)
    )
    plan = compute_plan(asked(formula=Formula("x", (Component(product, 1.0),))), KNOWLEDGE)
    assert plan.blocked
    assert not plan.can_be_approved
    assert any(finding.strength is Strength.BLOCK for finding in plan.findings)


@pytest.mark.parametrize("preset", KNOWLEDGE.presets)
@pytest.mark.parametrize("technique", ["point_by_point", "nappage", "papule"])
def test_every_preset_can_be_planned_with_every_hand_technique(preset, technique) -> None:
    plan = compute_plan(asked(preset=preset, technique=technique, formula=VITAMINS), KNOWLEDGE)
    assert plan.grid.points > 0
    assert plan.layers
    assert all(zone.outside_cm2 == 0 for zone in plan.grid.zones)


@pytest.mark.parametrize("protocol", KNOWLEDGE.protocols)
def test_every_published_protocol_can_be_planned(protocol: str) -> None:
    known = KNOWLEDGE.protocols[protocol]
    indication = known.indications[0]
    request = asked(
        protocol=protocol,
        preset="vertex" if KNOWLEDGE.indications[indication].group == "hair" else "knee",
        formula=None if known.components else VITAMINS,
    )
    request = replace(request, assessment=replace(request.assessment, indication=indication))
    plan = compute_plan(request, KNOWLEDGE)
    assert plan.sessions == known.sessions
    weeks = {visit.week for visit in plan.visits if visit.session_number is None}
    if KNOWLEDGE.indications[indication].group == "hair":
        assert set(known.assessment_weeks) | {0, 12, 24} <= weeks
    else:
        assert weeks == {0, *known.assessment_weeks}


def test_bad_input_names_its_field() -> None:
    with pytest.raises(PlanInputError) as head:
        compute_plan(asked(56.0), KNOWLEDGE)
    assert head.value.path == "assessment.head_circumference_mm"
    with pytest.raises(PlanInputError) as view:
        compute_plan(asked(zones=(Zone("z", "moon", ((0, 0), (1, 0), (0, 1))),)), KNOWLEDGE)
    assert view.value.path == "choice.zones[0].view"


ANY_NUMBER = st.floats() | st.floats(-200, 200) | st.sampled_from([0.0, 1e-300, 1e308])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(ANY_NUMBER, ANY_NUMBER), max_size=8).map(tuple),
    st.lists(st.tuples(ANY_NUMBER, ANY_NUMBER, ANY_NUMBER), max_size=2),
    st.builds(GridSpec, ANY_NUMBER, st.sampled_from(Lattice), ANY_NUMBER, ANY_NUMBER),
    st.none() | ANY_NUMBER,
    st.none() | ANY_NUMBER,
    st.none() | ANY_NUMBER,
)
def test_any_input_gives_a_plan_or_names_the_field(polygon, spots, spec, volume, depth, head_mm):
    exclusions = tuple(Exclusion((x, y), radius) for x, y, radius in spots)
    zone = Zone("z", "scalp_top", polygon, exclusions)
    request = asked(head_mm, zones=(zone,), grid=spec, volume_per_point_ml=volume, depth_mm=depth)
    try:
        plan = compute_plan(request, KNOWLEDGE)
    except PlanInputError as error:
        refused = error
    else:
        assert plan.grid.points > 0
        return
    assert refused.path.split(".")[0] in ("assessment", "choice")
    assert refused.remedy
