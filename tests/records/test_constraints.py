"""What the database itself refuses, whoever writes to it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from openmeso.gateways import clock
from openmeso.records.models import (
    Assessment,
    AuditEvent,
    Clinic,
    EmergencyAccess,
    Membership,
    Patient,
    Plan,
    Product,
    Protocol,
    SessionLength,
    Training,
)


def refused(constraint: str, model, /, **values) -> None:
    values.setdefault("created_at", clock.now())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**values)


@pytest.mark.parametrize("country", ["", "T", "tr"])
def test_a_country_is_two_capitals(country):
    refused("clinic_country_is_two_capitals", Clinic, name="A", country=country)


def test_a_clinic_has_a_name():
    refused("clinic_has_a_name", Clinic, name="", country="TR")


def test_a_role_is_known(clinic, outsider):
    refused("membership_role_is_known", Membership, user=outsider, clinic=clinic, role="king")


def test_an_end_has_its_moment_and_its_maker(clinic, outsider):
    place = {"user": outsider, "clinic": clinic, "role": "lead"}
    now = clock.now()
    refused("membership_ended_at_and_by_together", Membership, **place, ended_at=now)
    refused("membership_ended_at_and_by_together", Membership, **place, ended_by=outsider)
    both = Membership.objects.create(**place, ended_at=now, ended_by=outsider, created_at=now)
    neither = Membership.objects.create(**place, created_at=now)
    assert both.pk
    assert neither.pk


def test_a_user_has_one_active_place(clinic, other_clinic, practitioner):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=practitioner, clinic=other_clinic, role="lead", created_at=clock.now()
        )


def test_a_training_lapses_after_it_was_given(practitioner):
    refused(
        "training_lapses_after_it_was_given",
        Training,
        user=practitioner,
        technique="papule",
        trained_on=date(2026, 2, 1),
        valid_until=date(2026, 1, 31),
    )


def test_a_training_names_a_technique(practitioner):
    refused(
        "training_names_a_technique", Training, user=practitioner, technique="",
        trained_on=date(2026, 2, 1),
    )  # fmt: skip


def patient_values(clinic, **changes):
    return {
        "clinic": clinic,
        "record_number": "7",
        "given_name": "A",
        "family_name": "B",
        "sex": "female",
        **changes,
    }


def test_a_patient_s_sex_is_known(clinic):
    refused("patient_sex_is_known", Patient, **patient_values(clinic, sex="x"))


@pytest.mark.parametrize("field", ["record_number", "given_name", "family_name"])
def test_a_patient_has_names_and_a_number(clinic, field):
    refused("patient_has_names_and_number", Patient, **patient_values(clinic, **{field: ""}))


def test_a_record_number_is_unique_in_its_clinic_only(clinic, other_clinic, patient):
    same = patient_values(clinic, record_number=patient.record_number)
    with pytest.raises(IntegrityError), transaction.atomic():
        Patient.objects.create(**same, created_at=clock.now())
    assert Patient.objects.create(**{**same, "clinic": other_clinic}, created_at=clock.now()).pk


def test_an_assessment_supersedes_another(patient):
    row = Assessment(
        patient=patient,
        assessed_on=date(2026, 1, 1),
        indication="i",
        data={},
        created_at=clock.now(),
    )
    row.supersedes_id = row.pk
    with pytest.raises(IntegrityError, match="assessment_supersedes_another"), transaction.atomic():
        row.save(force_insert=True)


@pytest.fixture
def plan_values(patient):
    assessment = Assessment.objects.create(
        patient=patient,
        assessed_on=date(2026, 1, 1),
        indication="i",
        data={},
        created_at=clock.now(),
    )
    now = clock.now()
    return {
        "patient": patient, "assessment": assessment, "start_on": date(2026, 1, 5), "choice": {},
        "result": {}, "knowledge_version": "k", "created_at": now, "updated_at": now,
    }  # fmt: skip


def test_a_plan_s_status_is_known(plan_values):
    refused("plan_", Plan, **plan_values, status="lost")


def test_an_approval_has_its_moment_and_its_maker(plan_values, practitioner):
    now = clock.now()
    fixed = {**plan_values, "status": "approved"}
    refused("plan_approved_at_and_by_together|plan_is_a_draft", Plan, **fixed, approved_at=now)
    refused(
        "plan_approved_at_and_by_together|plan_is_a_draft", Plan, **fixed, approved_by=practitioner
    )
    assert Plan.objects.create(**fixed, approved_at=now, approved_by=practitioner).pk
    assert Plan.objects.create(**plan_values).pk


def test_a_plan_is_a_draft_until_approved(plan_values, practitioner):
    refused("plan_is_a_draft_until_approved", Plan, **plan_values, status="approved")
    refused(
        "plan_is_a_draft_until_approved", Plan, **plan_values, status="draft",
        approved_at=clock.now(), approved_by=practitioner,
    )  # fmt: skip


def test_the_first_version_supersedes_nothing_and_later_ones_something(plan_values):
    first = Plan.objects.create(**plan_values)
    refused("plan_version_counts_from_one", Plan, **plan_values, version=2)
    refused("plan_version_counts_from_one", Plan, **plan_values, version=1, supersedes=first)
    assert Plan.objects.create(**plan_values, version=2, supersedes=first).pk


@pytest.mark.parametrize(("model", "noun"), [(Product, "product"), (Protocol, "protocol")])
def test_products_and_protocols_have_a_key_and_a_name(clinic, model, noun):
    refused(f"{noun}_has_key_and_name", model, clinic=clinic, key="", name="A", data={})
    refused(f"{noun}_has_key_and_name", model, clinic=clinic, key="a", name="", data={})
    assert model.objects.create(
        clinic=clinic, key="a", name="A", data={}, created_at=clock.now()
    ).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(clinic=clinic, key="a", name="B", data={}, created_at=clock.now())


@pytest.mark.parametrize(("points", "minutes"), [(0, 10.0), (100, 0.0), (100, 601.0)])
def test_a_session_length_is_of_a_real_session(clinic, points, minutes):
    refused(
        "session_length_is_a_real_session", SessionLength, clinic=clinic, technique="papule",
        points=points, minutes=minutes,
    )  # fmt: skip


def test_a_session_length_names_a_technique(clinic):
    refused(
        "session_length_names_a_technique", SessionLength, clinic=clinic, technique="", points=5,
        minutes=9.0,
    )  # fmt: skip


def test_an_emergency_access_has_a_reason_and_an_end(patient, stranger):
    now = clock.now()
    opened = {"user": stranger, "patient": patient, "created_at": now}
    later = now + timedelta(hours=1)
    refused("emergency_access_has_a_reason", EmergencyAccess, **opened, reason="", until=later)
    refused(
        "emergency_access_ends_after_it_began", EmergencyAccess, **opened, reason="a", until=now
    )


@pytest.mark.parametrize("field", ["action", "noun", "hash"])
def test_an_audit_event_says_what_was_done(field):
    values = {"seq": 1, "at": clock.now(), "action": "a", "noun": "n", "hash": "h", field: ""}
    with (
        pytest.raises(IntegrityError, match="audit_event_says_what_was_done"),
        transaction.atomic(),
    ):
        AuditEvent.objects.create(**values)
