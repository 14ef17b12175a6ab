from datetime import UTC, datetime, time

from django.contrib.auth import get_user_model

from openmeso.gateways import clock
from openmeso.gateways.demo_picture import SHAVED_DAYS
from openmeso.records.models import (
    Appointment,
    AuditEvent,
    Clinic,
    Comparison,
    Course,
    Lot,
    Patient,
    Plan,
    Session,
)
from openmeso.services import audit, today
from openmeso.services import comparison as comparisons
from openmeso.services import course as courses
from openmeso.services import decision as decisions
from openmeso.services import measurement as measurements
from openmeso.services import patient as patients
from openmeso.services import photo as photos
from openmeso.services import plan as plans
from openmeso.services import session as sessions
from openmeso.services.demo import SIGN_INS, build_demo_clinic

EVENING = datetime.combine(clock.today(), time(20, 30), UTC)
"""Half past eleven at night on the clinic's wall, or half past ten."""


def test_the_demo_clinic_shows_every_stage_and_is_built_once():
    """Even in the evening, when the hours of its chairs have passed."""
    with clock.as_of(EVENING):
        _shows_every_stage()


def _shows_every_stage():
    clinic = build_demo_clinic()
    assert build_demo_clinic() == clinic
    assert Clinic.objects.count() == 2
    assert Patient.objects.filter(clinic=clinic).count() == 15
    statuses = set(Plan.objects.values_list("status", flat=True))
    assert {"draft", "approved"} <= statuses
    computed = [plans.to_terms(plan) for plan in Plan.objects.all()]
    assert any(one.blocked for one in computed)
    assert any(one.open_overrides for one in computed)
    assert any(one.conflict for one in computed)
    assert Plan.objects.filter(supersedes__isnull=False, status="draft").exists()
    assert audit.verify() is None
    assert {"usable", "quarantined"} == set(Lot.objects.values_list("status", flat=True))
    assert Course.objects.exists()
    assert Appointment.objects.filter(status="booked").exists()
    _a_course_is_under_way()
    _a_spot_is_compared()
    _growing_hair_is_told()
    _photos_are_drawn()
    _everybody_signs_in()
    _the_other_clinic_stays_apart()


def _a_course_is_under_way():
    """Four sessions are signed on the days they were planned for, and another is due."""
    given = Session.objects.filter(status="signed").order_by("number")
    assert [one.number for one in given] == [1, 2, 3, 4]
    assert all(one.given_on == one.planned_on < clock.today() for one in given)
    assert given[0].lots.count() == len(sessions.plan_of(given[0]).draw_up)
    assert [one.number for one in today.due(by=given[0].practitioner)] == [5]
    booked = Appointment.objects.filter(course__plan=given[0].plan).order_by("number")
    assert [one.number for one in booked] == [*range(5, 11)]
    decided = decisions.of_course(courses.progress(Course.objects.get(plan=given[0].plan)))
    assert decided.measured is not None
    assert decided.measured.change_per_cm2 == 9.0
    moments = list(AuditEvent.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments), "the invented past is told in its order"


def _a_spot_is_compared():
    """Two rendered pictures of one spot, labelled as such, measured at two sessions."""
    made = Comparison.objects.get(kind="visits")
    for one in (made.before, made.after):
        assert "rendered picture" in measurements.to_terms(one).note
        assert one.status == "accepted"
        assert one.device.name == "Renderer (drawn pictures)"
        assert Session.objects.filter(status="signed", given_on=one.measured_on).exists()
    assert comparisons.summary_of(made).fates["gained"] > 0


def _growing_hair_is_told():
    """A spot shaved, and again some days later: it feeds the forecast of a course to begin."""
    made = Comparison.objects.get(kind="phototrichogram")
    assert comparisons.days_between(made) == SHAVED_DAYS
    assert {made.status, made.before.status, made.after.status} == {"accepted"}
    told = {one.outcome: one.value for one in comparisons.summary_of(made).values}
    assert 50 < told["anagen"] < 95
    assert 0.2 < told["growth_rate"] < 0.5
    plan = Plan.objects.get(patient=made.patient)
    fed = measurements.measured_outcomes(made.patient, plans.to_terms(plan))
    assert "anagen" in {one.outcome for one in fed}


def _photos_are_drawn():
    """Standard views at two dates, each saying that it is drawn, ready to be laid side by side."""
    patient = Patient.objects.get(family_name="Aksoy")
    held = list(photos.of_patient(patient))
    pairs = photos.comparable(held)
    assert set(pairs) == {"vertex", "midline", "frontal"}
    assert all(len({one.taken_on for one in pair}) == 2 for pair in pairs.values())
    assert all("not a photograph" in one.note for one in held)
    assert len({one.session_id for one in held if one.session_id}) == 1


def _everybody_signs_in():
    for username, password, _ in SIGN_INS:
        assert get_user_model().objects.get(username=username).check_password(password)


def _the_other_clinic_stays_apart():
    users = get_user_model().objects
    visible = patients.visible_to(users.get(username="stranger"))
    assert [one.family_name for one in visible] == ["Haddad"]
    assert patients.visible_to(users.get(username="demo")).count() == 15
