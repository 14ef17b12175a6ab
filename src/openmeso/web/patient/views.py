"""Patients: find, add, change, and the page everything about one starts from."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openmeso.gateways import clock
from openmeso.gateways.access_log_sheet import access_log_pdf
from openmeso.gateways.pdf import PdfError
from openmeso.services import access_log as access_logs
from openmeso.services import assessment as assessments
from openmeso.services import audit, permission
from openmeso.services import forecast as forecasts
from openmeso.services import journey as journeys
from openmeso.services import measurement as measurements
from openmeso.services import patient as patients_service
from openmeso.services import plan as plans
from openmeso.services.knowledge import knowledge
from openmeso.terms.assessment import Assessment
from openmeso.terms.contraindication import Answer
from openmeso.web.download import download
from openmeso.web.patient.adverse_event import reactions_on_patient
from openmeso.web.patient.comparison import comparisons_on_patient
from openmeso.web.patient.consent import consent_on_patient
from openmeso.web.patient.context import patient_context
from openmeso.web.patient.forms import ChangeForm, PatientForm
from openmeso.web.patient.journey import expected_context, journey_context
from openmeso.web.patient.photo import photos_on_patient
from openmeso.web.patient.report import told_on_patient
from openmeso.web.refusal import tell
from openmeso.web.requests import Request, posted
from openmeso.web.score import in_words

PATIENTS_A_PAGE = 25
EVENTS_A_PAGE = 50


@login_required
@require_safe
def patients(request: Request) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    found = patients_service.search(by=request.user, text=query)
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = {
        "page": Paginator(found, PATIENTS_A_PAGE).get_page(request.GET.get("page")),
        "query": query,
        "parameters": parameters.urlencode(),
        "today": clock.today(),
    }
    template = "patient/list.html#patients" if request.htmx else "patient/list.html"
    return render(request, template, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    permission.require(request.user, "patient.add")
    form = PatientForm(posted(request), today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            patient = patients_service.add(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The patient is on record."))
            return redirect("patient_page", patient.pk)
    status = 422 if form.errors else 200
    return render(request, "patient/form.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: UUID) -> HttpResponse:
    patient = patients_service.get(by=request.user, pk=pk, purpose="change")
    permission.require(request.user, "patient.change", patient)
    initial = {name: getattr(patient, name) for name in PatientForm.base_fields}
    initial["stood"] = patients_service.standing(patient)
    form = ChangeForm(posted(request), initial=initial, today=clock.today())
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            patients_service.change(by=request.user, patient=patient, **form.cleaned_data)
        except patients_service.PatientChanged as fault:
            form.tell_changed(fault)
            status = 409
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The change is saved."))
            return redirect("patient_page", pk)
    context = patient_context(patient) | {"form": form}
    return render(request, "patient/form.html", context, status=status if form.errors else 200)


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    patient = patients_service.get(by=request.user, pk=pk, purpose="care")
    held = list(plans.of_patient(patient))
    context = patient_context(patient) | {
        "plans": held,
        "assessments": [
            _summary(assessments.to_terms(each)) for each in assessments.history(patient)
        ],
        "may_measure": permission.may(request.user, "measurement.save", patient),
        "may_write": permission.may(request.user, "patient.change", patient),
        "may_assess": permission.may(request.user, "assessment.save", patient),
        "may_plan": permission.may(request.user, "plan.draft", patient),
        "may_give": permission.may(request.user, "session.give", patient),
        "may_audit": permission.may(request.user, "audit.see", patient),
    }
    context |= consent_on_patient(patient, held) | photos_on_patient(request.user, patient)
    context |= reactions_on_patient(request.user, patient)
    found = journeys.of_patient(patient)
    context |= journey_context(found) | comparisons_on_patient(request.user, patient, found)
    context |= told_on_patient(request.user, patient)
    return render(request, "patient/page.html", context)


@login_required
@require_safe
def journey(request: Request, pk: UUID) -> HttpResponse:
    """The journey with its forecast; htmx asks for the forecast alone, for it takes some seconds."""
    patient = patients_service.get(by=request.user, pk=pk, purpose="forecast")
    found = journeys.of_patient(patient)
    context = {"patient": patient, "no_forecast": ""} | journey_context(found)
    if found.plan:
        record = plans.get(by=request.user, pk=found.plan, purpose="forecast")
        plan = plans.to_terms(record)
        expected = forecasts.of_measured_plan(
            by=request.user,
            plan_record=record,
            measured=measurements.measured_outcomes(patient, plan),
        )
        context |= expected_context(found, plan, expected)
    if request.htmx:
        return render(request, "patient/_journey_forecast.html", context)
    return render(request, "patient/journey.html", context | patient_context(patient))


def _summary(assessment: Assessment) -> dict[str, object]:
    known = knowledge()
    indication = known.indications.get(assessment.indication)
    yes = [each.contraindication for each in assessment.checklist if each.answer is Answer.YES]
    return {
        "on": assessment.assessed_on,
        "indication": indication.name if indication else assessment.indication,
        "scores": [in_words(score, known) for score in assessment.scores],
        "yes": [known.contraindications[each] for each in yes if each in known.contraindications],
        "notes": assessment.notes,
        "not_asked": sum(each.answer is Answer.NOT_ASKED for each in assessment.checklist),
    }


@login_required
@require_safe
def access_log(request: Request, pk: UUID) -> HttpResponse:
    patient = patients_service.get(by=request.user, pk=pk, purpose="audit")
    events = Paginator(audit.of_patient(by=request.user, patient=patient), EVENTS_A_PAGE)
    shown = events.get_page(request.GET.get("page"))
    context = patient_context(patient) | {"page": shown, "names": audit.names(shown.object_list)}
    return render(request, "patient/access_log.html", context)


@login_required
@require_safe
def access_log_print(request: Request, pk: UUID) -> HttpResponse:
    """The same for the patient, in words of everyday."""
    patient = patients_service.get(by=request.user, pk=pk, purpose="audit")
    lines = access_logs.of_patient(by=request.user, patient=patient)
    try:
        pdf = access_log_pdf(
            lines,
            clinic=patient.clinic.name,
            patient_label=patient.name,
            record_number=patient.record_number,
        )
    except PdfError as missing:
        messages.error(request, str(missing))
        return redirect("patient_access_log", pk)
    return download(pdf, "application/pdf", "access-log.pdf")
