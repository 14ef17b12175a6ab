"""The course as a calendar file: dates, lengths, stable ids, and nobody's name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from openmeso.gateways.calendar import plan_calendar
from tests.gateways.example_plan import FIRST, example_plan

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def events(content: bytes):
    return Calendar.from_ical(content).walk("VEVENT")


def test_every_visit_is_one_all_day_event():
    found = events(plan_calendar(example_plan(), "Mesotherapy", "plan-1", stamped_at=NOON))
    assert [event.decoded("dtstart") for event in found] == [
        FIRST,
        FIRST,
        date(2026, 12, 14),
        date(2026, 12, 22),
        date(2026, 12, 29),
    ]
    assert [event.decoded("dtend") for event in found][2] == date(2026, 12, 15)


def test_sessions_are_numbered_and_say_how_long_they_take():
    found = events(plan_calendar(example_plan(), "Mesotherapy", "plan-1", stamped_at=NOON))
    assert str(found[2]["summary"]) == "Mesotherapy: session 2 of 4"
    assert "About 22 minutes (15 to 31)." in str(found[2]["description"])
    assert "Moved from 2026-12-21" in str(found[3]["description"])
    assert str(found[0]["summary"]) == "Mesotherapy: Baseline trichoscopy"


def test_a_booked_session_stands_at_its_time_in_the_clinics_zone():
    at = datetime(2026, 12, 9, 6, 30, tzinfo=UTC)
    content = plan_calendar(
        example_plan(),
        "Mesotherapy",
        "plan-1",
        booked={1: (at, at + timedelta(minutes=25))},
        zone="Europe/Istanbul",
        stamped_at=NOON,
    )
    session, following = events(content)[1:3]
    begins, ends = session.decoded("dtstart"), session.decoded("dtend")
    assert begins == at
    assert begins.utcoffset() == timedelta(hours=3)
    assert ends - begins == timedelta(minutes=25)
    assert following.decoded("dtstart") == date(2026, 12, 14)
    assert b"BEGIN:VTIMEZONE" in content


def test_a_second_export_moves_the_same_events_instead_of_doubling_them():
    first = plan_calendar(example_plan(), "Mesotherapy", "plan-1", stamped_at=NOON)
    plan = example_plan()
    moved = replace(plan, visits=tuple(replace(each, on=date(2027, 1, 4)) for each in plan.visits))
    second = plan_calendar(moved, "Mesotherapy", "plan-1", stamped_at=NOON)
    ids = [str(event["uid"]) for event in events(first)]
    assert ids == [str(event["uid"]) for event in events(second)]
    assert len(set(ids)) == len(ids)
    other = plan_calendar(moved, "Mesotherapy", "plan-2", stamped_at=NOON)
    assert not set(ids) & {str(event["uid"]) for event in events(other)}


def test_the_same_plan_gives_the_same_bytes():
    one, two = (
        plan_calendar(example_plan(), "Mesotherapy", "plan-1", stamped_at=NOON) for _ in range(2)
    )
    assert one == two
