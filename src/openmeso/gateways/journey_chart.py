"""Journey chart: marks on lanes over one time axis as SVG attributes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openmeso.terms.journey import Lane

STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 60)
MARGIN_DAYS = 10
BAR = 30.0  # the tallest dose
BAND = 120.0  # the height of a forecast
EDGE = 9.0  # beyond it a mark at either end would be cut


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn on one day, or from it to another; ``size`` is a dose's share of the largest."""

    lane: Lane
    on: date
    kind: str
    words: str
    href: str = ""
    until: date | None = None
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing's width, where its axis begins, from one lane to the next, room for dates.

    In its own units; letters are 13 of them high.
    """

    width: float
    left: float
    lane: float
    dates: int
    label_above: bool


WIDE = Size(1000.0, 116.0, 46.0, 12, label_above=False)
NARROW = Size(360.0, 6.0, 56.0, 5, label_above=True)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mark as the attributes of a path."""

    kind: str
    path: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class LaneLine:
    """A lane: its words, and where they and its line stand."""

    words: str
    y: str
    words_y: str


@dataclass(frozen=True, slots=True)
class JourneyChart:
    """Everything an SVG needs to draw a journey, as text."""

    frame: str
    left: str
    right: str
    top: str
    bottom: str
    words_y: str
    today: str
    is_narrow: bool
    lanes: tuple[LaneLine, ...]
    dates: tuple[tuple[str, date], ...]
    marks: tuple[Drawn, ...]


