"""Ribbons: two edges of a shaft followed through a picture of absorption, and a choice of them.

Lengths are pixels of the working picture; absorption is 0 (skin) to 1 (black).
"""

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

STEP = 2.0
_COAST = 12
_BRIGHT = 3


@njit(cache=True, inline="always")
def at(a: NDArray[np.float32], x: float, y: float) -> float:
    """Absorption at a point by bilinear interpolation; the border is repeated."""
    height, width = a.shape
    x = min(max(x, 0.0), width - 1.001)
    y = min(max(y, 0.0), height - 1.001)
    i, j = int(y), int(x)
    v, u = y - i, x - j
    top = a[i, j] * (1 - u) + a[i, j + 1] * u
    low = a[i + 1, j] * (1 - u) + a[i + 1, j + 1] * u
    return float(top * (1 - v) + low * v)


@njit(cache=True)
def cast_widths(  # noqa: C901, PLR0915 (one pass over one path: calls would cost more than they tell)
    a: NDArray[np.float32], segments: NDArray[np.float64], most: float, least: float, usual: float
) -> NDArray[np.float64]:
    """Candidate strips (n, 6) from edge segments (m, 4): x, y, ux, uy, width, contrast.

    Every falling edge on the dark side of a segment gives a width; so does ``usual`` where it is
    above zero and the strip stays dark, for hairs lying side by side without a seam.
    """
    reach = int(most) + 5
    profile = np.zeros(reach + 6)
    found = np.empty((segments.shape[0] * 4, 6))
    n = 0
    for s in range(segments.shape[0]):
        x0, y0, x1, y1 = segments[s]
        length = np.hypot(x1 - x0, y1 - y0)
        if length < 4:
            continue
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        nx, ny = -uy, ux
        samples = min(24, int(length))
        side = 0.0
        for k in range(samples):
            f = (k + 0.5) / samples
            x, y = x0 + f * (x1 - x0), y0 + f * (y1 - y0)
            side += at(a, x + 1.5 * nx, y + 1.5 * ny) - at(a, x - 1.5 * nx, y - 1.5 * ny)
        if side < 0:
            ux, uy, nx, ny = -ux, -uy, -nx, -ny
        mx, my = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
        for o in range(-4, reach + 1):
            total = 0.0
            for k in range(samples):
                f = ((k + 0.5) / samples - 0.5) * length
                total += at(a, mx + f * ux + o * nx, my + f * uy + o * ny)
            profile[o + 4] = total / samples
        base = min(profile[0], profile[1])
        level = max(profile[5], profile[6], profile[7])
        contrast = level - base
        if contrast < 0.03:
            continue
        cut, kept = -0.2 * contrast, 0
        for o in range(2, reach):
            k = o + 4
            if profile[k] < base + 0.25 * contrast and kept:
                break
            d = profile[k + 1] - profile[k - 1]
            before = profile[k] - profile[k - 2]
            after = profile[k + 2] - profile[k] if k + 2 < profile.size else 0.0
            if d < cut and d <= before and d < after and kept < 3:
                bend = before - 2 * d + after
                shift = 0.5 * (before - after) / bend if bend > 1e-9 else 0.0
                w = o + min(max(shift, -0.5), 0.5)
                if least <= w <= most:
                    found[n] = (mx + 0.5 * w * nx, my + 0.5 * w * ny, ux, uy, w, contrast)
                    n, kept = n + 1, kept + 1
        if usual > 0 and profile[min(int(0.8 * usual) + 4, reach)] > base + 0.7 * contrast:
            found[n] = (mx + 0.5 * usual * nx, my + 0.5 * usual * ny, ux, uy, usual, contrast)
            n += 1
    return found[:n].copy()


@njit(cache=True)
def _edge(
    a: NDArray[np.float32], x: float, y: float, nx: float, ny: float, out: float
) -> tuple[float, float]:
    """Steepest fall going outwards near ``out`` along the normal: (shift, fall over two px)."""
    best, where = 0.0, 0.0
    for k in range(-2, 3):
        o = out + k
        fall = at(a, x + (o - 1) * nx, y + (o - 1) * ny) - at(a, x + (o + 1) * nx, y + (o + 1) * ny)
        fall -= 0.002 * abs(k)
        if fall > best:
            best, where = fall, float(k)
    return where, best


