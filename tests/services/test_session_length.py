from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, SessionLength
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


def test_only_so_many_are_learnt_from(assistant, clinic):
    SessionLength.objects.bulk_create(
        SessionLength(
            clinic=clinic,
            technique="nappage",
            points=points,
            minutes=24.0,
            created_at=clock.now() + timedelta(seconds=points),
            created_by=assistant,
        )
        for points in range(1, session_length.LEARN_FROM + 6)
    )
    learnt = session_length.recorded(clinic)
    assert len(learnt) == session_length.LEARN_FROM
    assert (learnt[0].points, learnt[-1].points) == (session_length.LEARN_FROM + 5, 6)


@pytest.mark.parametrize("changes", [{"points": 0}, {"minutes": 0.0}, {"minutes": 601.0}])
def test_senseless_lengths_are_refused(assistant, clinic, changes):
    with pytest.raises(ValidationError):
        record(assistant, clinic, **changes)


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_lengths_are_recorded_by_those_who_care(cast, clinic, who):
    with pytest.raises(NotAllowed):
        record(getattr(cast, who), clinic)
