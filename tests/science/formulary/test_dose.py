"""Doses: worked by hand, and for any numbers."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.formulary.dose import concentrations, ingredient_doses, volume_shares
from openmeso.terms.formula import Component, Formula
from openmeso.terms.product import Product, Strength
from openmeso.terms.units import DoseUnit, mg_per_ml_from_percent


def product(name, *strengths, ampoule_ml=2.0):
    return Product(id=name, name=name.title(), strengths=strengths, ampoule_ml=ampoule_ml)


MINOXIDIL = product("minoxidil_0_5", Strength("minoxidil", mg_per_ml_from_percent(0.5)))
LIDOCAINE = product("lidocaine_1", Strength("lidocaine", 10.0, form="plain"))
LIDOCAINE_EPI = product("lidocaine_1_epi", Strength("lidocaine", 10.0, form="with_epinephrine"))
VITAMINS = product("vitamins", Strength("biotin", 5.0), Strength("dexpanthenol", 250.0))
PRODUCTS = {each.id: each for each in (MINOXIDIL, LIDOCAINE, LIDOCAINE_EPI, VITAMINS)}


def formula(*parts):
    return Formula("test", tuple(Component(name, part) for name, part in parts))


def test_uzel_2_ml_of_minoxidil_half_a_percent_is_10_mg():
    (dose,) = ingredient_doses(
        formula(("minoxidil_0_5", 1)), PRODUCTS, (("frontal", 25), ("vertex", 15)), 0.05, 10
    )
    assert dose.unit is DoseUnit.MG
    assert dose.per_ml == 5.0
    assert dose.per_point == pytest.approx(0.25, abs=1e-12)
    assert dict(dose.per_zone) == pytest.approx({"frontal": 6.25, "vertex": 3.75}, abs=1e-12)
    assert dose.per_session == pytest.approx(10.0, abs=1e-12)
    assert dose.per_course == pytest.approx(100.0, abs=1e-12)


def test_36_points_of_a_twentieth_of_finasteride_0_05_percent_are_0_9_mg():
    finasteride = product("finasteride_0_05", Strength("finasteride", 0.5))
    (dose,) = ingredient_doses(
        formula(("finasteride_0_05", 1)), {finasteride.id: finasteride}, (("scalp", 36),), 0.05, 1
    )
    assert dose.per_session == pytest.approx(0.9, abs=1e-12)


def test_parts_dilute_whatever_they_add_up_to():
    for scale in (1, 3, 0.1):
        mixed = formula(("minoxidil_0_5", 3 * scale), ("lidocaine_1", 1 * scale))
        found = {c.ingredient: c.per_ml for c in concentrations(mixed, PRODUCTS)}
        assert found == pytest.approx({"minoxidil": 3.75, "lidocaine": 2.5}, abs=1e-12)


def test_a_product_named_twice_counts_once_with_its_parts_added():
    twice = formula(("minoxidil_0_5", 1), ("lidocaine_1", 2), ("minoxidil_0_5", 1))
    assert volume_shares(twice) == {"minoxidil_0_5": 0.5, "lidocaine_1": 0.5}


def test_forms_of_one_ingredient_stay_apart():
    mixed = formula(("lidocaine_1", 1), ("lidocaine_1_epi", 1))
    found = {c.form: c.per_ml for c in concentrations(mixed, PRODUCTS)}
    assert found == {"plain": 5.0, "with_epinephrine": 5.0}


def test_one_product_may_bring_several_ingredients():
    found = {
        d.ingredient: d.per_session
        for d in ingredient_doses(formula(("vitamins", 1)), PRODUCTS, (("z", 10),), 0.1, 1)
    }
    assert found == pytest.approx({"biotin": 5.0, "dexpanthenol": 250.0})


def test_no_points_no_dose():
    (dose,) = ingredient_doses(formula(("minoxidil_0_5", 1)), PRODUCTS, (), 0.05, 10)
    assert dose.per_session == 0.0
    assert dose.per_zone == ()


@pytest.mark.parametrize("part", [0.0, -1.0, float("nan")])
def test_a_part_must_be_above_zero(part):
    with pytest.raises(ValueError, match="above zero"):
        volume_shares(formula(("minoxidil_0_5", part)))


def test_an_empty_formula_is_refused():
    with pytest.raises(ValueError, match="at least one product"):
        volume_shares(formula())


@pytest.mark.parametrize(
    ("points", "volume_ml", "sessions"), [(-1, 0.05, 1), (1, -0.05, 1), (1, 0.05, -1)]
)
def test_negative_numbers_are_refused(points, volume_ml, sessions):
    with pytest.raises(ValueError, match="negative"):
        ingredient_doses(
            formula(("minoxidil_0_5", 1)), PRODUCTS, (("z", points),), volume_ml, sessions
        )


@given(
    points=st.lists(st.integers(0, 2000), min_size=1, max_size=6),
    volume_ml=st.floats(0.001, 0.5),
    per_ml=st.floats(0.001, 500),
    sessions=st.integers(1, 40),
    parts=st.tuples(st.floats(0.05, 20), st.floats(0.05, 20)),
)
def test_total_dose_is_points_times_volume_times_concentration(
    points, volume_ml, per_ml, sessions, parts
):
    drug = product("drug", Strength("drug", per_ml))
    saline = product("saline", Strength("saline", 1.0, DoseUnit.ML))
    mixed = formula(("drug", parts[0]), ("saline", parts[1]))
    doses = ingredient_doses(
        mixed,
        {"drug": drug, "saline": saline},
        [(str(i), n) for i, n in enumerate(points)],
        volume_ml,
        sessions,
    )
    dose = next(d for d in doses if d.ingredient == "drug")
    concentration = per_ml * parts[0] / (parts[0] + parts[1])
    expected = sum(points) * volume_ml * concentration
    assert isclose(dose.per_session, expected, rel_tol=1e-9, abs_tol=1e-9)
    assert isclose(dose.per_course, sessions * expected, rel_tol=1e-9, abs_tol=1e-9)
    assert isclose(sum(n for _, n in dose.per_zone), expected, rel_tol=1e-9, abs_tol=1e-9)
    assert isclose(dose.per_point * sum(points), expected, rel_tol=1e-9, abs_tol=1e-9)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=8))
def test_shares_add_up_to_one(parts):
    shares = volume_shares(formula(*((f"p{i}", part) for i, part in enumerate(parts))))
    assert isclose(sum(shares.values()), 1.0, rel_tol=1e-12)
