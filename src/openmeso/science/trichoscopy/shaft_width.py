"""Width of a shaft from its profiles across, in linear light, over clean stretches only.

A blurred thin shaft looks wider than it is: the blur of a picture is read from the edges of its own
thick shafts, and taken out of every width. A picture without thick shafts tells no blur.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

_EVERY_PX = 2.0
_LEAST_PROFILES = 6
_ENDS = 0.12  # share of a shaft left out at either end: taper and root shadow
_THICK = 4.5  # times the blur, from where the edges of a shaft do not touch
_LEAST_THICK = 4
_QUARTILE = 0.6745  # of a standard normal


@dataclass(frozen=True, slots=True)
class Width:
    """Width at half absorption [uploaded px], its standard error, and profiles it rests on.

    ``soft_px`` is the standard deviation of the blur of its edges, were it a thick shaft [px].
    """

    px: float
    error_px: float
    profiles: int
    soft_px: float = 0.0


def width_along(light: NDArray[np.float32], path: Floats, rough_px: float) -> Width | None:
    """Half-maximum width of one shaft whose middle is ``path`` (n, 2) [px]; None if nowhere clean.

    A profile is clean when both flanks are light for at least half a width and agree.
    """
    across, distance = _profiles(light, path, rough_px)
    if len(across) < _LEAST_PROFILES:
        return None
    values, soft = _half(across, distance, rough_px)
    if len(values) < _LEAST_PROFILES:
        return None
    middle = float(np.median(values))
    spread = 1.4826 * float(np.median(np.abs(values - middle)))
    kept = values[np.abs(values - middle) <= 3 * spread + 0.25]
    error = float(np.std(kept) / np.sqrt(max(len(kept) / 4, 1)))  # neighbours share their blur
    return Width(float(np.median(kept)), error, len(kept), float(np.median(soft)))


def blur_px(widths: Sequence[Width]) -> float:
    """Standard deviation of the blur of a picture [px]; 0 where too few thick shafts tell it."""
    soft = [one.soft_px for one in widths if one.px > _THICK * one.soft_px > 0]
    return float(np.quantile(soft, 0.4)) if len(soft) >= _LEAST_THICK else 0.0


def sharpened(width: Width, blur: float) -> Width:
    """What the shaft is wide without a blur of ``blur`` px; its error grows as the blur hides it."""
    if blur <= 0:
        return width
    seen = width.px / blur
    true = float(np.interp(seen, _SEEN, _TRUE)) if seen < _SEEN[-1] else seen
    slope = float(np.interp(seen, _SEEN, np.gradient(_TRUE, _SEEN))) if seen < _SEEN[-1] else 1.0
    return replace(width, px=true * blur, error_px=width.error_px * slope)


def _seen_widths(true: Floats) -> Floats:
    """Width at half depth of shafts ``true`` wide behind a Gaussian blur of 1."""
    offset = np.linspace(0.0, 6.0, 2401)
    half = 0.5 * true[:, None]
    depth = ndtr(offset + half) - ndtr(offset - half)
    return np.asarray([2 * np.interp(-0.5 * row[0], -row, offset) for row in depth])


def _profiles(
    light: NDArray[np.float32], path: Floats, rough_px: float
) -> tuple[NDArray[np.float32], Floats]:
    """Profiles (m, k) of light across the path, and the distance from its middle (k,) [px]."""
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    steps = np.arange(_ENDS * run[-1], (1 - _ENDS) * run[-1], _EVERY_PX)
    reach = 1.1 * rough_px + 5
    distance = np.linspace(-reach, reach, int(4 * reach) | 1)
    if len(steps) < _LEAST_PROFILES:
        return np.empty((0, len(distance)), np.float32), distance
    x, y = np.interp(steps, run, path[:, 0]), np.interp(steps, run, path[:, 1])
    dx, dy = np.gradient(x), np.gradient(y)
    norm = np.hypot(dx, dy) + 1e-9
    at_x = x[:, None] - (dy / norm)[:, None] * distance
    at_y = y[:, None] + (dx / norm)[:, None] * distance
    across = cv2.remap(
        light, at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=-1.0,
    )  # fmt: skip
    return np.asarray(across, np.float32), distance


def _half(across: NDArray[np.float32], distance: Floats, rough_px: float) -> tuple[Floats, Floats]:
    """Widths of the clean ones among profiles (m, k) at half their depth, and their blur [px]."""
    out = np.abs(distance) > 0.75 * rough_px + 2.5
    left, right = across[:, out & (distance < 0)], across[:, out & (distance > 0)]
    light = np.median(left, axis=1), np.median(right, axis=1)
    base = 0.5 * (light[0] + light[1])
    core = np.abs(distance) <= max(0.3 * rough_px, 1.0)
    dark = np.quantile(cv2.blur(across, (3, 3))[:, core], 0.05, axis=1)
    depth = base - dark
    level = base - 0.5 * depth
    clean = (across.min(axis=1) >= 0) & (depth > 0.04 * base + 0.004)
    clean &= np.abs(light[0] - light[1]) < 0.3 * depth
    clean &= np.minimum(left.min(axis=1), right.min(axis=1)) > level
    across, base, depth = across[clean], base[clean], depth[clean]
    if not len(across):
        return np.empty(0), np.empty(0)
    half, low, high = (
        _between(across, distance, base - part * depth) for part in (0.5, 0.25, 0.75)
    )
    known = np.isfinite(half) & np.isfinite(low) & np.isfinite(high)
    return half[known], (low - high)[known] / (4 * _QUARTILE)


def _between(across: NDArray[np.float32], distance: Floats, level: Floats) -> Floats:
    """Distance between the outermost crossings of a level (m,) [px]; nan where there are not two."""
    below = across < level[:, None]
    seen = below.any(axis=1) & ~below[:, 0] & ~below[:, -1]
    rows, last = np.arange(len(across)), across.shape[1] - 1
    i = np.clip(np.argmax(below, axis=1), 1, last)
    j = np.clip(last - np.argmax(below[:, ::-1], axis=1), 0, last - 1)
    step = distance[1] - distance[0]
    into = (level - across[rows, i]) / np.maximum(across[rows, i - 1] - across[rows, i], 1e-6)
    past = (level - across[rows, j]) / np.maximum(across[rows, j + 1] - across[rows, j], 1e-6)
    between = distance[j] + step * past - distance[i] + step * into
    return np.asarray(np.where(seen, between, np.nan))


_TRUE = np.concatenate([np.linspace(0.3, 3.0, 55), np.linspace(3.1, 7.0, 40)])
_SEEN = _seen_widths(_TRUE)
