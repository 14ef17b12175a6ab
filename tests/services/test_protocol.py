from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from openmeso.records.models import AuditEvent
from openmeso.services import plan as plans
from openmeso.services import protocol as protocols
from openmeso.services.refusal import NotAllowed
from openmeso.terms.formula import Component
from openmeso.terms.protocol import Phase, Protocol

OURS = Protocol(
    id="ours_8_2_3",
    name="Ours, 8 + 2 + 3",
    indications=("androgenetic_alopecia_male",),
    phases=(Phase(8, 7), Phase(2, 14), Phase(3, 30)),
    technique="nappage",
    components=(Component("dexpanthenol", 1.0),),
)


def test_a_template_is_kept_and_labelled_an_assumption(practitioner, clinic):
    protocols.save(by=practitioner, clinic=clinic, protocol=OURS)
    assert protocols.terms_of(clinic) == (replace(OURS, assumption=protocols.AS_SAVED),)
    assert AuditEvent.objects.last().action == "save"


def test_a_plan_can_follow_it(practitioner, assessed, choice, clinic):
    protocols.save(by=practitioner, clinic=clinic, protocol=OURS)
    plan = plans.draft(by=practitioner, patient=assessed, choice=replace(choice, protocol=OURS.id))
    assert plans.to_terms(plan).sessions == 13


def test_a_template_withdrawn_is_offered_no_longer(practitioner, clinic):
    record = protocols.save(by=practitioner, clinic=clinic, protocol=OURS)
    protocols.withdraw(by=practitioner, protocol=record)
    assert protocols.terms_of(clinic) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "classic_weekly_10"}, {"technique": "cupping"}, {"phases": ()}, {"name": ""},
        {"components": (Component("nothing", 1.0),)},
    ],
)  # fmt: skip
def test_senseless_templates_are_refused(practitioner, clinic, changes):
    with pytest.raises(ValidationError):
        protocols.save(by=practitioner, clinic=clinic, protocol=replace(OURS, **changes))


@pytest.mark.parametrize("who", ["assistant", "researcher", "auditor", "stranger", "outsider"])
def test_templates_are_for_practitioners_and_leads(cast, clinic, who):
    with pytest.raises(NotAllowed):
        protocols.save(by=getattr(cast, who), clinic=clinic, protocol=OURS)
    record = protocols.save(by=cast.lead, clinic=clinic, protocol=OURS)
    with pytest.raises(NotAllowed):
        protocols.withdraw(by=getattr(cast, who), protocol=record)


def test_a_change_is_noted_and_leaves_plans_as_they_were(practitioner, assessed, choice, clinic):
    record = protocols.save(by=practitioner, clinic=clinic, protocol=OURS)
    plan = plans.draft(by=practitioner, patient=assessed, choice=replace(choice, protocol=OURS.id))
    shorter = replace(OURS, phases=(Phase(4, 7),))
    protocols.change(by=practitioner, record=record, protocol=shorter)
    assert AuditEvent.objects.last().action == "change"
    assert [one.sessions for one in protocols.terms_of(clinic)] == [4]
    plan.refresh_from_db()
    assert plans.to_terms(plan).sessions == 13


@pytest.mark.parametrize("who", ["assistant", "researcher", "auditor", "stranger", "outsider"])
def test_changes_are_for_practitioners_and_leads(cast, clinic, who):
    record = protocols.save(by=cast.lead, clinic=clinic, protocol=OURS)
    with pytest.raises(NotAllowed):
        protocols.change(by=getattr(cast, who), record=record, protocol=OURS)
