"""Width of a shaft from its profiles across, in linear light, over clean stretches only."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_EVERY_PX = 2.0
_LEAST_PROFILES = 6
_ENDS = 0.12  # share of a shaft left out at either end: taper and root shadow


@dataclass(frozen=True, slots=True)
class Width:
    """Width at half absorption [uploaded px], its standard error, and profiles it rests on."""

    px: float
    error_px: float
    profiles: int


def width_along(light: NDArray[np.float32], path: Floats, rough_px: float) -> Width | None:
    """Half-maximum width of one shaft whose middle is ``path`` (n, 2) [px]; None if nowhere clean.

    A profile is clean when both flanks are light for at least half a width and agree.
    """
    across, distance = _profiles(light, path, rough_px)
    if len(across) < _LEAST_PROFILES:
        return None
    values = _half(across, distance, rough_px)
    if len(values) < _LEAST_PROFILES:
        return None
    middle = float(np.median(values))
    spread = 1.4826 * float(np.median(np.abs(values - middle)))
    kept = values[np.abs(values - middle) <= 3 * spread + 0.25]
    error = float(np.std(kept) / np.sqrt(max(len(kept) / 4, 1)))  # neighbours share their blur
    return Width(float(np.median(kept)), error, len(kept))


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


def _half(across: NDArray[np.float32], distance: Floats, rough_px: float) -> Floats:
    """Widths of the clean ones among profiles (m, k) at half their depth [px]."""
    out = np.abs(distance) > 0.75 * rough_px + 2.5
    left, right = across[:, out & (distance < 0)], across[:, out & (distance > 0)]
    light = np.median(left, axis=1), np.median(right, axis=1)
    base = 0.5 * (light[0] + light[1])
    core = np.abs(distance) <= max(0.3 * rough_px, 1.0)
    dark = np.median(cv2.blur(across, (3, 1))[:, core], axis=1)
    depth = base - dark
    level = base - 0.5 * depth
    clean = (across.min(axis=1) >= 0) & (depth > 0.04 * base + 0.004)
    clean &= np.abs(light[0] - light[1]) < 0.3 * depth
    clean &= np.minimum(left.min(axis=1), right.min(axis=1)) > level
    across, level = across[clean], level[clean]
    below = across < level[:, None]
    seen = below.any(axis=1) & ~below[:, 0] & ~below[:, -1]
    across, level, below = across[seen], level[seen], below[seen]
    if not len(across):
        return np.empty(0)
    rows, last = np.arange(len(across)), across.shape[1] - 1
    i, j = np.argmax(below, axis=1), last - np.argmax(below[:, ::-1], axis=1)
    step = distance[1] - distance[0]
    into = (level - across[rows, i]) / np.maximum(across[rows, i - 1] - across[rows, i], 1e-6)
    past = (level - across[rows, j]) / np.maximum(across[rows, j + 1] - across[rows, j], 1e-6)
    return np.asarray(distance[j] + step * past - distance[i] + step * into)
