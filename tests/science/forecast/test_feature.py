"""What the model reads from a design, and that it reads nothing else."""

from dataclasses import fields, replace
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways.posterior import read_posterior
from openmeso.science.forecast.feature import feature_of, female_share
from openmeso.science.forecast.intervention import (
    CLASSES,
    changed_treatment,
    dose_of,
    has_no_control,
)
from openmeso.science.forecast.quantity import NotForecastable
from openmeso.science.forecast.response import relative_dose
from openmeso.terms.study import ArmDesign, ArmOutcome
from tests.science.forecast.test_quantity import DESIGN

POSTERIOR, _ = read_posterior()


def feature(**change):
    return feature_of(replace(DESIGN, **change), POSTERIOR.structure, POSTERIOR.priors)


def test_design_and_outcome_share_no_column():
    assert not {one.name for one in fields(ArmDesign)} & {one.name for one in fields(ArmOutcome)}


@pytest.mark.parametrize(
    ("text", "share"),
    [("M", 0.0), ("F", 1.0), ("M+F", 0.5), ("", 0.5), ("4 M, 16 F", 0.8), ("5 M, 27 F", 27 / 32)],
)
def test_share_of_women(text, share):
    assert female_share(text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("change", "dose"),
    [
        ({}, 5.0),
        ({"concentration_mg_ml": None, "intervention": "topical minoxidil 2% or 5%"}, 3.5),
        ({"concentration_mg_ml": None, "intervention": "topical minoxidil"}, None),
        ({"intervention_class": "oral_dutasteride", "intervention": "oral 0.02 mg/d"}, 0.02),
        (
            {
                "intervention_class": "oral_minoxidil",
                "intervention": "0.5 mg/d, raised to 1.5-2 mg/d at 3 months",
            },
            4 / 3,
        ),
        ({"intervention_class": "mesotherapy_pdrn", "intervention": "5 mg"}, None),
    ],
)
def test_dose_from_the_words_of_the_design(change, dose):
    assert dose_of(replace(DESIGN, **change)) == (None if dose is None else pytest.approx(dose))


@given(st.floats(0.001, 100.0), st.floats(0.001, 100.0), st.floats(0.001, 10.0))
def test_more_drug_never_does_less(one, other, half):
    low, high = sorted((one, other))
    name = "dutasteride_oral_mg"
    assert relative_dose(name, low, half, 1.0) <= relative_dose(name, high, half, 1.0) + 1e-12
    assert relative_dose(name, 0.5, half, 1.0) == pytest.approx(1.0)
    assert relative_dose(name, None, half, 1.0) == 1.0


def test_a_control_arm_that_was_given_the_drug_is_no_control_any_more():
    crossed = {
        "intervention_class": "control_placebo",
        "arm_label": "placebo 4 months then minoxidil 3%",
    }
    assert not changed_treatment(replace(DESIGN, **crossed), 17.0)
    assert changed_treatment(replace(DESIGN, **crossed), 52.0)
    assert not changed_treatment(DESIGN, 52.0)
    with pytest.raises(NotForecastable, match="had changed its treatment"):
        feature(**crossed, followup_week=52.0)


@pytest.mark.parametrize(
    ("text", "uncontrolled"),
    [
        ("RCT placebo-controlled 48 wk", False),
        ("open-label single-arm 24 wk", True),
        ("retrospective case series", True),
        ("controlled clinical trial (saline control)", False),
        ("two-arm prospective (no untreated control)", True),
    ],
)
def test_studies_without_a_control(text, uncontrolled):
    assert has_no_control(replace(DESIGN, design=text)) is uncontrolled


@given(
    st.text(max_size=20),
    st.text(max_size=20),
    st.text(alphabet="0123456789 .%mgcm2-/²inchxthen", max_size=24),
    st.one_of(st.none(), st.floats(0.0, 1e6)),
    st.sampled_from(sorted(CLASSES)),
)
def test_no_words_break_a_design(sex, design, words, week, name):
    try:
        made = feature(
            population_sex=sex,
            design=design,
            arm_label=words,
            intervention=words,
            outcome_unit=words,
            measurement_area=words,
            followup_week=week,
            intervention_class=name,
            concentration_mg_ml=None,
        )
    except NotForecastable:
        return
    weights = [*made.drift.values(), *made.effect.values(), made.spread, made.noise_sd]
    assert all(map(isfinite, weights))
    assert made.quantity.area_cm2 > 0


def test_controls_have_no_drug_effect_and_injection_needles_none_of_their_own():
    for name in ("control_placebo", "control_saline_injection", "control_untreated"):
        assert not feature(intervention_class=name).effect
    assert "needling" not in feature(intervention_class="mesotherapy_minoxidil").effect
    assert "needling" in feature(intervention_class="microneedling_plus_minoxidil").effect
    assert feature(intervention_class="control_untreated").drift["placebo"] == 0


def test_a_net_difference_holds_no_drift():
    net = feature(outcome_family="density_net_vs_control", outcome_name="net vs placebo")
    assert net.drift == {}
    assert net.effect["any_active"] == pytest.approx(1.0, rel=1e-9)  # 24 weeks, count


def test_every_known_class_has_a_feature():
    for name in CLASSES:
        assert feature(intervention_class=name).noise_sd > 0


def test_what_is_not_stated_is_assumed_and_said():
    assert feature(followup_week=None, n_arm=None).assumed == (
        "week 24",
        "40 patients in the arm",
    )
    assert feature().assumed == ()
    with pytest.raises(NotForecastable, match="intervention class 'laser' is not known"):
        feature(intervention_class="laser")
    with pytest.raises(NotForecastable, match="week 900 is beyond"):
        feature(followup_week=900.0)


def test_more_patients_leave_less_noise():
    assert feature(n_arm=400).noise_sd < feature(n_arm=20).noise_sd
    assert feature(n_arm=400).noise_sd > POSTERIOR.priors.measurement["density"][0]
