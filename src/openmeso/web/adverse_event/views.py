"""Reactions: recorded in one touch or in full, and read with their history."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.gateways import clock
from openmeso.services import adverse_event as events
from openmeso.services import patient as patients
from openmeso.services import permission
from openmeso.services import session as sessions
from openmeso.services.knowledge import knowledge
from openmeso.web.adverse_event.context import (
    blank_state,
    event_context,
    flags_of_term,
    other_terms,
)
from openmeso.web.adverse_event.forms import CloseForm, StateForm, WhyForm
from openmeso.web.patient.adverse_event import quick_terms
from openmeso.web.patient.context import patient_context
from openmeso.web.refusal import tell, typed_lines
from openmeso.web.requests import Request, posted

if TYPE_CHECKING:
    from openmeso.records.models import AdverseEvent, Patient, Session


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: UUID) -> HttpResponse:
    """First the term, then its grades in words and all that is known."""
    patient = patients.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "adverse_event.record", patient)
    session = _session(request, patient)
    term = knowledge().adverse_events.get(request.GET.get("term", ""))
    window = knowledge().reaction_windows.get(request.GET.get("window", ""))
    context = patient_context(patient) | {"session": session, "window": window}
    if term is None:
        wanted = window.terms if window else ()
        context["near"] = [one for one in knowledge().adverse_events.values() if one.id in wanted]
        context |= {"quick_terms": quick_terms(), "other_terms": other_terms()}
        return render(request, "adverse_event/choose.html", context)
    form = StateForm(
        posted(request),
        term=term,
        state=blank_state(term),
        may_judge=permission.may(request.user, "adverse_event.decide", patient),
    )
    if request.method == "POST" and form.is_valid():
        try:
            event = events.record(
                by=request.user,
                patient=patient,
                state=form.to_terms(),
                session=session,
                next_due_on=form.cleaned_data["next_due_on"],
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The reaction is on record."))
            return redirect("adverse_event_page", event.pk)
    context |= {"form": form, "term": term, "flags": flags_of_term(term)}
    status = 422 if form.errors else 200
    return render(request, "adverse_event/add.html", context, status=status)


def _session(request: Request, patient: "Patient") -> "Session | None":
    """The session it was seen at, where the address names one of this patient."""
    try:
        pk = UUID(request.GET.get("session") or request.POST.get("session", ""))
    except ValueError:
        return None
    return sessions.of_patient(patient).filter(pk=pk).first()


@login_required
@require_POST
def quick(request: Request, pk: UUID) -> HttpResponse:
    """One touch: the term at its mildest grade, begun today."""
    patient = patients.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "adverse_event.record", patient)
    term = knowledge().adverse_events.get(request.POST.get("term", ""))
    if term is None or not term.expected:
        messages.error(request, _("Only the expected, passing ones take one touch."))
        return redirect("adverse_event_add", pk)
    event = events.record(
        by=request.user,
        patient=patient,
        state=blank_state(term),
        session=_session(request, patient),
    )
    due = events.standing_of(event).note.next_due_on
    said = _("%(term)s, grade %(grade)d, is on record. Look again on %(on)s.")
    messages.success(
        request, said % {"term": term.term, "grade": term.mildest, "on": f"{due:%-d %B}"}
    )
    return redirect(_back(request) or event_url(event))


def _back(request: Request) -> str:
    """The page the touch came from; only ever one of ours."""
    url = request.POST.get("next", "")
    if not url.startswith("/"):  # redirect() would take it for the name of a page
        return ""
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""


def event_url(event: "AdverseEvent") -> str:
    """Where a reaction is read."""
    return reverse("adverse_event_page", args=[event.pk])


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    return event_page(request, events.get(by=request.user, pk=pk, purpose="reaction"))


def event_page(
    request: Request, event: "AdverseEvent", status: int = 200, **forms: object
) -> HttpResponse:
    """The page of a reaction, its reading noted already; wrong forms come back on it."""
    wrong = [form for form in forms.values() if isinstance(form, Form) and form.errors]
    context = patient_context(event.patient) | event_context(event, request.user)
    context |= {
        "close_form": CloseForm(today=clock.today()),
        "withdraw_form": WhyForm(auto_id="withdraw_%s"),
        "reopen_form": WhyForm(auto_id="reopen_%s"),
        "wrong": wrong,
        "typed": [line for form in wrong for line in typed_lines(form)],
        **forms,
    }
    return render(request, "adverse_event/page.html", context, status=422 if wrong else status)
