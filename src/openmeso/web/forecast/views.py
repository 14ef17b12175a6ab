"""Where it goes and what to expect: of a patient's plan, and of a course made up to learn from."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmeso.gateways.forecast_sheet import forecast_sheet
from openmeso.gateways.reach_sheet import reach_sheet
from openmeso.services import forecast as forecasts
from openmeso.services import plan as plans
from openmeso.services.forecast import Expectation
from openmeso.services.knowledge import knowledge
from openmeso.terms.plan import PlanInputError
from openmeso.web.forecast.forms import ExploreForm, first_values
from openmeso.web.patient.context import patient_context
from openmeso.web.requests import Request


@login_required
@require_safe
def plan_forecast(request: Request, pk: UUID) -> HttpResponse:
    record = plans.get(by=request.user, pk=pk, purpose="forecast")
    context = said(forecasts.of_plan(by=request.user, plan_record=record)) | {"record": record}
    if request.htmx:
        return render(request, "forecast/body.html", context | {"place": "plan"})
    return render(request, "forecast/page.html", context | patient_context(record.patient))


@login_required
@require_safe
def explore(request: Request) -> HttpResponse:
    form = ExploreForm(request.GET if request.GET else first_values())
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        try:
            found = forecasts.explore(form.question())
        except PlanInputError as fault:
            form.add_error(None, f"{fault.message} {fault.remedy}".strip())
        else:
            context |= said(found) | {"explored": found.plan}
    template = "forecast/explore_answer.html" if request.htmx else "forecast/explore.html"
    # htmx shows only what succeeds: the faults are the answer's content there.
    status = 422 if form.errors and not request.htmx else 200
    return render(request, template, context, status=status)


def said(found: Expectation) -> dict[str, object]:
    """The expectation as pages and paper show it."""
    return {
        "reach": reach_sheet(found.reach, found.plan, knowledge()) if found.reach else None,
        "course": forecast_sheet(found.forecast, found.plan) if found.forecast else None,
        "no_reach": found.no_reach,
        "no_forecast": found.no_forecast,
    }
