"""What somebody signed in has been trained in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmeso.gateways import clock
from openmeso.services import practitioner
from openmeso.services.knowledge import knowledge
from openmeso.web.requests import Request


@login_required
@require_safe
def page(request: Request) -> HttpResponse:
    held = list(practitioner.trainings(request.user))
    context = {
        "today": clock.today(),
        "techniques": [
            (technique, [each for each in held if each.technique == technique.id])
            for technique in knowledge().techniques.values()
        ],
    }
    return render(request, "practitioner/page.html", context)
