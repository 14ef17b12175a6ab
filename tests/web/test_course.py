"""The course's pages: open, book, halt, decide; the clinic's appointments, hours and funnel."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from openmeso.gateways import clock
from openmeso.records.models import Appointment, Course
from openmeso.services import booking
from openmeso.services import clinic as clinics
from openmeso.services import course as courses
from openmeso.services import measurement as measurements
from openmeso.terms.course import OpeningHours
from openmeso.terms.measurement import Measurement, MeasurementKind, OutcomeValue, Place, Site

WEEK = OpeningHours(tuple((day, time(9), time(18)) for day in range(1, 8)))
SPAN = "09:00-13:00, 14:00-18:00"


@pytest.fixture
def course(approved, trained, lead, clinic):
    clinics.set_opening_hours(by=lead, clinic=clinic, hours=WEEK)
    return courses.start(by=trained, plan=approved)


@pytest.fixture
def booked(course, trained):
    first_on = clock.today() + timedelta(days=7)
    slots = [one.slot for one in booking.propose(course, first_on, time(10), trained)]
    booking.book(by=trained, course=course, slots=slots, practitioner=trained)
    return Appointment.objects.get(number=1)


DOORS = {
    "course_page": "get", "course_book": "get", "course_decision": "get",
    "course_pause": "post", "course_resume": "post", "course_stop": "post",
}  # fmt: skip


@pytest.mark.parametrize("name", DOORS)
def test_every_door(client, cast, course, name):
    method = DOORS[name]
    ask, url = getattr(client, method), reverse(name, args=[course.pk])
    assert ask(url, {"reason": "a"}).status_code == 302
    client.force_login(cast.lead)
    other = client.delete(url) if method == "get" else client.get(url)
    assert other.status_code == 405
    for who in (cast.stranger, cast.outsider, cast.researcher):
        client.force_login(who)
        assert ask(url, {"reason": "a"}).status_code in {403, 404}
    client.force_login(cast.lead)
    assert ask(url, {"reason": "a"} if method == "post" else {}).status_code in {200, 302}


@pytest.mark.parametrize("name", ["course_funnel", "appointment_list"])
def test_the_clinic_s_own_lists(client, cast, course, name):
    url = reverse(name)
    assert client.get(url).status_code == 302
    client.force_login(cast.assistant)
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 405
    for who in (cast.researcher, cast.outsider):
        client.force_login(who)
        assert client.get(url).status_code == 403


def test_an_approved_plan_opens_its_course_once(client, trained, approved):
    client.force_login(trained)
    url = reverse("course_start", args=[approved.pk])
    assert client.get(url).status_code == 405
    assert client.post(url).url == client.post(url).url
    assert Course.objects.count() == 1


def test_a_series_is_shown_before_it_is_booked(client, trained, course):
    client.force_login(trained)
    url = reverse("course_book", args=[course.pk])
    first_on = clock.today() + timedelta(days=7)
    wanted = {"first_on": first_on.isoformat(), "at": "10:00", "practitioner": str(trained.pk)}
    page = client.get(url, wanted).content.decode()
    assert "Every date is free" in page
    assert page.count('class="slot') >= 10
    assert not Appointment.objects.exists()
    rows = {}
    for one in booking.propose(course, first_on, time(10), trained):
        rows[f"on_{one.slot.number}"] = one.slot.starts.date().isoformat()
        rows[f"at_{one.slot.number}"] = "10:00"
    checked = client.post(url, wanted | rows | {"action": "check"})
    assert (checked.status_code, Appointment.objects.count()) == (200, 0)
    wrong = client.post(url, wanted | rows | {"at_4": "03:00", "action": "book"})
    assert wrong.status_code == 422
    assert "Outside opening hours" in wrong.content.decode()
    assert 'value="03:00"' in wrong.content.decode()
    assert not Appointment.objects.exists()
    for _ in "ab":
        assert client.post(url, wanted | rows | {"action": "book"}).status_code == 302
    assert Appointment.objects.count() == 10


def test_no_date_is_left_out_in_silence(client, trained, course):
    client.force_login(trained)
    url = reverse("course_book", args=[course.pk])
    wanted = {"first_on": "2026-12-01", "at": "10:00", "action": "book"}
    answer = client.post(url, wanted | {"on_1": "2026-12-01", "at_1": "10:00"})
    assert answer.status_code == 422
    assert "Date of session 2" in answer.content.decode()


def test_a_senseless_start_is_told(client, trained, course):
    client.force_login(trained)
    answer = client.get(reverse("course_book", args=[course.pk]), {"first_on": "x", "at": "y"})
    assert answer.status_code == 422


def test_hours_nobody_set_are_said(client, trained, approved):
    course = courses.start(by=trained, plan=approved)
    client.force_login(trained)
    page = client.get(reverse("course_book", args=[course.pk])).content.decode()
    assert "opening hours are not set" in page


def test_the_day_and_the_week_show_who_comes(client, trained, booked, patient):
    client.force_login(trained)
    day = (clock.today() + timedelta(days=7)).isoformat()
    for view in ("", "week"):
        page = client.get(reverse("appointment_list"), {"day": day, "view": view})
        assert patient.name in page.content.decode()
        assert "10:00" in page.content.decode()
    assert client.get(reverse("appointment_list"), {"day": "soon"}).status_code == 200


def test_an_appointment_is_called_off_with_a_reason(client, trained, cast, booked):
    url = reverse("appointment_cancel", args=[booked.pk])
    client.force_login(cast.stranger)
    assert client.post(url, {"reason": "a"}).status_code == 404
    client.force_login(trained)
    assert client.get(url).status_code == 405
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Travelling"}).status_code == 302
    booked.refresh_from_db()
    assert (booked.status, booked.reason) == ("cancelled", "Travelling")
    assert (
        client.post(reverse("appointment_miss", args=[booked.pk]), {"reason": "a"}).status_code
        == 422
    )


def test_the_next_session_is_begun_from_the_course(client, trained, course):
    client.force_login(trained)
    page = client.get(reverse("course_page", args=[course.pk])).content.decode()
    begin = reverse("session_start", args=[course.plan_id, 1])
    assert begin in page
    courses.pause(by=trained, course=course, reason="travels")
    page = client.get(reverse("course_page", args=[course.pk])).content.decode()
    assert begin not in page


def test_pausing_and_stopping_want_a_reason(client, trained, course):
    client.force_login(trained)
    page = reverse("course_page", args=[course.pk])
    for deed, status in (("pause", "paused"), ("stop", "stopped")):
        url = reverse(f"course_{deed}", args=[course.pk])
        assert client.post(url, {"reason": ""}).status_code == 422
        assert client.post(url, {"reason": "No change"}).url == page
        course.refresh_from_db()
        assert course.status == status
    client.post(reverse("course_resume", args=[course.pk]))
    course.refresh_from_db()
    assert course.status == "stopped"
    assert "No change" in client.get(reverse("course_funnel")).content.decode()


def test_an_assistant_does_not_stop(client, assistant, course):
    client.force_login(assistant)
    url = reverse("course_stop", args=[course.pk])
    assert client.post(url, {"reason": "a"}).status_code == 403


def test_the_decision_lays_both_side_by_side_and_says_what_it_rests_on(client, trained, course):
    client.force_login(trained)
    url = reverse("course_decision", args=[course.pk])
    page = client.get(url).content.decode()
    for word in ("Too early to judge", "Assumption", "Forecast", "no guideline"):
        assert word in page
    page = client.get(url, {"change_per_cm2": "12", "detectable_per_cm2": "8"}).content.decode()
    assert "12.0" in page
    assert client.get(url, {"change_per_cm2": "x"}).status_code == 422


def test_the_decision_reads_the_measurements_on_record(
    client, trained, course, assessed, monkeypatch
):
    def add(on, value):
        made = Measurement(
            measured_on=on,
            kind=MeasurementKind.DEVICE,
            place=Place(Site.VERTEX),
            values=(OutcomeValue("terminal_density", value, 4.0),),
        )
        measurements.record(by=trained, patient=assessed, measurement=made)

    url = reverse("course_decision", args=[course.pk])
    client.force_login(trained)
    add(clock.today(), 120.0)
    assert "No measurement of the same spot" in client.get(url).content.decode()
    later = courses.progress(course).plan.choice.start_on + timedelta(weeks=24)
    monkeypatch.setattr(clock, "today", lambda: later)
    add(later, 141.5)
    page = client.get(url).content.decode()
    assert "21.5" in page  # the change; 11.1 is 1.96 times the root of 4² + 4²
    assert "11.1" in page
    assert "As typed here" not in page
    typed = client.get(url, {"change_per_cm2": "3", "detectable_per_cm2": "8"}).content.decode()
    assert "21.5" not in typed
    assert "As typed here" in typed


def test_the_calendar_file_knows_what_is_booked(client, trained, course, booked):
    client.force_login(trained)
    content = client.get(reverse("plan_calendar", args=[course.plan_id])).content
    events = Calendar.from_ical(content).walk("VEVENT")
    begins = [event.decoded("dtstart") for event in events if "session 1 " in event["summary"]]
    assert begins == [booked.starts_at]


def test_hours_are_the_lead_s_to_set(client, lead, practitioner, clinic):
    url = reverse("clinic_opening_hours")
    client.force_login(practitioner)
    assert client.get(url).status_code == 403
    client.force_login(lead)
    assert client.get(url).status_code == 200
    for wrong in ("nine to five", "25:00-26:00", "10:00-09:00", "9:00-12:00, 11:00-13:00"):
        answer = client.post(url, {"day_1": wrong})
        assert answer.status_code == 422
        assert wrong in answer.content.decode()
    assert client.post(url, {"day_1": SPAN, "day_6": "9:00-12:00"}).status_code == 302
    clinic.refresh_from_db()
    assert clinic.opening_hours[0] == [1, "09:00", "13:00"]
    assert SPAN in client.get(url).content.decode()
    client.post(url, {})
    clinic.refresh_from_db()
    assert clinic.opening_hours == []
