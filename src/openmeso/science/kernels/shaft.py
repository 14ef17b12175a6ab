"""Draw curved, tapered shafts over a picture in linear light, with exact pixel coverage."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pictures = NDArray[np.float32]
Segment = tuple[float, ...]

STRIPE_WIDTH = 0.22  # of the radius


@njit(cache=True)
def _below(x: float, a: float, b: float) -> float:
    """Share of a unit square below x along a direction whose |cos|, |sin| are a >= b."""
    outer = 0.5 * (a + b)
    if x <= -outer:
        return 0.0
    if x >= outer:
        return 1.0
    inner = 0.5 * (a - b)
    if x < -inner:
        return (x + outer) * (x + outer) / (2.0 * a * b)
    if x > inner:
        return 1.0 - (outer - x) * (outer - x) / (2.0 * a * b)
    return 0.5 + x / a


@njit(cache=True)
def _bisector(nodes: Floats, at: int, begin: int, end: int) -> tuple[float, float]:
    """Mean direction of the segments that meet in node ``at``: the plane that parts them."""
    before, after = max(at - 1, begin), min(at + 1, end - 1)
    x, y = nodes[after, 0] - nodes[before, 0], nodes[after, 1] - nodes[before, 1]
    norm = math.sqrt(x * x + y * y) + 1e-12
    return x / norm, y / norm


@njit(cache=True)
def _segment(nodes: Floats, shape: Floats, k: int, begin: int, end: int) -> Segment:
    """Ends, parting planes, how far past them it reaches, radii and opacities of segment k."""
    ax, ay = _bisector(nodes, k, begin, end)
    bx, by = _bisector(nodes, k + 1, begin, end)
    past_root = 0.5 if k == begin else 0.0
    past_tip = 0.5 if k == end - 2 else 0.0
    return (
        nodes[k, 0], nodes[k, 1], nodes[k + 1, 0], nodes[k + 1, 1], ax, ay, bx, by,
        past_root, past_tip, shape[k, 0], shape[k + 1, 0], shape[k, 1], shape[k + 1, 1],
    )  # fmt: skip


@njit(cache=True)
def _cover(segment: Segment, x: int, y: int) -> tuple[float, float, float, float]:
    """(covered area, distance across [px], radius [px], opacity) of one pixel."""
    x0, y0, x1, y1, ax, ay, bx, by, past_root, past_tip, r0, r1, o0, o1 = segment
    after = (x - x0) * ax + (y - y0) * ay + past_root
    before = past_tip - (x - x1) * bx - (y - y1) * by
    if after < 0.0 or before <= 0.0:
        return 0.0, 0.0, 1.0, 0.0
    length = math.sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2) + 1e-12
    tx, ty = (x1 - x0) / length, (y1 - y0) / length
    t = min(max(((x - x0) * tx + (y - y0) * ty) / length, 0.0), 1.0)
    radius = r0 * (1.0 - t) + r1 * t
    across = (y - y0) * tx - (x - x0) * ty
    a, b = max(abs(tx), abs(ty)), max(min(abs(tx), abs(ty)), 1e-9)
    cover = _below(across + radius, a, b) - _below(across - radius, a, b)
    if past_root > 0.0:
        cover *= min(after, 1.0)
    if past_tip > 0.0:
        cover *= min(before, 1.0)
    return cover, across, radius, o0 * (1.0 - t) + o1 * t


@njit(cache=True)
def _blend(pixel: Pictures, alpha: float, u: float, look: Pictures) -> None:
    """Lay the shaft over one pixel, ``u`` (-1 to 1) across it."""
    channels = len(pixel)
    off = (u - look[channels + 2]) / STRIPE_WIDTH
    bright = look[channels + 1] * math.exp(-off * off)
    edge = 1.0 - look[channels] * u * u
    for c in range(channels):
        pixel[c] += alpha * (look[c] * edge + bright - pixel[c])


@njit(cache=True)
def _paint(
    image: Pictures, owner: NDArray[np.int32], segment: Segment, look: Pictures, i: int
) -> int:
    """Paint one segment; returns the pixels it would own alone."""
    height, width = owner.shape
    x0, y0, x1, y1 = segment[0], segment[1], segment[2], segment[3]
    reach = max(segment[10], segment[11]) + 1.5
    left, right = max(0, math.ceil(min(x0, x1) - reach)), min(width, math.ceil(max(x0, x1) + reach))
    top, bottom = (
        max(0, math.ceil(min(y0, y1) - reach)),
        min(height, math.ceil(max(y0, y1) + reach)),
    )
    own = 0
    for y in range(top, bottom):
        for x in range(left, right):
            cover, across, radius, opacity = _cover(segment, x, y)
            if cover <= 0.0:
                continue
            if cover >= 0.5 or abs(across) < 0.5:
                owner[y, x] = i
                own += 1
            u = min(max(across / max(radius, 0.5), -1.0), 1.0)
            _blend(image[y, x], cover * opacity, u, look)
    return own


@njit(cache=True)
def draw_shafts(
    image: Pictures,
    owner: NDArray[np.int32],
    nodes: Floats,
    shape: Floats,
    first: NDArray[np.int64],
    look: Pictures,
) -> NDArray[np.int64]:
    """Lay shafts over ``image`` one after the other, later ones on top.

    Changes ``image`` (h, w, c), linear reflectance, and ``owner`` (h, w), the number of the topmost
    shaft or -1. ``nodes`` (m, 2) are x, y [px] of all centre lines, shaft i being nodes first[i] to
    first[i + 1] - 1; ``shape`` (m, 2) radius [px] and opacity [1] at each node; ``look`` (n, c + 3)
    reflectance in each channel, darkening towards the edges [1], strength of the bright stripe [1]
    and where it runs (-1 to 1 across). Returns (n,) the pixels each shaft would own alone.

    Every pixel belongs to one segment of a shaft (the planes through the nodes part them), so
    that joints are not painted twice; a pixel is covered by the exact area of a straight strip.
    """
    own_px = np.zeros(len(first) - 1, np.int64)
    for i in range(len(first) - 1):
        begin, end = first[i], first[i + 1]
        for k in range(begin, end - 1):
            segment = _segment(nodes, shape, k, begin, end)
            own_px[i] += _paint(image, owner, segment, look[i], i)
    return own_px
