"""Who is due today: the clinic's approved plans, the next session that is not signed."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from openmeso.gateways import clock
from openmeso.records.models import Appointment, AuditEvent
from openmeso.services import course as courses
from openmeso.services import session as sessions
from openmeso.services import today
from openmeso.services.refusal import NotAllowed


def test_the_first_session_is_due_on_its_day(approved, assistant):
    [due] = today.due(by=assistant)
    assert (due.plan, due.number, due.days_late, due.session) == (approved.pk, 1, 0, None)
    assert AuditEvent.objects.filter(action="list_today").count() == 1


def test_one_begun_stands_first_and_one_signed_no_more(session, typed, trained, signed):
    assert today.due(by=trained) == []


def test_a_begun_session_is_gone_on_with(session, trained):
    [due] = today.due(by=trained)
    assert due.session == session


def test_what_was_not_given_is_overdue(signed, trained, monkeypatch):
    later = clock.today() + timedelta(days=20)
    monkeypatch.setattr(clock, "today", lambda: later)
    [due] = today.due(by=trained)
    assert (due.number, due.days_late) == (2, 6)


def test_one_given_up_is_due_again(session, trained):
    sessions.abandon(by=trained, session=session, reason="Fever")
    [due] = today.due(by=trained)
    assert (due.number, due.session) == (1, None)


def test_another_clinics_sessions_are_not_listed(approved, stranger, outsider):
    assert today.due(by=stranger) == []
    with pytest.raises(NotAllowed):
        today.due(by=outsider)


@pytest.fixture
def course(approved, trained):
    return courses.start(by=trained, plan=approved)


def book(course, trained, number, starts_at):
    appointment = Appointment(
        course=course,
        patient=course.patient,
        number=number,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        changed_at=clock.now(),
        created_at=clock.now(),
        created_by=trained,
    )
    appointment.save(force_insert=True)
    return appointment


def test_a_session_is_due_on_the_day_of_its_appointment(course, trained, monkeypatch):
    zone = ZoneInfo(course.patient.clinic.timezone)
    in_three_days = clock.today() + timedelta(days=3)
    book(course, trained, 1, datetime.combine(in_three_days, time(15, 30), tzinfo=zone))
    assert today.due(by=trained) == []
    monkeypatch.setattr(clock, "today", lambda: in_three_days)
    [due] = today.due(by=trained)
    assert (due.number, due.on, due.days_late, due.at) == (1, in_three_days, 0, time(15, 30))


def test_a_session_booked_before_the_plan_begins_is_due_then(course, trained, monkeypatch):
    earlier = clock.today() - timedelta(days=2)
    monkeypatch.setattr(clock, "today", lambda: earlier)
    assert today.due(by=trained) == []
    zone = ZoneInfo(course.patient.clinic.timezone)
    book(course, trained, 1, datetime.combine(earlier, time(9), tzinfo=zone))
    assert [due.number for due in today.due(by=trained)] == [1]


def test_a_paused_course_is_not_due(course, trained):
    assert len(today.due(by=trained)) == 1
    courses.pause(by=trained, course=course, reason="Abroad until spring")
    assert today.due(by=trained) == []
    courses.resume(by=trained, course=course)
    assert len(today.due(by=trained)) == 1
