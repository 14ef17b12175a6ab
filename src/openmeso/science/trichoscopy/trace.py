"""Trace every shaft of a picture of absorption: strips between edges, followed, then chosen.

Edges come from a detector of straight segments; each proposes strips on its dark side, as wide as
the falls of light across it allow or as wide as the picture's usual hair. Every strip is followed
both ways through crossings. Of all paths those are kept that explain most edges not yet explained,
each weighed with how much it looks like hair; a path is kept whole, also where it runs within a
bundle, and judged again by what it alone explains, its colour and its company.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.kernels import ribbon, ribbon_border, ribbon_choice, ribbon_look, segment
from openmeso.science.trichoscopy.judge import judged
from openmeso.science.trichoscopy.likelihood import PROPOSED, likelihood
from openmeso.science.trichoscopy.path_look import Paths, Surroundings, look_along

Floats = NDArray[np.float64]
Spans = NDArray[np.int64]
Absorbed = NDArray[np.float32]

EDGE, EDGE_PX = 0.02, 16  # change of absorption a pixel, and pixels, that make an edge
_LEAST_UM, _MOST_UM = 12.0, 170.0
_USUAL_FROM_UM = 45.0
_LEAST_POINTS = 4
_UNLIKELY = 0.01  # a proposal below is not followed up
_BORDER_UM = 220.0  # an end that is nearer goes on to the border where the shaft stays dark
_GAIN_UM = 2.5  # of weighed edge that a path must explain alone
_MOST_TAKEN = 2000  # only noise has more
_DARKNESS = 3  # column of the features that tells it
_TEXTURE_SIDE = 61
_MOST_STRIPS = 60_000


@dataclass(frozen=True, slots=True)
class Trace:
    """A path (n, 2) in working pixels, rough ``width`` [working px], and how likely it is a hair."""

    path: Floats
    width: float
    likelihood: float


@dataclass(frozen=True, slots=True)
class Look:
    """A picture of absorption, the texture of its skin, and its usual hair (width px, contrast)."""

    a: Absorbed
    texture: Absorbed
    usual: float
    dark: float
    um: float


@dataclass(frozen=True, slots=True)
class Proposed:
    """Paths that look like hair on their own: spans (n, 2) of ``points``, features (n, 18)."""

    look: Look
    points: Absorbed
    spans: Spans
    widths: Floats
    features: Floats
    likely: Floats


@dataclass(frozen=True, slots=True)
class Taken:
    """Paths that together explain the edges; features (n, 23) with what each alone explains."""

    paths: Paths
    features: Floats


def trace(a: Absorbed, hue: Absorbed, um: float) -> list[Trace]:
    """Every path that may be a shaft in absorption ``a`` (h, w) at ``um`` micrometres a pixel.

    ``hue`` (2, h, w) as from ``absorption.hue``.
    """
    proposed = propose(a, um)
    if proposed is None:
        return []
    taken = take(proposed, proposed.likely)
    if not len(taken.paths.spans):
        return []
    features, around = describe(proposed, taken, hue)
    final = judged(features, around, taken.paths.likely)
    return [
        Trace(taken.paths.points[low:high, :2].astype(np.float64), float(width), float(value))
        for (low, high), width, value in zip(
            taken.paths.spans, taken.paths.widths, final, strict=True
        )
    ]


def propose(a: Absorbed, um: float) -> Proposed | None:
    """Paths that look like hair on their own; None where there is none."""
    smooth = np.asarray(cv2.GaussianBlur(a, (0, 0), 0.8), np.float32)
    segments = segment.straight_edges(smooth, EDGE, EDGE_PX)
    if not len(segments):
        return None
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    segments = np.ascontiguousarray(segments[np.argsort(-length, kind="stable")])
    most, least = _MOST_UM / um, _LEAST_UM / um
    strips, sides = ribbon.cast_widths(smooth, segments, most, least)
    if not len(strips):
        return None
    usual, dark = usual_hair(strips, um)
    high = np.abs(smooth - cv2.GaussianBlur(smooth, (0, 0), 3.0))
    rough = cv2.blur(np.minimum(high, 0.06), (_TEXTURE_SIDE, _TEXTURE_SIDE))
    texture = np.asarray(rough, np.float32)
    if usual > 0:
        strips = ribbon.with_usual(smooth, segments, strips, sides, usual)
    if len(strips) > _MOST_STRIPS:  # only noise has so many: keep the plainest
        strips = strips[np.argsort(-strips[:, 5])[:_MOST_STRIPS]]
    strips = np.ascontiguousarray(strips[plain(strips, texture, dark)])
    points, starts, which = ribbon.follow_all(smooth, strips)
    look = Look(smooth, texture, usual, dark, um)
    spans = np.stack([starts[:-1], np.maximum(starts[1:], starts[:-1] + 1)], 1)
    widths = np.ascontiguousarray(strips[which, 4])
    long = starts[1:] - starts[:-1] >= _LEAST_POINTS
    spans, widths = np.ascontiguousarray(spans[long]), widths[long]
    features, stands_out = _features(look, points, spans, widths)
    likely = np.where(stands_out, likelihood(PROPOSED, features), 0.0)
    kept = likely >= _UNLIKELY
    if not kept.any():
        return None
    spans = np.ascontiguousarray(spans[kept])
    return Proposed(look, points, spans, widths[kept], features[kept], likely[kept])


def take(proposed: Proposed, weights: Floats) -> Taken:
    """Of the proposed paths those that together explain the edges, weighed with ``weights``."""
    look, points, spans = proposed.look, proposed.points, proposed.spans
    least = _GAIN_UM / look.um
    chosen, fresh = ribbon_choice.choose(
        look.a.shape, points, spans, proposed.widths, weights, least
    )
    chosen, fresh = chosen[:_MOST_TAKEN], fresh[:_MOST_TAKEN]
    held, likely = np.ascontiguousarray(spans[chosen]), proposed.likely[chosen]
    edge = np.array([0.5 * points[low:high, 2:4].sum() for low, high in held])
    gain = np.log(np.maximum(fresh[:, 0] * edge * weights[chosen] * look.um, 1.0))
    odds = np.clip(np.log(likely / (1 - likely + 1e-6)), -6, 6)
    features = np.column_stack([proposed.features[chosen], fresh, odds, gain])
    points, held = ribbon_border.reach_border(
        look.a, points, held, proposed.widths[chosen], _BORDER_UM / look.um
    )
    return Taken(Paths(points, held, proposed.widths[chosen], likely), features)


def describe(proposed: Proposed, taken: Taken, hue: Absorbed) -> tuple[Floats, Surroundings]:
    """All that the judge is told of each path that was taken (n, 116), and its surroundings."""
    look = proposed.look
    seen, around = look_along(
        look.a, hue, taken.paths, look.dark, look.um, taken.features[:, _DARKNESS]
    )
    return np.hstack([taken.features, seen]), around


def usual_hair(strips: Floats, um: float) -> tuple[float, float]:
    """Width [px] and contrast [1] of the picture's usual thick hair; width 0 where there is none."""
    thick = strips[(strips[:, 4] * um > _USUAL_FROM_UM) & (strips[:, 5] > 0.15)]
    if len(thick) < 4:
        return 0.0, float(np.median(strips[:, 5]))
    dark = float(np.quantile(thick[:, 5], 0.75))
    thick = thick[thick[:, 5] > 0.6 * dark]
    return float(np.quantile(thick[:, 4], 0.4)), dark


