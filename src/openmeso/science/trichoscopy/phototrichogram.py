"""Growing and resting hair from two pictures of a shaved field some days apart.

    registration = register(first.field, later.field)
    told = phototrichogram(first, later, registration, days=3)
    told.anagen, told.rate_mm_day

Lengths are compared of hairs traced on both days; a hair traced on one day only is followed along its
path on the other. What cannot be told is unclear.

The share of growing hairs is of those traced on the first day alone: freshly shaved, a hair that will
grow is traced no sooner than one that will not, while on the later day the grown ones are longer. A
hair of the first day of which no growth was found counts as not growing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.extent import Extent, extent
from openmeso.science.trichoscopy.remeasure import Shaft, freedom, look
from openmeso.science.trichoscopy.spot import Spot, View
from openmeso.terms.comparison import NoComparison, Registration
from openmeso.terms.phototrichogram import (
    FEWEST_DAYS,
    MOST_DAYS,
    GrownHair,
    Growth,
    Phototrichogram,
)
from openmeso.terms.trichoscopy import Estimate, HairMode, MeasureSetting, Point
from openmeso.terms.units import SDS_OF_90_PER_CENT

Floats = NDArray[np.float64]

METHOD = "phototrichogram 2"
GROWTH_SD_MM = 0.03
"""Error of the growth of one hair, read on rendered pairs."""
RESTING_TO_MM = 2.0 * GROWTH_SD_MM
GROWING_FROM_MM = 3.3 * GROWTH_SD_MM
SLOWEST_MM_DAY = 0.08
"""Slower growth than this is not told from rest: an assumption."""
SHARE_SD = 0.06
"""Error of the share of growing hairs beyond their number: growth that is not found, loose bits."""
MOST_MM_DAY = 0.7
"""Faster growth is a fault of tracing: twice what scalp hair is told to grow."""
LOOSE_UM = 280.0
"""A shorter bit that only one picture shows may lie loose on the skin."""
FEWEST_HAIRS = 10
_BORDER_PX = 12.0
_OWN_SHARE = 0.3
_LEAST_VISIBLE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A hair on both days: lengths [mm], whether each end was seen, paths [uploaded px]."""

    lengths_mm: tuple[float, float]
    is_open: bool
    ids: tuple[int | None, int | None]
    paths: tuple[Floats, Floats]


def phototrichogram(
    before: View,
    after: View,
    registration: Registration,
    days: float,
    setting: MeasureSetting | None = None,
) -> Phototrichogram:
    """What grew in ``days`` between two pictures of one shaved field.

    Raises
    ------
    NoComparison
        When a picture is refused, not shaved or has no scale, the days are too few or too many, or
        too few hairs could be told.
    """
    _check(before, after, days)
    spot = Spot(before, after, registration, bool(setting and setting.light_hair))
    hairs = tuple(_judged(one, days) for one in _found(spot))
    seen = len(spot.in_common(0))
    if seen < FEWEST_HAIRS:
        raise NoComparison(
            f"Only {seen} hairs of the first picture lie in both; at least "
            f"{FEWEST_HAIRS} are needed. Take the picture again, nearer to the middle of the spot."
        )
    growing = sum(hair.growth is Growth.GROWING and hair.before is not None for hair in hairs)
    rates = np.array([hair.growth_mm / days for hair in hairs if hair.is_rated and hair.growth_mm])
    scales = [view.field.scale.relative_sd if view.field.scale else 0.0 for view in (before, after)]
    return Phototrichogram(
        registration,
        days,
        hairs,
        _share(growing, seen),
        _mean(rates, max(scales)),
        _quartiles(rates),
        METHOD,
    )


def _check(before: View, after: View, days: float) -> None:
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise NoComparison(
            f"A phototrichogram needs {FEWEST_DAYS:g} to {MOST_DAYS:g} days between its pictures; "
            f"these are {days:g} apart."
        )
    for view, which in ((before, "first"), (after, "later")):
        if view.field.refused:
            raise NoComparison(f"The {which} picture is not fit to be counted. Take it again.")
        if view.field.mode is not HairMode.CLIPPED:
            raise NoComparison(f"The hair in the {which} picture was not clipped.")
        if view.field.scale is None:
            raise NoComparison(f"The {which} picture has no scale. Set it on its page.")


def _found(spot: Spot) -> Iterator[_Found]:
    pairs = spot.pairs
    common = [set(spot.in_common(which)) for which in (0, 1)]
    for i, j in pairs.items():
        if i in common[0]:
            yield _both(spot, i, j)
    for which, known in ((0, set(pairs)), (1, set(pairs.values()))):
        for number in sorted(common[which] - known):
            followed = _followed(spot, which, number)
            if followed:
                yield followed


def _both(spot: Spot, i: int, j: int) -> _Found:
    hairs = spot.views[0].field.hairs[i], spot.views[1].field.hairs[j]
    lengths = _length_mm(spot, 0, spot.paths[0][i]), _length_mm(spot, 1, spot.paths[1][j])
    is_cut = _is_cut(spot, 0, i) or _is_cut(spot, 1, j) or _goes_on(spot, j)
    return _Found(lengths, is_cut, (hairs[0].id, hairs[1].id), (spot.paths[0][i], spot.paths[1][j]))


