from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, Plan
from openmeso.services import assessment as assessments
from openmeso.services import clinic as clinics
from openmeso.services import plan as plans
from openmeso.services import practitioner as practitioners
from openmeso.services.plan import NoAssessment, PlanNotApprovable
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.assessment import ChecklistAnswer
from openmeso.terms.check import Override
from openmeso.terms.contraindication import Answer
from openmeso.terms.formula import Component, Formula


def answered(assessment, contraindication, answer=Answer.YES):
    kept = [a for a in assessment.checklist if a.contraindication != contraindication]
    return replace(assessment, checklist=(*kept, ChecklistAnswer(contraindication, answer)))


@pytest.fixture
def on_anticoagulant(patient, practitioner, assessment):
    assessments.save(
        by=practitioner, patient=patient, assessment=answered(assessment, "anticoagulant")
    )
    return patient


@pytest.fixture
def wanting_reason(on_anticoagulant, practitioner, choice):
    plan = plans.draft(by=practitioner, patient=on_anticoagulant, choice=choice)
    assert plans.to_terms(plan).open_overrides
    return plan


def with_buflomedil(choice):
    return replace(choice, formula=Formula("old", (Component("buflomedil_10", 1.0),)))


def test_a_draft_is_what_the_science_computes(draft, practitioner, assessed, choice):
    request = plans.request_for(by=practitioner, patient=assessed, choice=choice)
    assert plans.to_terms(Plan.objects.get(pk=draft.pk)) == plans.compute(request)
    assert plans.choice_of(draft) == choice
    assert (draft.status, draft.version) == ("draft", 1)
    assert AuditEvent.objects.last().action == "draft"


def test_the_clinic_s_setting_goes_into_the_request(practitioner, assessed, choice, clinic, lead):
    day = choice.start_on
    clinics.set_closing_days(by=lead, clinic=clinic, weekdays=[6, 7], dates=[day])
    assessed.refresh_from_db()
    request = plans.request_for(
        by=practitioner, patient=assessed, choice=choice, practitioner=practitioner
    )
    assert request.setting.country == "TR"
    assert request.setting.closing_days.weekdays == (6, 7)
    assert request.setting.closing_days.dates == (day,)
    assert request.setting.practitioner.name == practitioner.name


def test_without_an_assessment_there_is_no_plan(practitioner, patient, choice):
    with pytest.raises(NoAssessment):
        plans.draft(by=practitioner, patient=patient, choice=choice)


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_others_neither_draft_nor_read_nor_change(cast, draft, assessed, choice, who):
    asker = getattr(cast, who)
    with pytest.raises(NotAllowed):
        plans.draft(by=asker, patient=assessed, choice=choice)
    with pytest.raises((NotAllowed, NotFound)):
        plans.get(by=asker, pk=draft.pk, purpose="care")
    for write in (plans.approve, plans.supersede):
        with pytest.raises(NotAllowed):
            write(by=asker, plan=draft)
    with pytest.raises(NotAllowed):
        plans.revise(by=asker, plan=draft, choice=choice)
    assert not plans.visible_to(asker)


def test_an_assistant_drafts_but_does_not_decide(assistant, assessed, choice):
    plan = plans.draft(by=assistant, patient=assessed, choice=choice)
    for decide in (plans.approve, plans.supersede):
        with pytest.raises(NotAllowed):
            decide(by=assistant, plan=plan)
    with pytest.raises(NotAllowed):
        plans.override(by=assistant, plan=plan, finding="x", reason="y")


def test_an_assistant_cannot_slip_a_reason_in(assistant, wanting_reason, choice):
    finding = plans.to_terms(wanting_reason).open_overrides[0]
    slipped = replace(choice, overrides=(Override(finding, "fine"),))
    with pytest.raises(NotAllowed):
        plans.draft(by=assistant, patient=wanting_reason.patient, choice=slipped)
    with pytest.raises(NotAllowed):
        plans.revise(by=assistant, plan=wanting_reason, choice=slipped)


def test_a_read_is_noted_with_its_purpose(practitioner, draft):
    plans.get(by=practitioner, pk=draft.pk, purpose="print")
    event = AuditEvent.objects.last()
    assert (event.action, event.noun, event.purpose) == ("read", "plan", "print")
    assert event.patient == draft.patient_id


def test_approve_fixes_the_plan_with_who_and_when(practitioner, draft):
    plan = plans.approve(by=practitioner, plan=draft)
    assert plan.status == "approved"
    assert plan.approved_by == practitioner
    assert AuditEvent.objects.last().action == "approve"


def test_what_is_approved_cannot_be_revised_or_approved_again(practitioner, draft, choice):
    plans.approve(by=practitioner, plan=draft)
    for write in (
        lambda: plans.revise(by=practitioner, plan=draft, choice=choice),
        lambda: plans.approve(by=practitioner, plan=draft),
        lambda: plans.assign(by=practitioner, plan=draft, practitioner=None),
        lambda: plans.override(by=practitioner, plan=draft, finding="x", reason="y"),
    ):
        with pytest.raises(PlanNotApprovable) as refused:
            write()
        assert refused.value.reason == "fixed"


def test_a_block_cannot_be_approved(practitioner, assessed, choice):
    plan = plans.draft(by=practitioner, patient=assessed, choice=with_buflomedil(choice))
    with pytest.raises(PlanNotApprovable) as refused:
        plans.approve(by=practitioner, plan=plan)
    assert refused.value.reason == "findings"
    assert any("buflomedil" in finding.id for finding in refused.value.findings)
    assert Plan.objects.get().status == "draft"