def plain(strips: Floats, texture: Absorbed, dark: float) -> NDArray[np.bool_]:
    """Strips that stand out of the texture of the skin where they lie."""
    height, width = texture.shape
    x = np.clip(np.rint(strips[:, 0]), 0, width - 1).astype(int)
    y = np.clip(np.rint(strips[:, 1]), 0, height - 1).astype(int)
    return np.asarray(strips[:, 5] > np.maximum(2.0 * texture[y, x], 0.08 * dark))


def _features(
    look: Look, points: Absorbed, spans: Spans, widths: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """What the likelihood asks of each path (n, 18), and whether it stands out of the skin."""
    rows = ribbon_look.describe(look.a, look.texture, points, spans, widths)
    rough, dark = np.maximum(rows[:, 6], 0.002), max(look.dark, 0.01)
    width_um = widths * look.um
    usual_um = look.usual * look.um if look.usual else 70.0
    columns = (
        np.log((spans[:, 1] - spans[:, 0]) * ribbon.STEP * look.um / 400),
        np.log(width_um / 40),
        np.clip(np.log(width_um / usual_um), -2, 1),
        rows[:, 0] / dark,
        rows[:, 1] / dark,
        rows[:, 2] / dark,
        np.log(np.maximum(rows[:, 1], 0.002) / rough),
        np.log(np.maximum(rows[:, 2], 0.002) / rough),
        np.clip(rows[:, 3], 0, 1.5),
        rows[:, 4],
        rows[:, 5],
        rows[:, 7] / dark,
        np.minimum(rows[:, 8], 0.3),
        rows[:, 9] / dark,
        rows[:, 10] / dark,
        np.log(rough / 0.02),
        np.clip(rows[:, 11], -1.0, 1.5),
        np.clip(rows[:, 12], -1.0, 1.5),
    )
    return np.stack(columns, 1), rows[:, 1] > 1.2 * rows[:, 6]
