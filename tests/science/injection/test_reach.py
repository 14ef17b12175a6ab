"""The reach of whole plans: what is said, what is kept, what is refused."""

import math
import time
import tomllib
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.gateways.knowledge import FOLDER, load_knowledge
from openmeso.science.injection.reach import NOT_SCALP, NOTHING_INJECTED, reach
from openmeso.science.injection.reach_text import duration, in_ten
from openmeso.science.planning.plan import compute_plan
from openmeso.terms.assessment import Assessment, Sex
from openmeso.terms.formula import Component, Formula
from openmeso.terms.grid import GridSpec
from openmeso.terms.plan import Plan, PlanChoice, PlanInputError, PlanRequest
from openmeso.terms.reach import Reach, SubstanceReach

KNOWLEDGE = load_knowledge()
ALL = ("minoxidil_0_5", "finasteride_0_05", "dutasteride_0_01")


@cache
def plan_of(
    products: tuple[str, ...] = ALL, spacing_mm: float = 10.0, preset: str = "vertex"
) -> Plan:
    assessment = Assessment(date(2026, 11, 20), "androgenetic_alopecia_male", Sex.MALE)
    choice = PlanChoice(
        start_on=date(2026, 12, 1),
        protocol="classic_weekly_10",
        preset=preset,
        grid=GridSpec(spacing_mm),
        volume_per_point_ml=0.05,
        depth_mm=2.0,
        formula=Formula("a", tuple(Component(one, 1.0) for one in products)),
    )
    return compute_plan(PlanRequest(assessment, choice), KNOWLEDGE)


@cache
def reach_of(products: tuple[str, ...] = ALL) -> Reach:
    return reach(plan_of(products), KNOWLEDGE)


def substance(name: str) -> SubstanceReach:
    return next(one for one in reach_of().substances if one.ingredient == name)


def test_every_known_ingredient_is_told_of_and_the_unknown_are_named() -> None:
    found = reach_of(("minoxidil_0_5", "dexpanthenol"))
    assert [one.ingredient for one in found.substances] == ["minoxidil"]
    assert found.unknown == (KNOWLEDGE.ingredients["dexpanthenol"].name,)
    assert "Nothing is known" in found.sentence


@pytest.mark.parametrize("name", ["minoxidil", "finasteride", "dutasteride"])
def test_fractions_levels_and_doubt_are_in_order(name: str) -> None:
    found = substance(name)
    for one in found.size_classes:
        assert 0 <= one.reached_low <= one.reached_fraction <= one.reached_high <= 1
        assert one.cmax >= 0
        assert one.auc >= 0
        assert list(one.strata) == sorted(one.strata)
    for reading in found.readings:
        for low, middle, high in zip(reading.low, reading.strata, reading.high, strict=True):
            assert 0 <= low <= middle <= high <= 1
    fractions = [share for _, share in found.coverage_curve]
    assert fractions == sorted(fractions, reverse=True)
    assert found.strata == found.readings[0].strata
    assert found.facts
    assert found.assumptions


@pytest.mark.parametrize("name", ["minoxidil", "finasteride", "dutasteride"])
def test_the_whole_dose_is_absorbed_in_the_end(name: str) -> None:
    found, plan = substance(name), plan_of()
    assert found.dose_mg == pytest.approx(
        next(dose.per_session for dose in plan.doses if dose.ingredient == name), rel=1e-12
    )
    assert found.absorbed[0] == (0.0, 0.0)
    assert found.absorbed[-1][1] == pytest.approx(found.dose_mg, rel=1e-3)
    assert found.equivalent is not None
    assert found.equivalent.sentence in found.systemic_sentence
    assert max(mg for _, mg in found.plasma) < found.dose_mg


def test_a_depot_is_given_as_a_range_never_one_number() -> None:
    depot = reach_of(("dutasteride_0_01",)).substances[0].depot
    assert depot is not None
    assert depot.longest_days > 100 * depot.shortest_days > 0
    assert duration(depot.longest_days * 24) in depot.sentence
    assert duration(depot.shortest_days * 24) in depot.sentence
    assert substance("finasteride").depot is None


def test_a_thin_depot_may_be_dissolved_from_the_start() -> None:
    depot = substance("dutasteride").depot
    assert depot is not None
    assert depot.shortest_days == 0.0
    assert "may also be dissolved from the start" in depot.sentence


def test_minoxidil_has_both_readings_and_they_contradict() -> None:
    first, second = substance("minoxidil").readings
    assert (first.id, second.id) == ("exposure", "concentration")
    assert first.strata[-1] > 10 * second.strata[-1]


def test_maps_lie_over_the_points() -> None:
    plan = plan_of()
    for one in substance("finasteride").maps:
        assert len(one.values) == len(one.y_mm)
        assert {len(row) for row in one.values} == {len(one.x_mm)}
        assert 0 <= min(map(min, one.values)) <= max(map(max, one.values)) <= 1
        points = [xy for zone in plan.grid.zones if zone.view == one.view for xy in zone.points_mm]
        assert one.x_mm[0] < min(x for x, _ in points) < max(x for x, _ in points) < one.x_mm[-1]
    views = {zone.view for zone in plan.grid.zones}
    assert {one.view for one in substance("finasteride").maps} == views


def test_the_same_plan_gives_the_same_reach() -> None:
    assert reach(plan_of(), KNOWLEDGE) == reach_of()


@pytest.mark.parametrize("bad", [0.0, -1.0, 30.0, math.nan, math.inf, None])
def test_a_needle_outside_the_scalp_is_refused(bad: float | None) -> None:
    plan = plan_of()
    wrong = replace(plan, choice=replace(plan.choice, depth_mm=bad))
    with pytest.raises(PlanInputError, match="8 mm") as caught:
        reach(wrong, KNOWLEDGE)
    assert caught.value.path == "choice.depth_mm"
    assert str(bad) in caught.value.message