@njit(cache=True)
def follow(  # noqa: C901, PLR0915 (one pass over one path: calls would cost more than they tell)
    a: NDArray[np.float32],
    strip: NDArray[np.float64],
    direction: float,
    out: NDArray[np.float32],
    room: int,
) -> int:
    """Follow a strip one way; writes x, y, evidence [0-1], absorption; returns the points kept."""
    height, width = a.shape
    x, y, ux, uy, w, contrast = strip
    ux, uy = ux * direction, uy * direction
    level, need = 0.0, 0.22 * contrast
    for k in range(-2, 3):
        level += at(a, x + 2 * k * ux, y + 2 * k * uy) / 5
    n, kept, bright, coast = 0, 0, 0, 0
    while n < room:
        nx, ny = -uy, ux
        inner = 0.0
        for k in range(-2, 3):
            inner += at(a, x + 0.14 * k * w * nx, y + 0.14 * k * w * ny) / 5
        left, left_fall = _edge(a, x, y, nx, ny, 0.5 * w)
        right, right_fall = _edge(a, x, y, -nx, -ny, 0.5 * w)
        both = left_fall > need and right_fall > need
        one = left_fall > need or right_fall > need
        if inner < 0.55 * level:
            bright += 1
            if bright > _BRIGHT:
                break
        elif one:
            bright, coast = 0, 0
        else:
            coast += 1
            if coast > _COAST:
                break
        shift = 0.0
        if both:
            shift = 0.25 * (left - right)
        elif left_fall > need:
            shift = 0.2 * left
        elif right_fall > need:
            shift = -0.2 * right
        shift = min(max(shift, -0.5), 0.5)
        x, y = x + shift * nx, y + shift * ny
        dark = inner >= 0.55 * level
        out[n, 0], out[n, 1], out[n, 3] = x, y, inner
        out[n, 2] = (1.0 if both else (0.5 if one else 0.05)) if dark else 0.0
        n += 1
        if dark and one:
            kept = n
            level = 0.97 * level + 0.03 * inner
        turn = 0.06 * shift
        ux, uy = ux + turn * nx, uy + turn * ny
        norm = np.hypot(ux, uy)
        ux, uy = ux / norm, uy / norm
        x, y = x + STEP * ux, y + STEP * uy
        if x < 0 or y < 0 or x > width - 1 or y > height - 1:
            break
    return kept


