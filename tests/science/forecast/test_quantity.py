"""Units as published, turned into the units of the forecast."""

from dataclasses import replace

import pytest

from openmeso.science.forecast.quantity import (
    Kind,
    NotForecastable,
    area_cm2,
    observed_change,
    quantity_of,
)
from openmeso.terms.study import ArmDesign, ArmOutcome

DESIGN = ArmDesign(
    row_id="R1",
    study_key="Study",
    design="RCT placebo-controlled",
    population_sex="M",
    n_arm=50,
    arm_id="A",
    arm_label="topical minoxidil 5% bid",
    intervention_class="topical_minoxidil",
    intervention="topical minoxidil 5% bid",
    concentration_mg_ml=50.0,
    n_sessions="",
    followup_week=24.0,
    outcome_name="hair density change",
    outcome_unit="hairs/cm2",
    outcome_family="density",
    measurement_area="",
)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("hairs/cm2", 1.0),
        ("hairs per cm²", 1.0),
        ("hairs per 5.07 cm2", 5.07),
        ("hairs/0.65 cm2", 0.65),
        ("hairs/inch2", 6.4516),
        ("65 mm2", 0.65),
        ("hairs per 4-mm biopsy", 0.125664),
        ("4 mm punch (0.126 cm2)", 0.126),
        ("1-inch target area", 5.06707),
        ("hairs per field", None),
        ("hairs per 0 cm2", None),
        ("", None),
    ],
)
def test_the_area_that_a_unit_names(text, area):
    assert area_cm2(text) == (None if area is None else pytest.approx(area, rel=1e-5))


@pytest.mark.parametrize(
    ("change", "kind", "area"),
    [
        ({}, Kind.DENSITY, 1.0),
        ({"outcome_unit": "hairs per target area", "measurement_area": "1 cm2"}, Kind.DENSITY, 1.0),
        ({"outcome_unit": "hairs per target area"}, Kind.PERCENT, 1.0),
        ({"outcome_unit": "% of baseline"}, Kind.PERCENT, 1.0),
        ({"outcome_family": "terminal_density"}, Kind.TERMINAL, 1.0),
        ({"outcome_family": "tv_ratio", "outcome_unit": "ratio"}, Kind.TV, 1.0),
        ({"outcome_family": "tv_ratio", "outcome_unit": "%"}, Kind.TERMINAL_SHARE, 1.0),
        ({"outcome_family": "hair_weight", "outcome_unit": "% of baseline"}, Kind.WEIGHT, 1.0),
        ({"outcome_family": "density_net_vs_control"}, Kind.NET, 1.0),
    ],
)
def test_what_is_forecast_for_a_row(change, kind, area):
    quantity = quantity_of(replace(DESIGN, **change))
    assert (quantity.kind, quantity.area_cm2) == (kind, area)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"outcome_family": "adverse_event"}, "outcome family adverse_event is not forecast"),
        ({"followup_week": 0.0}, "baseline row"),
        ({"outcome_unit": "p value only"}, "outcome unit is 'p value only'"),
        ({"outcome_unit": ""}, "the area of '' is not known"),
        (
            {"outcome_family": "hair_weight", "outcome_unit": "mg"},
            "weight is forecast in % of baseline",
        ),
        (
            {"outcome_family": "terminal_density", "outcome_unit": "hairs per field"},
            "the area of 'hairs per field' is not known",
        ),
        (
            {
                "outcome_family": "density_net_vs_control",
                "outcome_name": "net difference vs topical 5% (vertex)",
            },
            "the comparator is an active arm",
        ),
    ],
)
def test_a_row_that_is_not_forecast_says_why(change, reason):
    with pytest.raises(NotForecastable) as refused:
        quantity_of(replace(DESIGN, **change))
    assert reason in str(refused.value)


def found(unit, outcome, family="density"):
    design = replace(DESIGN, outcome_unit=unit, outcome_family=family)
    return observed_change(quantity_of(design), outcome)


def test_what_was_observed_in_the_unit_of_the_forecast():
    assert found("hairs per 5.1 cm2", ArmOutcome(change_mean=107.0)) == pytest.approx(
        20.98, abs=0.01
    )
    assert found("hairs/inch2", ArmOutcome(change_mean=12.52)) == pytest.approx(1.9406, abs=1e-4)
    means = ArmOutcome(baseline_mean=158.2, followup_mean=270.2)
    assert found("hairs per 5.07 cm2", means) == pytest.approx(112 / 5.07)
    assert found("hairs per field", means) == pytest.approx(100 * 112 / 158.2)
    assert found("% of baseline", ArmOutcome(change_pct=-13.0)) == -13.0
    assert found("ratio", ArmOutcome(baseline_mean=2.6, followup_mean=3.8), "tv_ratio") == (
        pytest.approx(1.2)
    )
    assert found("hairs/cm2", ArmOutcome(followup_mean=120.0)) is None
    assert found("% of baseline", ArmOutcome(change_mean=5.0)) is None
