"""What becomes of a reaction: followed up, closed, corrected, reopened, taken back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openmeso.gateways import clock
from openmeso.services import adverse_event as events
from openmeso.services import permission
from openmeso.services.knowledge import knowledge
from openmeso.terms.adverse_event import Outcome
from openmeso.web.adverse_event.context import event_context, other_terms
from openmeso.web.adverse_event.forms import CloseForm, CorrectForm, StateForm, WhyForm
from openmeso.web.adverse_event.views import event_page
from openmeso.web.patient.adverse_event import quick_terms
from openmeso.web.patient.context import patient_context
from openmeso.web.refusal import chosen_lines, tell, typed_lines
from openmeso.web.requests import Request, posted

if TYPE_CHECKING:
    from openmeso.records.models import AdverseEvent


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: Request, pk: UUID) -> HttpResponse:
    """What is found when it is looked at again; begins from what was known last."""
    event = events.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "adverse_event.record", event)
    standing = events.standing_of(event)
    form = StateForm(
        posted(request),
        term=standing.term,
        state=standing.state,
        may_judge=permission.may(request.user, "adverse_event.decide", event),
        is_begun=True,
    )
    if not standing.is_open:
        return _closed(request, event, form)
    if request.method == "POST" and form.is_valid():
        try:
            events.follow_up(
                by=request.user,
                event=event,
                state=form.to_terms(),
                next_due_on=form.cleaned_data["next_due_on"],
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The follow-up is on record."))
            return redirect("adverse_event_page", pk)
    context = patient_context(event.patient) | event_context(event, request.user) | {"form": form}
    status = 422 if form.errors else 200
    return render(request, "adverse_event/follow.html", context, status=status)


def _closed(request: Request, event: "AdverseEvent", form: Form) -> HttpResponse:
    """Somebody closed it meanwhile: its page, with all that had been written on the form."""
    said = _("It is closed: reopen it first.")
    if request.method != "POST":
        messages.error(request, said)
        return redirect("adverse_event_page", event.pk)
    lines = chosen_lines(form) + typed_lines(form)
    return event_page(request, event, status=409, fault=said, typed=lines)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, pk: UUID) -> HttpResponse:
    """Put right what was written wrongly, the term too; the old note stays."""
    event = events.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "adverse_event.decide", event)
    standing, known = events.standing_of(event), knowledge().adverse_events
    term = known.get(request.GET.get("term", ""), standing.term)
    form = CorrectForm(posted(request), term=term, state=standing.state)
    if not standing.is_open:
        return _closed(request, event, form)
    if request.method == "POST" and form.is_valid():
        try:
            events.correct(
                by=request.user,
                event=event,
                state=form.to_terms(),
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("It is corrected; what stood before stays readable."))
            return redirect("adverse_event_page", pk)
    context = patient_context(event.patient) | event_context(event, request.user)
    context |= {"form": form, "term": term, "terms": [*quick_terms(), *other_terms()]}
    status = 422 if form.errors else 200
    return render(request, "adverse_event/correct.html", context, status=status)


@login_required
@require_POST
def close(request: Request, pk: UUID) -> HttpResponse:
    event = events.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "adverse_event.decide", event)
    form = CloseForm(request.POST, today=clock.today())

    def deed(typed: dict[str, Any]) -> None:
        events.close(
            by=request.user,
            event=event,
            outcome=Outcome(typed["outcome"]),
            ended_on=typed["ended_on"],
            text=typed["description"],
        )

    return _ended(request, event, deed, _("The reaction is closed."), close_form=form)


@login_required
@require_POST
def reopen(request: Request, pk: UUID) -> HttpResponse:
    event = events.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "adverse_event.record", event)
    form = WhyForm(request.POST, auto_id="reopen_%s")

    def deed(typed: dict[str, Any]) -> None:
        events.reopen(by=request.user, event=event, text=typed["reason"])

    return _ended(request, event, deed, _("It is open again, and due today."), reopen_form=form)


@login_required
@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    event = events.get(by=request.user, pk=pk, purpose="reaction")
    permission.require(request.user, "adverse_event.decide", event)
    form = WhyForm(request.POST, auto_id="withdraw_%s")

    def deed(typed: dict[str, Any]) -> None:
        events.withdraw(by=request.user, event=event, reason=typed["reason"])

    said = _("It is taken back and counts nowhere; it stays readable.")
    return _ended(request, event, deed, said, withdraw_form=form)


def _ended(
    request: Request,
    event: "AdverseEvent",
    deed: Callable[[dict[str, Any]], None],
    said: str,
    **named: Form,
) -> HttpResponse:
    """Do what was typed and go back to the reaction; a wrong form comes back on its page."""
    (form,) = named.values()
    if form.is_valid():
        try:
            deed(form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, said)
            return redirect("adverse_event_page", event.pk)
    return event_page(request, event, 200, **named)
