"""Superposed boluses against a cosine-transform solution, and the no-flux surface."""

import numpy as np
import pytest
from scipy.fft import dctn, idctn

from openmeso.science.injection.field import Boluses, Tissue, concentration, exposure

TISSUE = Tissue(d_mm2_h=0.36, k_per_h=0.1)


def by_cosine_transform(c0: np.ndarray, size_mm: np.ndarray, t: float) -> np.ndarray:
    """Exact in time: each cosine mode of a box with closed walls decays by itself."""
    modes = dctn(c0, type=2, norm="ortho")
    squares = sum(
        (np.pi * np.arange(n) / length).reshape([-1 if i == axis else 1 for i in range(3)]) ** 2
        for axis, (n, length) in enumerate(zip(c0.shape, size_mm, strict=True))
    )
    return idctn(
        modes * np.exp(-(TISSUE.d_mm2_h * squares + TISSUE.k_per_h) * t), type=2, norm="ortho"
    )


@pytest.mark.parametrize("t", [0.25, 1.0])
def test_image_sum_equals_the_cosine_transform(t: float) -> None:
    size = np.array([24.0, 24.0, 15.0])
    cells = np.array([64, 64, 48])
    axes = [(np.arange(n) + 0.5) * length / n for n, length in zip(cells, size, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    # radius 2.4 mm: the Gaussian's sigma spans three cells, so that sampling it is exact to 1e-12;
    # the boluses touch the skin surface but stay clear of the other walls
    centres = np.array([[10.5, 12.0, 2.0], [13.5, 11.0, 2.5]])
    boluses = Boluses(centres, radius_mm=2.4, c0=5.0, gaussian=True)
    start = concentration(points, 0.0, boluses, TISSUE).reshape(cells)
    exact = by_cosine_transform(start, size, t)
    got = concentration(points, t, boluses, TISSUE).reshape(cells)
    assert np.abs(got - exact).max() <= 1e-10 * got.max()


@pytest.mark.parametrize("gaussian", [False, True])
def test_nothing_leaves_through_the_surface(gaussian: bool) -> None:
    boluses = Boluses(np.array([[0.0, 0.0, 1.5]]), radius_mm=1.0, c0=1.0, gaussian=gaussian)
    step = 1e-4
    across = np.array([[0.3, 0.2, -step], [0.3, 0.2, step]])
    above, below = concentration(across, 0.7, boluses, TISSUE)
    assert above == pytest.approx(below, rel=1e-12)
    above, below = exposure(across, boluses, TISSUE)
    assert above == pytest.approx(below, rel=1e-12)


def test_two_boluses_are_the_sum_of_each() -> None:
    centres = np.array([[0.0, 0.0, 2.0], [10.0, 0.0, 2.0]])
    points = np.random.default_rng(1).uniform(-5, 15, (40, 3)) * [1, 1, 0] + [0, 0, 3.5]

    def at(some: np.ndarray) -> np.ndarray:
        return exposure(points, Boluses(some, 2.0, 3.0), TISSUE)

    assert at(centres) == pytest.approx(at(centres[:1]) + at(centres[1:]), rel=1e-13)


def test_pieces_do_not_change_the_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(2).uniform(0, 10, (50, 3))
    boluses = Boluses(np.random.default_rng(3).uniform(0, 10, (7, 3)), 1.0, 1.0)
    whole = concentration(points, 0.5, boluses, TISSUE)
    monkeypatch.setattr("openmeso.science.injection.field._PAIRS", 30)
    assert np.array_equal(concentration(points, 0.5, boluses, TISSUE), whole)
