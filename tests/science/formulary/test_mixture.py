"""Drawing up and pH."""

from fractions import Fraction
from math import ceil, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.formulary.mixture import ampoules_needed, draw_up, ph_estimate
from openmeso.terms.formula import Component, Formula
from openmeso.terms.product import Product
from openmeso.terms.provenance import Quantity


def product(name, ampoule_ml=2.0, ph=None):
    label = Quantity(unit="", low=ph[0], high=ph[1], facts=("F0001",)) if ph else None
    return Product(id=name, name=name.title(), strengths=(), ampoule_ml=ampoule_ml, ph=label)


def formula(*parts):
    return Formula("test", tuple(Component(name, part) for name, part in parts))


PRODUCTS = {
    "minoxidil": product("minoxidil", 5.0),
    "lidocaine": product("lidocaine", 5.0, ph=(5.0, 7.0)),
    "procaine": product("procaine", 2.0, ph=(3.0, 5.5)),
    "vitamin_c": product("vitamin_c", 5.0, ph=(5.5, 7.0)),
}


def test_four_ml_in_three_parts():
    drawn = draw_up(formula(("minoxidil", 2), ("lidocaine", 1), ("procaine", 1)), PRODUCTS, 4.0)
    assert [(d.product, d.volume_ml, d.ampoules, d.waste_ml) for d in drawn] == [
        ("minoxidil", 2.0, 1, 3.0),
        ("lidocaine", 1.0, 1, 4.0),
        ("procaine", 1.0, 1, 1.0),
    ]
    assert drawn[0].product_name == "Minoxidil"
    assert drawn[0].ampoule_ml == 5.0


def test_the_same_product_twice_is_drawn_once():
    (drawn,) = draw_up(formula(("procaine", 1), ("procaine", 3)), PRODUCTS, 5.0)
    assert (drawn.volume_ml, drawn.ampoules, drawn.waste_ml) == (5.0, 3, 1.0)


@pytest.mark.parametrize(
    ("volume_ml", "ampoule_ml", "ampoules"),
    [
        (0.0, 2.0, 0),
        (0.1 + 0.2, 0.1, 3),  # 0.30000000000000004
        (0.7 + 0.1, 0.1, 8),  # 0.7999999999999999
        (6.0, 2.0, 3),
        (6.000001, 2.0, 4),
        (1.1 * 3, 1.1, 3),
        (5.999999, 2.0, 3),
        (0.02 * 150, 1.0, 3),
        (0.05, 5.0, 1),
    ],
)
def test_ampoules(volume_ml, ampoule_ml, ampoules):
    assert ampoules_needed(volume_ml, ampoule_ml) == ampoules


@given(
    points=st.integers(0, 3000),
    volume_ul=st.integers(1, 500),
    ampoule_ml=st.sampled_from(["1", "1.1", "2", "2.5", "3", "5", "5.3", "10", "20"]),
)
def test_ampoules_agree_with_exact_fractions(points, volume_ul, ampoule_ml):
    exact = ceil(Fraction(points * volume_ul, 1000) / Fraction(ampoule_ml))
    assert ampoules_needed(points * (volume_ul / 1000), float(ampoule_ml)) == exact


@given(
    parts=st.lists(st.floats(0.05, 10), min_size=1, max_size=5),
    prepared_ml=st.floats(0, 60),
)
def test_volumes_add_up_and_waste_is_what_is_left(parts, prepared_ml):
    names = [*PRODUCTS, "minoxidil"]
    drawn = draw_up(formula(*zip(names, parts, strict=False)), PRODUCTS, prepared_ml)
    assert isclose(sum(d.volume_ml for d in drawn), prepared_ml, rel_tol=1e-9, abs_tol=1e-12)
    for each in drawn:
        assert 0 <= each.waste_ml < each.ampoule_ml
        assert isclose(
            each.volume_ml + each.waste_ml, each.ampoules * each.ampoule_ml, abs_tol=1e-8
        )


@pytest.mark.parametrize(("volume_ml", "ampoule_ml"), [(1.0, 0.0), (1.0, -2.0), (-1.0, 2.0)])
def test_nonsense_volumes_are_refused(volume_ml, ampoule_ml):
    with pytest.raises(ValueError, match="ampoule"):
        ampoules_needed(volume_ml, ampoule_ml)


def test_a_negative_prepared_volume_is_refused():
    with pytest.raises(ValueError, match="negative"):
        draw_up(formula(("procaine", 1)), PRODUCTS, -1.0)


def test_ph_envelope_from_the_lowest_to_the_highest_label():
    estimate = ph_estimate(formula(("procaine", 1), ("vitamin_c", 9)), PRODUCTS)
    assert (estimate.low, estimate.high, estimate.unknown) == (3.0, 7.0, ())


def test_ph_unknown_products_are_named_and_the_others_still_count():
    estimate = ph_estimate(formula(("minoxidil", 1), ("lidocaine", 1)), PRODUCTS)
    assert (estimate.low, estimate.high, estimate.unknown) == (5.0, 7.0, ("minoxidil",))


def test_ph_of_unknown_products_only():
    estimate = ph_estimate(formula(("minoxidil", 1)), PRODUCTS)
    assert (estimate.low, estimate.high, estimate.unknown) == (None, None, ("minoxidil",))
