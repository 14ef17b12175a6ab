"""What the judge of a path looks at: the picture laid straight along it, its colour, its company."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openmeso.science.kernels import ribbon_company, ribbon_strip

Floats = NDArray[np.float64]
Planes = NDArray[np.float32]

PITCH_UM = 11.0  # between the columns of a straightened path
PAST_UM = 30.0  # between its rows beyond the ends
_SIDE = ribbon_strip.ACROSS // 2
_OFF_UM = np.abs(np.arange(ribbon_strip.ACROSS) - _SIDE) * PITCH_UM
_BODY = slice(ribbon_strip.PAST, ribbon_strip.PAST + ribbon_strip.ALONG)
_PARTS = 3  # of the length, looked at apart
_STRONG = 4.0  # to bring the logarithm of a ratio of colours to about one
_LEAST_DARK = 0.05
_MARGIN_UM = (
    8.0,
    200.0,
)  # within less than the guard of the frame, so that no counted root is near


@dataclass(frozen=True, slots=True)
class Paths:
    """Chosen paths: spans (n, 2) of ``points`` [working px], widths [px], how likely each is."""

    points: NDArray[np.float32]
    spans: NDArray[np.int64]
    widths: Floats
    likely: Floats


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Ends (n, 6) [µm], likeness (n, 3) and mutual cover (n, n) of paths, and the picture's area."""

    ends: Floats
    likeness: Floats
    share: Planes
    area_cm2: float

    def company(self, likely: Floats) -> Floats:
        """What the others say of each path (n, 18), each weighed with how ``likely`` it is."""
        return ribbon_company.company(
            self.ends, self.likeness, self.share, np.clip(likely, 1e-6, 1 - 1e-6), self.area_cm2
        )


def look_along(
    a: Planes, hue: Planes, paths: Paths, dark: float, um: float, darkness: Floats
) -> tuple[Floats, Surroundings]:
    """Features (n, 93) of each path from the picture along it, and its surroundings.

    ``a`` is absorption, ``hue`` (2, h, w) logarithms of green over red and of blue over green,
    ``dark`` the contrast of the picture's usual hair, ``darkness`` (n,) that of each path over it.
    """
    points, spans, widths = paths.points, paths.spans, paths.widths
    sum_, share = ribbon_strip.crowd(a.shape, points, spans, widths, paths.likely)
    planes = [plane[None] for plane in (a, sum_, *hue)]  # one by one: together they fill memory
    steps = PITCH_UM / um, PAST_UM / um
    seen = np.concatenate(
        [ribbon_strip.straighten(one, points, spans, *steps) for one in planes], axis=1
    )
    half = 0.5 * widths[:, None] * um
    own = np.where(half >= _OFF_UM, paths.likely[:, None], 0.0).astype(np.float32)
    seen[:, 1, _BODY] = np.maximum(seen[:, 1, _BODY] - own[:, None], 0)
    first, last = spans[:, 0], spans[:, 1] - 1
    middle = (spans[:, 0] + spans[:, 1]) // 2
    ends = np.hstack([points[first, :2], points[last, :2], points[middle, :2]]) * np.float64(um)
    length = np.maximum(np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]), 1.0)
    likeness = np.stack([np.log(widths * um), np.log(length), darkness], 1)
    features = np.hstack([_sides(seen, half), _folded(seen, max(dark, _LEAST_DARK))])
    return features, Surroundings(ends, likeness, share, a.size * (um * 1e-4) ** 2)


def _sides(seen: Planes, half: Floats) -> Floats:
    """Colour and darkness inside a path against its flanks (n, 6)."""
    inner = (np.maximum(0.7 * half, 6.0) >= _OFF_UM).astype(np.float32)
    flank = ((half + 8 < _OFF_UM) & (half + 45 > _OFF_UM)).astype(np.float32)
    flank[flank.sum(1) == 0, -1] = 1.0
    inner /= inner.sum(1, keepdims=True)
    flank /= flank.sum(1, keepdims=True)
    weight = inner - flank
    red, blue = (np.einsum("nrq,nq->n", seen[:, c, _BODY], weight) for c in (2, 3))
    falls = np.einsum("nrq,nq->nr", seen[:, 0, _BODY], weight)
    third = ribbon_strip.ALONG // _PARTS
    lean = np.abs(falls[:, :third].mean(1) - falls[:, -third:].mean(1))
    columns = (
        red / ribbon_strip.ALONG,
        blue / ribbon_strip.ALONG,
        np.quantile(falls, 0.1, axis=1),
        np.median(falls, axis=1),
        falls.std(1),
        lean,
    )
    return np.asarray(np.clip(np.stack(columns, 1), -2, 2), np.float64)


def _folded(seen: Planes, dark: float) -> Floats:
    """The straightened picture in few numbers (n, 87), both sides folded on each other."""
    red = seen[:, 2] - np.median(seen[:, 2], axis=(1, 2), keepdims=True)
    planes = np.stack([seen[:, 0] / dark, seen[:, 1], np.clip(_STRONG * red, -3, 3)], 1)
    lean = planes[:, 0, _BODY].mean(1)
    lean = np.abs(lean - lean[:, ::-1])[:, :_SIDE]
    planes = 0.5 * (planes + planes[..., ::-1])[..., _SIDE:]
    past = ribbon_strip.PAST
    ends = np.stack([planes[:, :2, :past].mean(2), planes[:, :2, -past:].mean(2)], 2)
    order = np.argsort(ends[:, 0, :, :3].mean(2), axis=1)  # the paler end first
    ends = np.take_along_axis(ends, order[:, None, :, None], 2)
    body = planes[:, :, _BODY]
    parts = body[:, 0].reshape(len(body), _PARTS, -1, body.shape[3]).mean(2)
    columns = [ends.reshape(len(body), -1), body.mean(2).reshape(len(body), -1)]
    columns += [body[:, :2].std(2).reshape(len(body), -1), parts.max(1) - parts.min(1), lean]
    return np.hstack(columns).astype(np.float64)
