"""Exposure with far boluses left out, and the table behind it, against the full sums."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad_vec

from openmeso.science.injection.bolus import ball_concentration, ball_exposure, ball_radius_mm
from openmeso.science.injection.exposure import (
    cutoff_mm,
    lateral,
    near_exposure,
    neighbours,
    with_image,
)
from openmeso.science.injection.field import Boluses, Tissue, concentration, exposure

TISSUE = Tissue(d_mm2_h=0.126, k_per_h=1.0)
RADIUS = ball_radius_mm(0.05)
GRID = np.array([[x, y, 2.0] for x in range(0, 100, 10) for y in range(0, 60, 10)], dtype=float)
BOLUSES = Boluses(GRID, RADIUS, 500.0)


def somewhere(number: int, depth_mm: float) -> np.ndarray:
    xy = np.random.default_rng(7).uniform(0, 60, (number, 2))
    return np.column_stack([xy, np.full(number, depth_mm)])


@pytest.mark.parametrize("depth_mm", [0.75, 2.0, 4.0, 5.0])
def test_leaving_out_far_boluses_costs_less_than_a_part_in_a_thousand_million(
    depth_mm: float,
) -> None:
    points = somewhere(400, depth_mm)
    full = exposure(points, BOLUSES, TISSUE)
    assert np.abs(near_exposure(points, BOLUSES, TISSUE) - full).max() <= 1e-9 * full.max()
    # where there is next to nothing, a smaller tail keeps the relative error as small
    assert near_exposure(points, BOLUSES, TISSUE, 1e-18) == pytest.approx(full, rel=1e-9)


def test_exposure_of_a_grid_is_the_integral_of_its_concentration() -> None:
    points = somewhere(25, 4.0)
    # tau = ln t makes the early rise smooth
    whole, _ = quad_vec(
        lambda u: np.exp(u) * concentration(points, float(np.exp(u)), BOLUSES, TISSUE),
        np.log(1e-7),
        np.log(80.0),
        epsrel=1e-10,
    )
    whole = whole + 1e-7 * concentration(points, 0.0, BOLUSES, TISSUE)
    assert near_exposure(points, BOLUSES, TISSUE, 1e-18) == pytest.approx(whole, rel=1e-8)


@pytest.mark.parametrize("depth_mm", [0.75, 2.0, 4.0, 5.0])
def test_table_equals_the_sum_over_boluses(depth_mm: float) -> None:
    points = somewhere(400, depth_mm)
    near = neighbours(points[:, :2], GRID[:, :2], RADIUS + 13.0)
    table = with_image(
        lambda r: ball_exposure(r, RADIUS, TISSUE.d_mm2_h, TISSUE.k_per_h),
        near.distances_mm,
        depth_mm,
        2.0,
    )
    full = exposure(points, BOLUSES, TISSUE)
    # the kernel's second derivative jumps at the ball's surface, where cubics err most
    assert np.abs(500.0 * near.total(table) / full - 1.0).max() <= 2e-3


@given(st.floats(0.2, 3.0), st.floats(0.1, 2.0), st.floats(1e-12, 0.5))
@settings(max_examples=50)
def test_beyond_the_cutoff_less_than_the_tail_is_left(
    radius: float, length: float, tail: float
) -> None:
    far = cutoff_mm(radius, length, tail)
    at = ball_exposure(np.array([radius, far]), radius, length**2, 1.0)
    assert at[1] <= tail * at[0] * (1 + 1e-9)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="tail must lie between 0 and 1, not 2"):
        cutoff_mm(1.0, 1.0, 2.0)
    with pytest.raises(ValueError, match="reach_mm must be a finite number above 0, not nan"):
        neighbours(GRID[:, :2], GRID[:, :2], float("nan"))
    with pytest.raises(ValueError, match="finite"):
        neighbours(np.array([[np.nan, 0.0]]), GRID[:, :2], 1.0)


def test_one_table_around_a_bolus_serves_every_depth_and_distance():
    distances, depths = np.arange(0.0, 15.0, 0.05), np.array([0.7, 2.0, 4.0, 5.5])
    to = lateral(distances, depths, 4.0)
    tau = np.geomspace(1e-3, 25.0, 20)

    def single(r):
        return ball_concentration(r[:, None], tau, 1.7, 1.0, 0.0)

    for depth, table in zip(depths, to.tables(single(to.radii_mm)), strict=True):
        exact = with_image(single, distances, depth, 4.0)
        # the ball's edge is sharpest at first, and cubics err most there
        assert np.abs(table - exact).max() < 1e-4
        assert np.abs(table - exact)[:, tau > 0.02].max() < 1e-6
