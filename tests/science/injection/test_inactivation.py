"""Enzyme left after exposure and over repeated sessions, against the differential equation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from openmeso.science.injection.inactivation import (
    after_session,
    exposure_for,
    mean_inhibition,
    nm_from_ng_ml,
)

K2 = 3.6
RECOVERY = math.log(2) / (30 * 24)


def settled_mean(auc: float, interval_h: float, lasting_h: float, k2: float, kd: float) -> float:
    """The same by integrating session after session until they repeat."""
    on = min(lasting_h, interval_h)

    def run(start: float, hours: float, concentration: float) -> tuple[float, float]:
        solution = solve_ivp(
            lambda _, y: [kd * (1 - y[0]) - k2 * concentration * y[0], y[0]],
            (0.0, hours),
            [start, 0.0],
            rtol=1e-10,
            atol=1e-12,
            method="LSODA",
        )
        return float(solution.y[0, -1]), float(solution.y[1, -1])

    active, area = 1.0, 0.0
    for _ in range(60):
        area = 0.0
        if on > 0:
            active, area = run(active, on, auc / on)
        else:
            active *= math.exp(-k2 * auc)
        if interval_h > on:
            active, more = run(active, interval_h - on, 0.0)
            area += more
    return 1 - area / interval_h


@pytest.mark.parametrize(
    ("auc", "interval_h", "lasting_h"),
    [(0.05, 168, 0), (1.0, 168, 0), (0.2, 168, 24), (0.2, 168, 168), (0.5, 672, 4000), (5, 672, 100)],
)  # fmt: skip
def test_mean_inhibition_is_that_of_the_equation(
    auc: float, interval_h: float, lasting_h: float
) -> None:
    kd = math.log(2) / 72  # quick enough to settle within the sessions run
    got = float(mean_inhibition(auc, K2, kd, interval_h, lasting_h))
    assert got == pytest.approx(settled_mean(auc, interval_h, lasting_h, K2, kd), abs=1e-7)


def test_half_and_ninety_five_per_cent_exposures_by_hand() -> None:
    assert exposure_for(0.5, K2) == pytest.approx(math.log(2) / 3.6)
    assert exposure_for(0.95, K2) == pytest.approx(math.log(20) / 3.6)
    assert float(after_session(exposure_for(0.95, K2), K2, RECOVERY)) == pytest.approx(0.05)


@given(st.floats(0, 100), st.floats(1, 5000), st.floats(0, 1e4))
def test_inhibition_is_a_share_and_grows_with_exposure(
    auc: float, interval_h: float, lasting_h: float
) -> None:
    less, more = mean_inhibition(
        np.array([auc, auc * 1.5 + 0.01]), K2, RECOVERY, interval_h, lasting_h
    )
    assert 0.0 <= less <= more + 1e-12 <= 1.0 + 1e-12


def test_nothing_given_inhibits_nothing() -> None:
    for lasting_h in (0.0, 10.0, 1e4):
        assert float(mean_inhibition(0.0, K2, RECOVERY, 168, lasting_h)) == pytest.approx(
            0, abs=1e-12
        )
        assert float(after_session(0.0, K2, RECOVERY, lasting_h)) == pytest.approx(1.0)


def test_units_by_hand() -> None:
    assert nm_from_ng_ml(1.0, 372.55) == pytest.approx(2.68420, rel=1e-5)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="not 1"):
        exposure_for(1.0, K2)
    with pytest.raises(ValueError, match="above 0"):
        mean_inhibition(1.0, K2, 0.0, 168)
