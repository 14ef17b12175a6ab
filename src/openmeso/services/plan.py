"""Plan: drafted from a choice, computed afresh before it is approved, then fixed."""

from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from openmeso.gateways import clock
from openmeso.gateways.conversion import converter, structure
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Assessment, Patient, Plan, User
from openmeso.records.models.plan import PlanStatus
from openmeso.services import assessment as assessments
from openmeso.services import audit, permission
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.plan_refusal import NoAssessment, PlanNotApprovable
from openmeso.services.plan_request import compute, request_for
from openmeso.services.practitioner import assignable, practitioners
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms import plan as terms
from openmeso.terms.check import Finding, Override, Strength, merged_overrides

__all__ = [
    "NoAssessment",
    "PlanNotApprovable",
    "approve",
    "assign",
    "choice_of",
    "compute",
    "draft",
    "get",
    "of_patient",
    "override",
    "request_for",
    "revise",
    "supersede",
    "to_terms",
    "visible_to",
]


def visible_to(user: permission.Asker) -> QuerySet[Plan]:
    """Plans of the patients somebody may open, newest first, without their long results."""
    return (
        Plan.objects.filter(patient__in=visible_patients(user))
        .select_related("patient__clinic", "practitioner", "created_by", "approved_by")
        .defer("result")
    )


def of_patient(patient: Patient) -> list[Plan]:
    """The patient's plans, newest first, without their long choices and results."""
    return _ALL.all(patient=patient.pk)


_ALL = Prepared(
    lambda patient: (
        Plan.objects.filter(patient=patient).select_related("created_by").defer("choice", "result")
    ),
    patient=UUID,
)


def get(*, by: User, pk: UUID, purpose: str) -> Plan:
    """One plan, the read noted."""
    permission.require(by, "patient.see")
    plan = visible_to(by).defer(None).select_related("assessment").filter(pk=pk).first()
    if plan is None:
        raise NotFound("No such plan in your clinic.")
    audit.record(by=by, action="read", of=plan, purpose=purpose)
    return plan


def to_terms(record: Plan) -> terms.Plan:
    """The plan as it was computed and kept."""
    return structure(record.result, terms.Plan)


def choice_of(record: Plan) -> terms.PlanChoice:
    """What the practitioner chose, before anything was filled in."""
    return structure(record.choice, terms.PlanChoice)


@transaction.atomic
def draft(
    *,
    by: User,
    patient: Patient,
    choice: terms.PlanChoice,
    title: str = "",
    practitioner: User | None = None,
) -> Plan:
    """A new plan for a patient, computed but not yet approved."""
    permission.require(by, "plan.draft", patient)
    _may_give_reasons(by, patient, (), choice.overrides)
    plan = Plan(
        patient=patient,
        title=title.strip(),
        practitioner=practitioner,
        created_at=clock.now(),
        created_by=by,
    )
    _fill(by, plan, choice)
    plan.save(force_insert=True)
    audit.record(by=by, action="draft", of=plan)
    return plan


@transaction.atomic
def revise(
    *,
    by: User,
    plan: Plan,
    choice: terms.PlanChoice,
    title: str | None = None,
    practitioner: User | None = None,
) -> Plan:
    """Change a draft; reasons already given stay, title and practitioner too where None."""
    plan = _draft_locked(by, plan, "plan.draft")
    given = choice_of(plan).overrides
    _may_give_reasons(by, plan.patient, given, choice.overrides)
    plan.title = plan.title if title is None else title.strip()
    plan.practitioner = practitioner or plan.practitioner
    _fill(by, plan, replace(choice, overrides=merged_overrides(given, choice.overrides)))
    plan.save()
    audit.record(by=by, action="revise", of=plan)
    return plan


@transaction.atomic
def assign(*, by: User, plan: Plan, practitioner: User | None) -> Plan:
    """Say who is to give a draft's sessions, or nobody yet."""
    plan = _draft_locked(by, plan, "plan.draft")
    plan.practitioner = practitioner
    _fill(by, plan, choice_of(plan))
    plan.save()
    audit.record(
        by=by, action="assign", of=plan, details={"to": practitioner.pk if practitioner else None}
    )
    return plan


@transaction.atomic
def override(*, by: User, plan: Plan, finding: str, reason: str) -> Plan:
    """Go on despite a finding that may be overridden, for a recorded reason."""
    plan = _draft_locked(by, plan, "plan.override")
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": "Give the reason for going on."})
    found = {one.id: one for one in to_terms(plan).findings}
    if finding not in found or found[finding].strength is not Strength.OVERRIDE:
        raise ValidationError({"finding": "This finding cannot be overridden."})
    choice = choice_of(plan)
    _fill(
        by,
        plan,
        replace(choice, overrides=merged_overrides(choice.overrides, (Override(finding, reason),))),
    )
    plan.save()
    audit.record(by=by, action="override", of=plan, details={"finding": finding, "reason": reason})
    return plan


