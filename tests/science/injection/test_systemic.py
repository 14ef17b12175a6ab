"""The body: closed forms against a general solver, kept mass, published levels of tablets."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from openmeso.science.injection.absorption import absorbed_mg, site_mg
from openmeso.science.injection.systemic import (
    NG_ML_PER_MG_L,
    Body,
    body_mass,
    half_life_h,
    shut,
    wide_open,
)

ONE = Body(76.0, 9.9)
TWO = Body(104.0, 0.35, 203.0, 20.1)
# as published from tablets (per amount swallowed): V 173 + 338 L, Q 33.5 L/h, CL 0.583 L/h,
# at most 5.91 µg/h by the path that saturates, half of it at 0.957 ng/mL; uptake 2.41 1/h
DUTASTERIDE = Body(173.0, 0.583, 338.0, 33.5, 5.91e-3, 0.957e-3)
UPTAKE_PER_H = 2.41

rates = st.floats(1e-3, 20.0)
bodies = st.builds(
    Body, st.floats(1.0, 500.0), st.floats(0.01, 50.0), st.floats(1.0, 500.0), st.floats(0.01, 50.0)
)


def solver(hours: np.ndarray, dose: float, k: float, body: Body, lasting: float) -> np.ndarray:
    """Skin, both compartments and what is gone, by an explicit method of high order."""

    def change(t: float, y: np.ndarray, rate: float) -> list[float]:
        uptake = rate if lasting else k * y[0]
        level = y[1] / body.central_l
        away = body.exchange_l_h * level
        back = body.exchange_l_h * y[2] / body.peripheral_l if body.peripheral_l else 0.0
        lost = body.clearance_l_h * level
        if body.saturable_mg_h:
            lost += body.saturable_mg_h * level / (body.half_mg_l + level)
        return [-uptake, uptake - away + back - lost, away - back, lost]

    state, parts, start = np.array([dose, 0.0, 0.0, 0.0]), [], 0.0
    for end in sorted({min(lasting or hours[-1], hours[-1]), hours[-1]}):
        here = hours[(hours >= start) & (hours < end) | (hours == hours[-1]) & (hours == end)]
        rate = dose / lasting if lasting and start < lasting else 0.0
        solved = solve_ivp(
            change, (start, end), state, "DOP853", args=(rate,), dense_output=True,
            rtol=1e-12, atol=1e-14,
        )  # fmt: skip
        parts.append(solved.sol(here)[1:])
        state, start = solved.y[:, -1], end
    return np.concatenate(parts, axis=1)


@pytest.mark.parametrize("body", [ONE, TWO])
@pytest.mark.parametrize(("k", "lasting"), [(3.7, 0.0), (1.0, 0.0), (0.043, 0.0), (1.0, 48.0)])
def test_closed_forms_are_those_of_a_general_solver(body: Body, k: float, lasting: float) -> None:
    hours = np.linspace(0.0, 100.0, 41)
    got = body_mass(hours, 10.0, k, body, lasting)
    found = np.stack([got.central_mg, got.peripheral_mg, got.gone_mg])
    assert np.abs(found - solver(hours, 10.0, k, body, lasting)).max() <= 1e-8 * 10.0


@given(bodies, rates, st.floats(0.0, 1e4), st.sampled_from([0.0, 5.0, 1e3]))
def test_dose_is_skin_body_and_what_is_gone(body: Body, k: float, t: float, lasting: float) -> None:
    got = body_mass(t, 1.0, k, body, lasting)
    total = site_mg(t, 1.0, k, lasting) + got.central_mg + got.peripheral_mg + got.gone_mg
    assert float(total) == pytest.approx(1.0, abs=1e-9)
    assert min(got.central_mg, got.peripheral_mg, got.gone_mg) >= -1e-12


@given(bodies)
def test_uptake_as_fast_as_a_loss_is_the_limit_of_nearly_as_fast(body: Body) -> None:
    k = math.log(2.0) / half_life_h(body)
    at, near = (float(body_mass(2.0, 1.0, k * (1.0 + by), body).central_mg) for by in (0.0, 1e-10))
    assert near == pytest.approx(at, abs=1e-9)


def test_two_compartments_become_one_where_exchange_is_instant() -> None:
    mixed = Body(50.0, 5.0, 30.0, 1e7)
    one = body_mass(6.0, 1.0, 1.0, Body(80.0, 5.0))
    got = body_mass(6.0, 1.0, 1.0, mixed)
    assert float(got.central_mg + got.peripheral_mg) == pytest.approx(
        float(one.central_mg), rel=1e-6
    )


@pytest.mark.parametrize("lasting", [0.0, 30.0, 2000.0])
def test_a_saturable_path_solves_its_equation_and_keeps_mass(lasting: float) -> None:
    hours = np.linspace(0.0, 1000.0, 41)
    got = body_mass(hours, 0.5, 2.0, DUTASTERIDE, lasting)
    found = np.stack([got.central_mg, got.peripheral_mg, got.gone_mg])
    assert np.abs(found - solver(hours, 0.5, 2.0, DUTASTERIDE, lasting)).max() <= 1e-4 * 0.5
    assert found.sum(axis=0) == pytest.approx(absorbed_mg(hours, 0.5, 2.0, lasting), abs=1e-9)


@given(st.floats(1e-4, 50.0), st.sampled_from([0.0, 24.0, 1e3]))
@settings(max_examples=15)
def test_a_saturable_path_lies_between_wide_open_and_shut(dose: float, lasting: float) -> None:
    hours = np.geomspace(0.5, 3000.0, 12)
    low, middle, high = (
        body_mass(hours, dose, 1.0, body, lasting).central_mg
        for body in (wide_open(DUTASTERIDE), DUTASTERIDE, shut(DUTASTERIDE))
    )
    assert (low <= middle + 1e-4 * dose).all()
    assert (middle <= high + 1e-4 * dose).all()


def test_steps_are_exact_where_nothing_saturates() -> None:
    hours = np.linspace(0.0, 400.0, 21)
    never = Body(104.0, 0.35, 203.0, 20.1, saturable_mg_h=1e-30, half_mg_l=1.0)
    got, exact = (body_mass(hours, 1.0, 1.0, body, 48.0) for body in (never, TWO))
    assert np.abs(got.central_mg - exact.central_mg).max() <= 1e-12
    assert np.abs(got.peripheral_mg - exact.peripheral_mg).max() <= 1e-12


def test_half_lives_are_those_published() -> None:
    """Gisleskog 1999: to about 3 days where levels fall, up to 5 (1 to 7) weeks at high ones."""
    falling = body_mass([0.0, 72.0], 0.2, UPTAKE_PER_H, DUTASTERIDE)
    assert half_life_h(wide_open(DUTASTERIDE)) / 24 == pytest.approx(2.38, abs=0.01)
    assert float(falling.gone_mg[1]) == pytest.approx(0.1, abs=0.01)
    assert half_life_h(shut(DUTASTERIDE)) / 24 / 7 == pytest.approx(3.7, abs=0.1)
    with pytest.raises(ValueError, match="no single half-life"):
        half_life_h(DUTASTERIDE)


def test_a_capsule_of_half_a_milligram_gives_the_level_of_another_study() -> None:
    """Label of the combination with tamsulosin, 92 men: highest 2.14 (sd 0.77) ng/mL."""
    hours = np.linspace(0.0, 24.0, 481)
    central = body_mass(hours, 0.5, UPTAKE_PER_H, DUTASTERIDE).central_mg
    level = central / DUTASTERIDE.central_l * NG_ML_PER_MG_L
    assert level.max() == pytest.approx(2.14, abs=0.77)
    assert 1.0 <= hours[level.argmax()] <= 3.0


def test_one_compartment_would_have_missed_it() -> None:
    spread = Body(511.0, 0.583, 0.0, 0.0, 5.91e-3, 0.957e-3)
    level = body_mass(np.linspace(0.0, 24.0, 97), 0.5, UPTAKE_PER_H, spread).central_mg / 0.511
    assert level.max() < 2.14 - 0.77


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="central_l must be a finite number above 0, not -1"):
        Body(-1.0, 1.0)
    with pytest.raises(ValueError, match=r"both above 0, or both 0, not 3\.0 and 0\.0"):
        Body(1.0, 1.0, 3.0)
    with pytest.raises(ValueError, match="half_mg_l must be a finite number above 0, not 0"):
        Body(1.0, 1.0, saturable_mg_h=1.0)
    with pytest.raises(ValueError, match="t_h must be a finite number, 0 or more, not nan"):
        body_mass(math.nan, 1.0, 1.0, ONE)
