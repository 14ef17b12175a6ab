"""Other people's solvers come towards our field at second order; and its limits.

py-pde is optional (group ``bench``); scipy alone then does the same by centred differences on a
sphere, so that the order is witnessed either way.
"""

import numpy as np
import pytest
from scipy.linalg import expm

from openmeso.science.injection.bolus import ball_concentration, gaussian_concentration
from openmeso.science.injection.field import Boluses, Tissue, concentration, exposure

TISSUE = Tissue(0.36, 0.1)


def centred_differences(cells: int, t: float, length: float, radius: float) -> np.ndarray:
    """r·C on [0, length] by centred differences, exact in time: a Gaussian ball's worth."""
    h = length / cells
    r = (np.arange(cells) + 0.5) * h
    main = np.full(cells, -2.0)
    main[0], main[-1] = -3.0, -3.0  # r·C is odd at the centre, nothing at the far wall
    matrix = (
        np.diag(main) + np.diag(np.ones(cells - 1), 1) + np.diag(np.ones(cells - 1), -1)
    ) / h**2
    start = r * gaussian_concentration(r, 0.0, radius, TISSUE.d_mm2_h, TISSUE.k_per_h)
    matrix = TISSUE.d_mm2_h * matrix - TISSUE.k_per_h * np.eye(cells)
    return np.asarray(expm(matrix * t) @ start / r)


def test_centred_differences_converge_to_our_field_at_second_order() -> None:
    misses = []
    for cells in (50, 100, 200):
        r = (np.arange(cells) + 0.5) * 12.0 / cells
        exact = gaussian_concentration(r, 1.0, 1.5, TISSUE.d_mm2_h, TISSUE.k_per_h)
        found = centred_differences(cells, 1.0, 12.0, 1.5)
        misses.append(np.sqrt(np.mean((found - exact) ** 2 * r**2)))
    orders = np.log2(np.array(misses[:-1]) / misses[1:])
    assert orders == pytest.approx(2.0, abs=0.05)
    assert misses[-1] < 1e-4


@pytest.mark.slow
def test_py_pde_converges_to_our_field_at_second_order() -> None:
    pde = pytest.importorskip("pde", reason="py-pde is optional")
    misses = []
    for cells in (48, 96):
        grid = pde.SphericalSymGrid(12.0, cells)
        start = gaussian_concentration(grid.axes_coords[0], 0.0, 1.5, 0.36, 0.1)
        field = pde.ScalarField(grid, start)
        equation = pde.PDE({"c": "0.36 * laplace(c) - 0.1 * c"}, bc={"derivative": 0.0})
        found = equation.solve(field, t_range=1.0, dt=2e-4, backend="numpy", tracker=None).data
        exact = gaussian_concentration(grid.axes_coords[0], 1.0, 1.5, 0.36, 0.1)
        misses.append(np.sqrt(np.sum((found - exact) ** 2 * grid.cell_volumes)))
    assert np.log2(misses[0] / misses[1]) == pytest.approx(2.0, abs=0.1)


POINTS = np.array([[0.3, 0.0, 2.0], [2.0, 1.0, 4.0], [4.0, 0.0, 5.0]])
BOLUSES = Boluses(np.array([[0.0, 0.0, 2.0], [5.0, 0.0, 2.0]]), 1.5, 10.0)


def test_without_clearance_nothing_is_lost() -> None:
    """As k goes to 0 the field becomes that of diffusion alone, without a jump."""
    still = concentration(POINTS, 2.0, BOLUSES, Tissue(0.36, 0.0))
    nearly = concentration(POINTS, 2.0, BOLUSES, Tissue(0.36, 1e-9))
    assert nearly == pytest.approx(still, rel=1e-8)
    r = np.linspace(0.0, 40.0, 40_001)
    alone = ball_concentration(r, 2.0, 1.5, 0.36, 0.0)
    mass = np.trapezoid(4 * np.pi * r**2 * alone, r)
    assert mass == pytest.approx(4 / 3 * np.pi * 1.5**3, rel=1e-7)


def test_without_diffusion_each_place_decays_by_itself() -> None:
    """As D goes to 0 exposure is C₀/k inside a ball and nothing outside."""
    found = exposure(POINTS, BOLUSES, Tissue(1e-6, 0.1))
    assert found == pytest.approx([10.0 / 0.1, 0.0, 0.0], abs=1e-6)
