"""Warp: a smooth map from one picture to another, fitted to pairs of points."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

AFFINE_TERMS = 3
QUADRATIC_TERMS = 6
_ROUNDS = 10


def terms(points: Array, count: int) -> Array:
    """1, x, y and, for six terms, x², xy, y² of each point; shape (n, count)."""
    x, y = points[:, 0], points[:, 1]
    columns = [np.ones_like(x), x, y, x * x, x * y, y * y]
    return np.stack(columns[:count], axis=1)


def apply(coefficients: Array, points: Array) -> Array:
    """Map points (n, 2) by coefficients of shape (3, 2) or (6, 2)."""
    return terms(points, len(coefficients)) @ coefficients


def similarity(source: Array, target: Array) -> Array:
    """Rotation, one zoom and shift of least squares, as affine coefficients (3, 2).

    References
    ----------
    Umeyama S. Least-squares estimation of transformation parameters between two point patterns.
    IEEE TPAMI 1991;13:376.
    """
    a = source[:, 0] + 1j * source[:, 1]
    b = target[:, 0] + 1j * target[:, 1]
    a0, b0 = a.mean(), b.mean()
    turn = np.vdot(a - a0, b - b0) / max(np.vdot(a - a0, a - a0).real, 1e-12)
    shift = b0 - turn * a0
    return np.array(
        [[shift.real, shift.imag], [turn.real, turn.imag], [-turn.imag, turn.real]], np.float64
    )


def fit(source: Array, target: Array, count: int, tolerance: float) -> Array:
    """Coefficients (count, 2) of a robust least squares fit (Tukey's biweight).

    ``tolerance`` is the residual [unit of target] from which a pair counts for nothing. Points
    are centred and scaled for the solution, so that squares of pixels do no harm.
    """
    centre = source.mean(axis=0)
    spread = max(float(np.abs(source - centre).max()), 1e-9)
    design = terms((source - centre) / spread, count)
    weights = np.ones(len(source))
    scaled: Array = np.zeros((count, 2))
    for _ in range(_ROUNDS):
        root = np.sqrt(weights)[:, None]
        scaled = np.asarray(np.linalg.lstsq(design * root, target * root, rcond=None)[0], float)
        far = np.hypot(*(design @ scaled - target).T) / tolerance
        weights = np.where(far < 1, (1 - far**2) ** 2, 0.0)
        if weights.sum() < count:
            break
    return _unscaled(scaled, centre, spread)


def _unscaled(scaled: Array, centre: Array, spread: float) -> Array:
    """Coefficients in the points' own unit, from those in centred and scaled ones."""
    x0, y0 = centre
    shift = np.zeros((len(scaled), len(scaled)))
    shift[0, :3] = 1, -x0 / spread, -y0 / spread
    shift[1, 1] = shift[2, 2] = 1 / spread
    unscaled = shift[:, :3] @ scaled[:3]
    if len(scaled) == QUADRATIC_TERMS:
        square = spread * spread
        quadratic = np.array(
            [
                [x0 * x0, x0 * y0, y0 * y0],
                [-2 * x0, -y0, 0],
                [0, -x0, -2 * y0],
                [1, 0, 0],
                [0, 1, 0],
                [0, 0, 1],
            ]
        )
        unscaled = unscaled + quadratic / square @ scaled[3:]
    return np.asarray(unscaled, np.float64)


def stretch(coefficients: Array, at: Array) -> tuple[float, float]:
    """Zoom [1] and rotation [deg] of the map at a point."""
    x, y = at
    jacobian = coefficients[1:3].copy()
    if len(coefficients) == QUADRATIC_TERMS:
        jacobian[0] += 2 * coefficients[3] * x + coefficients[4] * y
        jacobian[1] += coefficients[4] * x + 2 * coefficients[5] * y
    zoom = float(np.sqrt(abs(np.linalg.det(jacobian))))
    turn = np.arctan2(jacobian[0, 1] - jacobian[1, 0], jacobian[0, 0] + jacobian[1, 1])
    return zoom, float(np.degrees(turn))
