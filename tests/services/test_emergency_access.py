import logging
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, EmergencyAccess, Membership
from openmeso.services import assessment, emergency_access, membership
from openmeso.services import patient as patients
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.practitioner import Role

REASON = "Collapsed in our waiting room, allergies unknown"


@pytest.fixture
def opened(stranger, patient):
    return emergency_access.open_with_reason(by=stranger, pk=patient.pk, reason=REASON)


def test_it_opens_the_record_to_read_and_both_sides_see_it(opened, stranger, patient, lead):
    assert patients.get(by=stranger, pk=patient.pk, purpose="emergency") == patient
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert actions == ["break_glass", "break_glass_elsewhere", "emergency_read"]
    assert list(emergency_access.of_clinic(by=lead)) == [opened]
    assert AuditEvent.objects.filter(patient=patient.pk).count() == 2


def test_it_is_logged_loudly_without_patient_data(stranger, patient, caplog):
    with caplog.at_level(logging.WARNING):
        emergency_access.open_with_reason(by=stranger, pk=patient.pk, reason=REASON)
    assert "Emergency access" in caplog.text
    assert patient.family_name not in caplog.text
    assert REASON not in caplog.text


def test_it_opens_nothing_to_write(opened, stranger, patient, choice):
    with pytest.raises(NotAllowed):
        patients.change(by=stranger, patient=patient, family_name="X")


def test_it_closes_by_itself(opened, stranger, patient, monkeypatch):
    later = clock.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(NotFound):
        patients.get(by=stranger, pk=patient.pk, purpose="emergency")
    assert patient not in patients.visible_to(stranger)


def test_it_reaches_no_other_patient(opened, stranger, clinic, practitioner):
    other = patients.add(by=practitioner, given_name="A", family_name="B", sex="male")
    with pytest.raises(NotFound):
        patients.get(by=stranger, pk=other.pk, purpose="emergency")


def test_the_assessment_can_be_read(stranger, assessed):
    emergency_access.open_with_reason(by=stranger, pk=assessed.pk, reason=REASON)
    record = assessment.latest(assessed)
    assert assessment.get(by=stranger, pk=record.pk, purpose="emergency") == record


@pytest.mark.parametrize("reason", ["", "   ", "because"])
def test_it_wants_a_reason(stranger, patient, reason):
    with pytest.raises(ValidationError):
        emergency_access.open_with_reason(by=stranger, pk=patient.pk, reason=reason)
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("who", ["assistant", "researcher", "auditor", "outsider"])
def test_it_is_for_practitioners_and_leads(cast, foreign_patient, who):
    with pytest.raises(NotAllowed):
        emergency_access.open_with_reason(
            by=getattr(cast, who), pk=foreign_patient.pk, reason=REASON
        )


def test_it_is_told_to_those_who_read_through_it_and_to_nobody_else(
    opened, stranger, patient, practitioner, foreign_patient
):
    assert emergency_access.open_to(stranger, patient) == opened
    assert emergency_access.open_to(practitioner, patient) is None
    assert emergency_access.open_to(stranger, foreign_patient) is None


def test_it_can_be_given_back_at_once(opened, stranger, patient):
    assert emergency_access.close(by=stranger, patient=patient) == 1
    assert emergency_access.close(by=stranger, patient=patient) == 0
    with pytest.raises(NotFound):
        patients.get(by=stranger, pk=patient.pk, purpose="emergency")
    assert AuditEvent.objects.filter(action="close", patient=patient.pk).count() == 1


def test_the_openers_clinic_sees_that_but_not_of_whom(opened, patient, person, other_clinic, lead):
    their_lead = person("their_lead", other_clinic, Role.LEAD)
    assert list(emergency_access.by_members(by=their_lead)) == [opened]
    assert list(emergency_access.of_clinic(by=their_lead)) == []
    assert list(emergency_access.by_members(by=lead)) == []
    told = AuditEvent.objects.get(action="break_glass_elsewhere")
    assert (told.clinic, told.patient) == (other_clinic.pk, None)
    assert str(patient.pk) not in told.details


def test_what_somebody_opened_before_they_came_is_not_the_clinics(opened, stranger, clinic, lead):
    Membership.objects.filter(user=stranger).update(ended_at=clock.now(), ended_by=lead)
    membership.join(by=lead, user=stranger, clinic=clinic, role=Role.PRACTITIONER)
    assert list(emergency_access.by_members(by=lead)) == []


@pytest.mark.parametrize("who", ["practitioner", "assistant", "researcher", "outsider"])
def test_the_lists_are_for_leads_and_auditors(cast, who):
    for listed in (emergency_access.of_clinic, emergency_access.by_members):
        with pytest.raises(NotAllowed):
            listed(by=getattr(cast, who))