@transaction.atomic
def approve(*, by: User, plan: Plan) -> Plan:
    """Fix a draft for good; computed afresh first, for what is stored proves nothing."""
    plan = _draft_locked(by, plan, "plan.approve")
    request = request_for(
        by=by, patient=plan.patient, choice=choice_of(plan), practitioner=plan.practitioner
    )
    computed = compute(request)
    _refuse_unfit(plan, computed)
    plan.status = PlanStatus.APPROVED.value
    plan.approved_at, plan.approved_by = clock.now(), by
    plan.updated_at = plan.approved_at
    plan.save()
    if plan.supersedes_id:
        Plan.objects.filter(pk=plan.supersedes_id).update(status=PlanStatus.SUPERSEDED.value)
    audit.record(
        by=by,
        action="approve",
        of=plan,
        details={
            "version": plan.version,
            "knowledge_version": plan.knowledge_version,
            "overrides": [one.finding for one in request.choice.overrides],
            "supersedes": plan.supersedes_id,
        },
    )
    return plan


@transaction.atomic
def supersede(*, by: User, plan: Plan) -> Plan:
    """The draft of an approved plan's next version; reasons given for the old one are not kept."""
    permission.require(by, "plan.supersede", plan)
    plan = (
        Plan.objects.select_for_update(of=("self",))
        .select_related("patient__clinic")
        .get(pk=plan.pk)
    )
    if plan.status != PlanStatus.APPROVED.value:
        raise ValidationError("Only an approved plan is superseded; a draft is revised.")
    begun = Plan.objects.filter(supersedes=plan).select_related("patient__clinic").first()
    if begun:
        return begun
    following = Plan(
        patient=plan.patient,
        title=plan.title,
        # Whoever has left the clinic since cannot give the next version's sessions.
        practitioner=_still_here(plan),
        version=plan.version + 1,
        supersedes=plan,
        created_at=clock.now(),
        created_by=by,
    )
    _fill(by, following, replace(choice_of(plan), overrides=()))
    following.save(force_insert=True)
    audit.record(by=by, action="supersede", of=following, details={"supersedes": plan.pk})
    return following


def _fill(by: User, plan: Plan, choice: terms.PlanChoice) -> None:
    """Compute the choice against what holds today, and keep both."""
    if plan.practitioner and not _works_in(plan.patient, plan.practitioner):
        raise ValidationError({"practitioner": "Not a practitioner of this clinic."})
    request = request_for(
        by=by, patient=plan.patient, choice=choice, practitioner=plan.practitioner
    )
    computed = compute(request)
    plan.assessment = _assessment(plan.patient)
    plan.start_on = choice.start_on
    plan.choice = converter().unstructure(choice)
    plan.result = converter().unstructure(computed)
    plan.knowledge_version = computed.knowledge_version
    plan.updated_at = clock.now()


def _assessment(patient: Patient) -> Assessment:
    record = assessments.latest(patient)
    if record is None:
        raise NoAssessment
    return record


def _draft_locked(by: User, plan: Plan, name: str) -> Plan:
    permission.require(by, name, plan)
    plan = (
        Plan.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "practitioner")
        .get(pk=plan.pk)
    )
    if plan.status != PlanStatus.DRAFT.value:
        raise PlanNotApprovable("fixed")
    return plan


def _works_in(patient: Patient, user: User) -> bool:
    return practitioners(patient.clinic).filter(pk=user.pk).exists()


def _still_here(plan: Plan) -> User | None:
    user = plan.practitioner
    return user if user and _works_in(plan.patient, user) else None


def _may_give_reasons(
    by: User, patient: Patient, held: tuple[Override, ...], given: tuple[Override, ...]
) -> None:
    if set(given) - set(held) and not permission.may(by, "plan.override", patient):
        raise NotAllowed("Only a practitioner or lead gives the reason for an override.")


def _refuse_unfit(plan: Plan, computed: terms.Plan) -> None:
    if not computed.can_be_approved:
        raise PlanNotApprovable("findings", _in_the_way(computed))
    if converter().unstructure(computed) != plan.result:
        raise PlanNotApprovable("outdated")
    first = min(visit.on for visit in computed.visits if visit.session_number is not None)
    trained = assignable(plan.patient.clinic, computed.choice.technique, first)
    if plan.practitioner and not trained.filter(pk=plan.practitioner.pk).exists():
        raise PlanNotApprovable("not_trained")


def _in_the_way(computed: terms.Plan) -> tuple[Finding, ...]:
    return tuple(
        one
        for one in computed.findings
        if one.strength is Strength.BLOCK or one.id in computed.open_overrides
    )
