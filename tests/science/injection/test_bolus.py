"""Closed forms of one bolus against quadrature, mass balance and each other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from openmeso.science.injection.bolus import (
    ball_concentration,
    ball_exposure,
    ball_radius_mm,
    gaussian_concentration,
    gaussian_exposure,
)

# minoxidil in dermis (Dancik-Kasting card): D 2.1e-6 cm²/s, k 3.7 1/h
D_MM2_H = 2.1e-6 * 100 * 3600
K_PER_H = 3.7
RADIUS_MM = ball_radius_mm(0.05)


def ball_by_convolution(r: float, t: float) -> float:
    """The ball's field as a radial convolution of its shells with the heat kernel."""
    s2 = 2 * D_MM2_H * t

    def shell(a: float) -> float:
        return a * (math.exp(-((r - a) ** 2) / (2 * s2)) - math.exp(-((r + a) ** 2) / (2 * s2)))

    integral, _ = quad(shell, 0, RADIUS_MM, epsabs=1e-14, epsrel=1e-13, limit=400)
    return integral / (r * math.sqrt(2 * math.pi * s2)) * math.exp(-K_PER_H * t)


@pytest.mark.parametrize("t", [0.05, 0.25, 1.0, 6.0])
@pytest.mark.parametrize("r", [0.01, 0.7, RADIUS_MM, 3.0, 5.0])
def test_ball_equals_the_convolution_of_its_shells(r: float, t: float) -> None:
    got = float(ball_concentration(r, t, RADIUS_MM, D_MM2_H, K_PER_H))
    assert got == pytest.approx(ball_by_convolution(r, t), abs=1e-12)


@pytest.mark.parametrize("t", [0.05, 1.0, 6.0])
@pytest.mark.parametrize("r", [0.01, 0.7, RADIUS_MM, 5.0])
def test_gaussian_equals_the_convolution_of_its_start(r: float, t: float) -> None:
    s2 = 2 * D_MM2_H * t

    def shell(a: float) -> float:
        start = float(gaussian_concentration(a, 0.0, RADIUS_MM, D_MM2_H, K_PER_H))
        heat = math.exp(-((r - a) ** 2) / (2 * s2)) - math.exp(-((r + a) ** 2) / (2 * s2))
        return a * start * heat

    summed, _ = quad(shell, 0, 14, epsabs=1e-14, epsrel=1e-12, limit=400, points=[r])
    expected = summed / (r * math.sqrt(2 * math.pi * s2)) * math.exp(-K_PER_H * t)
    got = float(gaussian_concentration(r, t, RADIUS_MM, D_MM2_H, K_PER_H))
    assert got == pytest.approx(expected, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize(
    ("field", "exposure"),
    [(ball_concentration, ball_exposure), (gaussian_concentration, gaussian_exposure)],
)
@pytest.mark.parametrize("r", [0.0, 0.5, 2.0, 2.6, 4.0, 6.0])
def test_exposure_is_the_time_integral_of_concentration(field, exposure, r: float) -> None:
    def at(t: float) -> float:
        return float(field(r, t, RADIUS_MM, D_MM2_H, K_PER_H))

    # split where the front arrives, so that the quadrature sees it
    total = sum(
        quad(at, a, b, epsabs=1e-13, epsrel=1e-11, limit=400)[0]
        for a, b in [(0, 0.01), (0.01, 0.1), (0.1, 1), (1, 12)]
    )
    got = float(exposure(r, RADIUS_MM, D_MM2_H, K_PER_H))
    assert got == pytest.approx(total, rel=1e-7, abs=1e-10)


@pytest.mark.parametrize("field", [ball_concentration, gaussian_concentration])
@pytest.mark.parametrize("t", [0.1, 1.0, 4.0])
def test_what_is_left_is_the_dose_times_the_clearance(field, t: float) -> None:
    def shell(r: float) -> float:
        return 4 * math.pi * r**2 * float(field(r, t, RADIUS_MM, D_MM2_H, K_PER_H))

    left = quad(shell, 0, 6, limit=400)[0] + quad(shell, 6, 60, limit=400)[0]
    dose = 4 / 3 * math.pi * RADIUS_MM**3
    assert left == pytest.approx(dose * math.exp(-K_PER_H * t), rel=1e-9)


def test_exposure_over_all_space_is_dose_over_clearance() -> None:
    def shell(r: float) -> float:
        return 4 * math.pi * r**2 * float(ball_exposure(r, RADIUS_MM, D_MM2_H, K_PER_H))

    total = quad(shell, 0, RADIUS_MM)[0] + quad(shell, RADIUS_MM, 40)[0]
    assert total == pytest.approx(4 / 3 * math.pi * RADIUS_MM**3 / K_PER_H, rel=1e-9)


def test_far_away_the_exposure_falls_by_e_every_decay_length() -> None:
    length = math.sqrt(D_MM2_H / K_PER_H)
    near, far = ball_exposure(np.array([6.0, 6.0 + length]), RADIUS_MM, D_MM2_H, K_PER_H)
    assert far * (6.0 + length) / (near * 6.0) == pytest.approx(math.exp(-1), rel=1e-12)
    # SCIENCE table: λ of minoxidil 0.45 mm
    assert length == pytest.approx(0.45, abs=0.005)


@given(st.floats(0.02, 5), st.floats(0.001, 20), st.floats(0.01, 4), st.floats(0.001, 5))
def test_concentration_stays_between_nothing_and_what_was_injected(
    d: float, t: float, radius: float, k: float
) -> None:
    field = ball_concentration(np.linspace(0, 3 * radius, 60), t, radius, d, k)
    # 1e-12: rounding of two nearly equal exponentials far outside
    assert field.min() >= -1e-12
    assert field.max() <= 1 + 1e-12
    assert np.all(np.diff(field) <= 1e-12)


def test_start_is_the_filled_ball() -> None:
    field = ball_concentration([0, 0.5, 1, 1.5], 0.0, 1.0, D_MM2_H, K_PER_H)
    assert field.tolist() == [1, 1, 0.5, 0]


def test_no_exposure_without_clearance() -> None:
    with pytest.raises(ValueError, match="must be a finite number above 0, not 0"):
        ball_exposure(1.0, 1.0, 0.1, 0.0)
    with pytest.raises(ValueError, match="must be a finite number above 0, not 0"):
        ball_radius_mm(0.0)
