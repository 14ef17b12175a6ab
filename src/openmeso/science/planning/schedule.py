"""The dated course: sessions moved around closing days, measurements beside them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from openmeso.terms.plan import PlanInputError
from openmeso.terms.protocol import Phase
from openmeso.terms.schedule import ClosingDays, Visit, VisitKind
from openmeso.terms.units import DAYS_PER_WEEK

Weeks = tuple[int, int]  # first and last week in which a measurement may lie

BASELINE_WEEK = 0
MEASUREMENT_WEEKS: tuple[Weeks, ...] = ((6, 8), (12, 12), (24, 24))  # usual for hair
MOST_SESSIONS = 200
LONGEST_CLOSING_DAYS = 366


def build_schedule(
    phases: Sequence[Phase],
    start_on: date,
    closing: ClosingDays,
    assessment_weeks: Sequence[int] = (),
    measures: str = "Measurement",
    usual: Sequence[Weeks] = MEASUREMENT_WEEKS,
) -> tuple[Visit, ...]:
    """All visits of the course by date, a measurement before the session of the same day.

    The first session is on ``start_on``. Each later one falls on its nominal date, counted in
    intervals from the first session held, or as soon after it as the least interval from the
    session before and the closing days allow. No session is ever early, none closer to the
    one before than its phase's least interval.

    Measurements are the baseline, the ``usual`` weeks (6-8, 12 and 24) and
    ``assessment_weeks``; a week given within 6-8 takes the place of that window. They prefer
    the day of a session, and those of one week are one visit. ``measures`` is what their
    labels begin with.

    Raises :class:`PlanInputError` where the clinic never opens, or the course never ends.
    """
    _check(phases, closing, assessment_weeks)
    try:
        sessions = tuple(_sessions(phases, start_on, closing))
        windows = _windows(assessment_weeks, usual)
        measurements = _measurements(sessions, closing, windows, measures)
    except OverflowError:
        raise PlanInputError(
            "choice.start_on", "The course would run past the last year.", "Choose a nearer date."
        ) from None
    return tuple(sorted((*measurements, *sessions), key=lambda visit: visit.on))


def next_open(on: date, closing: ClosingDays) -> date:
    """The first open day from ``on`` on."""
    for days in range(LONGEST_CLOSING_DAYS + 1):
        day = on + timedelta(days)
        if is_open(day, closing):
            return day
    raise PlanInputError(
        "setting.closing_days",
        f"The clinic is closed for more than {LONGEST_CLOSING_DAYS} days from {on.isoformat()}.",
        "Leave at least one day open.",
    )


def is_open(day: date, closing: ClosingDays) -> bool:
    """Whether the clinic gives sessions on a day."""
    return day.isoweekday() not in closing.weekdays and day not in closing.dates


def _check(phases: Sequence[Phase], closing: ClosingDays, weeks: Sequence[int]) -> None:
    sessions = sum(phase.sessions for phase in phases)
    if not 1 <= sessions <= MOST_SESSIONS:
        raise PlanInputError(
            "choice.phases",
            f"The course has {sessions} sessions.",
            f"Expected 1 to {MOST_SESSIONS}.",
        )
    if any(not 1 <= weekday <= DAYS_PER_WEEK for weekday in closing.weekdays):
        raise PlanInputError(
            "setting.closing_days.weekdays",
            f"{closing.weekdays} are not all weekdays.",
            "Expected 1 (Monday) to 7 (Sunday).",
        )
    if any(week < 0 for week in weeks):
        raise PlanInputError(
            "protocol.assessment_weeks", f"{tuple(weeks)}.", "Expected weeks from 0 on."
        )


def _sessions(phases: Sequence[Phase], start_on: date, closing: ClosingDays) -> Iterator[Visit]:
    total = sum(phase.sessions for phase in phases)
    steps = [phase for phase in phases for _ in range(phase.sessions)]
    first = next_open(start_on, closing)
    nominal, before = start_on, first
    for number, phase in enumerate(steps, 1):
        if number == 1:
            on = first
        else:
            nominal = (first if number == 2 else nominal) + timedelta(phase.interval_days)
            on = next_open(max(nominal, before + timedelta(phase.least_days)), closing)
        yield Visit(
            kind=VisitKind.SESSION,
            on=on,
            label=f"Session {number} of {total}",
            week=(on - first).days // DAYS_PER_WEEK,
            session_number=number,
            moved_from=nominal if on != nominal else None,
        )
        before = on


def _measurements(
    sessions: Sequence[Visit], closing: ClosingDays, windows: Sequence[Weeks], measures: str
) -> tuple[Visit, ...]:
    first = sessions[0].on
    days = {visit.on for visit in sessions}
    placed = {first: first}  # day -> the day it was meant for
    for window in windows:
        on, meant = _place(window, first, days, closing)
        if all(_week(on, first) != _week(other, first) for other in placed):
            placed[on] = meant
    return tuple(
        Visit(
            kind=VisitKind.MEASUREMENT,
            on=on,
            label=_label(measures, _week(on, first), on in days),
            week=_week(on, first),
            moved_from=meant if meant != on else None,
        )
        for on, meant in placed.items()
    )


def _week(on: date, first: date) -> int:
    return (on - first).days // DAYS_PER_WEEK


def _label(measures: str, week: int, in_session: bool) -> str:
    if week == BASELINE_WEEK:
        return f"{measures}: baseline, before the first session"
    return f"{measures}: week {week}" + (", before the session" if in_session else "")


def _windows(weeks: Sequence[int], usual: Sequence[Weeks]) -> list[Weeks]:
    """Weeks to measure in, after the baseline; a given week replaces the window around it."""
    given = {week for week in weeks if week != BASELINE_WEEK}
    left = [(low, high) for low, high in usual if not any(low <= w <= high for w in given)]
    return sorted([*left, *((week, week) for week in given)])


def _place(
    window: Weeks, first: date, session_days: set[date], closing: ClosingDays
) -> tuple[date, date]:
    """Day of a measurement, and the day it was moved from (itself, unless the clinic is shut).

    A session's day within the window, else any open day of it, and of those the one nearest
    to the window's middle week; past the window only where the clinic is shut throughout.
    """
    low, high = window
    middle = first + timedelta(DAYS_PER_WEEK * (low + high) // 2)
    start = first + timedelta(DAYS_PER_WEEK * low)
    inside = [start + timedelta(day) for day in range(DAYS_PER_WEEK * (high - low + 1))]
    open_days = [day for day in inside if is_open(day, closing)]
    choices = [day for day in open_days if day in session_days] or open_days
    if choices:
        on = min(choices, key=lambda day: (abs((day - middle).days), day))
        shut = on not in session_days and not is_open(middle, closing)
        return on, middle if shut else on
    return next_open(inside[-1], closing), middle
