"""The clinic: its particulars, closing days and how long its sessions take."""

from collections import defaultdict
from statistics import median

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openmeso.services import clinic as clinics
from openmeso.services import device as devices
from openmeso.services import lot as lots
from openmeso.services import membership, permission, product, protocol, session_length
from openmeso.services.knowledge import knowledge
from openmeso.services.permission import own_clinic
from openmeso.web.clinic.forms import WEEKDAYS, ClinicForm, ClosingDaysForm
from openmeso.web.refusal import tell
from openmeso.web.requests import Request, posted


@login_required
@require_safe
def page(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "training.see", clinic)
    closed = clinics.closing_days(clinic)
    names = dict(WEEKDAYS)
    context = {
        "clinic": clinic,
        "closed_weekdays": [names[str(day)] for day in closed.weekdays],
        "closed_dates": closed.dates,
        "members": membership.members(clinic).count(),
        "lots": lots.of_clinic(clinic).filter(stock_ul__gt=0).count(),
        "products": product.of_clinic(clinic).count(),
        "protocols": protocol.of_clinic(clinic).count(),
        "devices": devices.of_clinic(clinic).filter(retired_at__isnull=True).count(),
        "sessions": len(session_length.recorded(clinic)),
        "may_trace": permission.may(request.user, "recall.trace", clinic),
        "may_manage": permission.may(request.user, "clinic.manage", clinic),
    }
    return render(request, "clinic/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "clinic.manage", clinic)
    initial = {"name": clinic.name, "country": clinic.country, "timezone": clinic.timezone}
    initial["signature"] = clinic.signature
    form = ClinicForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            clinics.change(by=request.user, clinic=clinic, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The clinic's particulars are saved."))
            return redirect("clinic_page")
    return render(request, "clinic/edit.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def closing_days(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "clinic.manage", clinic)
    closed = clinics.closing_days(clinic)
    initial = {
        "weekdays": [str(day) for day in closed.weekdays],
        "dates": "\n".join(day.isoformat() for day in closed.dates),
    }
    form = ClosingDaysForm(posted(request), initial=initial)
    # an empty form is a clinic that never closes: it has no field to be bound by
    if request.method == "POST":
        form = ClosingDaysForm(request.POST)
        if form.is_valid():
            days = [int(day) for day in form.cleaned_data["weekdays"]]
            try:
                clinics.set_closing_days(
                    by=request.user, clinic=clinic, weekdays=days, dates=form.cleaned_data["dates"]
                )
            except ValidationError as error:
                tell(form, error)
            else:
                messages.success(request, _("The closing days are saved."))
                return redirect("clinic_page")
    return render(
        request, "clinic/closing_days.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_safe
def sessions(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "training.see", clinic)
    by_technique: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for each in session_length.recorded(clinic):
        by_technique[each.technique].append((each.points, each.minutes))
    known = knowledge().techniques
    rows = [
        {
            "technique": known[technique].name if technique in known else technique,
            "count": len(rows),
            "points": median(points for points, _minutes in rows),
            "minutes": median(minutes for _points, minutes in rows),
            "low": min(minutes for _points, minutes in rows),
            "high": max(minutes for _points, minutes in rows),
        }
        for technique, rows in by_technique.items()
    ]
    return render(request, "clinic/sessions.html", {"rows": rows})
