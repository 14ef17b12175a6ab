"""Reach charts: free drug at the follicles, the coverage curve and the blood, as SVG attributes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from openmeso.gateways.forecast_chart import Frame, Size, Tick, nice_step, number
from openmeso.terms.reach import BloodReach, ClassReach, CoursePoint, SubstanceReach

SMALL = Size(340.0, 230.0, left=54.0, right=12.0, top=12.0, bottom=44.0)
HOURS_A_DAY = 24.0
LONG_H = 72.0
"""Longer courses are told in days."""
DECADES = 6
"""Most decades of concentration that are drawn, from the highest down."""
BELOW_MIDDLE = 100.0
PLENTY = 5


@dataclass(frozen=True, slots=True)
class Plot(Frame):
    """A small chart: a band, a line, a dashed line, and marks on either axis, all as SVG text."""

    name_y: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_name: str
    said: str
    band: str
    line: str
    dashed: str = ""
    mark_x: str = ""
    mark_y: str = ""


@dataclass(frozen=True, slots=True)
class _Axis:
    """Values from ``low`` to ``high`` between two places, in equal steps or in equal ratios."""

    low: float
    high: float
    start: float
    end: float
    decades: bool = False

    def at(self, value: float) -> float:
        if self.decades:
            low, high = math.log10(self.low), math.log10(self.high)
            share = (math.log10(min(max(value, self.low), self.high)) - low) / (high - low)
        else:
            share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> tuple[Tick, ...]:
        written = decade if self.decades else number
        return tuple(Tick(_text(self.at(one)), written(one)) for one in self._marks())

    def _marks(self) -> Iterable[float]:
        if self.decades:
            first, last = round(math.log10(self.low)), round(math.log10(self.high))
            every = 1 if last - first <= PLENTY else 2
            return (10.0**power for power in range(first, last + 1, every))
        step = nice_step(self.high - self.low)
        count = math.floor((self.high - self.low) / step * (1 + 1e-9))
        return (self.low + step * n for n in range(count + 1))


def decade(value: float) -> str:
    """A power of ten as people write it.

    >>> decade(0.1), decade(1000.0), decade(1e7), decade(1e-4)
    ('0.1', '1000', '10⁷', '10⁻⁴')
    """
    power = round(math.log10(value))
    if -3 < power < 5:
        return number(10.0**power)
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def time_unit(hours: float) -> tuple[float, str]:
    """Hours in the unit of a time axis that reaches so far, and its name.

    >>> time_unit(5.0)[0], time_unit(500.0)[0]
    (1.0, 24.0)
    """
    if hours > LONG_H:
        return HOURS_A_DAY, _("days after the session")
    return 1.0, _("hours after the session")


def course_range(classes: Sequence[ClassReach]) -> tuple[float, float, float]:
    """Lowest and highest concentration [ng/mL] and the hours that courses are drawn over.

    The same for all classes, so that they can be laid side by side.
    """
    courses = [course for one in classes for course in _courses(one) if course]
    highest = max((at.high for course in courses for at in course), default=0.0)
    if highest <= 0:
        return 0.1, 1.0, 1.0
    top = math.ceil(math.log10(highest))
    tops = [max(at.middle for at in course) for course in courses]
    wanted = min((one for one in tops if one > 0), default=highest) / BELOW_MIDDLE
    low = 10.0 ** max(math.floor(math.log10(wanted)), top - DECADES)
    last = max(
        (at.hour for course in courses for at in course if at.high >= low),
        default=courses[0][-1].hour,
    )
    return low, 10.0**top, last or 1.0


def draw_course(
    one: ClassReach, span: tuple[float, float, float], mark: float | None, size: Size = SMALL
) -> Plot:
    """Free drug at bulb (line, band of 8 in 10 follicles) and bulge (dashes) of one class."""
    low, high, last = span
    per, x_name = time_unit(last)
    x = _Axis(0.0, last / per, size.left, size.width - size.right)
    y = _Axis(low, high, size.height - size.bottom, size.top, decades=True)
    bulb, bulge = _courses(one)
    hours = [at.hour / per for at in bulb]
    said = _("%(name)s follicles: at most %(bulb)s ng/mL at the bulb and %(bulge)s at the bulge.")
    return _plot(
        size,
        x,
        y,
        x_name,
        said=said
        % {
            "name": one.name,
            "bulb": number(_rounded(one.cmax)),
            "bulge": number(_rounded(one.bulge.cmax)) if one.bulge else "–",
        },
        band=_band(x, y, hours, [at.low for at in bulb], [at.high for at in bulb]),
        line=_line(x, y, hours, [at.middle for at in bulb]),
        dashed=_line(x, y, [at.hour / per for at in bulge], [at.middle for at in bulge]),
        mark_y=_text(y.at(mark)) if mark and low < mark < high else "",
    )


def draw_curve(one: SubstanceReach, size: Size = SMALL) -> Plot:
    """The share of all bulbs at or above each threshold; the upright line is the mark."""
    x_values = [threshold for threshold, _share in one.coverage_curve]
    low, high = (
        10.0 ** math.floor(math.log10(x_values[0])),
        10.0 ** math.ceil(math.log10(x_values[-1])),
    )
    x = _Axis(low, high, size.left, size.width - size.right, decades=True)
    y = _Axis(0.0, 100.0, size.height - size.bottom, size.top)
    shares = [100.0 * share for _threshold, share in one.coverage_curve]
    at_mark = _at(one.coverage_curve, one.mark)
    x_name = _("exposure, ng·h/mL") if one.curve_of == "auc" else _("highest level, ng/mL")
    return _plot(
        size,
        x,
        y,
        x_name,
        said=_("%(share)s %% of all bulbs see at least %(mark)s.")
        % {"share": f"{100 * at_mark:.0f}", "mark": number(_rounded(one.mark))},
        band="",
        line=_line(x, y, x_values, shares),
        mark_x=_text(x.at(one.mark)) if one.mark else "",
    )


def draw_blood(blood: BloodReach, size: Size = SMALL) -> Plot:
    """Level in the blood with its doubt."""
    last = blood.course[-1].hour
    per, x_name = time_unit(last)
    highest = max((at.high for at in blood.course), default=0.0) or 1.0
    step = nice_step(highest)
    x = _Axis(0.0, last / per, size.left, size.width - size.right)
    y = _Axis(0.0, step * math.ceil(highest / step), size.height - size.bottom, size.top)
    hours = [at.hour / per for at in blood.course]
    return _plot(
        size,
        x,
        y,
        x_name,
        said=blood.sentence,
        band=_band(x, y, hours, [a.low for a in blood.course], [a.high for a in blood.course]),
        line=_line(x, y, hours, [a.middle for a in blood.course]),
    )


def _plot(size: Size, x: _Axis, y: _Axis, x_name: str, **drawn: str) -> Plot:
    return Plot(
        **size.edges(),
        name_y=_text(size.height - size.bottom + 36),
        x_ticks=x.ticks(),
        y_ticks=y.ticks(),
        x_name=x_name,
        **drawn,
    )


def _courses(one: ClassReach) -> tuple[tuple[CoursePoint, ...], tuple[CoursePoint, ...]]:
    return one.course, one.bulge.course if one.bulge else ()


def _line(x: _Axis, y: _Axis, xs: Sequence[float], ys: Sequence[float]) -> str:
    """What lies below the chart is left out; a line goes down to its floor and ends."""
    above = [up > y.low or y.low == 0.0 for up in ys]
    path, pen = [], "M"
    for n, (across, up) in enumerate(zip(xs, ys, strict=True)):
        if any(above[max(n - 1, 0) : n + 2]) and across <= x.high * (1 + 1e-9):
            path.append(f"{pen}{_text(x.at(across))} {_text(y.at(up))}")
            pen = "L"
        else:
            pen = "M"
    return "".join(path)


def _band(
    x: _Axis, y: _Axis, xs: Sequence[float], low: Sequence[float], high: Sequence[float]
) -> str:
    kept = [n for n, across in enumerate(xs) if across <= x.high * (1 + 1e-9)]
    there = [(xs[n], high[n]) for n in kept]
    back = [(xs[n], low[n]) for n in reversed(kept)]
    points = (f"{_text(x.at(across))} {_text(y.at(up))}" for across, up in (*there, *back))
    return f"M{'L'.join(points)}Z" if kept else ""


def _at(curve: Sequence[tuple[float, float]], threshold: float) -> float:
    """Share at the last tabled threshold that is not above the one asked for."""
    return next((share for at, share in reversed(curve) if at <= threshold * (1 + 1e-9)), 1.0)


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def _text(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"
