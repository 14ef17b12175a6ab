"""A depot: mass balance, the published span of durations, and solubility's absence from AUC."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from openmeso.science.injection.dancik_2013 import Solute, dermal_transport
from openmeso.science.injection.depot import depot_exposure, depot_hours, depot_rate

D, K, R = 0.0097, 0.0425, 2.3


def test_what_is_cleared_is_what_was_injected() -> None:
    inside = 4 / 3 * math.pi * R**3 * float(depot_exposure(0.0, R, D, K))
    outside, _ = quad(
        lambda r: 4 * math.pi * r**2 * float(depot_exposure(r, R, D, K)), R, R + 40, epsrel=1e-12
    )
    volume = 4 / 3 * math.pi * R**3
    assert K * (inside + outside) == pytest.approx(volume, rel=1e-9)


@pytest.mark.parametrize(
    ("saturated_g_ml", "days"), [(1e-9, 580.0), (1e-8, 58.0), (1e-7, 5.8), (1e-6, 0.58)]
)
def test_five_micrograms_last_as_long_as_worked_out_by_hand(
    saturated_g_ml: float, days: float
) -> None:
    """5 µg dutasteride in a ball of 2.3 mm, 1 mg/mL being 1e-3 g/mL."""
    transport = dermal_transport(Solute(528.5, 5.1, unbound=0.01))
    c0_g_ml = 5e-6 / (4 / 3 * math.pi * 0.23**3)
    ratio = c0_g_ml / transport.partition / saturated_g_ml
    hours = depot_hours(ratio, 2.3, transport.d_mm2_h, transport.k_per_h)
    assert hours / 24 == pytest.approx(days, rel=0.02)


@given(st.floats(1.01, 1e9), st.floats(2.0, 1e3))
def test_duration_is_mass_over_rate(ratio: float, factor: float) -> None:
    once = depot_hours(ratio, R, D, K)
    assert depot_hours(ratio * factor, R, D, K) == pytest.approx(once * factor, rel=1e-12)
    assert once * depot_rate(R, D, K) == pytest.approx(ratio * 4 / 3 * math.pi * R**3, rel=1e-12)


def test_what_is_dissolved_already_has_no_solid() -> None:
    assert depot_hours(0.5, R, D, K) == 0.0


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_bad_input_is_named(bad: float) -> None:
    with pytest.raises(ValueError, match="radius_mm must be a finite number above 0"):
        depot_rate(bad, D, K)
    with pytest.raises(ValueError, match="c0_over_saturated must be a finite number above 0"):
        depot_hours(bad, R, D, K)


def test_exposure_falls_outward_from_its_plateau() -> None:
    values = depot_exposure(np.linspace(0.0, 8.0, 100), R, D, K)
    assert (np.diff(values) <= 0).all()
    assert values[0] == values[20]
