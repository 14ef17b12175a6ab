import pytest
from django.core.exceptions import ValidationError

from openmeso.records.models import AuditEvent
from openmeso.services import session_length
from openmeso.services.refusal import NotAllowed
from openmeso.terms.schedule import RecordedLength


def record(by, clinic, points=420, minutes=24.0):
    return session_length.record(
        by=by, clinic=clinic, technique="nappage", points=points, minutes=minutes
    )


def test_lengths_are_learnt_from_newest_first(assistant, clinic):
    record(assistant, clinic)
    record(assistant, clinic, points=300, minutes=18.0)
    assert session_length.recorded(clinic) == (
        RecordedLength("nappage", 300, 18.0),
        RecordedLength("nappage", 420, 24.0),
    )
    event = AuditEvent.objects.last()
    assert event.noun == "session_length"
    assert event.patient is None


def test_another_clinic_s_lengths_are_not_ours(assistant, clinic, other_clinic):
    record(assistant, clinic)
    assert session_length.recorded(other_clinic) == ()


def test_only_so_many_are_learnt_from(assistant, clinic, monkeypatch):
    monkeypatch.setattr(session_length, "LEARN_FROM", 3)
    for _ in range(5):
        record(assistant, clinic)
    assert len(session_length.recorded(clinic)) == 3


@pytest.mark.parametrize("changes", [{"points": 0}, {"minutes": 0.0}, {"minutes": 601.0}])
def test_senseless_lengths_are_refused(assistant, clinic, changes):
    with pytest.raises(ValidationError):
        record(assistant, clinic, **changes)


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_lengths_are_recorded_by_those_who_care(cast, clinic, who):
    with pytest.raises(NotAllowed):
        record(getattr(cast, who), clinic)
