"""Forecast sheet: twelve months with their doubt, in words and drawings, for page and paper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from openmeso.gateways.forecast_chart import (
    NARROW,
    WIDE,
    Chart,
    Course,
    Curve,
    Point,
    draw_chart,
    number,
)
from openmeso.gateways.reach_sheet import per_cent
from openmeso.gateways.words import words_ready
from openmeso.terms.forecast import (
    Band,
    DoubtShares,
    Forecast,
    Influence,
    MeasuredOutcome,
    Milestone,
    OutcomeCourse,
)
from openmeso.terms.plan import Plan
from openmeso.terms.units import SDS_OF_90_PER_CENT

DAYS_A_WEEK = 7
TABLE_WEEKS = (0, 4, 8, 12, 16, 24, 36, 52)
HALF_A_YEAR_WEEKS = 26


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week of a course as text."""

    week: int
    treated: str
    half: str
    nine_in_ten: str
    untreated: str
    updated: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A step as a chance: forecast at first, and with what was measured."""

    milestone: Milestone
    chance: str
    updated: str = ""


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """One kind of doubt, its part of the whole, and what it means."""

    words: str
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class OutcomeSheet:
    """One outcome: drawings, table and doubt."""

    course: OutcomeCourse
    unit: str
    wide: Chart
    narrow: Chart
    said: str
    weeks: tuple[WeekLine, ...]
    doubt: tuple[DoubtLine, ...]
    doubt_week: int
    is_measured: bool = False
    is_updated: bool = False


@dataclass(frozen=True, slots=True)
class ForecastSheet:
    """Everything said of a forecast."""

    forecast: Forecast
    outcomes: tuple[OutcomeSheet, ...]
    milestones: tuple[MilestoneLine, ...]
    influential: tuple[tuple[Influence, str], ...]
    x_name: str

    @property
    def first(self) -> OutcomeSheet:
        """The outcome shown first."""
        return self.outcomes[0]

    @property
    def measured(self) -> tuple[OutcomeSheet, ...]:
        """The outcomes that were measured."""
        return tuple(one for one in self.outcomes if one.is_measured)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured, and the forecast that took it in, if one could."""

    measured: tuple[MeasuredOutcome, ...] = ()
    after: Forecast | None = None

    def course(self, name: str) -> OutcomeCourse | None:
        """The updated course of an outcome that was measured."""
        is_measured = any(one.outcome == name for one in self.measured)
        return self.after.outcome(name) if self.after and is_measured else None

    def points(self, name: str) -> tuple[Point, ...]:
        """The measurements of an outcome, each with its 90 % interval."""
        return tuple(_point(one) for one in self.measured if one.outcome == name)


NOTHING_SEEN = Seen()


def forecast_sheet(
    forecast: Forecast, plan: Plan, gain: OutcomeCourse | None = None, seen: Seen = NOTHING_SEEN
) -> ForecastSheet:
    """Put a forecast into words and drawings; the plan's visits stand under the curve.

    ``gain``, the change from the start, comes first: the counts are as wide as patients differ.
    What was ``seen`` is drawn into the courses of the outcomes that were measured.
    """
    words_ready()
    sessions = _session_days(plan)
    courses = (*((gain,) if gain else ()), *forecast.outcomes)
    return ForecastSheet(
        forecast=forecast,
        outcomes=tuple(_outcome(each, forecast.weeks, sessions, seen) for each in courses),
        milestones=_milestones(forecast, seen.after),
        influential=tuple((each, per_cent(each.share)) for each in forecast.influential[:3]),
        x_name=_("months from the first session"),
    )


def _session_days(plan: Plan) -> list[float]:
    start = min((visit.on for visit in plan.visits if visit.session_number), default=None)
    return [
        float((visit.on - start).days) for visit in plan.visits if start and visit.session_number
    ]


def _milestones(forecast: Forecast, after: Forecast | None) -> tuple[MilestoneLine, ...]:
    later = [chance(one) for one in after.milestones] if after else []
    return tuple(
        MilestoneLine(one, chance(one), later[n] if later else "")
        for n, one in enumerate(forecast.milestones)
    )


def _point(one: MeasuredOutcome) -> Point:
    half = SDS_OF_90_PER_CENT * (one.sd or 0.0)
    low, high = max(0.0, one.value - half), one.value + half
    return Point(DAYS_A_WEEK * one.week, one.value, low, high)


