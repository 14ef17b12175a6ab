r"""A ball where dermis lies on fat: layers with their own diffusion, clearance and partition.

The free concentration :math:`u` obeys

.. math:: K\,\partial u/\partial t = K D\,\nabla_r^2 u + (K D\,u')' - K k\,u,\qquad u'(0) = 0,

with :math:`K` the partition to water, so that free drug is continuous across a border though the
total is not. Rings around the ball's axis and slices that meet the borders make cells of finite
volume, second order in their size. The rings' own modes part the problem: for each mode, and for
each node of the integral that inverts the Laplace transform, one tridiagonal system remains.
Exposure is the transform at 0 and needs no inversion. A concentration is right to about 1e-7 of
the start's, a share of it that no threshold reaches.

An option: no constants of scalp fat are known, so plans are computed with dermis throughout
unless asked otherwise. Lengths in mm with z down, times in h, D in mm²/h, k in 1/h.

References
----------
Weideman JAC, Trefethen LN. Math Comput 2007;76:1341-1356 (hyperbola for a span of times).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh_tridiagonal

from openmeso.science.injection.accepted import above_zero, not_negative

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

CELL_MM = 0.1
GROWTH = 1.06  # of the cells far from the ball
MOST_FROM_BALL = 14.0
"""Decay lengths around the ball, and below it, that are kept."""
_NODES = 24
_SPAN = 50.0  # ratio of the latest to the earliest time that one hyperbola serves
_ANGLE = 1.17
_SLICES = 4


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer down to ``bottom_mm`` (the last one has no end) and its constants.

    ``partition`` is total over free (water) concentration.
    """

    bottom_mm: float
    d_mm2_h: float
    k_per_h: float
    partition: float

    def __post_init__(self) -> None:
        above_zero(bottom_mm=self.bottom_mm, d_mm2_h=self.d_mm2_h)
        above_zero(k_per_h=self.k_per_h, partition=self.partition)

    @property
    def length_mm(self) -> float:
        """Decay length [mm]."""
        return math.sqrt(self.d_mm2_h / self.k_per_h)


@dataclass(frozen=True, slots=True)
class Ball:
    """One bolus: depth of its centre and radius [mm]."""

    depth_mm: float
    radius_mm: float

    def __post_init__(self) -> None:
        above_zero(depth_mm=self.depth_mm, radius_mm=self.radius_mm)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Edges of rings [mm from the axis] and of slices [mm below the skin]."""

    rings_mm: Floats
    slices_mm: Floats

    @property
    def rho_mm(self) -> Floats:
        """Middles of the rings."""
        return np.asarray((self.rings_mm[1:] + self.rings_mm[:-1]) / 2.0)

    @property
    def z_mm(self) -> Floats:
        """Middles of the slices."""
        return np.asarray((self.slices_mm[1:] + self.slices_mm[:-1]) / 2.0)


def cells_for(
    ball: Ball, layers: Sequence[Layer], deepest_mm: float, cell_mm: float = CELL_MM
) -> Cells:
    """Cells fine around the ball and down to ``deepest_mm``, wider beyond; borders are edges."""
    _check(layers)
    above_zero(deepest_mm=deepest_mm, cell_mm=cell_mm)
    far = MOST_FROM_BALL * max(one.length_mm for one in layers)
    fine = max(deepest_mm, ball.depth_mm + ball.radius_mm)
    stops = [0.0, *(one.bottom_mm for one in layers[:-1] if one.bottom_mm < fine), fine]
    slices = [np.zeros(1)]
    for top, bottom in pairwise(stops):
        count = math.ceil((bottom - top) / cell_mm * (1 - 1e-9))
        slices.append(np.linspace(top, bottom, count + 1)[1:])
    slices.append(fine + _wider(cell_mm, far))
    near = np.linspace(0.0, ball.radius_mm, math.ceil(ball.radius_mm / cell_mm) + 1)
    rings = np.concatenate([near, ball.radius_mm + _wider(cell_mm, far)])
    return Cells(rings, np.concatenate(slices))


def layered_exposure(ball: Ball, layers: Sequence[Layer], cells: Cells) -> Floats:
    """Free exposure [h] per unit of the ball's total C₀ in every cell, (slices, rings).

    Raises ``ValueError`` for layers that do not go down.
    """
    _check(layers)
    modes, squares = _modes(cells)
    found = _solve(squares, np.zeros(1), _source(ball, cells) @ modes[0], layers, cells)
    return np.asarray(found[:, :, 0].real @ modes[1])


def at_depths(depths_mm: Sequence[float], cells: Cells) -> Floats:
    """Weights of the slices in the values at some depths, straight between: (depths, slices)."""
    not_negative(depth_mm=depths_mm)
    z = cells.z_mm
    weights = np.zeros((len(depths_mm), len(z)))
    for row, depth in zip(weights, depths_mm, strict=True):
        above = int(np.clip(np.searchsorted(z, depth) - 1, 0, len(z) - 2))
        row[above + 1] = (depth - z[above]) / (z[above + 1] - z[above])
        row[above] = 1.0 - row[above + 1]
    return weights


def layered_concentration(
    ball: Ball, layers: Sequence[Layer], cells: Cells, t_h: ArrayLike, depths: Floats | None = None
) -> Floats:
    """Free concentration per unit of the ball's total C₀ at rising ``t_h``.

    As (times, slices, rings), or (times, depths, rings) where ``depths`` are those of
    :func:`at_depths`.

    Raises ``ValueError`` for layers that do not go down and times that are not above 0 or rising.
    """
    _check(layers)
    t = np.atleast_1d(np.asarray(t_h, float))
    not_negative(t_h=t)
    if t.min() <= 0 or (np.diff(t) < 0).any():
        raise ValueError(f"t_h must be rising and above 0, not {t.min()} to {t.max()}")
    modes, squares = _modes(cells)
    source = _source(ball, cells) @ modes[0]
    spans = np.floor(np.log(t / t[0]) / math.log(_SPAN) * (1 - 1e-12)).astype(int)
    parts = []
    for span in np.unique(spans):
        here = t[spans == span]
        nodes, weights = _hyperbola(float(here[0]))
        found = _solve(squares, nodes, source, layers, cells)
        if depths is not None:
            found = np.tensordot(depths, found, axes=1)
        summed = (weights * np.exp(nodes * here[:, None])) @ np.moveaxis(found, 2, 1)
        parts.append(np.moveaxis(summed.real, 1, 0) @ modes[1])
    return np.concatenate(parts)


def _check(layers: Sequence[Layer]) -> None:
    if not layers:
        raise ValueError("at least one layer is needed")
    bottoms = [one.bottom_mm for one in layers]
    if sorted(set(bottoms)) != bottoms:
        raise ValueError(f"layers must go down, not {bottoms}")


def _wider(first_mm: float, far_mm: float) -> Floats:
    count = math.ceil(math.log1p(far_mm * (GROWTH - 1.0) / first_mm) / math.log(GROWTH))
    return np.asarray(np.cumsum(first_mm * GROWTH ** np.arange(1, count + 1)))


def _modes(cells: Cells) -> tuple[tuple[Floats, Floats], Floats]:
    """From rings to modes and back, and each mode's square of the wave number."""
    edges, rho = cells.rings_mm, cells.rho_mm
    area = np.diff(edges**2)
    flow = 2.0 * edges[1:-1] / np.diff(rho)
    main = (np.append(flow, 0.0) + np.append(0.0, flow)) / area
    beside = -flow / np.sqrt(area[1:] * area[:-1])
    squares, vectors = eigh_tridiagonal(main, beside)
    root = np.sqrt(area)[:, None]
    return (root * vectors, (vectors / root).T), np.maximum(squares, 0.0)


