"""Reach in detail: courses in time, coverage curve, blood and balance, as charts and as tables."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from openmeso.gateways.plan_sheet import figure
from openmeso.gateways.reach_chart import (
    Plot,
    course_range,
    draw_blood,
    draw_course,
    draw_curve,
    time_unit,
)
from openmeso.terms.reach import BulgeReach, ClassReach, CoursePoint, MassPoint, SubstanceReach

Each = TypeVar("Each")

ROWS = 9
NEXT_TO_NOTHING = 1e-4
HIGHEST_CURVE = "cmax"


@dataclass(frozen=True, slots=True)
class SeenLine:
    """What the bulbs or the bulges of one class see, as text."""

    depth_mm: str
    cmax: str
    tmax_h: str
    auc: str
    hours_above: str


@dataclass(frozen=True, slots=True)
class CourseSheet:
    """Free drug at one class in time; rows are (time, bulb, bulb's range, bulge)."""

    name: str
    plot: Plot
    bulb: SeenLine
    bulge: SeenLine | None
    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ReachDetail:
    """All of one substance that a chart shows, with a table for each.

    ``curve_rows`` are (threshold, share), ``blood_rows`` (time, level, its range) and
    ``mass_rows`` (time, in the skin, in the body, gone, uptake an hour).
    """

    courses: tuple[CourseSheet, ...]
    course_time: str
    curve: Plot
    curve_rows: tuple[tuple[str, str], ...]
    blood: Plot | None
    blood_time: str
    blood_rows: tuple[tuple[str, str, str], ...]
    mass_rows: tuple[tuple[str, str, str, str, str], ...]


def reach_detail(one: SubstanceReach) -> ReachDetail:
    """Charts and tables of one substance."""
    span = course_range(one.size_classes)
    per, course_time = time_unit(span[2])
    mark = one.mark if one.curve_of == HIGHEST_CURVE else None
    last = one.blood.course[-1].hour if one.blood else 1.0
    body_per, blood_time = time_unit(last)
    points = one.blood.course if one.blood else ()
    return ReachDetail(
        courses=tuple(_course(each, span, mark, per) for each in one.size_classes),
        course_time=course_time,
        curve=draw_curve(one),
        curve_rows=tuple(
            (figure(at, 2), f"{100 * share:.0f} %") for at, share in one.coverage_curve[::2]
        ),
        blood=draw_blood(one.blood) if one.blood else None,
        blood_time=blood_time,
        blood_rows=tuple(
            (
                figure(at.hour / body_per, 2),
                _seen_of(at.middle, one.blood.peak_ng_ml),
                _span(at.low, at.high, one.blood.peak_ng_ml),
            )
            for at in _some(points)
            if one.blood
        ),
        mass_rows=tuple(_mass(at, body_per, one) for at in _some(one.balance)),
    )


def _course(
    one: ClassReach, span: tuple[float, float, float], mark: float | None, per: float
) -> CourseSheet:
    bulges = {at.hour: at.middle for at in one.bulge.course} if one.bulge else {}
    seen, most = _some_until(one.course, span[2]), max(one.cmax, span[0])
    return CourseSheet(
        name=one.name,
        plot=draw_course(one, span, mark),
        bulb=_seen(one, one.bulb_depth_mm),
        bulge=_seen(one.bulge, one.bulge_depth_mm) if one.bulge else None,
        rows=tuple(
            (
                figure(at.hour / per, 2),
                _seen_of(at.middle, most),
                _span(at.low, at.high, most),
                _seen_of(bulges[at.hour], most) if at.hour in bulges else "–",
            )
            for at in seen
        ),
    )


def _seen(one: ClassReach | BulgeReach, depth_mm: float) -> SeenLine:
    above = one.hours_above
    return SeenLine(
        depth_mm=figure(depth_mm, 2),
        cmax=figure(one.cmax, 2),
        tmax_h=figure(one.tmax_h, 2),
        auc=figure(one.auc, 2),
        hours_above="–" if above is None else figure(above, 2),
    )


def _mass(at: MassPoint, per: float, one: SubstanceReach) -> tuple[str, str, str, str, str]:
    return (
        figure(at.hour / per, 2),
        _seen_of(at.in_skin_mg, one.dose_mg),
        _seen_of(at.in_body_mg, one.dose_mg),
        _seen_of(at.gone_mg, one.dose_mg),
        _seen_of(at.uptake_mg_h, one.peak_rate_mg_h),
    )


def _seen_of(value: float, most: float) -> str:
    """A value of a column; what is next to nothing beside its most is 0."""
    return figure(value, 2) if value > NEXT_TO_NOTHING * most else "0"


def _span(low: float, high: float, most: float) -> str:
    return f"{_seen_of(low, most)}–{_seen_of(high, most)}"


def _some(points: Sequence[Each]) -> Sequence[Each]:
    """A few of many rows, the first and the last among them."""
    if len(points) <= ROWS:
        return points
    return [points[round(n * (len(points) - 1) / (ROWS - 1))] for n in range(ROWS)]


def _some_until(course: Sequence[CoursePoint], last_h: float) -> Sequence[CoursePoint]:
    """Points about evenly spread in time up to an hour."""
    if not course:
        return course
    hours = [at.hour for at in course]
    places = {min(bisect_left(hours, last_h * n / (ROWS - 1)), len(hours) - 1) for n in range(ROWS)}
    return [course[place] for place in sorted(places)]