def chance(milestone: Milestone) -> str:
    """How likely, with the range over the accounts that are not told apart.

    >>> chance(Milestone("", 12, 0.42, 0.3, 0.5, "", ""))
    '42 % (30–50 %)'
    >>> chance(Milestone("", 12, 0.0, 0.0, 0.0, "", ""))
    '< 1 %'
    """
    if milestone.high < 0.005:
        return "< 1 %"
    middle = per_cent(milestone.probability)
    if round(100 * milestone.low) == round(100 * milestone.high):
        return middle
    return f"{middle} ({100 * milestone.low:.0f}–{100 * milestone.high:.0f} %)"


def unit(written: str) -> str:
    """A unit as people write it.

    >>> unit("hairs/cm2"), unit("um")
    ('hairs/cm²', 'µm')
    """
    return "µm" if written == "um" else written.replace("cm2", "cm²")


def amount(value: float) -> str:
    """A measured amount: whole from ten on, else one decimal.

    >>> amount(152.4), amount(0.634), amount(-3.26)
    ('152', '0.6', '−3.3')
    """
    return number(float(f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}"))


def _outcome(
    course: OutcomeCourse, weeks: Sequence[int], sessions: Sequence[float], seen: Seen
) -> OutcomeSheet:
    updated = seen.course(course.name)
    drawn = Course(
        treated=_curve(weeks, course.treated),
        untreated=replace(_curve(weeks, course.untreated), low_90=(), high_90=()),
        session_days=sessions,
        updated=_curve(weeks, updated.treated) if updated else None,
        points=seen.points(course.name),
    )
    at = _nearest(weeks, HALF_A_YEAR_WEEKS)
    return OutcomeSheet(
        course=course,
        unit=unit(course.unit),
        wide=draw_chart(drawn, WIDE),
        narrow=draw_chart(drawn, NARROW),
        said=_said(course, weeks, at),
        weeks=tuple(
            _week(course, updated, n, week) for n, week in enumerate(weeks) if week in TABLE_WEEKS
        ),
        doubt=_doubt(course.doubt, at),
        doubt_week=weeks[at],
        is_measured=bool(drawn.points),
        is_updated=updated is not None,
    )


def _curve(weeks: Sequence[int], band: Band) -> Curve:
    return Curve(
        days=tuple(float(DAYS_A_WEEK * week) for week in weeks),
        middle=band.p50,
        low_50=band.p25,
        high_50=band.p75,
        low_90=band.p5,
        high_90=band.p95,
    )


def _nearest(weeks: Sequence[int], wanted: int) -> int:
    return min(range(len(weeks)), key=lambda n: abs(weeks[n] - wanted))


def _week(course: OutcomeCourse, updated: OutcomeCourse | None, n: int, week: int) -> WeekLine:
    band = course.treated
    later = updated.treated if updated else None
    return WeekLine(
        week=week,
        treated=amount(band.p50[n]),
        half=between(band.p25[n], band.p75[n]),
        nine_in_ten=between(band.p5[n], band.p95[n]),
        untreated=amount(course.untreated.p50[n]),
        updated=f"{amount(later.p50[n])} ({between(later.p5[n], later.p95[n])})" if later else "",
    )


def between(low: float, high: float) -> str:
    """A range that stays readable where a number is below 0.

    >>> between(10.0, 20.0), between(-3.0, 4.0)
    ('10–20', '−3 to 4')
    """
    if low < 0:
        return _("%(low)s to %(high)s") % {"low": amount(low), "high": amount(high)}
    return f"{amount(low)}–{amount(high)}"


def _said(course: OutcomeCourse, weeks: Sequence[int], at: int) -> str:
    band = course.treated
    return _(
        "%(label)s in %(unit)s: %(start)s before; in week %(week)s %(middle)s with treatment, "
        "half of all between %(half)s and nine in ten between %(wide)s; %(untreated)s without."
    ) % {
        "label": course.label,
        "unit": unit(course.unit),
        "start": amount(band.p50[0]),
        "week": weeks[at],
        "middle": amount(band.p50[at]),
        "half": between(band.p25[at], band.p75[at]),
        "wide": between(band.p5[at], band.p95[at]),
        "untreated": amount(course.untreated.p50[at]),
    }


def _doubt(shares: DoubtShares, at: int) -> tuple[DoubtLine, ...]:
    listed = (
        (_("how patients differ from each other"), shares.patient[at]),
        (_("the count itself: one small field of skin, counted once"), shares.counting[at]),
        (_("what the trials do not tell of the average patient"), shares.parameter[at]),
        (_("which account of the drug and of regrowth is true"), shares.structural[at]),
    )
    ordered = sorted((each for each in listed if each[1] > 0), key=lambda each: -each[1])
    return tuple(DoubtLine(words, share, per_cent(share)) for words, share in ordered)
