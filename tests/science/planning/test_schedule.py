"""A schedule never breaks its least interval, never meets a closed door, and measures in time."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.science.planning.schedule import build_schedule, next_open
from openmeso.terms.plan import PlanInputError
from openmeso.terms.protocol import Phase
from openmeso.terms.schedule import ClosingDays, Visit, VisitKind

MONDAY = date(2026, 11, 30)
ALWAYS_OPEN = ClosingDays()


def sessions(visits: tuple[Visit, ...]) -> list[Visit]:
    return [visit for visit in visits if visit.kind is VisitKind.SESSION]


def measured(visits: tuple[Visit, ...]) -> list[Visit]:
    return [visit for visit in visits if visit.kind is VisitKind.MEASUREMENT]


@st.composite
def phase(draw: st.DrawFn) -> Phase:
    interval = draw(st.integers(1, 120))
    least = draw(st.none() | st.integers(1, interval))
    return Phase(draw(st.integers(1, 8)), interval, least)


PHASES = st.lists(phase(), min_size=1, max_size=4).map(tuple)
STARTS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
CLOSING = st.builds(
    ClosingDays,
    weekdays=st.sets(st.integers(1, 7), max_size=6).map(tuple),
    dates=st.sets(st.dates(date(2026, 1, 1), date(2029, 12, 31)), max_size=40).map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(PHASES, STARTS, CLOSING, st.sets(st.integers(0, 60), max_size=4))
def test_least_intervals_closing_days_and_order_hold(phases, start_on, closing, weeks) -> None:
    visits = build_schedule(phases, start_on, closing, tuple(weeks))
    held = sessions(visits)
    steps = [one for one in phases for _ in range(one.sessions)]
    assert [visit.session_number for visit in held] == list(range(1, len(steps) + 1))
    for (before, after), step in zip(pairwise(held), steps[1:], strict=True):
        assert (after.on - before.on).days >= step.least_days
    for visit in visits:
        assert visit.on.isoweekday() not in closing.weekdays
        assert visit.on not in closing.dates
        assert visit.on >= start_on
        assert visit.week == (visit.on - held[0].on).days // 7
    assert list(visits) == sorted(visits, key=lambda visit: visit.on)
    assert visits == build_schedule(phases, start_on, closing, tuple(weeks))


@given(PHASES, STARTS, st.sets(st.integers(0, 60), max_size=4))
@settings(deadline=None)
def test_measurements_fall_in_their_weeks_one_visit_each(phases, start_on, weeks) -> None:
    visits = measured(build_schedule(phases, start_on, ALWAYS_OPEN, tuple(weeks)))
    found = [visit.week for visit in visits]
    assert len(found) == len(set(found))
    assert found[0] == 0
    assert visits[0].on == start_on
    assert {12, 24} | weeks <= set(found)
    assert any(6 <= week <= 8 for week in found)
    assert all(visit.moved_from is None for visit in visits)


@given(PHASES, STARTS)
def test_without_closing_days_every_session_is_on_its_nominal_date(phases, start_on) -> None:
    held = sessions(build_schedule(phases, start_on, ALWAYS_OPEN))
    steps = [one for one in phases for _ in range(one.sessions)]
    days = [0] + [step.interval_days for step in steps[1:]]
    nominal = [start_on + timedelta(sum(days[: n + 1])) for n in range(len(days))]
    assert [visit.on for visit in held] == nominal
    assert all(visit.moved_from is None for visit in held)


def test_ten_weekly_sessions_around_new_year_by_hand() -> None:
    closed = ClosingDays(weekdays=(6, 7), dates=(date(2026, 12, 28), date(2026, 12, 29)))
    held = sessions(build_schedule((Phase(10, 7, 5),), MONDAY, closed))
    assert held[4].on == date(2026, 12, 30)  # Monday 28 and Tuesday 29 are closed
    assert held[4].moved_from == date(2026, 12, 28)
    assert held[5].on == date(2027, 1, 4)  # back to its Monday: 5 days after, as allowed
    assert held[5].moved_from is None
    assert held[-1].on == date(2027, 2, 1)
    assert held[-1].label == "Session 10 of 10"


def test_a_strict_interval_pushes_what_follows() -> None:
    closed = ClosingDays(dates=(MONDAY + timedelta(7),))
    held = sessions(build_schedule((Phase(3, 7),), MONDAY, closed))
    assert [(visit.on - MONDAY).days for visit in held] == [0, 8, 15]
    assert held[2].moved_from == MONDAY + timedelta(14)


def test_phases_follow_each_other() -> None:
    # published 13 sessions: weekly x8, then weeks 9, 11, then 15, 19, 23 (F0284)
    phases = (Phase(8, 7), Phase(2, 14), Phase(3, 28))
    held = sessions(build_schedule(phases, MONDAY, ALWAYS_OPEN))
    assert [visit.week for visit in held] == [0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 15, 19, 23]


def test_usual_measurements_beside_a_weekly_course() -> None:
    visits = measured(build_schedule((Phase(10, 7),), MONDAY, ALWAYS_OPEN, (), "Photographs"))
    assert [(visit.week, visit.label) for visit in visits] == [
        (0, "Photographs: baseline, before the first session"),
        (7, "Photographs: week 7, before the session"),
        (12, "Photographs: week 12"),
        (24, "Photographs: week 24"),
    ]


def test_a_measurement_prefers_a_session_in_its_window() -> None:
    # three-weekly: sessions in weeks 0, 3, 6, 9, 12
    visits = measured(build_schedule((Phase(5, 21),), MONDAY, ALWAYS_OPEN))
    assert [visit.week for visit in visits] == [0, 6, 12, 24]
    assert "before the session" in visits[1].label


def test_the_protocols_week_replaces_the_window_and_a_closed_window_is_passed() -> None:
    weeks = measured(build_schedule((Phase(1, 7),), MONDAY, ALWAYS_OPEN, (8, 12, 16)))
    assert [visit.week for visit in weeks] == [0, 8, 12, 16, 24]
    shut = ClosingDays(dates=tuple(MONDAY + timedelta(84 + day) for day in range(7)))
    moved = measured(build_schedule((Phase(1, 7),), MONDAY, shut))[2]
    assert moved.on == MONDAY + timedelta(91)
    assert moved.moved_from == MONDAY + timedelta(84)


def test_a_measurement_comes_before_the_session_of_its_day() -> None:
    visits = build_schedule((Phase(2, 7),), MONDAY, ALWAYS_OPEN)
    assert [visit.kind for visit in visits[:2]] == [VisitKind.MEASUREMENT, VisitKind.SESSION]


def test_the_start_moves_to_the_next_open_day() -> None:
    first = sessions(build_schedule((Phase(2, 7),), MONDAY, ClosingDays(weekdays=(1,))))
    assert [visit.on for visit in first] == [date(2026, 12, 1), date(2026, 12, 8)]
    assert first[0].moved_from == MONDAY
    assert first[1].moved_from is None


def test_a_clinic_that_never_opens_is_refused() -> None:
    for closing in (
        ClosingDays(weekdays=(1, 2, 3, 4, 5, 6, 7)),
        ClosingDays(dates=tuple(MONDAY + timedelta(day) for day in range(400))),
    ):
        with pytest.raises(PlanInputError) as caught:
            build_schedule((Phase(1, 7),), MONDAY, closing)
        assert caught.value.path == "setting.closing_days"
    shut_a_year = ClosingDays(dates=tuple(MONDAY + timedelta(day) for day in range(366)))
    assert next_open(MONDAY, shut_a_year) == MONDAY + timedelta(366)


@pytest.mark.parametrize(
    ("phases", "start_on", "closing", "weeks", "path"),
    [
        ((), MONDAY, ALWAYS_OPEN, (), "choice.phases"),
        ((Phase(10**9, 1),), MONDAY, ALWAYS_OPEN, (), "choice.phases"),
        ((Phase(2, 7),), MONDAY, ClosingDays(weekdays=(0,)), (), "setting.closing_days.weekdays"),
        ((Phase(2, 7),), MONDAY, ALWAYS_OPEN, (-1,), "protocol.assessment_weeks"),
        ((Phase(2, 7),), date(9999, 12, 30), ALWAYS_OPEN, (), "choice.start_on"),
        ((Phase(2, 10**9),), MONDAY, ALWAYS_OPEN, (), "choice.start_on"),
    ],
)
def test_courses_that_cannot_be_dated_name_the_field(phases, start_on, closing, weeks, path):
    with pytest.raises(PlanInputError) as caught:
        build_schedule(phases, start_on, closing, weeks)
    assert caught.value.path == path
    assert caught.value.remedy