class Axis:
    """Days to places along a drawing."""

    def __init__(self, first: date, last: date, size: Size) -> None:
        self.first = first - timedelta(days=MARGIN_DAYS)
        self.last = last + timedelta(days=MARGIN_DAYS)
        self._from, self._to = size.left + EDGE, size.width - EDGE

    def at(self, on: date) -> float:
        """Where a day stands."""
        share = (on - self.first).days / (self.last - self.first).days
        return self._from + share * (self._to - self._from)

    def dates(self, most: int) -> tuple[date, ...]:
        """Firsts of months, evenly stepped, no more than ``most``."""
        for step in STEPS_MONTHS:
            found = tuple(self._firsts(step))
            if len(found) <= most:
                return found
        return found[:: -(-len(found) // most)]

    def _firsts(self, step: int) -> Sequence[date]:
        months = range(
            self.first.year * 12 + self.first.month, self.last.year * 12 + self.last.month
        )
        return [date(m // 12, m % 12 + 1, 1) for m in months if m % step == 0]


def draw(marks: Sequence[Mark], today: date, size: Size, words: Mapping[Lane, str]) -> JourneyChart:
    """Lay the marks out; lanes without any are left out."""
    axis = axis_of(marks, today, size)
    used = [lane for lane in Lane if any(mark.lane is lane for mark in marks)]
    top = 14.0
    middle = {
        lane: top + size.lane * (n + 0.5) + 6 * size.label_above for n, lane in enumerate(used)
    }
    bottom = top + size.lane * len(used) + 6
    return JourneyChart(
        frame=f"0 0 {size.width:g} {bottom + 24:g}",
        left=f"{size.left:g}",
        right=f"{size.width:g}",
        top=f"{top - 6:g}",
        bottom=f"{bottom:g}",
        words_y=f"{bottom + 18:g}",
        today=f"{axis.at(today):.1f}",
        is_narrow=size.label_above,
        lanes=tuple(
            LaneLine(words[lane], f"{y:g}", f"{y - 20 if size.label_above else y + 4:g}")
            for lane, y in middle.items()
        ),
        dates=tuple((f"{axis.at(one):.1f}", one) for one in axis.dates(size.dates)),
        marks=tuple(_drawn(mark, axis, middle[mark.lane]) for mark in marks),
    )


def axis_of(marks: Sequence[Mark], today: date, size: Size) -> Axis:
    """The axis that all marks and today fit on."""
    days = [today, *(day for mark in marks for day in (mark.on, mark.until) if day)]
    return Axis(min(days), max(days), size)


@dataclass(frozen=True, slots=True)
class BandChart:
    """A forecast and what was measured of it, on the journey's own axis, as text."""

    frame: str
    left: str
    right: str
    top: str
    bottom: str
    words_y: str
    today: str
    is_narrow: bool
    band: str
    middle: str
    points: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, date], ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to be expected on each of the ``days``: the middle, and nine in ten between."""

    days: Sequence[date]
    low: Sequence[float]
    middle: Sequence[float]
    high: Sequence[float]
    measured: Sequence[tuple[date, float]] = ()


def draw_band(expected: Expected, axis: Axis, today: date, size: Size) -> BandChart:
    """Lay a forecast out on an axis of the same ``size``."""
    values = [*expected.low, *expected.high, *(value for _on, value in expected.measured)]
    least, most = min(values), max(values)
    scale = (BAND - 12.0) / ((most - least) or 1.0)

    def up(value: float) -> float:
        return 8.0 + BAND - 6.0 - (value - least) * scale

    def line(row: Sequence[float]) -> list[str]:
        places = zip(expected.days, row, strict=True)
        return [f"{axis.at(on):.1f} {up(value):.1f}" for on, value in places]

    bottom = 8.0 + BAND
    around = [*line(expected.low), *reversed(line(expected.high))]
    return BandChart(
        frame=f"0 0 {size.width:g} {bottom + 24:g}",
        left=f"{size.left:g}",
        right=f"{size.width:g}",
        top="8",
        bottom=f"{bottom:g}",
        words_y=f"{bottom + 18:g}",
        today=f"{axis.at(today):.1f}",
        is_narrow=size.label_above,
        band=f"M{'L'.join(around)}z",
        middle=f"M{'L'.join(line(expected.middle))}",
        points=tuple((f"{axis.at(on):.1f}", f"{up(value):.1f}") for on, value in expected.measured),
        levels=tuple((f"{up(value):.1f}", f"{value:.0f}") for value in (least, most)),
        dates=tuple((f"{axis.at(one):.1f}", one) for one in axis.dates(size.dates)),
    )


def _drawn(mark: Mark, axis: Axis, y: float) -> Drawn:
    x = axis.at(mark.on)
    path = _path(mark, x, y, axis.at(mark.until) if mark.until else x)
    return Drawn(mark.kind, path, mark.words, mark.href)


def _path(mark: Mark, x: float, y: float, until: float) -> str:
    if mark.lane is Lane.DOSES:
        height = max(BAR * mark.size, 1.0)
        return f"M{x - 3:.1f} {y + BAR / 2:g}v{-height:.1f}h6v{height:.1f}z"
    if mark.until is not None:
        return f"M{x:.1f} {y - 4:g}H{max(until, x + 8):.1f}v8H{x:.1f}z"
    shapes = {
        "missed": f"M{x - 5:.1f} {y - 5:g}l10 10m0 -10l-10 10",
        "planned": _circle(x, y, 3.0),
        Lane.MEASUREMENTS: f"M{x:.1f} {y - 8:g}l8 8l-8 8l-8 -8z",
        Lane.PHOTOS: f"M{x - 6:.1f} {y - 6:g}h12v12h-12z",
        Lane.PAPERS: f"M{x - 5:.1f} {y - 7:g}h7l3 3v11h-10z",
    }
    gone = {"missed", "cancelled", "abandoned", "withdrawn", "refused"}
    key = "missed" if mark.kind in gone else mark.kind
    return shapes.get(key) or shapes.get(mark.lane) or _circle(x, y, 7.0)


def _circle(x: float, y: float, radius: float) -> str:
    across = 2 * radius
    return (
        f"M{x - radius:.1f} {y:g}a{radius:g} {radius:g} 0 1 0 {across:g} 0"
        f"a{radius:g} {radius:g} 0 1 0 {-across:g} 0z"
    )
