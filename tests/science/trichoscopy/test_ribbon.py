"""Strips cast from edges, and what a followed path looks like, against the same said slowly."""

import cv2
import numpy as np
import pytest

from openmeso.science.kernels import ribbon, ribbon_look
from openmeso.science.kernels.segment import straight_edges

MOST, LEAST = 30.0, 2.0


def field(seed=3, bars=14):
    """Absorption of dark bars of several widths, and its edge segments."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((180, 220), np.float32)
    for _ in range(bars):
        x, y, turn = rng.uniform(20, 200), rng.uniform(20, 160), rng.uniform(0, np.pi)
        way = 60 * np.array([np.cos(turn), np.sin(turn)])
        ends = (tuple(int(v) for v in np.rint(np.array([x, y]) + s * way)) for s in (-1, 1))
        cv2.line(
            picture, *ends, float(rng.uniform(0.2, 0.8)), int(rng.integers(4, 14)), cv2.LINE_AA
        )
    picture += rng.normal(0, 0.01, picture.shape).astype(np.float32)
    smooth = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.float32)
    return smooth, straight_edges(smooth, 0.02, 16)


def seen(a, x, y):
    """Bilinear interpolation by weights of the four pixels around."""
    height, width = a.shape
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    j, i = np.floor(x).astype(int), np.floor(y).astype(int)
    u, v = x - j, y - i
    low = a[i + 1, j] * (1 - u) + a[i + 1, j + 1] * u
    return (a[i, j] * (1 - u) + a[i, j + 1] * u) * (1 - v) + low * v


def profile_of(a, segment):
    """Middle, direction with the dark side on its left, and mean absorption by offset (function)."""
    first, last = segment[:2], segment[2:]
    length = np.hypot(*(last - first))
    samples = min(24, int(length))
    at = first + ((np.arange(samples) + 0.5) / samples)[:, None] * (last - first)
    way = (last - first) / length

    def mean(offset):
        return seen(a, at[:, 0] - offset * way[1], at[:, 1] + offset * way[0]).mean()

    if mean(1.5) < mean(-1.5):
        way = -way
    return (first + last) / 2, way, mean


def slowly_cast(a, segments, usual):
    strips = []
    for segment in segments:
        if np.hypot(*(segment[2:] - segment[:2])) < 4:
            continue
        middle, way, mean = profile_of(a, segment)
        level = {o: mean(o) for o in range(-4, int(MOST) + 4)}
        base = min(level[-4], level[-3])
        contrast = max(level[1], level[2], level[3]) - base
        if contrast < 0.03:
            continue
        widths = []
        for o in range(2, int(MOST) + 2):
            if widths and level[o] < base + 0.25 * contrast:
                break
            before, after = level[o] - level[o - 2], level[o + 2] - level[o]
            fall = level[o + 1] - level[o - 1]
            if len(widths) < 3 and fall < -0.2 * contrast and before >= fall < after:
                bend = before - 2 * fall + after
                shift = 0.5 * (before - after) / bend if bend > 1e-9 else 0.0
                wide = o + np.clip(shift, -0.5, 0.5)
                widths += [wide] if LEAST <= wide <= MOST else []
        if usual > 0 and level[int(0.8 * usual)] > base + 0.7 * contrast:
            widths.append(usual)
        left = np.array([-way[1], way[0]])
        strips += [(*(middle + 0.5 * w * left), *way, w, contrast) for w in widths]
    return np.array(strips)


@pytest.mark.parametrize("usual", [0.0, 7.5])
def test_strips_are_those_of_the_profile_across_each_edge(usual):
    a, segments = field()
    strips, sides = ribbon.cast_widths(a, segments, MOST, LEAST)
    if usual:
        strips = ribbon.with_usual(a, segments, strips, sides, usual)
    wanted = slowly_cast(a, segments, usual)
    assert len(wanted) > 30
    np.testing.assert_allclose(strips, wanted, atol=1e-6)


def test_absorption_beyond_the_border_is_that_of_the_border():
    a, _ = field()
    for x, y in [(-7.0, 50.3), (400.0, 90.5), (33.25, -1.0), (70.5, 999.0), (101.3, 55.9)]:
        assert ribbon.at.py_func(a, x, y) == pytest.approx(seen(a, np.array(x), np.array(y)))


def test_a_path_is_described_by_its_quantiles():
    a, segments = field()
    strips, _ = ribbon.cast_widths(a, segments, MOST, LEAST)
    points, starts, which = ribbon.follow_all(a, strips)
    spans = np.column_stack([starts[:-1], starts[1:]])
    widths = strips[which, 4]
    texture = np.full(a.shape, 0.02, np.float32)
    rows = ribbon_look.describe(a, texture, points, spans, widths)
    assert len(rows) > 10
    for (first, last), width, row in zip(spans, widths, rows, strict=True):
        path = points[first:last].astype(float)
        step = np.concatenate([path[1:2] - path[:1], path[2:] - path[:-2], path[-1:] - path[-2:-1]])
        normal = (
            np.column_stack([-step[:, 1], step[:, 0]]) / np.hypot(step[:, 0], step[:, 1])[:, None]
        )

        def lane(offset, path=path, normal=normal):
            return seen(a, path[:, 0] + offset * normal[:, 0], path[:, 1] + offset * normal[:, 1])

        lanes = np.array([lane(0.12 * q * width) for q in range(-3, 4)])
        inner = lanes.mean(0)
        out = 0.5 * width + np.array([2.0, 3.5, 5.0])
        flanks = [np.mean([lane(side * o) for o in out], axis=0) for side in (1, -1)]
        wanted = [
            np.median(inner),
            np.median(inner - np.minimum(*flanks)),
            np.median(inner - np.maximum(*flanks)),
            np.quantile(inner, 0.2) / np.median(inner),
            0.5 * path[:, 2:].sum(1).mean(),
            (path[:, 2:].sum(1) > 1.5).mean(),
            0.02,
            np.ptp(lanes.mean(1)),
        ]
        np.testing.assert_allclose(row[:8], wanted, atol=2e-6)
