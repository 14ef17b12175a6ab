"""The planner, and the plan it leads to."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openmeso.gateways.calendar import plan_calendar
from openmeso.gateways.pdf import VOICES, PdfError, plan_pdf
from openmeso.gateways.plan_sheet import plan_sheet
from openmeso.services import assessment as assessments
from openmeso.services import course as courses
from openmeso.services import forecast as forecasts
from openmeso.services import measurement as measurements
from openmeso.services import patient as patients
from openmeso.services import permission
from openmeso.services import plan as plans
from openmeso.services.knowledge import knowledge
from openmeso.services.plan import PlanNotApprovable
from openmeso.terms.plan import PlanInputError
from openmeso.web.download import download
from openmeso.web.forecast.context import expectation_context
from openmeso.web.forecast.measured import measured_context, seen_in
from openmeso.web.patient.consent import consent_on_plan
from openmeso.web.patient.context import patient_context
from openmeso.web.plan.forms import OverrideForm, PlannerForm, ProtocolNameForm, typed_data
from openmeso.web.plan.planning import (
    Planning,
    map_points_text,
    open_planning,
    plan_choice,
    planner_context,
    way_out,
)
from openmeso.web.plan.template import save_as_protocol
from openmeso.web.refusal import tell, typed_lines
from openmeso.web.requests import Request

if TYPE_CHECKING:
    from openmeso.records.models import Patient, Plan, User

LOAD_PRESET = "load_preset"
WAY_OUT = "way_out"
SAVE = "save"
PROTOCOL_ID = "protocol-%s"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: Request, pk: UUID) -> HttpResponse:
    patient = patients.get(by=request.user, pk=pk, purpose="plan")
    permission.require(request.user, "plan.draft", patient)
    if assessments.latest(patient) is None:
        messages.info(request, _("Assess first: the plan is made from the assessment."))
        return redirect("assessment_add", pk)
    if request.method == "POST":
        return _posted(request, patient, None)
    planning = open_planning(by=request.user, patient=patient)
    return _planner(request, patient, planner_context(planning))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: Request, pk: UUID) -> HttpResponse:
    plan = plans.get(by=request.user, pk=pk, purpose="plan")
    permission.require(request.user, "plan.draft", plan)
    if request.method == "POST":
        return _posted(request, plan.patient, plan)
    if plan.status != "draft":
        messages.error(request, str(PlanNotApprovable("fixed")))
        return redirect("plan_page", pk)
    planning = plan_choice(
        by=request.user,
        patient=plan.patient,
        choice=plans.to_terms(plan).choice,
        injector=str(plan.practitioner_id or ""),
    )
    return _planner(request, plan.patient, planner_context(planning, title=plan.title), plan)


def _posted(request: Request, patient: "Patient", plan: "Plan | None") -> HttpResponse:
    form = PlannerForm(request.POST)
    if not form.is_valid():
        return _unreadable(request, patient, plan, form)
    planning = _planned(request, patient, form)
    context = planner_context(planning, title=form.cleaned_data["title"])
    if SAVE in request.POST and planning.plan is not None:
        try:
            return _save(request, patient, plan, form, planning)
        except PlanNotApprovable as fixed:  # somebody approved it meanwhile: what was chosen stays
            return _planner(request, patient, context | {"fault": str(fixed)}, plan, status=409)
    context["refilled"] = form.refills() or WAY_OUT in request.POST
    if WAY_OUT in request.POST:
        context["map_points_text"] = map_points_text(planning.plan, context["sheet"], replaces=True)
    if request.htmx and request.htmx.target == "panel":
        return render(request, "plan/computed.html", context | _may(request, patient))
    return _planner(request, patient, context, plan, status=422 if planning.fault else 200)


def _planned(request: Request, patient: "Patient", form: PlannerForm) -> Planning:
    choice = form.to_choice(drops_zones=LOAD_PRESET in request.POST)
    injector = form.cleaned_data["practitioner"]
    planning = plan_choice(by=request.user, patient=patient, choice=choice, injector=injector)
    if WAY_OUT in request.POST:
        taken = way_out(planning, request.POST[WAY_OUT])
        planning = plan_choice(by=request.user, patient=patient, choice=taken, injector=injector)
    return planning


def _unreadable(
    request: Request, patient: "Patient", plan: "Plan | None", form: PlannerForm
) -> HttpResponse:
    """Say what is wrong beside the plan as it was proposed; nothing typed is lost."""
    if request.htmx and request.htmx.target == "panel":
        # htmx shows only what succeeds: the faults are the panel's content here.
        return render(request, "plan/computed.html", {"form": form})
    planning = open_planning(by=request.user, patient=patient)
    context = planner_context(planning) | {"form": form, "values": typed_data(form)}
    return _planner(request, patient, context, plan, status=422)


def _save(
    request: Request,
    patient: "Patient",
    plan: "Plan | None",
    form: PlannerForm,
    planning: Planning,
) -> HttpResponse:
    title = form.cleaned_data["title"] or _default_title(planning)
    chosen: dict[str, Any] = {
        "by": request.user,
        "choice": planning.choice,
        "title": title,
        "practitioner": planning.injector,
    }
    if plan is None:
        plan = plans.draft(patient=patient, **chosen)
    else:
        plan = plans.revise(plan=plan, **chosen)
    messages.success(request, _("The draft is saved."))
    return redirect("plan_page", plan.pk)


def _default_title(planning: Planning) -> str:
    sheet = planning.sheet
    return (sheet.protocol or sheet.indication) if sheet else ""


def _planner(
    request: Request,
    patient: "Patient",
    context: dict[str, Any],
    plan: "Plan | None" = None,
    status: int = 200,
) -> HttpResponse:
    draft_key = f"{request.user.pk}:{patient.pk}:{plan.pk if plan else 'new'}"
    context = context | patient_context(patient) | _may(request, patient)
    context |= {"record": plan, "draft_key": draft_key}
    return render(request, "plan/planner.html", context, status=status)


def _may(request: Request, row: "Patient | Plan") -> dict[str, bool]:
    return {
        f"may_{deed}": permission.may(request.user, f"plan.{deed}", row)
        for deed in ("draft", "override", "approve", "supersede")
    }


@login_required
@require_GET
def plan_page(request: Request, pk: UUID) -> HttpResponse:
    plan = plans.get(by=request.user, pk=pk, purpose="read")
    return _plan_page(request, plan)


def _plan_page(
    request: Request,
    record: "Plan",
    refusal: PlanNotApprovable | None = None,
    *,
    status: int = 200,
    **told: object,
) -> HttpResponse:
    """``told`` holds what was refused: a reason or a name as it was typed, and the fault."""
    plan = plans.to_terms(record)
    known = knowledge()
    held = plans.of_patient(record.patient)
    versions = [each for each in held if _is_version(each, record)]
    keys = (record.pk, "new")
    context = {
        "record": record,
        "plan": plan,
        "sheet": plan_sheet(plan, known),
        "indication": known.indications[plan.request.assessment.indication],
        "versions": versions,
        "refusal": refusal,
        "saved_drafts": [f"{request.user.pk}:{record.patient_id}:{key}" for key in keys],
        "newer": next((each for each in versions if each.supersedes_id == record.pk), None),
        "knowledge_moved_on": plan.knowledge_version != known.version,
        "protocol_form": ProtocolNameForm(auto_id=PROTOCOL_ID),
        "may_template": permission.may(request.user, "protocol.save", record.patient.clinic),
    }
    context |= patient_context(record.patient) | _may(request, record) | consent_on_plan(record)
    context |= told
    return render(request, "plan/detail.html", context, status=409 if refusal else status)


def _is_version(other: "Plan", plan: "Plan") -> bool:
    return plan.pk in (other.supersedes_id, other.pk) or other.pk == plan.supersedes_id


@login_required
@require_POST
def approve(request: Request, pk: UUID) -> HttpResponse:
    plan = plans.get(by=request.user, pk=pk, purpose="approve")
    try:
        plans.approve(by=request.user, plan=plan)
    except PlanNotApprovable as refusal:
        return _plan_page(request, plan, refusal)
    messages.success(request, _("The plan is approved. It can no longer be changed."))
    return redirect("plan_page", pk)


@login_required
@require_POST
def recompute(request: Request, pk: UUID) -> HttpResponse:
    """Compute a draft again from what it rests on today; the choice stays as it is."""
    plan = plans.get(by=request.user, pk=pk, purpose="recompute")
    try:
        plans.revise(by=request.user, plan=plan, choice=plans.choice_of(plan))
    except (PlanNotApprovable, PlanInputError) as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("Computed again. Look at what has changed, then approve."))
    return redirect("plan_page", pk)


@login_required
@require_POST
def override(request: Request, pk: UUID) -> HttpResponse:
    plan = plans.get(by=request.user, pk=pk, purpose="override")
    permission.require(request.user, "plan.override", plan)
    form = OverrideForm(request.POST)
    if form.is_valid():
        try:
            plans.override(by=request.user, plan=plan, **form.cleaned_data)
        except PlanNotApprovable as refusal:
            return _plan_page(request, plan, refusal, typed=typed_lines(form))
        except ValidationError as error:
            tell(form, error)
        else:
            return redirect("plan_page", pk)
    return _plan_page(request, plan, status=422, override_form=form, typed=typed_lines(form))


@login_required
@require_POST
def supersede(request: Request, pk: UUID) -> HttpResponse:
    plan = plans.get(by=request.user, pk=pk, purpose="supersede")
    try:
        following = plans.supersede(by=request.user, plan=plan)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect("plan_page", pk)
    return redirect("plan_edit" if following.status == "draft" else "plan_page", following.pk)


@login_required
@require_POST
def save_protocol(request: Request, pk: UUID) -> HttpResponse:
    plan = plans.get(by=request.user, pk=pk, purpose="template")
    permission.require(request.user, "protocol.save", plan.patient.clinic)
    form = ProtocolNameForm(request.POST, auto_id=PROTOCOL_ID)
    if form.is_valid():
        try:
            name = save_as_protocol(by=request.user, record=plan, name=form.cleaned_data["name"])
        except ValidationError as error:
            tell(form, error)
        else:
            said = _("“%(name)s” is now one of the clinic's protocols.")
            messages.success(request, said % {"name": name})
            return redirect("plan_page", pk)
    return _plan_page(request, plan, status=422, protocol_form=form)


@login_required
@require_GET
def pdf(request: Request, pk: UUID, voice: str) -> HttpResponse:
    if voice not in VOICES:
        raise Http404
    record = plans.get(by=request.user, pk=pk, purpose=f"print_{voice}")
    # a forecast that nobody has tested on injected patients is not handed to one
    told = voice == "record"
    expected = _expected(request, record) if told else {}
    try:
        content = plan_pdf(
            plans.to_terms(record),
            knowledge(),
            voice,
            record.patient.name,
            **_heading(record),
            **expected,
        )
    except PdfError as missing:
        messages.error(request, str(missing))
        return redirect("plan_page", pk)
    return download(content, "application/pdf", f"plan-{voice}-v{record.version}.pdf")


def _expected(request: Request, record: "Plan") -> dict[str, object]:
    """The forecast, and what has been measured since."""
    measured = measurements.measured_outcomes(record.patient, plans.to_terms(record))
    found = forecasts.of_measured_plan(by=request.user, plan_record=record, measured=measured)
    return expectation_context(found.before, seen_in(found)) | measured_context(found)


def _heading(record: "Plan") -> dict[str, object]:
    return {
        "clinic": record.patient.clinic.name,
        "practitioner": _name(record.practitioner),
        "title": record.title,
        "version": record.version,
        "status": record.get_status_display(),
        "approved_by": _name(record.approved_by),
        "approved_on": record.approved_at.date() if record.approved_at else None,
    }


def _name(user: "User | None") -> str:
    return user.name if user else ""


@login_required
@require_GET
def calendar(request: Request, pk: UUID) -> HttpResponse:
    record = plans.get(by=request.user, pk=pk, purpose="calendar")
    # Neither patient nor indication: calendars are shared and synchronised far and wide.
    content = plan_calendar(
        plans.to_terms(record),
        _("Mesotherapy"),
        str(record.pk),
        booked=courses.booked_times(record),
        zone=record.patient.clinic.timezone,
    )
    return download(content, "text/calendar; charset=utf-8", f"plan-v{record.version}.ics")
