"""Measure again: is there a shaft where another picture says there should be one?

A list of hairs found is never compared with another list: a hair missed once would be a hair lost.
Instead the place is looked at again. Along the path that registration gives, moved and turned a
little as a hair regrows, the darkness of the shaft is integrated against its flanks; the same search
along parallel paths beside it tells what bare skin would show. Skin under hairs that are accounted
for says nothing and is left out. Where such a hair covers the place, as a bundle traced as one does,
the darkness of the whole bundle is integrated and weighed against its shafts in the other picture.

Paths, widths and offsets are pixels of the working picture of absorption.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Absorbed = NDArray[np.float32]
Flags = NDArray[np.bool_]

STEP_PX = 2.0
FROM_ROOT = 0.75
"""Share of a path that is looked at: roots stay, tips swing and are cut."""
SHIFT_UM = 36.0
TURN_DEG = 12.0
BEND_DEG_MM = 10.0
_FLANK_PX = (2.0, 6.0)
_MARGIN_PX = 1.5  # around a hair that is accounted for
_CORE = 0.7  # of the width that is surely inside
_FEWEST_STEPS = 5
_LEAST_KNOWN = 0.25  # of a way that must be seen for it to be tried


@dataclass(frozen=True, slots=True, eq=False)
class Shaft:
    """A path (n, 2), root first, and its width."""

    path: Floats
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a place shows: ``contrast`` of the best way along it [1], what the same search finds on
    bare skin beside it, the share of the place that is ``visible``, and that way.
    """

    contrast: float
    bare: float
    visible: float
    path: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Freedom:
    """How far a path may be moved [px], turned [rad] and bent [rad/px]."""

    shifts: Floats
    turns: Floats
    bends: Floats


def freedom(um_per_px: float, share: float = 1.0) -> Freedom:
    """What regrowth and the error of registration allow, or a share of it."""
    reach = max(share * SHIFT_UM / um_per_px, 1.0)
    turn = np.radians(share * TURN_DEG)
    bend = np.radians(share * BEND_DEG_MM) * um_per_px / 1000
    return Freedom(
        np.linspace(-reach, reach, 2 * round(reach) + 1),
        np.linspace(-turn, turn, 9),
        np.linspace(-bend, bend, 5),
    )


def look(a: Absorbed, shaft: Shaft, others: Sequence[Shaft], free: Freedom) -> Seen | None:
    """Look for ``shaft`` where it is said to be, ``others`` accounted for.

    None where too little of its path is left to look at.
    """
    middle, normal, run = middle_of(shaft.path)
    if len(middle) < _FEWEST_STEPS:
        return None
    ways = ways_of(run, free)
    swing = float(np.abs(ways).max())
    aside = swing + shaft.width + _FLANK_PX[1]  # so far that the search beside misses the hair
    reach = aside + swing + 0.5 * shaft.width + _FLANK_PX[1] + 2
    flat, clear, across = straightened(a, (middle, normal), reach, others)
    contrast, known = contrast_across(flat, clear, shaft.width)
    centre = len(across) // 2
    best, way, visible = _best(contrast, known, ways, centre)
    beside = [_best(contrast, known, ways, centre + at)[0] for at in (-aside, aside)]
    found = middle + normal * ways[way][:, None]
    return Seen(best, max(min(beside), 0.0), visible, found)


def darkness(
    a: Absorbed, path: Floats, reach: float, others: Sequence[Shaft], inside: Sequence[Shaft]
) -> tuple[float, float] | None:
    """Absorption integrated across a path [px]: within ``reach``, and that under ``inside`` alone.

    ``others`` are left out. Means along the path; None where most of it is outside the picture.
    """
    middle, normal, _ = middle_of(path)
    if len(middle) < _FEWEST_STEPS:
        return None
    flat, clear, _ = straightened(a, (middle, normal), reach, others)
    held = (flat >= 0).mean(axis=1) > 0.9
    if held.mean() < 0.5:
        return None
    base = np.quantile(flat, 0.2, axis=1, keepdims=True).clip(0.0, 0.1)
    value = np.where(clear, flat - base, 0.0)[held]
    _, free, _ = straightened(a, (middle, normal), reach, inside)
    under = np.where(free[held], 0.0, value)
    return float(value.sum(axis=1).mean()), float(under.sum(axis=1).mean())


