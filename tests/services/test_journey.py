"""Everything on the patient's time axis, read with as many queries for many sessions as for one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmeso.gateways import clock
from openmeso.records.models import Appointment, Photo, Session, StoredFile
from openmeso.services import adverse_event as events
from openmeso.services import course as courses
from openmeso.services import journey, today
from openmeso.services import session as sessions
from openmeso.terms.adverse_event import AdverseEventState


def appointment(course, user, number, days, status="booked"):
    starts = clock.now() + timedelta(days=days)
    return Appointment.objects.create(
        course=course, patient=course.patient, number=number, starts_at=starts,
        ends_at=starts + timedelta(minutes=30), status=status, changed_at=clock.now(),
        created_at=clock.now(), reason="" if status in {"booked", "kept"} else "ill",
    )  # fmt: skip


@pytest.fixture
def course(signed, trained):
    return courses.start(by=trained, plan=signed.plan)


def photos(patient, user, on, count):
    made = {"created_at": clock.now(), "created_by": user}
    for _ in range(count):
        files = StoredFile.objects.bulk_create(
            StoredFile(
                clinic=patient.clinic, patient=patient, kind="photo", media_type="image/webp",
                size_bytes=1, digest="d", key_id="k", **made,
            )
            for _ in range(3)
        )  # fmt: skip
        Photo.objects.create(
            patient=patient, view="vertex", taken_on=on, width_px=1, height_px=1,
            whole=files[0], screen=files[1], thumb=files[2], **made,
        )  # fmt: skip


def test_a_signed_session_stands_there_with_its_doses(signed, patient):
    (given,) = journey.of_patient(patient).signed
    result = sessions.result_of(signed)
    assert (given.pk, given.number, given.on) == (signed.pk, 1, clock.today())
    assert (given.points, given.volume_ml, given.pain) == (result.given, result.volume_ml, 3)
    assert [(one.ingredient, one.amount, one.unit) for one in given.doses] == [*result.doses]
    assert given.doses


def test_what_was_given_so_far_is_added_up(signed, patient):
    found = journey.of_patient(patient)
    twice = journey.Journey(**(vars(found) | {"sessions": found.sessions * 2}))
    assert [one.amount for one in twice.doses] == [2 * one.amount for one in found.doses]


def test_the_sessions_to_come_are_the_plans_without_those_given_or_booked(course, trained, patient):
    appointment(course, trained, 2, 14)
    found = journey.of_patient(patient)
    assert [one.number for one in found.planned] == list(range(3, 11))
    assert [(one.number, one.status) for one in found.appointments] == [(2, "booked")]
    (line,) = found.courses
    assert (line.course, line.given, line.sessions) == (course, 1, 10)


def test_the_next_session_falls_on_its_appointment_or_as_planned(course, trained, patient):
    (planned,) = journey.of_patient(patient).upcoming
    assert (planned.plan, planned.number, planned.session) == (course.plan_id, 2, None)
    assert planned.on == journey.of_patient(patient).planned[0].on
    assert not planned.is_due(clock.today())
    appointment(course, trained, 2, 0)
    (booked,) = journey.of_patient(patient).upcoming
    assert (booked.number, booked.on) == (2, clock.today())
    assert booked.is_due(clock.today())


def test_a_session_begun_is_gone_on_with(course, trained, patient):
    draft = sessions.start(by=trained, plan=course.plan, number=2)
    (next_one,) = journey.of_patient(patient).upcoming
    assert (next_one.number, next_one.session) == (2, draft.pk)
    assert next_one.is_due(clock.today())


def test_a_course_that_rests_has_no_next_session(course, trained, patient):
    courses.pause(by=trained, course=course, reason="travels")
    assert journey.of_patient(patient).upcoming == ()


def test_a_plan_without_a_course_has_a_first_session(approved, patient):
    (first,) = journey.of_patient(patient).upcoming
    assert (first.plan, first.number) == (approved.pk, 1)


def test_a_stopped_course_has_nothing_to_come(course, trained, patient):
    courses.stop(by=trained, course=course, reason="moved away")
    assert journey.of_patient(patient).planned == ()


def test_an_appointment_that_passed_unused_is_missed(course, trained, patient):
    appointment(course, trained, 2, -1)
    appointment(course, trained, 3, -2, "cancelled")
    appointment(course, trained, 1, -3, "kept")  # that is the session itself
    found = journey.of_patient(patient).appointments
    assert [(one.number, one.status) for one in found] == [(3, "cancelled"), (2, "missed")]


@pytest.mark.parametrize("status", ["booked", "missed"])
def test_a_day_that_passed_unused_stands_until_another_is_agreed(course, trained, patient, status):
    """In the journey as on the list of today: the session is late since the day that was agreed."""
    appointment(course, trained, 2, -3, status)
    (late,) = journey.of_patient(patient).upcoming
    [due] = today.due(by=trained)
    agreed_on = clock.today() - timedelta(days=3)
    assert (late.number, late.on) == (due.number, due.on) == (2, agreed_on)
    assert due.days_late == 3
    if status == "missed":
        appointment(course, trained, 2, 4)
        (next_one,) = journey.of_patient(patient).upcoming
        assert next_one.on == clock.today() + timedelta(days=4)
        assert today.due(by=trained) == []


def test_a_day_called_off_stands_no_more(course, trained, patient):
    appointment(course, trained, 2, -3, "cancelled")
    (planned,) = journey.of_patient(patient).upcoming
    assert planned.on == journey.of_patient(patient).planned[0].on
    assert today.due(by=trained) == []


def test_reactions_photos_and_papers_stand_there(signed, trained, patient):
    seen = AdverseEventState(term="bruising", grade=1, onset_on=clock.today())
    events.record(by=trained, patient=patient, state=seen)
    photos(patient, trained, clock.today(), 3)
    found = journey.of_patient(patient)
    assert [one.state.term for one in found.reactions] == ["bruising"]
    assert found.photos == ((clock.today(), 3),)
    assert [one.plan for one in found.consents] == [signed.plan]


def test_of_nobody_treated_there_is_nothing(patient):
    found = journey.of_patient(patient)
    assert (found.sessions, found.planned, found.courses, found.doses) == ((), (), (), ())


def read(patient):
    with CaptureQueriesContext(connection) as caught:
        journey.of_patient(patient)
    return len(caught)


def test_many_sessions_take_as_many_queries_as_one(signed, course, trained, patient):
    photos(patient, trained, clock.today(), 1)
    appointment(course, trained, 2, 14)
    few = read(patient)
    for number in range(3, 9):
        Session.objects.create(
            pk=uuid4(), patient=patient, plan=signed.plan, number=number,
            planned_on=clock.today(), entry={}, updated_at=clock.now(), updated_by=trained,
            created_at=clock.now(),
        )  # fmt: skip
        appointment(course, trained, number, 14 * number)
        photos(patient, trained, clock.today() + timedelta(days=number), 2)
    assert read(patient) == few