@njit(cache=True)
def follow_all(
    a: NDArray[np.float32], strips: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Paths of all strips: points (k, 4) x, y, evidence, absorption; and where each starts."""
    starts = np.zeros(strips.shape[0] + 1, np.int64)
    points = np.empty((1 << 14, 4), np.float32)
    one, two = np.empty((1024, 4), np.float32), np.empty((1024, 4), np.float32)
    n = 0
    for s in range(strips.shape[0]):
        there = follow(a, strips[s], 1.0, one, 1024)
        back = follow(a, strips[s], -1.0, two, 1024)
        if n + there + back > points.shape[0]:
            more = np.empty((2 * points.shape[0] + 2048, 4), np.float32)
            more[:n] = points[:n]
            points = more
        for k in range(back - 1, 0, -1):
            points[n] = two[k]
            n += 1
        for k in range(there):
            points[n] = one[k]
            n += 1
        starts[s + 1] = n
    return points[:n].copy(), starts


@njit(cache=True)
def _fresh(
    owner: NDArray[np.int32], points: NDArray[np.float32], first: int, last: int, w: float
) -> tuple[float, int, int]:
    """Evidence not yet explained by a chosen hair, and the stretch that holds it."""
    height, width = owner.shape
    total, low, high = 0.0, last, first
    for k in range(first, last):
        before, after = max(k - 1, first), min(k + 1, last - 1)
        dx, dy = points[after, 0] - points[before, 0], points[after, 1] - points[before, 1]
        norm = max(np.hypot(dx, dy), 1e-6)
        nx, ny = -dy / norm, dx / norm
        free = 0.0
        for q in range(-3, 4):
            o = q * 0.14 * w
            j = min(max(int(points[k, 0] + o * nx + 0.5), 0), width - 1)
            i = min(max(int(points[k, 1] + o * ny + 0.5), 0), height - 1)
            free += owner[i, j] == 0
        share = free / 7
        if share > 0.55:
            total += points[k, 2] * share
            low, high = min(low, k), max(high, k + 1)
    return total, low, high


@njit(cache=True)
def _paint(
    owner: NDArray[np.int32],
    points: NDArray[np.float32],
    span: tuple[int, int],
    w: float,
    mark: int,
) -> None:
    """Mark the pixels of a chosen strip as explained."""
    height, width = owner.shape
    radius = 0.5 * w + 0.3
    reach = int(radius) + 1
    for k in range(span[0], span[1]):
        x, y = points[k, 0], points[k, 1]
        for i in range(max(int(y) - reach, 0), min(int(y) + reach + 2, height)):
            for j in range(max(int(x) - reach, 0), min(int(x) + reach + 2, width)):
                if (i - y) ** 2 + (j - x) ** 2 <= radius * radius and owner[i, j] == 0:
                    owner[i, j] = mark


@njit(cache=True)
def choose(
    owner: NDArray[np.int32],
    points: NDArray[np.float32],
    spans: NDArray[np.int64],
    widths: NDArray[np.float64],
    weights: NDArray[np.float64],
    least: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Greedy choice with lazy gains: rows (strip, first, last) in order of what they explain.

    With each row its share of evidence that was new, and of its points that were.

    The gain of a strip is its edge evidence on skin that no chosen strip explains, times its
    weight; one whose gain is under ``least`` is dropped.
    """
    heap = [(-1e9, np.int64(-1))]
    for s in range(widths.size):
        whole = 0.0
        for k in range(spans[s, 0], spans[s, 1]):
            whole += points[k, 2]
        heap.append((-whole * weights[s], np.int64(s)))
    heapq.heapify(heap)
    heapq.heappop(heap)
    chosen = np.empty((widths.size, 3), np.int64)
    fresh = np.empty((widths.size, 2))
    n = 0
    while len(heap) > 0:
        promised, s = heapq.heappop(heap)  # type: ignore[assignment]
        gain, low, high = _fresh(owner, points, spans[s, 0], spans[s, 1], widths[s])
        new = gain
        gain *= weights[s]
        if gain < least or high - low < 4:
            continue
        if gain < -promised * 0.999 and len(heap) > 0 and gain < -heap[0][0]:
            heapq.heappush(heap, (-gain, s))  # type: ignore[misc]
            continue
        _paint(owner, points, (low, high), widths[s], n + 1)
        whole = 1e-9
        for k in range(spans[s, 0], spans[s, 1]):
            whole += points[k, 2]
        chosen[n] = (s, low, high)
        fresh[n, 0] = new / whole
        fresh[n, 1] = (high - low) / (spans[s, 1] - spans[s, 0])
        n += 1
    return chosen[:n].copy(), fresh[:n].copy()


@njit(cache=True)
def describe(  # noqa: PLR0915 (one pass over one path: calls would cost more than they tell)
    a: NDArray[np.float32],
    texture: NDArray[np.float32],
    points: NDArray[np.float32],
    spans: NDArray[np.int64],
    widths: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What a path looks like, one row a span (first, last) of ``points``.

    Columns: darkness, contrast to the lighter and to the darker flank, darkness of its palest
    fifth over its median, mean edge evidence, share with both edges, texture of the skin there,
    seam (darkest minus palest line along the inside), bow (arc over chord minus one), ends
    (fall of absorption past the two ends, the smaller and the larger).
    """
    rows = np.zeros((spans.shape[0], 11))
    for s in range(spans.shape[0]):
        first, last = spans[s]
        m = last - first
        w = widths[s]
        inner, bright, dark = np.empty(m), np.empty(m), np.empty(m)
        lanes = np.zeros(7)
        arc, seen, both, rough = 0.0, 0.0, 0.0, 0.0
        for k in range(first, last):
            before, after = max(k - 1, first), min(k + 1, last - 1)
            dx, dy = points[after, 0] - points[before, 0], points[after, 1] - points[before, 1]
            norm = max(np.hypot(dx, dy), 1e-6)
            nx, ny = -dy / norm, dx / norm
            x, y = points[k, 0], points[k, 1]
            total = 0.0
            for q in range(-3, 4):
                v = at(a, x + q * 0.12 * w * nx, y + q * 0.12 * w * ny)
                lanes[q + 3] += v / m
                total += v / 7
            left, right = 0.0, 0.0
            for q in range(3):
                o = 0.5 * w + 2.0 + 1.5 * q
                left += at(a, x + o * nx, y + o * ny) / 3
                right += at(a, x - o * nx, y - o * ny) / 3
            inner[k - first] = total
            bright[k - first] = total - min(left, right)
            dark[k - first] = total - max(left, right)
            seen += points[k, 2] / m
            both += (points[k, 2] > 0.9) / m
            i = min(max(int(y + 0.5), 0), a.shape[0] - 1)
            j = min(max(int(x + 0.5), 0), a.shape[1] - 1)
            rough += texture[i, j] / m
            if k > first:
                arc += np.hypot(x - points[k - 1, 0], y - points[k - 1, 1])
        middle = np.median(inner)
        chord = np.hypot(
            points[last - 1, 0] - points[first, 0], points[last - 1, 1] - points[first, 1]
        )
        falls = np.zeros(2)
        for side in range(2):
            k = first if side == 0 else last - 1
            other = min(first + 4, last - 1) if side == 0 else max(last - 5, first)
            dx, dy = points[k, 0] - points[other, 0], points[k, 1] - points[other, 1]
            norm = max(np.hypot(dx, dy), 1e-6)
            past = 0.0
            for q in range(3):
                reach = 5.0 + 2 * q
                past += (
                    at(a, points[k, 0] + reach * dx / norm, points[k, 1] + reach * dy / norm) / 3
                )
            falls[side] = middle - past
        rows[s, 0] = middle
        rows[s, 1] = np.median(bright)
        rows[s, 2] = np.median(dark)
        rows[s, 3] = np.quantile(inner, 0.2) / max(middle, 1e-6)
        rows[s, 4] = seen
        rows[s, 5] = both
        rows[s, 6] = rough
        rows[s, 7] = lanes.max() - lanes.min()
        rows[s, 8] = arc / max(chord, 1e-6) - 1
        rows[s, 9] = falls.min()
        rows[s, 10] = falls.max()
    return rows
