"""Transport against quadrature, transforms and solvers that know nothing of its closed forms."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn
from scipy.integrate import quad, solve_ivp
from scipy.linalg import expm

from openmeso.science.injection import absorption, bolus, field, systemic
from openmeso.science.validation.material import Material
from openmeso.terms.validation import Figure, Finding, Line

Floats = NDArray[np.float64]

D, K, RADIUS = 0.36, 0.1, 1.5
"""Diffusivity [mm²/h], clearance [1/h] and radius [mm] of the reference problem."""
_DISTANCES = np.array([0.05, 0.8, 1.4, 1.6, 2.5, 4.0])
_HOURS = np.array([0.25, 1.0, 6.0, 24.0])


def _line(label: str, x: Floats, y: Floats, dots: bool = False) -> Line:
    return Line(label, tuple(map(float, x)), tuple(map(float, y)), dots)


def by_quadrature(start: Callable[[float], float], edge: float, r: float, t: float) -> float:
    """Heat kernel over a round source ``start`` that ends at ``edge`` [mm], times clearance."""
    spread = 4.0 * D * t

    def weighed(at: float) -> float:
        near = math.exp(-((r - at) ** 2) / spread)
        return start(at) * at * (near - math.exp(-((r + at) ** 2) / spread))

    inner = sorted({0.0, min(max(r, 0.0), edge), edge})
    total = sum(
        quad(weighed, low, high, epsabs=1e-13, epsrel=1e-12, limit=400)[0]
        for low, high in pairwise(inner)
    )
    return float(total / (r * math.sqrt(math.pi * spread)) * math.exp(-K * t))


def _against_quadrature(
    ours: Callable[..., Floats], start: Callable[[float], float], edge: float
) -> Finding:
    exact = np.array([[by_quadrature(start, edge, r, t) for r in _DISTANCES] for t in _HOURS])
    got = ours(_DISTANCES, _HOURS[:, None], RADIUS, D, K)
    fine = np.linspace(0.01, 5.0, 80)
    lines = [
        line
        for i, t in enumerate(_HOURS)
        for line in (
            _line(f"closed form, {t:g} h", fine, ours(fine, t, RADIUS, D, K)),
            _line(f"quadrature, {t:g} h", _DISTANCES, exact[i], True),
        )
    ]
    error = float(np.abs(got - exact).max())
    return Finding(
        error,
        f"{exact.size} places and times",
        Figure("distance from the centre, mm", "concentration, share of the start", tuple(lines)),
    )


def ball_against_quadrature(_: Material) -> Finding:
    """The ball's field against the heat kernel over a filled ball."""
    return _against_quadrature(bolus.ball_concentration, lambda _: 1.0, RADIUS)


def gaussian_against_quadrature(_: Material) -> Finding:
    """The Gaussian's field against the heat kernel over it."""

    def start(at: float) -> float:
        return float(bolus.gaussian_concentration(at, 0.0, RADIUS, D, 0.0))

    return _against_quadrature(bolus.gaussian_concentration, start, 8.0 * RADIUS)


