"""A series is dated and checked as a whole: closing days, hours, clashes and least intervals."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.planning.booking import Setting, check, intervals, series
from openmeso.terms.course import Busy, ConflictKind, OpeningHours, Rhythm, Slot
from openmeso.terms.protocol import Phase
from openmeso.terms.schedule import ClosingDays

WEEKLY = (Phase(4, 7, 5), Phase(2, 28, 21))
MONDAY = date(2026, 11, 30)
TEN = time(10)
HOURS = OpeningHours(
    tuple(
        (day, a, b) for day in range(1, 7) for a, b in ((time(9), time(13)), (time(14), time(18)))
    )
)


def at(text: str) -> datetime:
    """A moment on the clinic's wall clock."""
    return datetime.fromisoformat(text)


def setting(**changes) -> Setting:
    values = {"phases": WEEKLY, "hours": HOURS, "closing": ClosingDays(weekdays=(7,))}
    return Setting(**{**values, **changes})


def days(proposed) -> list[date]:
    return [one.slot.starts.date() for one in proposed]


def kinds(proposed) -> list[set[ConflictKind]]:
    return [{conflict.kind for conflict in one.conflicts} for one in proposed]


def test_a_series_follows_its_intervals():
    found = series(setting(), range(1, 7), MONDAY, TEN, 30)
    assert days(found) == [MONDAY + timedelta(d) for d in (0, 7, 14, 21, 49, 77)]
    assert not any(kinds(found))


def test_a_closed_day_moves_a_session_and_says_from_where():
    shut = ClosingDays(weekdays=(7,), dates=(MONDAY + timedelta(7),))
    found = series(setting(closing=shut), (1, 2, 3), MONDAY, TEN, 30)
    assert days(found) == [MONDAY, MONDAY + timedelta(8), MONDAY + timedelta(15)]
    assert [one.moved_from for one in found] == [None, MONDAY + timedelta(7), None]


def test_the_rest_starts_from_what_was_given():
    held = ((1, MONDAY), (2, MONDAY + timedelta(7)))
    found = series(setting(held=held), (3, 4), MONDAY + timedelta(9), TEN, 30)
    assert days(found) == [MONDAY + timedelta(12), MONDAY + timedelta(19)]  # 5 days at least


@pytest.mark.parametrize(
    ("starts", "kind"),
    [
        (at("2026-12-06 10:00"), ConflictKind.CLOSED),
        (at("2026-12-07 08:45"), ConflictKind.OUTSIDE_HOURS),
        (at("2026-12-07 12:45"), ConflictKind.OUTSIDE_HOURS),  # into the lunch break
        (at("2026-12-07 11:00"), ConflictKind.PRACTITIONER_BUSY),
        (at("2026-12-07 16:00"), ConflictKind.PATIENT_BUSY),
        (at("2026-12-04 10:00"), ConflictKind.TOO_SOON),
        (at("2026-11-29 10:00"), ConflictKind.OUT_OF_ORDER),
        (at("2026-11-20 10:00"), ConflictKind.PAST),
    ],
)
def test_each_conflict_is_named(starts, kind):
    busy = (
        Busy(at("2026-12-07 11:00"), at("2026-12-07 12:00"), "practitioner"),
        Busy(at("2026-12-07 16:00"), at("2026-12-07 17:00"), "patient"),
    )
    where = setting(busy=busy, held=((1, MONDAY),), now=at("2026-11-25 09:00"))
    (found,) = check([Slot(2, starts, 30)], where)
    assert kind in {one.kind for one in found.conflicts}


def test_a_free_time_of_the_same_day_is_offered():
    busy = (Busy(at("2026-11-30 09:50"), at("2026-11-30 10:20"), "practitioner"),)
    (found,) = check([Slot(1, at("2026-11-30 10:00"), 30)], setting(busy=busy))
    assert found.free_at == time(10, 20)
    assert check([Slot(1, at("2026-11-30 09:20"), 30)], setting(busy=busy))[0].conflicts == ()


def test_unknown_hours_are_not_checked():
    slot = Slot(1, at("2026-11-30 03:00"), 30)
    assert check([slot], setting(hours=OpeningHours()))[0].conflicts == ()


def test_two_sessions_of_a_series_do_not_take_the_same_chair():
    slots = [Slot(1, at("2026-11-30 10:00"), 30), Slot(2, at("2026-11-30 10:15"), 30)]
    found = check(slots, setting())
    assert all(ConflictKind.PATIENT_BUSY in one for one in kinds(found))


def test_intervals_are_kept_early_or_late():
    held = [(1, MONDAY), (2, MONDAY + timedelta(4)), (3, MONDAY + timedelta(11)),
            (4, MONDAY + timedelta(22))]  # fmt: skip
    rhythms = [one.rhythm for one in intervals(WEEKLY, held)]
    assert rhythms == [Rhythm.EARLY, Rhythm.KEPT, Rhythm.LATE]


DATES = st.dates(MONDAY, MONDAY + timedelta(days=120))
PHASES = st.lists(
    st.integers(2, 40).flatmap(
        lambda days: st.builds(Phase, st.integers(1, 4), st.just(days), st.integers(1, days))
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@given(
    PHASES, DATES, st.sets(st.integers(1, 7), max_size=5), st.frozensets(DATES, max_size=20),
    st.integers(0, 3),
)  # fmt: skip
def test_a_series_never_breaks_closing_days_or_least_intervals(
    phases, first_on, weekdays, dates, given_before
):
    total = sum(phase.sessions for phase in phases)
    steps = [phase for phase in phases for _ in range(phase.sessions)]
    shut = ClosingDays(tuple(sorted(weekdays)), tuple(dates))
    held = [(1, MONDAY - timedelta(days=3))]
    for number in range(2, min(given_before, total - 1) + 1):
        held.append((number, held[-1][1] + timedelta(days=steps[number - 1].interval_days)))
    held = held[: min(given_before, total - 1)]
    left = range(len(held) + 1, total + 1)
    where = Setting(tuple(phases), OpeningHours(), shut, held=tuple(held))
    found = series(where, left, first_on, TEN, 30)
    assert [one.slot.number for one in found] == list(left)
    every = [on for _, on in held] + days(found)
    for one in days(found):
        assert one.isoweekday() not in weekdays
        assert one not in dates
        assert one >= first_on
    for number, (before, after) in enumerate(pairwise(every), 2):
        assert (after - before).days >= steps[number - 1].least_days
    assert not any(kinds(found))
