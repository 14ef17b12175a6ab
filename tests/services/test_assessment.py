from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from openmeso.gateways import clock
from openmeso.records.models import Assessment, AuditEvent
from openmeso.services import assessment as assessments
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.assessment import Sex


def test_what_is_saved_comes_back_the_same(practitioner, patient, assessment):
    record = assessments.save(by=practitioner, patient=patient, assessment=assessment)
    assert assessments.to_terms(Assessment.objects.get(pk=record.pk)) == assessment
    assert [event.action for event in AuditEvent.objects.all()] == ["save"]


def test_a_newer_one_supersedes_and_the_older_stays(practitioner, patient, assessment):
    first = assessments.save(by=practitioner, patient=patient, assessment=assessment)
    second = assessments.save(
        by=practitioner, patient=patient, assessment=replace(assessment, weight_kg=79.0)
    )
    assert second.supersedes == first
    assert assessments.latest(patient) == second
    assert list(assessments.history(patient)) == [second, first]
    assert assessments.to_terms(first).weight_kg == 80.0


def test_a_patient_without_one_has_none(patient):
    assert assessments.latest(patient) is None


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_others_neither_write_nor_read(cast, patient, assessment, who):
    asker = getattr(cast, who)
    with pytest.raises(NotAllowed):
        assessments.save(by=asker, patient=patient, assessment=assessment)
    record = assessments.save(by=cast.practitioner, patient=patient, assessment=assessment)
    with pytest.raises((NotAllowed, NotFound)):
        assessments.get(by=asker, pk=record.pk, purpose="care")
    assert not assessments.visible_to(asker)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("assessed_on", {"assessed_on": clock.today() + timedelta(days=1)}),
        ("indication", {"indication": "baldness"}),
        ("sex", {"sex": Sex.FEMALE}),
        ("birth_date", {"birth_date": clock.today()}),
    ],
)
def test_it_refuses_and_names_the_field(practitioner, patient, assessment, field, changes):
    with pytest.raises(ValidationError) as refused:
        assessments.save(
            by=practitioner, patient=patient, assessment=replace(assessment, **changes)
        )
    assert field in refused.value.message_dict
    assert not Assessment.objects.exists()


def test_a_read_is_noted(assistant, assessed):
    record = assessments.latest(assessed)
    before = AuditEvent.objects.count()
    assessments.get(by=assistant, pk=record.pk, purpose="care")
    assert AuditEvent.objects.count() == before + 1
    assert AuditEvent.objects.last().patient == assessed.pk
