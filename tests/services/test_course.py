"""A course: opened once, paused, resumed, stopped; what is left, and whether the rhythm was kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from openmeso.gateways import clock
from openmeso.records.models import Appointment, AuditEvent, Course
from openmeso.services import course as courses
from openmeso.services import plan as plans
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.course import CourseStatus


@pytest.fixture
def course(approved, trained):
    return courses.start(by=trained, plan=approved)


def test_a_course_is_opened_once(approved, trained, assistant, course):
    assert courses.start(by=assistant, plan=approved) == course
    assert Course.objects.count() == 1


def test_a_draft_is_no_course(draft, practitioner):
    with pytest.raises(ValidationError, match="approved"):
        courses.start(by=practitioner, plan=draft)


def test_what_is_left_and_when_it_is_due(course, approved):
    standing = courses.progress(course)
    assert (standing.sessions, standing.left) == (10, tuple(range(1, 11)))
    assert standing.next_due == clock.today()
    assert standing.to_rebook
    assert standing.overdue_days == 0


def test_a_signed_session_counts_and_the_next_falls_due(course, signed):
    standing = courses.progress(course)
    assert standing.given == ((1, clock.today()),)
    assert standing.left == tuple(range(2, 11))
    assert standing.next_due == clock.today() + timedelta(days=14)


def test_pause_resume_and_stop_say_why(course, trained):
    with pytest.raises(ValidationError, match="reason"):
        courses.pause(by=trained, course=course, reason=" ")
    paused = courses.pause(by=trained, course=course, reason="Pregnant wife ill")
    assert not courses.progress(paused).to_rebook
    assert (courses.resume(by=trained, course=course).status, paused.status_reason) == (
        "running", "Pregnant wife ill",
    )  # fmt: skip
    stopped = courses.stop(by=trained, course=course, reason="No change at six months")
    assert stopped.status == CourseStatus.STOPPED.value
    for deed in (courses.pause, courses.stop):
        with pytest.raises(ValidationError, match="otherwise by now"):
            deed(by=trained, course=course, reason="a")
    with pytest.raises(ValidationError):
        courses.resume(by=trained, course=course)
    actions = AuditEvent.objects.filter(noun="course").values_list("action", flat=True)
    assert list(actions) == ["start", "pause", "resume", "stop"]


def test_a_new_version_s_course_takes_over(course, approved, trained):
    following = plans.supersede(by=trained, plan=approved)
    following = plans.approve(by=trained, plan=following)
    opened = courses.start(by=trained, plan=following)
    course.refresh_from_db()
    assert (course.status, opened.status) == ("stopped", "running")


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_courses_are_for_those_who_treat_here(cast, approved, course, who):
    by = getattr(cast, who)
    for deed in (
        lambda: courses.start(by=by, plan=approved),
        lambda: courses.pause(by=by, course=course, reason="a"),
        lambda: courses.resume(by=by, course=course),
        lambda: courses.stop(by=by, course=course, reason="a"),
    ):
        with pytest.raises(NotAllowed):
            deed()
    with pytest.raises((NotAllowed, NotFound)):
        courses.get(by=by, pk=course.pk, purpose="care")


def test_an_assistant_pauses_and_does_not_stop(assistant, course):
    courses.pause(by=assistant, course=course, reason="On holiday")
    with pytest.raises(NotAllowed):
        courses.stop(by=assistant, course=course, reason="a")


def test_keeping_an_appointment_and_completing(course, signed, trained):
    assert courses.keep(by=trained, session=signed).status == "running"


def test_the_funnel_counts_where_courses_end(course, signed, trained, clinic, other_clinic):
    steps = courses.funnel(clinic)
    assert [one.number for one in steps] == list(range(1, 11))
    assert (steps[0].planned, steps[0].given, steps[0].waiting) == (1, 1, 0)
    assert (steps[1].given, steps[1].waiting, steps[1].stopped) == (0, 1, 0)
    courses.stop(by=trained, course=course, reason="Moved away")
    steps = courses.funnel(clinic)
    assert (steps[1].waiting, steps[1].stopped) == (0, 1)
    assert [one.status_reason for one in courses.stop_reasons(clinic)] == ["Moved away"]
    assert courses.funnel(other_clinic) == ()


def test_the_database_wants_a_reason_and_one_time_a_session(course):
    with pytest.raises(IntegrityError, match="halted"), transaction.atomic():
        Course.objects.update(status="paused")
    now = clock.now()
    values = {
        "course": course, "patient": course.patient, "number": 1, "starts_at": now,
        "ends_at": now + timedelta(minutes=30), "changed_at": now, "created_at": now,
    }  # fmt: skip
    Appointment.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(**values)
    with pytest.raises(IntegrityError, match="ends_after"), transaction.atomic():
        Appointment.objects.create(**values | {"ends_at": now, "number": 2})
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        Appointment.objects.create(**values | {"status": "missed", "number": 2})