def test_a_block_cannot_be_overridden(practitioner, assessed, choice):
    plan = plans.draft(by=practitioner, patient=assessed, choice=with_buflomedil(choice))
    blocks = [f for f in plans.to_terms(plan).findings if f.strength == "block"]
    for block in blocks:
        with pytest.raises(ValidationError):
            plans.override(by=practitioner, plan=plan, finding=block.id, reason="I insist")
    forced = replace(
        with_buflomedil(choice), overrides=tuple(Override(b.id, "I insist") for b in blocks)
    )
    plan = plans.revise(by=practitioner, plan=plan, choice=forced)
    assert plans.to_terms(plan).blocked
    with pytest.raises(PlanNotApprovable):
        plans.approve(by=practitioner, plan=plan)


def test_a_result_forged_in_the_database_is_not_believed(practitioner, assessed, choice):
    plan = plans.draft(by=practitioner, patient=assessed, choice=with_buflomedil(choice))
    forged = {**plan.result, "blocked": False, "findings": []}
    Plan.objects.filter(pk=plan.pk).update(result=forged)
    with pytest.raises(PlanNotApprovable) as refused:
        plans.approve(by=practitioner, plan=plan)
    assert refused.value.reason == "findings"


def test_an_override_wants_a_reason_and_is_noted(practitioner, wanting_reason):
    finding = plans.to_terms(wanting_reason).open_overrides[0]
    with pytest.raises(PlanNotApprovable):
        plans.approve(by=practitioner, plan=wanting_reason)
    with pytest.raises(ValidationError):
        plans.override(by=practitioner, plan=wanting_reason, finding=finding, reason="  ")
    plan = plans.override(
        by=practitioner, plan=wanting_reason, finding=finding, reason="INR 2.1 today"
    )
    assert finding not in plans.to_terms(plan).open_overrides
    event = AuditEvent.objects.last()
    assert event.action == "override"
    assert finding in event.details
    assert plans.approve(by=practitioner, plan=plan).status == "approved"


def test_an_unknown_finding_cannot_be_overridden(practitioner, draft):
    with pytest.raises(ValidationError):
        plans.override(by=practitioner, plan=draft, finding="nonsense", reason="because")


def test_a_reason_given_survives_a_revision(practitioner, assistant, wanting_reason, choice):
    finding = plans.to_terms(wanting_reason).open_overrides[0]
    plans.override(by=practitioner, plan=wanting_reason, finding=finding, reason="INR 2.1 today")
    later = replace(choice, start_on=choice.start_on + timedelta(days=7))
    plan = plans.revise(by=assistant, plan=wanting_reason, choice=later, title="Later")
    assert plans.choice_of(plan).overrides == (Override(finding, "INR 2.1 today"),)
    assert plan.start_on == later.start_on
    assert plan.title == "Later"


def test_a_plan_drafted_before_a_newer_assessment_must_be_looked_at_again(
    practitioner, draft, assessment, choice
):
    patient = draft.patient
    assessments.save(
        by=practitioner, patient=patient, assessment=replace(assessment, weight_kg=60.0)
    )
    with pytest.raises(PlanNotApprovable) as refused:
        plans.approve(by=practitioner, plan=draft)
    assert refused.value.reason == "outdated"
    fresh = plans.revise(by=practitioner, plan=draft, choice=choice)
    assert plans.approve(by=practitioner, plan=fresh).status == "approved"


def test_a_newer_contraindication_blocks_what_was_drafted(practitioner, draft, assessment):
    worse = answered(assessment, "infection_in_zone")
    assessments.save(by=practitioner, patient=draft.patient, assessment=worse)
    with pytest.raises(PlanNotApprovable) as refused:
        plans.approve(by=practitioner, plan=draft)
    assert refused.value.reason == "findings"


def test_only_somebody_trained_is_given_the_sessions(practitioner, lead, draft):
    plan = plans.assign(by=practitioner, plan=draft, practitioner=practitioner)
    with pytest.raises(PlanNotApprovable):
        plans.approve(by=practitioner, plan=plan)
    practitioners.record_training(
        by=lead, user=practitioner, technique="nappage", trained_on=clock.today()
    )
    plan = plans.assign(by=practitioner, plan=plan, practitioner=practitioner)
    assert plans.approve(by=practitioner, plan=plan).practitioner == practitioner


def test_somebody_of_another_clinic_is_not_assigned(practitioner, stranger, draft):
    with pytest.raises(ValidationError):
        plans.assign(by=practitioner, plan=draft, practitioner=stranger)


def test_superseding_makes_the_next_version_and_keeps_the_old(practitioner, draft, choice):
    first = plans.approve(by=practitioner, plan=draft)
    kept = first.result
    second = plans.supersede(by=practitioner, plan=first)
    assert (second.version, second.supersedes, second.status) == (2, first, "draft")
    assert plans.supersede(by=practitioner, plan=first) == second
    first.refresh_from_db()
    assert first.status == "approved"
    plans.approve(by=practitioner, plan=second)
    first.refresh_from_db()
    assert (first.status, first.result) == ("superseded", kept)


def test_a_draft_is_not_superseded(practitioner, draft):
    with pytest.raises(ValidationError):
        plans.supersede(by=practitioner, plan=draft)


def test_an_approved_plan_keeps_what_was_given_when_the_clinic_changes(
    practitioner, lead, draft, clinic
):
    plan = plans.approve(by=practitioner, plan=draft)
    kept = plans.to_terms(plan)
    clinics.set_closing_days(by=lead, clinic=clinic, weekdays=[1, 2, 7], dates=[])
    assert plans.to_terms(Plan.objects.get(pk=plan.pk)) == kept
