"""Private links and what came through them: made, ended, taken up, laid aside."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.gateways import clock
from openmeso.gateways.mail import MailError
from openmeso.gateways.qr_code import qr_code
from openmeso.services import adverse_event as events
from openmeso.services import patient as patients
from openmeso.services import patient_report as reports
from openmeso.services import permission
from openmeso.services.knowledge import knowledge
from openmeso.terms.adverse_event import AdverseEventState, AdverseEventTerm
from openmeso.web.adverse_event.context import flags_of_term, other_terms
from openmeso.web.adverse_event.forms import StateForm
from openmeso.web.patient.adverse_event import quick_terms
from openmeso.web.patient.context import patient_context
from openmeso.web.patient_report.forms import AsideForm, LinkForm
from openmeso.web.refusal import tell, typed_lines
from openmeso.web.requests import Request, posted

if TYPE_CHECKING:
    from openmeso.records.models import PatientReport, ReportLink


@login_required
@require_POST
def link(request: Request, pk: UUID) -> HttpResponse:
    """Make a link and show it, this once: only its hash is kept."""
    patient = patients.get(by=request.user, pk=pk, purpose="report link")
    permission.require(request.user, "patient_report.invite", patient)
    form = LinkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how long the link works."))
        return redirect("patient_page", pk)
    days = form.cleaned_data["days"]
    made, key = reports.make_link(by=request.user, patient=patient, days=days)
    address = request.build_absolute_uri(reverse("patient_report_tell", args=[key]))
    context = patient_context(patient) | {
        "address": address,
        "qr": qr_code(address),
        "link": made,
        "mailed": _mailed(request, made, address) if form.cleaned_data["by_email"] else "",
    }
    return render(request, "patient_report/link.html", context)


def _mailed(request: Request, link: "ReportLink", address: str) -> str:
    """How the e-mail went: "sent" or "failed"; the link is on the page in any case."""
    language = get_language() or "en"
    try:
        reports.send_link(by=request.user, link=link, address=address, language=language)
    except (MailError, ValidationError):
        return "failed"
    return "sent"


@login_required
@require_POST
def end(request: Request, pk: UUID) -> HttpResponse:
    patient = patients.get(by=request.user, pk=pk, purpose="report link")
    reports.revoke_link(by=request.user, patient=patient)
    messages.success(request, _("The link no longer opens."))
    return redirect("patient_page", pk)


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    report = reports.get(by=request.user, pk=pk, purpose="reaction")
    return _page(request, report, AsideForm())


def _page(request: Request, report: "PatientReport", form: AsideForm) -> HttpResponse:
    told = reports.told(report)
    known = knowledge()
    near = dict.fromkeys(term for one in told.signs for term in one.terms)
    context = patient_context(report.patient) | {
        "report": report,
        "told": told,
        "flags": [known.red_flags[one.red_flag] for one in told.signs if one.red_flag],
        "near": [known.adverse_events[term] for term in near if term in known.adverse_events],
        "open_events": events.open_of(report.patient),
        "form": form,
        "typed": typed_lines(form) if form.errors else (),
        "may_settle": permission.may(request.user, "patient_report.settle", report),
        "may_take_up": permission.may(request.user, "patient_report.take_up", report),
    }
    status = 422 if form.errors else 200
    return render(request, "patient_report/page.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: Request, pk: UUID) -> HttpResponse:
    """The practitioner's own word, grade and judgement; what the patient said stands beside it."""
    report = reports.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "patient_report.take_up", report)
    told = reports.told(report)
    term = knowledge().adverse_events.get(request.GET.get("term", ""))
    context = patient_context(report.patient) | {"report": report, "told": told}
    if term is None:
        context |= {"quick_terms": quick_terms(), "other_terms": other_terms()}
        return render(request, "patient_report/choose.html", context)
    form = StateForm(posted(request), term=term, state=_suggested(told, term), may_judge=True)
    if request.method == "POST" and form.is_valid():
        try:
            event = reports.take_up(
                by=request.user,
                report=report,
                state=form.to_terms(),
                next_due_on=form.cleaned_data["next_due_on"],
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The report is taken up as a reaction."))
            return redirect("adverse_event_page", event.pk)
    context |= {"form": form, "term": term, "flags": flags_of_term(term)}
    status = 422 if form.errors else 200
    return render(request, "patient_report/take_up.html", context, status=status)


def _suggested(told: reports.Told, term: AdverseEventTerm) -> AdverseEventState:
    """To begin from: the grade nearest to how bad it was said to be, and the patient's words."""
    grade = min(term.worded_grades, key=lambda one: abs(one - told.how_bad.grade))
    began = told.report.began_on or clock.today()
    return AdverseEventState(
        term=term.id,
        grade=grade,
        onset_on=min(began, clock.today()),
        description=told.report.text,
    )


@login_required
@require_POST
def join(request: Request, pk: UUID) -> HttpResponse:
    """It tells of a reaction that is on record already."""
    report = reports.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "patient_report.settle", report)
    known = {str(one.event.pk): one.event for one in events.open_of(report.patient)}
    event = known.get(request.POST.get("event", ""))
    if event is None:
        messages.error(request, _("Choose the open reaction that it tells of."))
        return redirect("patient_report_page", pk)
    try:
        reports.join(by=request.user, report=report, event=event)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("patient_report_page", pk)
    messages.success(request, _("The report stands with the reaction: follow it up."))
    return redirect("adverse_event_follow", event.pk)


@login_required
@require_POST
def lay_aside(request: Request, pk: UUID) -> HttpResponse:
    report = reports.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "patient_report.take_up", report)
    form = AsideForm(request.POST)
    if form.is_valid():
        try:
            reports.lay_aside(by=request.user, report=report, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The report is laid aside; it stays readable."))
            return redirect("patient_page", report.patient_id)
    return _page(request, report, form)
