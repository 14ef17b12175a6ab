"""The gallery of components, for whoever builds a page."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmeso.gateways import clock
from openmeso.services.knowledge import knowledge
from openmeso.terms.provenance import Quantity
from openmeso.web.patient.forms import PatientForm
from openmeso.web.requests import Request

STRENGTHS = (
    "block",
    "override",
    "advise",
    "could_not_run",
    "defer",
    "prescriber_decision",
    "ok",
    "assumption",
)
ICONS = [
    "block",
    "override",
    "advise",
    "ok",
    "unknown",
    "defer",
    "patients",
    "knowledge",
    "clinic",
    "account",
    "search",
    "add",
    "assess",
    "plan",
    "edit",
    "source",
    "next",
    "back",
    "print",
    "lock",
    "close",
    "mark",
]


@login_required
@require_safe
def gallery(request: Request) -> HttpResponse:
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404("only for those who build pages")
    facts = list(knowledge().facts)[:3]
    form = PatientForm({"given_name": "Deniz"}, today=clock.today())
    form.is_valid()
    context = {
        "badges": STRENGTHS,
        "icons": ICONS,
        "facts": facts,
        "sourced": Quantity("mm", low=2, high=4, value=3, facts=tuple(facts)),
        "assumed": Quantity("mL", value=0.05, assumption="no size was published"),
        "form": form,
        "page": Paginator(range(100), 10).get_page(3),
    }
    return render(request, "gallery/gallery.html", context)
