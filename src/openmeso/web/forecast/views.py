"""Where it goes and what to expect: of a patient's plan, and of a course made up to learn from."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmeso.services import forecast as forecasts
from openmeso.services import measurement as measurements
from openmeso.services import plan as plans
from openmeso.terms.plan import PlanInputError
from openmeso.terms.reach import Skin
from openmeso.web.forecast.context import expectation_context
from openmeso.web.forecast.forms import ExploreForm, first_values
from openmeso.web.forecast.measured import measured_context, seen_in
from openmeso.web.patient.context import patient_context
from openmeso.web.requests import Request

ON_FAT = Skin.DERMIS_ON_FAT


@login_required
@require_safe
def plan_forecast(request: Request, pk: UUID) -> HttpResponse:
    record = plans.get(by=request.user, pk=pk, purpose="forecast")
    measured = measurements.measured_outcomes(record.patient, plans.to_terms(record))
    found = forecasts.of_measured_plan(by=request.user, plan_record=record, measured=measured)
    skin = ON_FAT if request.GET.get("skin") == ON_FAT else Skin.DERMIS
    context = expectation_context(found.before, seen_in(found), skin=skin)
    context |= measured_context(found) | {"record": record}
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
            skin = form.skin_chosen()
            context |= expectation_context(found, skin=skin)
            context["explored"] = found.plan
    template = "forecast/explore_answer.html" if request.htmx else "forecast/explore.html"
    # htmx shows only what succeeds: the faults are the answer's content there.
    status = 422 if form.errors and not request.htmx else 200
    return render(request, template, context, status=status)
