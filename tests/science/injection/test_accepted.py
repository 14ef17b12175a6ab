"""Bad numbers at the entries of the transport: refused with the value and the range."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.injection.absorption import absorbed_mg, body_mg, peak_rate_mg_h, site_mg
from openmeso.science.injection.bolus import (
    ball_concentration,
    ball_exposure,
    ball_radius_mm,
    gaussian_concentration,
    gaussian_exposure,
)
from openmeso.science.injection.dancik_2013 import Solute, dermal_transport
from openmeso.science.injection.depot import (
    depot_exposure,
    depot_hours,
    depot_rate,
    depot_shape,
)
from openmeso.science.injection.exposure import cutoff_mm, near_exposure, neighbours
from openmeso.science.injection.field import Boluses, Tissue
from openmeso.science.injection.inactivation import after_session, mean_inhibition
from openmeso.science.injection.systemic import Body, body_mass

CENTRES = np.array([[0.0, 0.0, 2.0]])
below_zero = st.floats(-1e9, -1e-9)
no_number = st.sampled_from([math.nan, math.inf, -math.inf])
not_positive = st.one_of(st.just(0.0), below_zero, no_number)
negative = st.one_of(below_zero, no_number)

POSITIVE = [
    ("volume_ml", lambda bad: ball_radius_mm(bad)),
    ("radius_mm", lambda bad: ball_concentration(1.0, 1.0, bad, 1.0, 1.0)),
    ("d_mm2_h", lambda bad: gaussian_concentration(1.0, 1.0, 1.0, bad, 1.0)),
    ("k_per_h", lambda bad: ball_exposure(1.0, 1.0, 1.0, bad)),
    ("d_mm2_h", lambda bad: gaussian_exposure(1.0, 1.0, bad, 1.0)),
    ("d_mm2_h", lambda bad: Tissue(bad, 1.0)),
    ("radius_mm", lambda bad: Boluses(CENTRES, bad, 1.0)),
    ("molecular_weight_g_mol", lambda bad: Solute(bad, 1.0)),
    ("blood_flow_per_s", lambda bad: dermal_transport(Solute(300.0, 1.0), bad)),
    ("half_life_h", lambda bad: body_mg(1.0, 1.0, 1.0, bad)),
    ("k_per_h", lambda bad: peak_rate_mg_h(1.0, bad)),
    ("radius_mm", lambda bad: depot_rate(bad, 1.0, 1.0)),
    ("k_per_h", lambda bad: depot_exposure(1.0, 1.0, 1.0, bad)),
    ("d_mm2_h", lambda bad: depot_hours(2.0, 1.0, bad, 1.0)),
    ("c0_over_saturated", lambda bad: depot_hours(bad, 1.0, 1.0, 1.0)),
    ("length_mm", lambda bad: depot_shape(1.0, 1.0, bad)),
    ("k2", lambda bad: after_session(1.0, bad, 1.0)),
    ("recovery_per_h", lambda bad: mean_inhibition(1.0, 1.0, bad, 24.0)),
    ("interval_h", lambda bad: mean_inhibition(1.0, 1.0, 1.0, bad)),
    ("reach_mm", lambda bad: neighbours(CENTRES[:, :2], CENTRES[:, :2], bad)),
    ("length_mm", lambda bad: cutoff_mm(1.0, bad)),
    ("central_l", lambda bad: Body(bad, 1.0)),
    ("k_per_h", lambda bad: body_mass(1.0, 1.0, bad, Body(1.0, 1.0))),
]
NOT_NEGATIVE = [
    ("t_h", lambda bad: ball_concentration(1.0, [0.5, bad], 1.0, 1.0, 1.0)),
    ("r_mm", lambda bad: ball_exposure([bad, 1.0], 1.0, 1.0, 1.0)),
    ("k_per_h", lambda bad: Tissue(1.0, bad)),
    ("depth_mm", lambda bad: Boluses(np.array([[0.0, 0.0, bad]]), 1.0, 1.0)),
    ("dose_mg", lambda bad: absorbed_mg(1.0, bad, 1.0)),
    ("t_h", lambda bad: site_mg(bad, 1.0, 1.0)),
    ("lasting_h", lambda bad: absorbed_mg(1.0, 1.0, 1.0, bad)),
    ("r_mm", lambda bad: depot_exposure([1.0, bad], 1.0, 1.0, 1.0)),
    ("auc", lambda bad: after_session([1.0, bad], 1.0, 1.0)),
    ("auc", lambda bad: mean_inhibition(bad, 1.0, 1.0, 24.0)),
    ("lasting_h", lambda bad: mean_inhibition(1.0, 1.0, 1.0, 24.0, bad)),
    ("dose_mg", lambda bad: body_mass(1.0, bad, 1.0, Body(1.0, 1.0))),
    ("exchange_l_h", lambda bad: Body(1.0, 1.0, 1.0, bad)),
]


@pytest.mark.parametrize(("name", "call"), POSITIVE)
@given(bad=not_positive)
def test_what_must_be_above_zero(name, call, bad):
    said = re.escape(f"{name} must be a finite number above 0, not {bad}")
    with pytest.raises(ValueError, match=said):
        call(bad)


@pytest.mark.parametrize(("name", "call"), NOT_NEGATIVE)
@given(bad=negative)
def test_what_must_not_be_negative(name, call, bad):
    said = re.escape(f"{name} must be a finite number, 0 or more, not {bad}")
    with pytest.raises(ValueError, match=said):
        call(bad)


@given(st.one_of(st.just(0.0), st.floats(1.0001, 100.0), below_zero, no_number))
def test_fractions_lie_above_zero_and_at_most_one(bad):
    with pytest.raises(ValueError, match=re.escape(f"at most 1, not {bad}")):
        Solute(300.0, 1.0, unbound=bad)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_partition_coefficient_is_a_number(bad):
    with pytest.raises(ValueError, match=f"log_kow must be a finite number, not {bad}"):
        Solute(300.0, bad)


@given(no_number)
def test_a_place_is_a_number(bad):
    places = np.array([[0.0, bad, 1.0]])
    with pytest.raises(ValueError, match=f"coordinates must be finite numbers, not {bad}"):
        near_exposure(places, Boluses(CENTRES, 1.0, 1.0), Tissue(1.0, 1.0))
    with pytest.raises(ValueError, match=f"coordinates must be finite numbers, not {bad}"):
        neighbours(places[:, :2], CENTRES[:, :2], 1.0)
