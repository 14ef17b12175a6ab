import json
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from openmeso.records.models import AuditEvent
from openmeso.services import plan as plans
from openmeso.services import product as products
from openmeso.services.refusal import NotAllowed
from openmeso.terms.check import Override
from openmeso.terms.formula import Component, Formula
from openmeso.terms.product import Product, Strength

OURS = Product(
    id="pharmacy_minoxidil_0_2",
    name="Minoxidil 0.2 %, our pharmacy's",
    strengths=(Strength("minoxidil", 2.0),),
    ampoule_ml=10.0,
)


def test_a_product_is_kept_and_labelled_an_assumption(practitioner, clinic):
    products.save(by=practitioner, clinic=clinic, product=OURS)
    assert products.terms_of(clinic) == (replace(OURS, assumption=products.AS_ENTERED),)
    assert AuditEvent.objects.last().action == "save"


def test_saving_again_corrects_it(practitioner, clinic):
    products.save(by=practitioner, clinic=clinic, product=OURS)
    products.save(by=practitioner, clinic=clinic, product=replace(OURS, ampoule_ml=5.0))
    (kept,) = products.terms_of(clinic)
    assert kept.ampoule_ml == 5.0


def test_a_product_withdrawn_is_offered_no_longer(practitioner, clinic):
    record = products.save(by=practitioner, clinic=clinic, product=OURS)
    products.withdraw(by=practitioner, product=record)
    assert products.terms_of(clinic) == ()


def test_a_plan_can_use_it(practitioner, assessed, choice, clinic):
    products.save(by=practitioner, clinic=clinic, product=OURS)
    formula = Formula("ours", (Component(OURS.id, 1.0),))
    plan = plans.draft(by=practitioner, patient=assessed, choice=replace(choice, formula=formula))
    (dose,) = plans.to_terms(plan).doses
    assert dose.per_ml == 2.0


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "minoxidil_0_5"}, {"strengths": ()}, {"strengths": (Strength("unobtainium", 1.0),)},
        {"strengths": (Strength("minoxidil", 0.0),)}, {"ampoule_ml": 0.0}, {"name": ""},
    ],
)  # fmt: skip
def test_senseless_products_are_refused(practitioner, clinic, changes):
    with pytest.raises(ValidationError):
        products.save(by=practitioner, clinic=clinic, product=replace(OURS, **changes))
    assert not products.of_clinic(clinic)


@pytest.mark.parametrize("who", ["assistant", "researcher", "auditor", "stranger", "outsider"])
def test_products_are_for_practitioners_and_leads(cast, clinic, who):
    with pytest.raises(NotAllowed):
        products.save(by=getattr(cast, who), clinic=clinic, product=OURS)
    record = products.save(by=cast.lead, clinic=clinic, product=OURS)
    with pytest.raises(NotAllowed):
        products.withdraw(by=getattr(cast, who), product=record)


STRONGER = replace(OURS, name="Minoxidil 0.5 %, ours", strengths=(Strength("minoxidil", 5.0),))


def test_a_change_is_noted_with_what_stood_before(practitioner, clinic):
    record = products.save(by=practitioner, clinic=clinic, product=OURS)
    products.change(by=practitioner, record=record, product=replace(STRONGER, id="another"))
    (kept,) = products.terms_of(clinic)
    assert (kept.id, kept.strengths[0].per_ml) == (OURS.id, 5.0)
    event = AuditEvent.objects.last()
    assert event.action == "change"
    before = json.loads(event.details)["before"]
    assert set(before) == {"name", "strengths"}
    assert before["strengths"][0]["per_ml"] == 2.0


def test_a_change_leaves_plans_as_they_were_and_drafts_to_be_computed_again(
    practitioner, assessed, choice, clinic
):
    record = products.save(by=practitioner, clinic=clinic, product=OURS)
    ours = replace(
        choice,
        formula=Formula("ours", (Component(OURS.id, 1.0),)),
        overrides=(Override("restricted:minoxidil", "Discussed with the patient"),),
    )
    approved, draft = (plans.draft(by=practitioner, patient=assessed, choice=ours) for _ in "ab")
    approved = plans.approve(by=practitioner, plan=approved)
    said = plans.to_terms(approved)
    products.change(by=practitioner, record=record, product=replace(OURS, ampoule_ml=5.0))
    approved.refresh_from_db()
    assert plans.to_terms(approved) == said
    assert said.request.setting.products[0].ampoule_ml == 10.0
    with pytest.raises(plans.PlanNotApprovable) as refusal:
        plans.approve(by=practitioner, plan=draft)
    assert refusal.value.reason == "outdated"


@pytest.mark.parametrize("who", ["assistant", "researcher", "auditor", "stranger", "outsider"])
def test_changes_are_for_practitioners_and_leads(cast, clinic, who):
    record = products.save(by=cast.lead, clinic=clinic, product=OURS)
    with pytest.raises(NotAllowed):
        products.change(by=getattr(cast, who), record=record, product=STRONGER)