def _followed(spot: Spot, which: int, number: int) -> _Found | None:
    """A hair traced on one day only, followed on the other; None for what may be no hair."""
    here, there = spot.sides[which], spot.sides[1 - which]
    shaft = here.shafts[number]
    others = [one for i, one in enumerate(here.shafts) if i != number]
    own = look(here.a, shaft, others, freedom(here.um, _OWN_SHARE))
    if own is None or own.visible < _LEAST_VISIBLE or own.contrast < 2 * own.bare:
        return None
    longer = shaft.path if which else _prolonged(shaft.path, 1000.0 / here.um)
    ends = (longer, longer[::-1]) if which else (longer,)
    partners = spot.pairs.keys() if which else spot.pairs.values()
    matched = [there.shafts[i] for i in partners]
    looks = [
        extent(
            there.a,
            Shaft(there.working(spot.across(here.uploaded(path), 1 - which)), shaft.width),
            matched,
            own.contrast,
            there.um,
            freedom(there.um),
        )
        for path in ends
    ]
    best = max(looks, key=lambda one: one.length)
    return _one_day(spot, which, number, best)


def _one_day(spot: Spot, which: int, number: int, seen: Extent) -> _Found | None:
    hair = spot.views[which].field.hairs[number]
    path = spot.paths[which][number]
    other = spot.sides[1 - which].uploaded(seen.path)
    own_mm = _length_mm(spot, which, path)
    if seen.length == 0 and not seen.is_open and 1000 * own_mm < LOOSE_UM:
        return None
    if seen.length == 0 and which == 0:
        return None  # it was there and is not: a loose bit, or shed
    length = _length_mm(spot, 1 - which, other) if seen.length else 0.0
    is_open = seen.is_open or _is_cut(spot, which, number)
    if which:
        return _Found((length, own_mm), is_open, (None, hair.id), (other, path))
    return _Found((own_mm, length), is_open, (hair.id, None), (path, other))


def _judged(found: _Found, days: float) -> GrownHair:
    grown = found.lengths_mm[1] - found.lengths_mm[0]
    growth = Growth.UNCLEAR
    if max(GROWING_FROM_MM, SLOWEST_MM_DAY * days) <= grown <= MOST_MM_DAY * days:
        growth = Growth.GROWING
    elif abs(grown) <= RESTING_TO_MM and not found.is_open:
        growth = Growth.RESTING
    return GrownHair(
        growth, *found.ids, _points(found.paths[0]), _points(found.paths[1]), grown,
        growth is Growth.GROWING and not found.is_open,
    )  # fmt: skip


def _length_mm(spot: Spot, which: int, path_px: Floats) -> float:
    """Length of a path, both days by the scale of the first [mm]."""
    scale = spot.views[0].field.scale
    if scale is None:
        return 0.0
    px = float(np.hypot(*np.diff(path_px, axis=0).T).sum())
    return px * scale.um_per_px / 1000 / (spot.zoom_px if which else 1.0)


def _is_cut(spot: Spot, which: int, number: int) -> bool:
    """Whether the border of the picture cuts a hair."""
    field = spot.views[which].field
    ends = spot.paths[which][number][[0, -1]]
    far = (field.width_px - 1 - _BORDER_PX, field.height_px - 1 - _BORDER_PX)
    return bool(np.any(ends < _BORDER_PX) or np.any(ends > far))


def _goes_on(spot: Spot, j: int) -> bool:
    """Whether darkness goes on past the tip on the later day: the end may be hidden by another."""
    side = spot.sides[1]
    shaft = side.shafts[j]
    way = shaft.path[-1] - shaft.path[max(len(shaft.path) - 3, 0)]
    way = way / (np.hypot(*way) + 1e-9)
    past = shaft.path[-1] + way * (np.array([50.0, 75.0, 100.0])[:, None] / side.um)
    inside = shaft.path[len(shaft.path) // 2]
    values = [_at(side.a, point) for point in past]
    return min(values) > 0.5 * _at(side.a, inside)


def _at(a: NDArray[np.float32], point: Floats) -> float:
    column = int(np.clip(round(point[0]), 0, a.shape[1] - 1))
    row = int(np.clip(round(point[1]), 0, a.shape[0] - 1))
    return float(a[row, column])


def _prolonged(path: Floats, by: float) -> Floats:
    """A path that goes straight on past its tip."""
    way = path[-1] - path[max(len(path) - 4, 0)]
    way = way / (np.hypot(*way) + 1e-9)
    steps = np.linspace(0.0, by, 12)[1:, None]
    return np.concatenate([path, path[-1] + way * steps])


def _share(growing: int, seen: int) -> Estimate:
    """Share with its 90 % interval: Wilson's, and the error of telling.

    References
    ----------
    Wilson EB. J Am Stat Assoc 1927;22:209.
    """
    z2 = SDS_OF_90_PER_CENT**2
    share = growing / seen
    middle = (share + z2 / (2 * seen)) / (1 + z2 / seen)
    spread = share * (1 - share) / seen + z2 / (4 * seen**2)
    half = SDS_OF_90_PER_CENT * hypot(sqrt(spread) / (1 + z2 / seen), SHARE_SD)
    return Estimate(share, max(middle - half, 0.0), min(middle + half, 1.0))


def _mean(rates: Floats, scale_sd: float) -> Estimate | None:
    if len(rates) < FEWEST_HAIRS // 2:
        return None
    mean = float(rates.mean())
    error = hypot(float(rates.std(ddof=1)) / sqrt(len(rates)), scale_sd * mean)
    return Estimate(mean, mean - SDS_OF_90_PER_CENT * error, mean + SDS_OF_90_PER_CENT * error)


def _quartiles(rates: Floats) -> tuple[float, float, float] | None:
    if len(rates) < FEWEST_HAIRS // 2:
        return None
    low, half, high = np.quantile(rates, [0.25, 0.5, 0.75])
    return float(low), float(half), float(high)


def _points(path: Floats) -> tuple[Point, ...]:
    kept = path if len(path) < 40 else path[np.unique([*range(0, len(path), 4), len(path) - 1])]
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in kept)
