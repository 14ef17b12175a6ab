"""Forecast chart: trajectories with their bands as SVG attributes; page and paper draw the same."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
TICKS_WANTED = 5
DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Curve:
    """One course over time: its middle and, where there is doubt to show, its bands."""

    days: Sequence[float]
    middle: Sequence[float]
    low_50: Sequence[float] = ()
    high_50: Sequence[float] = ()
    low_90: Sequence[float] = ()
    high_90: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing's size and margins, in its own units; letters are 13 of them high."""

    width: float
    height: float
    left: float = 52.0
    right: float = 14.0
    top: float = 14.0
    bottom: float = 46.0

    def edges(self) -> dict[str, str]:
        """What a :class:`Frame` says, by name."""
        bottom = self.height - self.bottom
        return {
            "frame": f"0 0 {_text(self.width)} {_text(self.height)}",
            "left": _text(self.left),
            "right": _text(self.width - self.right),
            "top": _text(self.top),
            "bottom": _text(bottom),
            "labels_y": _text(bottom + 17),
        }


WIDE = Size(760.0, 330.0)
NARROW = Size(360.0, 300.0, left=44.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, and its words."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement and the 90 % interval of its error."""

    day: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a measurement and its interval are drawn."""

    x: str
    y: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the edges of a drawing lie in its SVG, and the words below it, as text."""

    frame: str
    left: str
    right: str
    top: str
    bottom: str
    labels_y: str


@dataclass(frozen=True, slots=True)
class Chart(Frame):
    """Everything an SVG needs to draw a course, as text."""

    months_y: str
    session_top: str
    band_90: str
    band_50: str
    middle: str
    untreated: str
    updated_90: str
    updated: str
    zero: str
    sessions: tuple[str, ...]
    dots: tuple[Dot, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """What is drawn: the courses, the days of the sessions, and what was measured.

    ``updated`` is the treated course once the measured ``points`` were taken in.
    """

    treated: Curve
    untreated: Curve | None = None
    session_days: Sequence[float] = ()
    updated: Curve | None = None
    points: Sequence[Point] = ()

    @property
    def curves(self) -> tuple[Curve, ...]:
        """Every course that there is."""
        return tuple(one for one in (self.treated, self.untreated, self.updated) if one)


def draw_chart(course: Course, size: Size = WIDE) -> Chart:
    """Draw the course into a frame of this size."""
    axes = _Axes.around(course, size)
    treated = course.treated
    bottom = size.height - size.bottom
    return Chart(
        **size.edges(),
        months_y=_text(bottom + 37),
        session_top=_text(bottom - 9),
        band_90=axes.outer(treated),
        band_50=axes.band(treated.days, treated.low_50, treated.high_50),
        middle=axes.middle(treated),
        untreated=axes.middle(course.untreated),
        updated_90=axes.outer(course.updated),
        updated=axes.middle(course.updated),
        zero=_text(axes.y(0.0)) if axes.low < 0.0 < axes.high else "",
        sessions=tuple(_text(axes.x(day)) for day in course.session_days if day <= axes.last),
        dots=tuple(axes.dot(each) for each in course.points if each.day <= axes.last),
        x_ticks=axes.months(),
        y_ticks=tuple(Tick(_text(axes.y(each)), number(each)) for each in axes.steps()),
    )


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where a day and a value lie in the frame."""

    size: Size
    last: float
    low: float
    high: float
    step: float

    @classmethod
    def around(cls, course: Course, size: Size) -> "_Axes":
        values = [
            each
            for curve in course.curves
            for row in (curve.middle, curve.low_90, curve.high_90)
            for each in row
        ]
        values += [each for point in course.points for each in (point.low, point.high)]
        last = max(max(curve.days, default=0.0) for curve in course.curves)
        step = nice_step(max(values) - min(values))
        low = step * math.floor(min(values) / step)
        high = step * math.ceil(max(values) / step)
        return cls(size, last or 1.0, low, max(high, low + step), step)

    def x(self, day: float) -> float:
        width = self.size.width - self.size.left - self.size.right
        return self.size.left + width * day / self.last

    def y(self, value: float) -> float:
        height = self.size.height - self.size.top - self.size.bottom
        return self.size.top + height * (self.high - value) / (self.high - self.low)

    def line(self, days: Sequence[float], values: Sequence[float]) -> str:
        return "".join(
            f"{'L' if n else 'M'}{_text(self.x(day))} {_text(self.y(value))}"
            for n, (day, value) in enumerate(zip(days, values, strict=True))
        )

    def band(self, days: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
        if not low:
            return ""
        there_and_back = [*days, *reversed(days)]
        return self.line(there_and_back, [*high, *reversed(low)]) + "Z"

    def middle(self, curve: Curve | None) -> str:
        return self.line(curve.days, curve.middle) if curve else ""

    def outer(self, curve: Curve | None) -> str:
        return self.band(curve.days, curve.low_90, curve.high_90) if curve else ""

    def dot(self, point: Point) -> Dot:
        x, heights = self.x(point.day), (point.value, point.low, point.high)
        return Dot(_text(x), *(_text(self.y(each)) for each in heights))

    def steps(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + n * self.step for n in range(count + 1)]

    def months(self) -> tuple[Tick, ...]:
        count = round(self.last / DAYS_PER_MONTH)
        every = 1 if self.size.width > 500 and count <= 12 else max(2, math.ceil(count / 6))
        return tuple(
            Tick(_text(self.x(min(month * DAYS_PER_MONTH, self.last))), str(month))
            for month in range(0, count + 1, every)
        )


def nice_step(span: float) -> float:
    """A round distance between marks, so that about five of them fill the span.

    >>> nice_step(37.0), nice_step(0.9)
    (10.0, 0.2)
    """
    if span <= 0.0:
        return 1.0
    rough = span / TICKS_WANTED
    scale = 10.0 ** math.floor(math.log10(rough))
    return next(each * scale for each in NICE_STEPS if each * scale >= rough * (1 - 1e-9))


def number(value: float) -> str:
    """A mark's number, with a true minus sign.

    >>> number(-2.5), number(0.0)
    ('−2.5', '0')
    """
    return f"{round(value, 6) + 0.0:g}".replace("-", "−")


def _text(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"