def middle_of(path: Floats, share: float = FROM_ROOT) -> tuple[Floats, Floats, Floats]:
    """Points every step along a share of the path from its root, their normals, and the way from the root."""
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    steps = np.arange(0.0, share * run[-1], STEP_PX)
    points = np.stack([np.interp(steps, run, path[:, axis]) for axis in (0, 1)], axis=1)
    if len(points) < _FEWEST_STEPS:
        return points, points, steps
    way = np.gradient(points, axis=0)
    way /= np.hypot(*way.T)[:, None] + 1e-9
    return points, np.stack([-way[:, 1], way[:, 0]], axis=1), steps


def straightened(
    a: Absorbed, line: tuple[Floats, Floats], reach: float, others: Sequence[Shaft]
) -> tuple[Absorbed, Flags, Floats]:
    """Absorption (m, k) across a line laid straight, where it is clear of others, the offsets (k,).

    Outside the picture it is below zero, and not clear.
    """
    middle, normal = line
    across = np.arange(-np.ceil(reach), np.ceil(reach) + 1)
    at_x = np.asarray(middle[:, :1] + normal[:, :1] * across, np.float32)
    at_y = np.asarray(middle[:, 1:] + normal[:, 1:] * across, np.float32)
    flat = cv2.remap(
        a, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=-1.0
    )
    clear = (flat >= 0) & ~_hidden(at_x, at_y, others)
    return np.asarray(flat, np.float32), clear, across


def _hidden(at_x: Absorbed, at_y: Absorbed, others: Sequence[Shaft]) -> Flags:
    """Where others lie, on a grid of points (m, k)."""
    x0, y0 = int(at_x.min()) - 1, int(at_y.min()) - 1
    size = int(at_y.max()) + 2 - y0, int(at_x.max()) + 2 - x0
    drawn = np.zeros(size, np.uint8)
    for other in others:
        bits = np.round((other.path - (x0, y0)) * 16).astype(np.int32)
        thick = max(round(other.width + 2 * _MARGIN_PX), 1)
        cv2.polylines(drawn, [bits], False, 255, thick, shift=4)
    there = cv2.remap(drawn, at_x - x0, at_y - y0, cv2.INTER_NEAREST)
    return np.asarray(there > 0)


def contrast_across(flat: Absorbed, clear: Flags, width: float) -> tuple[Floats, Floats]:
    """Core less flanks at each place of a straightened picture, and the share of the core clear."""
    out = int(np.ceil(0.5 * width + _FLANK_PX[1]))
    offsets = np.abs(np.arange(-out, out + 1))
    core = offsets <= max(0.5 * _CORE * width, 0.6)
    flank = (offsets >= 0.5 * width + _FLANK_PX[0]) & (offsets <= 0.5 * width + _FLANK_PX[1])
    value, weight = np.where(clear, flat, 0).astype(np.float32), clear.astype(np.float32)

    def mean(part: Flags) -> tuple[Absorbed, Absorbed]:
        kernel = (part / part.sum()).astype(np.float32)[None]
        total, seen = (
            np.asarray(cv2.filter2D(one, -1, kernel, borderType=cv2.BORDER_CONSTANT), np.float32)
            for one in (value, weight)
        )
        return np.asarray(total / np.maximum(seen, 1e-3), np.float32), seen

    inner, inner_seen = mean(core)
    outer, outer_seen = mean(flank)
    known = np.where((inner_seen >= 0.5) & (outer_seen >= 0.25), inner_seen, 0.0)
    return np.where(known > 0, inner - outer, 0.0).astype(float), known.astype(float)


def ways_of(run: Floats, free: Freedom) -> Floats:
    """Every way (n, m) that a path may take, as offset across [px]."""
    shift, turn, bend = (
        one.reshape(-1, 1)
        for one in np.meshgrid(free.shifts, free.turns, free.bends, indexing="ij")
    )
    return np.asarray(shift + np.tan(turn) * run + 0.5 * bend * run**2)


def _best(contrast: Floats, known: Floats, ways: Floats, centre: float) -> tuple[float, int, float]:
    """Greatest mean contrast along a way, which way, and the share that all ways show [1]."""
    rows = np.arange(contrast.shape[0])
    columns = np.clip(np.rint(ways + centre).astype(int), 0, contrast.shape[1] - 1)
    seen = known[rows, columns]
    share = seen.mean(axis=1)
    mean = (contrast[rows, columns] * seen).sum(axis=1) / np.maximum(seen.sum(axis=1), 1e-6)
    worth = np.where(share >= _LEAST_KNOWN, mean, 0.0)
    way = int(np.argmax(worth))
    return float(max(worth[way], 0.0)), way, float(share.mean())
