"""The audit trail of the clinic, for its lead and its auditor."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmeso.services import audit
from openmeso.web.requests import Request

EVENTS_A_PAGE = 50


@login_required
@require_safe
def events(request: Request) -> HttpResponse:
    every = Paginator(audit.of_clinic(by=request.user), EVENTS_A_PAGE)
    page = every.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "names": audit.names(page.object_list),
        # walking the whole chain takes time in an old clinic, so only when asked
        "verified": "verify" in request.GET,
        "broken_at": audit.verify() if "verify" in request.GET else None,
    }
    return render(request, "audit/list.html", context)
