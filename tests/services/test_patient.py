from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, Patient
from openmeso.services import patient as patients
from openmeso.services.refusal import NotAllowed, NotFound


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("practitioner", True), ("assistant", True), ("lead", True), ("researcher", False),
        ("auditor", False), ("stranger", False), ("outsider", False),
    ],
)  # fmt: skip
def test_visible_to_members_who_care_for_patients(cast, patient, foreign_patient, who, sees):
    visible = patients.visible_to(getattr(cast, who))
    assert (patient in visible) is sees
    assert (foreign_patient in visible) is (who == "stranger")


def test_a_read_is_noted_with_its_purpose(practitioner, patient):
    assert patients.get(by=practitioner, pk=patient.pk, purpose="care") == patient
    event = AuditEvent.objects.get()
    assert (event.action, event.noun, event.by) == ("read", "patient", practitioner.pk)
    assert (event.patient, event.clinic) == (patient.pk, patient.clinic_id)
    assert event.purpose == "care"


@pytest.mark.parametrize("who", ["researcher", "auditor", "outsider"])
def test_no_identified_patient_for_roles_without_care(cast, patient, who):
    with pytest.raises(NotAllowed):
        patients.get(by=getattr(cast, who), pk=patient.pk, purpose="care")


def test_a_stranger_does_not_learn_that_the_patient_exists(stranger, patient):
    with pytest.raises(NotFound):
        patients.get(by=stranger, pk=patient.pk, purpose="care")
    assert not AuditEvent.objects.exists()


def test_a_senseless_id_is_not_found(practitioner):
    with pytest.raises(NotFound):
        patients.get(by=practitioner, pk="1 or 1=1", purpose="care")


def add(by, **changes):
    values = {"given_name": " Ada ", "family_name": "Umut", "sex": "female", **changes}
    return patients.add(by=by, **values)


def test_add_numbers_the_record_and_notes_it(assistant):
    first, second = add(assistant), add(assistant)
    assert (first.record_number, second.record_number) == ("P-0001", "P-0002")
    assert first.given_name == "Ada"
    assert first.created_by == assistant
    assert [event.action for event in AuditEvent.objects.all()] == ["add", "add"]


def test_the_next_number_steps_over_one_given_by_hand(assistant):
    add(assistant, record_number="P-0002")
    assert add(assistant).record_number == "P-0003"


@pytest.mark.parametrize("who", ["researcher", "auditor", "outsider"])
def test_add_is_refused_to_roles_without_care(cast, who):
    with pytest.raises(NotAllowed):
        add(getattr(cast, who))
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", "  "), ("family_name", ""), ("sex", "unknown"),
        ("birth_date", date(1899, 12, 31)), ("birth_date", clock.today() + timedelta(days=1)),
    ],
)  # fmt: skip
def test_add_refuses_and_names_the_field(practitioner, field, value):
    with pytest.raises(ValidationError) as refused:
        add(practitioner, **{field: value})
    assert field in refused.value.message_dict
    assert not AuditEvent.objects.exists()


def test_a_number_taken_is_refused(practitioner, patient):
    with pytest.raises(ValidationError):
        add(practitioner, record_number=patient.record_number)


def test_change_notes_the_fields_but_not_their_contents(practitioner, patient):
    changed = patients.change(
        by=practitioner, patient=patient, family_name="Karaca", given_name=patient.given_name
    )
    assert changed.family_name == "Karaca"
    event = AuditEvent.objects.get()
    assert event.details == '{"fields":["family_name"]}'
    assert "Karaca" not in str(vars(event))


def test_a_stranger_cannot_change(stranger, patient):
    with pytest.raises(NotAllowed):
        patients.change(by=stranger, patient=patient, family_name="X")


def test_search_finds_every_word_and_is_noted_once(practitioner, patient, foreign_patient):
    assert list(patients.search(by=practitioner, text="kaya den")) == [patient]
    assert list(patients.search(by=practitioner, text="P-001")) == [patient]
    assert not patients.search(by=practitioner, text="Haddad")
    assert [event.action for event in AuditEvent.objects.all()] == ["search_patients"] * 3
    assert not AuditEvent.objects.filter(details__icontains="kaya").exists()