def images_against_cosine_transform(_: Material) -> Finding:
    """Two Gaussians beside the skin surface against a box of cosine modes, exact in time."""
    size, cells, t = np.array([24.0, 24.0, 15.0]), np.array([64, 64, 48]), 1.0
    axes = [(np.arange(n) + 0.5) * length / n for n, length in zip(cells, size, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    centres = np.array([[10.5, 12.0, 2.0], [13.5, 11.0, 2.5]])
    boluses, tissue = field.Boluses(centres, 2.4, 5.0, gaussian=True), field.Tissue(D, K)
    start = field.concentration(points, 0.0, boluses, tissue).reshape(cells)
    squares = sum(
        (np.pi * np.arange(n) / length).reshape([-1 if i == axis else 1 for i in range(3)]) ** 2
        for axis, (n, length) in enumerate(zip(cells, size, strict=True))
    )
    modes = dctn(start, type=2, norm="ortho") * np.exp(-(D * squares + K) * t)
    exact = idctn(modes, type=2, norm="ortho")
    got = field.concentration(points, t, boluses, tissue).reshape(cells)
    at = int(cells[0]) // 2, int(cells[1]) // 2
    return Finding(
        float(np.abs(got - exact).max() / got.max()),
        f"all {got.size} cells of a 24 × 24 × 15 mm box after {t:g} h",
        Figure(
            "depth below the surface, mm",
            "concentration",
            (_line("images", axes[2], got[at]), _line("cosine modes", axes[2], exact[at], True)),
        ),
    )


def dose_is_site_and_body(_: Material) -> Finding:
    """The field integrated over the skin, and what was absorbed, add up to the dose."""
    dose = 4.0 / 3.0 * math.pi * RADIUS**3
    hours = np.array([0.1, 0.5, 1.0, 3.0, 6.0, 12.0, 24.0])
    absorbed = absorption.absorbed_mg(hours, dose, K)
    left = np.array([_mass(t) for t in hours])
    return Finding(
        float(np.abs((left + absorbed) / dose - 1.0).max()),
        "the field's integral over the tissue, beside what first-order uptake says",
        Figure(
            "hours",
            "share of the dose",
            (
                _line("in the skin", hours, left / dose, True),
                _line("in the skin, by uptake", hours, 1.0 - absorbed / dose),
                _line("absorbed", hours, absorbed / dose),
            ),
        ),
    )


def _mass(t: float) -> float:
    """Mass in the tissue by Gauss-Legendre quadrature of the ball's field."""
    places, weights = np.polynomial.legendre.leggauss(200)
    edges = np.linspace(0.0, RADIUS + 16.0 * math.sqrt(2.0 * D * t), 13)
    middle, half = (edges[1:] + edges[:-1]) / 2.0, np.diff(edges) / 2.0
    r = middle[:, None] + half[:, None] * places
    values = 4.0 * math.pi * r**2 * bolus.ball_concentration(r, t, RADIUS, D, K)
    return float((values * weights * half[:, None]).sum())


def exposure_is_the_integral(_: Material) -> Finding:
    """Closed-form exposure against the time integral of the concentration, both shapes."""
    shapes = (
        ("ball", bolus.ball_concentration, bolus.ball_exposure),
        ("Gaussian", bolus.gaussian_concentration, bolus.gaussian_exposure),
    )
    worst, lines = 0.0, []
    for name, course, area in shapes:
        summed = np.array([_area(course, r) for r in _DISTANCES])
        worst = max(worst, float(np.abs(area(_DISTANCES, RADIUS, D, K) / summed - 1.0).max()))
        fine = np.linspace(0.01, 5.0, 80)
        lines += [
            _line(f"{name}, closed form", fine, area(fine, RADIUS, D, K)),
            _line(f"{name}, ∫C dt", _DISTANCES, summed, True),
        ]
    return Finding(
        worst, "six distances", Figure("distance, mm", "exposure, h", tuple(lines), log_y=True)
    )


def _area(course: Callable[..., Floats], r: float) -> float:
    def at(log_t: float) -> float:
        t = math.exp(log_t)
        return t * float(course(r, t, RADIUS, D, K))

    edges = np.linspace(math.log(1e-12), math.log(500.0), 9)
    return float(
        sum(
            quad(at, low, high, epsabs=1e-13, epsrel=1e-11, limit=400)[0]
            for low, high in pairwise(edges)
        )
    )


def differences_come_towards_us(_: Material) -> Finding:
    """Centred differences in space, exact in time: their error must fall fourfold when halved."""
    cells = np.array([50, 100, 200, 400])
    misses = np.array([_difference_error(int(n)) for n in cells])
    orders = np.log2(misses[:-1] / misses[1:])
    return Finding(
        float(np.abs(orders - 2.0).max()),
        "observed orders " + ", ".join(f"{one:.3f}" for one in orders),
        Figure(
            "cell, mm",
            "root mean square error",
            (
                _line("centred differences", 12.0 / cells, misses, True),
                _line("second order", 12.0 / cells, misses[-1] * (cells[-1] / cells) ** 2.0),
            ),
            log_x=True,
            log_y=True,
        ),
    )


def _difference_error(cells: int, length: float = 12.0, t: float = 1.0) -> float:
    h = length / cells
    r = (np.arange(cells) + 0.5) * h
    main = np.full(cells, -2.0)
    main[[0, -1]] = -3.0  # r·C is odd at the centre, nothing at the far wall
    beside = np.ones(cells - 1)
    laplace = (np.diag(main) + np.diag(beside, 1) + np.diag(beside, -1)) / h**2
    start = r * bolus.gaussian_concentration(r, 0.0, RADIUS, D, K)
    found = expm((D * laplace - K * np.eye(cells)) * t) @ start / r
    exact = bolus.gaussian_concentration(r, t, RADIUS, D, K)
    return float(np.sqrt(np.mean((found - exact) ** 2 * r**2)))


def body_against_a_solver(_: Material) -> Finding:
    """One and two compartments fed from the skin, against a general solver."""
    hours = np.linspace(0.0, 30.0, 61)
    worst, lines = 0.0, []
    for name, k, half in (("minoxidil", 3.7, 4.2), ("finasteride", 1.0, 6.0)):
        out = math.log(2.0) / half
        solved = solve_ivp(
            lambda t, y, k=k, out=out: [-k * y[0], k * y[0] - out * y[1]],
            (0.0, 30.0), [10.0, 0.0], method="DOP853", t_eval=hours, rtol=1e-11, atol=1e-12,
        ).y[1]  # fmt: skip
        ours = absorption.body_mg(hours, 10.0, k, half)
        worst = max(worst, float(np.abs(ours - solved).max() / 10.0))
        lines += [_line(name, hours, ours), _line(f"{name}, solver", hours, solved, True)]
    body = systemic.Body(104.0, 0.35, 203.0, 20.1)
    away, back, out = 20.1 / 104.0, 20.1 / 203.0, 0.35 / 104.0
    solved = solve_ivp(
        lambda t, y: [
            -0.5 * y[0], 0.5 * y[0] - (away + out) * y[1] + back * y[2], away * y[1] - back * y[2]
        ],
        (0.0, 30.0), [10.0, 0.0, 0.0], method="DOP853", t_eval=hours, rtol=1e-11, atol=1e-12,
    ).y[1]  # fmt: skip
    ours = systemic.body_mass(hours, 10.0, 0.5, body).central_mg
    worst = max(worst, float(np.abs(ours - solved).max() / 10.0))
    lines += [
        _line("two compartments, central", hours, ours),
        _line("two compartments, solver", hours, solved, True),
    ]
    return Finding(worst, "share of the dose", Figure("hours", "mg in the body", tuple(lines)))