@given(st.one_of(st.floats(max_value=0.0), st.just(math.nan), st.floats(min_value=1.001)))
@settings(max_examples=25, deadline=None)
def test_a_volume_that_is_none_is_refused(bad: float) -> None:
    plan = plan_of()
    with pytest.raises(PlanInputError, match="at most 1 mL"):
        reach(replace(plan, choice=replace(plan.choice, volume_per_point_ml=bad)), KNOWLEDGE)


def test_bad_strengths_and_intervals_are_refused() -> None:
    plan = plan_of()
    with pytest.raises(PlanInputError, match="nan per mL"):
        reach(replace(plan, doses=(replace(plan.doses[0], per_ml=math.nan),)), KNOWLEDGE)
    with pytest.raises(PlanInputError, match="interval_days"):
        reach(replace(plan, choice=replace(plan.choice, phases=())), KNOWLEDGE)


def test_nothing_injected_and_other_regions_say_so() -> None:
    plan = plan_of()
    assert reach(replace(plan, doses=()), KNOWLEDGE).sentence == NOTHING_INJECTED
    zones = tuple(replace(zone, region="face") for zone in plan.choice.zones)
    elsewhere = replace(plan, choice=replace(plan.choice, zones=zones))
    assert reach(elsewhere, KNOWLEDGE).sentence == NOT_SCALP


def test_words() -> None:
    said = [in_ten(at) for at in (0.0, 0.05, 0.1, 0.44, 0.96, 0.99)]
    assert said == ["almost none", "about 1 in 20", "about 1 in 10", "about 4 in 10",
                    "about 9 in 10", "nearly all"]  # fmt: skip
    assert [duration(at) for at in (0.2, 5, 100, 20000)] == [
        "12 minutes", "5 hours", "4.2 days", "2.3 years",
    ]  # fmt: skip


@pytest.mark.slow
def test_five_hundred_points_take_well_under_a_second() -> None:
    """The aim is 150 ms on a quiet machine; this only catches a slip of an order."""
    plan = plan_of(("finasteride_0_05",), 9.0, "whole_scalp")
    start = time.process_time()
    reach(plan, KNOWLEDGE)
    assert plan.grid.points >= 450
    assert time.process_time() - start < 1.5


@pytest.mark.parametrize("name", ["minoxidil", "finasteride", "dutasteride"])
def test_the_dose_is_in_skin_and_body_or_gone_at_every_hour(name: str) -> None:
    found = substance(name)
    assert found.balance_error <= 1e-9
    for at, (hour, mg) in zip(found.balance, found.plasma, strict=True):
        whole = at.in_skin_mg + at.in_body_mg + at.gone_mg
        assert whole == pytest.approx(found.dose_mg, rel=1e-9)
        assert (at.hour, at.in_body_mg) == (hour, mg)
    assert found.balance[0].in_skin_mg == pytest.approx(found.dose_mg)
    assert found.balance[-1].gone_mg > 0.9 * found.dose_mg
    assert found.balance[0].uptake_mg_h == pytest.approx(found.peak_rate_mg_h)


@pytest.mark.parametrize("name", ["minoxidil", "finasteride", "dutasteride"])
def test_the_level_in_the_blood_lies_within_its_doubt(name: str) -> None:
    blood = substance(name).blood
    assert blood is not None
    assert blood.peak_low_ng_ml <= blood.peak_ng_ml <= blood.peak_high_ng_ml
    for at in blood.course:
        assert 0.0 <= at.low <= at.middle <= at.high <= blood.peak_high_ng_ml * (1 + 1e-9)
    assert blood.sentence


def test_small_doses_of_dutasteride_leave_within_days_not_weeks() -> None:
    """One compartment with the label's half-life of five weeks said otherwise."""
    blood = substance("dutasteride").blood
    assert blood is not None
    assert blood.compartments == 2
    assert 2.0 < blood.half_life_h / 24 < 3.0
    assert 3.0 < blood.longest_half_life_h / 24 / 7 < 5.0


def test_a_whole_dose_at_once_fills_the_volume_of_finasteride() -> None:
    blood, found = substance("finasteride").blood, substance("finasteride")
    assert blood is not None
    assert blood.peak_high_ng_ml < found.dose_mg / 76.0 * 1e3
    assert blood.peak_high_ng_ml > 0.7 * found.dose_mg / 76.0 * 1e3


def test_bulges_have_their_own_course_and_time_of_the_highest_level() -> None:
    for one in substance("minoxidil").size_classes:
        assert one.bulge is not None
        for seen in (one, one.bulge):
            hours = [at.hour for at in seen.course]
            assert hours == sorted(hours)
            assert 0.0 <= seen.tmax_h <= hours[-1]
            assert seen.cmax >= max(at.middle for at in seen.course) * (1 - 1e-9)
        assert one.bulge.hours_above is not None


def test_who_responds_to_minoxidil_is_said_as_the_forecast_has_it() -> None:
    priors = tomllib.loads((FOLDER / "posterior" / "patient.toml").read_text())["responder"]
    card = KNOWLEDGE.substances["minoxidil"]
    assert card.responder_share is not None
    assert card.others_part is not None
    assert card.responder_share.middle == priors["share"]["value"]
    assert card.others_part.middle == priors["others_part"]["value"]
    said = substance("minoxidil").responders
    assert "4 in 10 (30% to 40%)" in said
    assert "assumption" in said
    assert substance("finasteride").responders == ""
