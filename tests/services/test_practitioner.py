from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent
from openmeso.services import practitioner as practitioners
from openmeso.services.refusal import NotAllowed
from openmeso.terms.practitioner import Training

TODAY = clock.today()
GIVEN = date(2026, 1, 10)


def train(by, user, **changes):
    values = {"technique": "papule", "trained_on": GIVEN, **changes}
    return practitioners.record_training(by=by, user=user, **values)


def test_training_makes_somebody_assignable_until_it_lapses(lead, practitioner, clinic):
    train(lead, practitioner, valid_until=date(2026, 6, 30))
    for day, expected in [
        (date(2026, 1, 9), []),
        (GIVEN, [practitioner]),
        (date(2026, 6, 30), [practitioner]),
        (date(2026, 7, 1), []),
    ]:
        assert list(practitioners.assignable(clinic, "papule", day)) == expected
    assert not practitioners.assignable(clinic, "nappage", GIVEN)


def test_it_is_noted_and_read_by_the_checks(lead, practitioner):
    train(lead, practitioner)
    assert AuditEvent.objects.last().action == "record_training"
    assert practitioners.to_terms(practitioner).trainings == (Training("papule", GIVEN),)
    assert practitioners.trainings(practitioner).get().created_by == lead


def test_an_assistant_is_never_assigned(lead, assistant, clinic):
    train(lead, assistant)
    assert not practitioners.assignable(clinic, "papule", TODAY)


def test_trained_twice_is_listed_once(lead, practitioner, clinic):
    train(lead, practitioner)
    train(lead, practitioner, trained_on=GIVEN + timedelta(days=1))
    assert list(practitioners.assignable(clinic, "papule", TODAY)) == [practitioner]


@pytest.mark.parametrize(
    "who", ["practitioner", "assistant", "researcher", "auditor", "stranger", "outsider"]
)
def test_only_the_lead_records_training(cast, who):
    with pytest.raises(NotAllowed):
        train(getattr(cast, who), cast.practitioner)


@pytest.mark.parametrize(
    "changes",
    [
        {"technique": "acupuncture"}, {"trained_on": TODAY + timedelta(days=1)},
        {"valid_until": GIVEN - timedelta(days=1)},
    ],
)  # fmt: skip
def test_senseless_training_is_refused(lead, practitioner, changes):
    with pytest.raises(ValidationError):
        train(lead, practitioner, **changes)


def test_a_stranger_is_not_trained_here(lead, stranger):
    with pytest.raises(ValidationError):
        train(lead, stranger)
