from django.contrib.auth import get_user_model

from openmeso.records.models import Appointment, Clinic, Course, Lot, Patient, Plan
from openmeso.services import audit
from openmeso.services import patient as patients
from openmeso.services import plan as plans
from openmeso.services.demo import SIGN_INS, build_demo_clinic


def test_the_demo_clinic_shows_every_stage_and_is_built_once():
    clinic = build_demo_clinic()
    assert build_demo_clinic() == clinic
    assert Clinic.objects.count() == 2
    assert Patient.objects.filter(clinic=clinic).count() == 14
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
    _everybody_signs_in()
    _the_other_clinic_stays_apart()


def _everybody_signs_in():
    for username, password, _ in SIGN_INS:
        assert get_user_model().objects.get(username=username).check_password(password)


def _the_other_clinic_stays_apart():
    users = get_user_model().objects
    visible = patients.visible_to(users.get(username="stranger"))
    assert [one.family_name for one in visible] == ["Haddad"]
    assert patients.visible_to(users.get(username="demo")).count() == 14