def _source(ball: Ball, cells: Cells) -> Floats:
    """Share of every cell that the ball and its mirror image fill, (slices, rings)."""
    places, weights = np.polynomial.legendre.leggauss(_SLICES)
    thick = np.diff(cells.slices_mm)
    z = cells.z_mm[:, None] + thick[:, None] * places / 2.0
    squares = cells.rings_mm**2
    found = np.zeros((len(thick), len(squares) - 1))
    for centre in (ball.depth_mm, -ball.depth_mm):
        disc = np.maximum(ball.radius_mm**2 - (z - centre) ** 2, 0.0)[..., None]
        filled = np.clip(disc - squares[:-1], 0.0, np.diff(squares)) / np.diff(squares)
        found += np.tensordot(filled, weights / 2.0, axes=(1, 0))
    return found


def _hyperbola(first_h: float) -> tuple[Complexes, Complexes]:
    """Nodes and weights of the inverse Laplace transform from ``first_h`` to the span's end."""
    low = 4.0 * _ANGLE - math.pi
    size = math.acosh(((math.pi - 2.0 * _ANGLE) * _SPAN + low) / (low * math.sin(_ANGLE)))
    step = size / _NODES
    scale = low * math.pi * _NODES / (size * _SPAN * first_h)
    at = step * (np.arange(_NODES) + 0.5)
    nodes = scale * (1.0 + np.sin(1j * at - _ANGLE))
    return nodes, step / math.pi * scale * np.cos(1j * at - _ANGLE)


def _solve(
    squares: Floats, nodes: ArrayLike, source: Floats, layers: Sequence[Layer], cells: Cells
) -> Complexes:
    """Free concentration by slice, node and mode: (slices, modes, nodes), Thomas' algorithm."""
    z, thick = cells.z_mm, np.diff(cells.slices_mm)
    which = np.searchsorted([one.bottom_mm for one in layers[:-1]], z)
    d, k, partition = (
        np.array([getattr(one, name) for one in layers])[which]
        for name in ("d_mm2_h", "k_per_h", "partition")
    )
    # between two slices the resistances of their halves add
    half = thick / 2.0 / (partition * d)
    between = 1.0 / (half[:-1] + half[1:])
    left, right = np.append(0.0, between), np.append(between, 0.0)
    shift = np.asarray(nodes)
    ratio = np.empty((len(z), len(squares), len(shift)), shift.dtype)
    carried = np.empty_like(ratio)
    for i in range(len(z)):
        own = partition[i] * thick[i] * (d[i] * squares[:, None] + k[i] + shift)
        pivot = own + left[i] + right[i]
        fed = source[i][:, None] * thick[i]
        if i:
            pivot = pivot - left[i] * ratio[i - 1]
            fed = fed + left[i] * carried[i - 1]
        ratio[i] = right[i] / pivot
        carried[i] = fed / pivot
    for i in range(len(z) - 2, -1, -1):
        carried[i] += ratio[i] * carried[i + 1]
    return carried
