"""Layers: alike they are the exact ball, and two half-spaces conserve mass and keep free drug."""

import math

import numpy as np
import pytest

from openmeso.science.injection.bolus import ball_exposure
from openmeso.science.injection.layered import Layer, layered_exposure

DERMIS = Layer(2.6, d_mm2_h=0.126, k_per_h=1.0, partition=3.0)
SAME = Layer(20.0, d_mm2_h=0.126, k_per_h=1.0, partition=3.0)
FAT = Layer(20.0, d_mm2_h=0.03, k_per_h=0.15, partition=30.0)
RHO = np.array([0.0, 0.8, 1.6, 2.3, 3.0, 4.0])


@pytest.mark.parametrize("depth_mm", [1.0, 2.5, 4.0, 5.0])
def test_layers_alike_are_the_exact_ball(depth_mm: float) -> None:
    exact = sum(
        ball_exposure(np.hypot(RHO, depth_mm - centre), 1.5, 0.126, 1.0) / 3.0
        for centre in (2.0, -2.0)
    )
    got = layered_exposure(RHO, depth_mm, 2.0, 1.5, (DERMIS, SAME))
    assert np.abs(got - exact).max() <= 0.01 * exact.max()


@pytest.mark.slow
def test_what_is_cleared_in_both_layers_is_what_was_injected() -> None:
    rho = np.linspace(0.0, 7.0, 141)
    depths = np.linspace(0.025, 9.975, 200)
    cleared = 0.0
    for depth in depths[::4] + 0.075:
        here = DERMIS if depth < 2.6 else FAT
        free = layered_exposure(rho, float(depth), 2.0, 1.5, (DERMIS, FAT))
        ring = np.trapezoid(free * 2 * math.pi * rho, rho)
        cleared += ring * here.partition * here.k_per_h * 0.2
    assert cleared == pytest.approx(4 / 3 * math.pi * 1.5**3, rel=0.02)


def test_a_fat_that_holds_and_hardly_clears_raises_exposure_at_its_bulbs() -> None:
    in_fat = layered_exposure(RHO[:1], 4.5, 2.0, 1.5, (DERMIS, FAT))
    in_dermis = layered_exposure(RHO[:1], 4.5, 2.0, 1.5, (DERMIS, SAME))
    assert in_fat[0] != pytest.approx(in_dermis[0], rel=0.05)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="k_per_h must be above 0, not 0"):
        Layer(1.0, 1.0, 0.0, 1.0)
    with pytest.raises(ValueError, match="layers must go down"):
        layered_exposure(RHO, 1.0, 1.0, 1.0, (SAME, DERMIS))
    with pytest.raises(ValueError, match="not nan and 1"):
        layered_exposure(RHO, 1.0, 1.0, math.nan, (DERMIS,))
    with pytest.raises(ValueError, match="at least one layer"):
        layered_exposure(RHO, 1.0, 1.0, 1.0, ())
