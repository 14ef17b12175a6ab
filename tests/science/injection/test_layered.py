"""Layers: against the exact ball, another mesh's direct solution, mass, and each other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.sparse import csr_array, diags_array, kron
from scipy.sparse.linalg import spsolve

from openmeso.science.injection.bolus import ball_concentration, ball_exposure
from openmeso.science.injection.layered import (
    Ball,
    Cells,
    Layer,
    at_depths,
    cells_for,
    layered_concentration,
    layered_exposure,
)

BALL = Ball(2.0, 1.5)
DERMIS = Layer(2.6, d_mm2_h=0.126, k_per_h=1.0, partition=3.0)
SAME = Layer(20.0, d_mm2_h=0.126, k_per_h=1.0, partition=3.0)
FAT = Layer(20.0, d_mm2_h=0.03, k_per_h=0.15, partition=30.0)
HOURS = np.array([0.05, 0.3, 1.0, 4.0])


def peer(layers: tuple[Layer, ...], cell_mm: float, side_mm: float = 6.0) -> tuple:
    """Evenly spaced box cells in r and z with walls, as a sparse matrix, and its start.

    Written on its own: fluxes face by face, the ball counted by the middles of finer cells.
    """
    n, m = round(side_mm / cell_mm), round(7.8 / cell_mm)
    r, z = (np.arange(n) + 0.5) * cell_mm, (np.arange(m) + 0.5) * cell_mm
    which = [layers[0] if one < layers[0].bottom_mm else layers[-1] for one in z]
    partition = np.array([one.partition for one in which])
    conduct = np.array([one.partition * one.d_mm2_h for one in which])
    harmonic = 2 * conduct[1:] * conduct[:-1] / (conduct[1:] + conduct[:-1])
    down = diags_array([np.append(0, harmonic) + np.append(harmonic, 0), -harmonic, -harmonic],
                       offsets=[0, 1, -1]) / cell_mm**2  # fmt: skip
    face = np.arange(1, n) * cell_mm
    out = (np.append(face, 0) + np.append(0, face)) / r
    across = diags_array([out, -face / r[:-1], -face / r[1:]], offsets=[0, 1, -1]) / cell_mm**2
    lost = diags_array(partition * [one.k_per_h for one in which])
    operator = kron(down + lost, np.eye(n)) + kron(diags_array(conduct), across)
    fine = (np.arange(8) + 0.5) / 8 * cell_mm
    rr = (np.arange(n) * cell_mm)[None, :, None, None] + fine[None, None, None, :]
    zz = (np.arange(m) * cell_mm)[:, None, None, None] + fine[None, None, :, None]
    start = ((rr**2 + (zz - BALL.depth_mm) ** 2 < BALL.radius_mm**2) * rr).sum(axis=(2, 3))
    return csr_array(operator), start / (rr * np.ones_like(zz)).sum(axis=(2, 3)), partition, r, z


def exact(rho: np.ndarray, z: np.ndarray, t: float | None) -> np.ndarray:
    total = 0.0
    for centre in (BALL.depth_mm, -BALL.depth_mm):
        distance = np.hypot(rho[None, :], z[:, None] - centre)
        if t is None:
            total = total + ball_exposure(distance, 1.5, 0.126, 1.0)
        else:
            total = total + ball_concentration(distance, t, 1.5, 0.126, 1.0)
    return total / 3.0


def near(cells: Cells) -> np.ndarray:
    return (cells.z_mm < 5.5)[:, None] & (cells.rho_mm < 4.0)[None, :]


def test_layers_alike_come_to_the_exact_ball_at_second_order() -> None:
    misses = []
    for cell_mm in (0.2, 0.1, 0.05):
        cells = cells_for(BALL, (DERMIS, SAME), 6.0, cell_mm)
        found = layered_exposure(BALL, (DERMIS, SAME), cells)
        shown = exact(cells.rho_mm, cells.z_mm, None)
        # farther out than 3 mm the rings widen at one rate whatever the cell: below 1.3 % there
        far = near(cells) & (cells.z_mm > 4.0)[:, None] & (cells.rho_mm < 3.0)[None, :]
        misses.append(np.abs(found / shown - 1.0)[far].max())
    orders = np.log2(np.array(misses[:-1]) / misses[1:])
    assert misses[-1] < 0.015
    assert (orders > 1.7).all()


def test_concentration_of_layers_alike_is_the_exact_ball_s() -> None:
    cells = cells_for(BALL, (DERMIS, SAME), 6.0, 0.1)
    found = layered_concentration(BALL, (DERMIS, SAME), cells, HOURS)
    for t, one in zip(HOURS, found, strict=True):
        gap = np.abs(one - exact(cells.rho_mm, cells.z_mm, float(t)))[near(cells)].max()
        # the ball's edge is sharp at first: a tenth of a millimetre of it
        assert gap <= {0.05: 0.02, 0.3: 1e-3, 1.0: 3e-4, 4.0: 1e-5}[float(t)]


@pytest.mark.slow
def test_exposure_is_that_of_another_mesh_solved_directly() -> None:
    layers = (DERMIS, FAT)
    depths = [1.0, 2.5, 4.5]
    got, gaps = [], []
    for cell_mm in (0.2, 0.1):
        cells = cells_for(BALL, layers, 6.0, cell_mm)
        rows = at_depths(depths, cells) @ layered_exposure(BALL, layers, cells)
        operator, start, _, r, z = peer(layers, cell_mm)
        theirs = spsolve(operator.tocsc(), start.ravel()).reshape(start.shape)
        rho = np.array([0.5, 1.5, 2.5])
        ours = np.array([np.interp(rho, cells.rho_mm, row) for row in rows])
        other = np.array(
            [
                [np.interp(depth, z, [np.interp(at, r, one) for one in theirs]) for at in rho]
                for depth in depths
            ]
        )
        got.append(ours)
        gaps.append(np.abs(ours / other - 1.0).max())
    assert gaps[1] < 0.02
    assert gaps[1] < 0.5 * gaps[0]
    assert np.abs(got[1] / got[0] - 1.0).max() < 0.06


@pytest.mark.slow
def test_concentration_is_that_of_another_mesh_stepped_in_time() -> None:
    layers = (DERMIS, FAT)
    operator, start, partition, r, z = peer(layers, 0.15)
    heat = np.repeat(partition, len(r))
    solved = solve_ivp(
        lambda _t, u: -(operator @ u) / heat,
        (0.0, HOURS[-1]), start.ravel() / heat, "BDF", HOURS, rtol=1e-6, atol=1e-9,
        jac=-operator.multiply(1.0 / heat[:, None]).tocsc(),
    ).y.T.reshape(len(HOURS), *start.shape)  # fmt: skip
    cells = cells_for(BALL, layers, 6.0, 0.15)
    ours = layered_concentration(BALL, layers, cells, HOURS, at_depths([1.0, 4.5], cells))
    for t, mine, theirs in zip(HOURS[1:], ours[1:], solved[1:], strict=True):
        for depth, row in zip([1.0, 4.5], mine, strict=True):
            other = [np.interp(depth, z, column) for column in theirs.T]
            gap = np.abs(np.interp(r[:20], cells.rho_mm, row) - other[:20]).max()
            assert gap <= 0.02 * theirs.max(), (t, depth)


def test_exposure_is_the_integral_of_the_concentration() -> None:
    cells = cells_for(BALL, (DERMIS, FAT), 5.0)
    rows = at_depths([1.5, 4.0], cells)
    t = np.concatenate([np.geomspace(1e-4, 200.0, 400)])
    course = layered_concentration(BALL, (DERMIS, FAT), cells, t, rows)
    summed = np.trapezoid(course, t, axis=0) + course[0] * t[0]
    whole = rows @ layered_exposure(BALL, (DERMIS, FAT), cells)
    inner = cells.rho_mm < 2.5
    assert summed[:, inner] == pytest.approx(whole[:, inner], rel=5e-3)


@pytest.mark.parametrize("layers", [(DERMIS, FAT), (DERMIS, SAME), (SAME,)])
def test_what_is_cleared_is_what_was_injected(layers: tuple[Layer, ...]) -> None:
    cells = cells_for(BALL, layers, 5.0)
    free = layered_exposure(BALL, layers, cells)
    which = np.searchsorted([one.bottom_mm for one in layers[:-1]], cells.z_mm)
    clear = np.array([one.partition * one.k_per_h for one in layers])[which]
    rings = math.pi * np.diff(cells.rings_mm**2)
    cleared = (clear * np.diff(cells.slices_mm)) @ free @ rings
    assert cleared == pytest.approx(4 / 3 * math.pi * 1.5**3, rel=1e-4)


def test_a_fat_that_holds_and_hardly_clears_changes_exposure_at_its_bulbs() -> None:
    cells = cells_for(BALL, (DERMIS, FAT), 5.0)
    row = at_depths([4.5], cells)
    in_fat, in_dermis = (
        (row @ layered_exposure(BALL, (DERMIS, one), cells))[0, 0] for one in (FAT, SAME)
    )
    assert abs(in_fat / in_dermis - 1.0) > 0.05


bad = st.one_of(st.floats(-1e6, 0.0), st.sampled_from([math.nan, math.inf]))


@given(bad, st.sampled_from(["bottom_mm", "d_mm2_h", "k_per_h", "partition"]))
def test_a_bad_layer_is_named(value: float, name: str) -> None:
    given_ = {"bottom_mm": 1.0, "d_mm2_h": 1.0, "k_per_h": 1.0, "partition": 1.0, name: value}
    with pytest.raises(ValueError, match=f"{name} must be a finite number above 0, not {value}"):
        Layer(**given_)


@given(bad, st.sampled_from(["depth_mm", "radius_mm"]))
def test_a_bad_ball_is_named(value: float, name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a finite number above 0, not {value}"):
        Ball(**{"depth_mm": 1.0, "radius_mm": 1.0, name: value})


def test_other_bad_input_is_named() -> None:
    cells = cells_for(BALL, (DERMIS, FAT), 5.0)
    with pytest.raises(ValueError, match="layers must go down"):
        layered_exposure(BALL, (SAME, DERMIS), cells)
    with pytest.raises(ValueError, match="at least one layer"):
        layered_exposure(BALL, (), cells)
    with pytest.raises(ValueError, match="rising and above 0"):
        layered_concentration(BALL, (DERMIS,), cells, [2.0, 1.0])
    with pytest.raises(ValueError, match="depth_mm must be a finite number, 0 or more, not -1"):
        at_depths([-1.0], cells)
    with pytest.raises(ValueError, match="cell_mm must be a finite number above 0, not 0"):
        cells_for(BALL, (DERMIS,), 5.0, 0.0)
