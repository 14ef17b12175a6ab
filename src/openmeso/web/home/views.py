"""Today: where somebody signed in starts from."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmeso.gateways import clock
from openmeso.services import adverse_event as events
from openmeso.services import patient as patients
from openmeso.services import patient_report as reports
from openmeso.services import permission
from openmeso.services import plan as plans
from openmeso.services import today as todays
from openmeso.web.requests import Request

SHOWN = 6


@login_required
@require_safe
def home(request: Request) -> HttpResponse:
    may_see = permission.may(request.user, "patient.see")
    context = {
        "today": clock.today(),
        "may_see_patients": may_see,
        "due": todays.due(by=request.user) if may_see else (),
        "reactions_due": events.due(by=request.user) if may_see else (),
        "reports_waiting": reports.waiting(by=request.user) if may_see else (),
        "plans": plans.visible_to(request.user)[:SHOWN] if may_see else (),
        "patients": patients.visible_to(request.user).order_by("-created_at")[:SHOWN]
        if may_see
        else (),
    }
    return render(request, "home/home.html", context)
