"""A series is booked as a whole or not at all; repeated, it changes nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from openmeso.gateways import clock
from openmeso.records.models import Appointment
from openmeso.services import booking
from openmeso.services import clinic as clinics
from openmeso.services import course as courses
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.course import ConflictKind, OpeningHours, Slot

TEN = time(10)
WEEK = OpeningHours(tuple((day, time(9), time(18)) for day in range(1, 8)))


@pytest.fixture
def course(approved, trained, lead, clinic):
    clinics.set_opening_hours(by=lead, clinic=clinic, hours=WEEK)
    return courses.start(by=trained, plan=approved)


@pytest.fixture
def slots(course, trained):
    return propose(course, trained)


def propose(course, practitioner, days=7, at=TEN):
    first_on = clock.today() + timedelta(days=days)
    return [one.slot for one in booking.propose(course, first_on, at, practitioner)]


def test_a_proposal_writes_nothing(course, trained):
    found = booking.propose(course, clock.today() + timedelta(days=7), TEN, trained)
    assert [one.slot.number for one in found] == list(range(1, 11))
    assert not any(one.conflicts for one in found)
    assert not Appointment.objects.exists()


def test_booked_twice_it_is_booked_once(course, slots, trained):
    first = booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    again = booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    assert (first.new, first.moved, first.unchanged) == (10, 0, 0)
    assert (again.new, again.moved, again.unchanged) == (0, 0, 10)
    assert Appointment.objects.count() == 10
    one = Appointment.objects.get(number=1)
    # ten o'clock in Istanbul, three hours ahead all the year
    assert one.starts_at == slots[0].starts.replace(tzinfo=UTC) - timedelta(hours=3)
    assert not courses.progress(course).to_rebook


def test_one_conflict_and_nothing_is_booked(course, slots, trained):
    slots[4] = replace(slots[4], starts=slots[4].starts.replace(hour=3))
    with pytest.raises(booking.SeriesConflict) as refused:
        booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    found = refused.value.proposed
    assert [one.slot.number for one in found if one.conflicts] == [5]
    assert found[4].conflicts[0].kind is ConflictKind.OUTSIDE_HOURS
    assert found[4].free_at == time(9)
    assert not Appointment.objects.exists()


def test_another_patient_of_the_same_practitioner_clashes(course, slots, trained, foreign_course):
    booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    mine = propose(foreign_course, trained)
    found = booking.look(foreign_course, mine, trained)
    assert {c.kind for one in found for c in one.conflicts} == {ConflictKind.PRACTITIONER_BUSY}
    with pytest.raises(booking.SeriesConflict):
        booking.book(by=trained, course=foreign_course, slots=mine, practitioner=trained)
    later = [replace(one, starts=one.starts + timedelta(hours=2)) for one in mine]
    booking.book(by=trained, course=foreign_course, slots=later, practitioner=trained)
    assert Appointment.objects.count() == 20


@pytest.fixture
def foreign_course(trained, choice, assessment, clinic):
    """Another patient's course in the same clinic."""
    from openmeso.services import assessment as assessments
    from openmeso.services import patient as patients
    from openmeso.services import plan as plans

    other = patients.add(
        by=trained, given_name="Efe", family_name="Ak", sex="male", birth_date=date(1988, 4, 12)
    )
    assessments.save(by=trained, patient=other, assessment=assessment)
    draft = plans.draft(by=trained, patient=other, choice=choice, practitioner=trained)
    return courses.start(by=trained, plan=plans.approve(by=trained, plan=draft))


def test_the_rest_is_rebooked_and_what_stood_is_moved(course, slots, trained):
    booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    later = propose(course, trained, days=10)
    done = booking.book(by=trained, course=course, slots=later, practitioner=trained)
    assert (done.new, done.moved) == (0, 10)
    assert Appointment.objects.filter(status="booked").count() == 10
    moved = Appointment.objects.filter(status="cancelled")
    assert {one.reason for one in moved} == {"Moved"}


def test_a_missed_one_leaves_its_session_to_be_given(course, slots, trained):
    booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    one = Appointment.objects.get(number=1)
    with pytest.raises(ValidationError, match="cancel it instead"):
        booking.miss(by=trained, appointment=one, reason="Did not come")
    earlier = clock.now() - timedelta(days=2)
    Appointment.objects.filter(pk=one.pk).update(
        starts_at=earlier, ends_at=earlier + timedelta(minutes=30)
    )
    one.refresh_from_db()
    standing = courses.progress(course)
    assert (standing.missed, standing.to_rebook) == ((one,), True)
    booking.miss(by=trained, appointment=one, reason="Did not come")
    assert courses.progress(course).left[0] == 1
    again = propose(course, trained, days=9)
    assert booking.book(by=trained, course=course, slots=again, practitioner=trained).new == 1


def test_calling_off_says_why_and_is_done_once(course, slots, trained):
    booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    one = Appointment.objects.get(number=3)
    with pytest.raises(ValidationError, match="reason"):
        booking.cancel(by=trained, appointment=one, reason="")
    booking.cancel(by=trained, appointment=one, reason="Travelling")
    with pytest.raises(ValidationError, match="Only a booked"):
        booking.cancel(by=trained, appointment=one, reason="Again")


def test_only_a_running_course_and_only_what_is_left(course, slots, trained):
    for wrong in ([], [slots[0], slots[0]], [Slot(11, slots[0].starts, 30)]):
        with pytest.raises(ValidationError, match="left once"):
            booking.book(by=trained, course=course, slots=wrong, practitioner=trained)
    courses.pause(by=trained, course=course, reason="Holiday")
    with pytest.raises(ValidationError, match="running"):
        booking.book(by=trained, course=course, slots=slots, practitioner=trained)


def test_stopping_cancels_what_is_booked(course, slots, trained):
    booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    courses.stop(by=trained, course=course, reason="No change")
    assert set(Appointment.objects.values_list("status", "reason")) == {("cancelled", "No change")}


def test_a_signed_session_keeps_its_appointment(course, slots, trained, signed):
    rest = [one for one in slots if one.number > 1]
    late = [replace(one, starts=one.starts + timedelta(days=14)) for one in rest]
    booking.book(by=trained, course=course, slots=late, practitioner=trained)
    assert courses.progress(course).left == tuple(range(2, 11))


def test_somebody_who_does_not_work_here_takes_no_chair(course, slots, trained, stranger):
    with pytest.raises(ValidationError, match="Not a practitioner"):
        booking.book(by=trained, course=course, slots=slots, practitioner=stranger)


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_booking_is_for_those_who_treat_here(cast, course, slots, trained, who):
    by = getattr(cast, who)
    booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    one = Appointment.objects.first()
    for deed in (
        lambda: booking.book(by=by, course=course, slots=slots, practitioner=None),
        lambda: booking.cancel(by=by, appointment=one, reason="a"),
        lambda: booking.miss(by=by, appointment=one, reason="a"),
    ):
        with pytest.raises(NotAllowed):
            deed()
    with pytest.raises((NotAllowed, NotFound)):
        booking.find(by, one.pk)


def test_a_day_is_the_clinic_s_own_day(course, trained):
    late = propose(course, trained, at=time(17, 30))
    booking.book(by=trained, course=course, slots=late, practitioner=trained)
    day = late[0].starts.date()
    assert [one.number for one in booking.day_list(by=trained, first=day)] == [1]
    assert len(booking.day_list(by=trained, first=day, days=15)) == 2
    assert booking.day_list(by=trained, first=day + timedelta(days=1)) == []


def test_hours_are_sensible(lead, clinic, practitioner):
    for wrong in (((1, time(9), time(9)),), ((1, time(9), time(12)), (1, time(11), time(13))),
                  ((8, time(9), time(10)),)):  # fmt: skip
        with pytest.raises(ValidationError):
            clinics.set_opening_hours(by=lead, clinic=clinic, hours=OpeningHours(wrong))
    with pytest.raises(NotAllowed):
        clinics.set_opening_hours(by=practitioner, clinic=clinic, hours=WEEK)
    assert clinics.set_opening_hours(by=lead, clinic=clinic, hours=WEEK) == WEEK


def test_a_moment_keeps_the_wall_clock_across_summer_time(course, trained, clinic):
    clinic.timezone = "Europe/Paris"
    clinic.save()
    found = propose(course, trained)
    booking.book(by=trained, course=course, slots=found, practitioner=trained)
    for one in Appointment.objects.all():
        assert one.starts_at.astimezone(UTC).hour in {8, 9}
    assert all(isinstance(one.starts, datetime) and one.starts.hour == 10 for one in found)
