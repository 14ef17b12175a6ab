"""Appointments: a day or a week of the clinic; call one off, or say that nobody came."""

from datetime import timedelta
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.gateways import clock
from openmeso.services import booking, permission
from openmeso.services import clinic as clinics
from openmeso.services.permission import own_clinic
from openmeso.web.course.forms import OpeningHoursForm, ReasonForm, day_of
from openmeso.web.refusal import tell
from openmeso.web.requests import Request

WEEK = 7


@login_required
@require_safe
def days(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    today = clock.today()
    first = day_of(request.GET.get("day", ""), today)
    week = request.GET.get("view") == "week"
    if week:
        first -= timedelta(days=first.weekday())
    length = WEEK if week else 1
    listed = booking.day_list(by=request.user, first=first, days=length)
    by_day = groupby(listed, lambda one: timezone.localtime(one.starts_at).date())
    found = {day: list(of_day) for day, of_day in by_day}
    spanned = [first + timedelta(days=n) for n in range(length)]
    context = {
        "days": [(day, found.get(day, [])) for day in spanned],
        "first": first,
        "week": week,
        "before": first - timedelta(days=length),
        "after": first + timedelta(days=length),
        "today": today,
        "now": clock.now(),
        "may_book": permission.may(request.user, "course.book", clinic),
    }
    return render(request, "course/appointments.html", context)


@login_required
@require_POST
def cancel(request: Request, pk: UUID) -> HttpResponse:
    return _end(request, pk, missed=False)


@login_required
@require_POST
def miss(request: Request, pk: UUID) -> HttpResponse:
    return _end(request, pk, missed=True)


def _end(request: Request, pk: UUID, *, missed: bool) -> HttpResponse:
    found = booking.find(request.user, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        deed = booking.miss if missed else booking.cancel
        try:
            deed(by=request.user, appointment=found, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("It is written down; the session is still to be given."))
            return redirect("course_page", found.course_id)
    context = {
        "appointment": found,
        "form": form,
        "missed": missed,
    }
    return render(request, "course/appointment_end.html", context, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def opening_hours(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "clinic.manage", clinic)
    initial = OpeningHoursForm.typed(clinics.opening_hours(clinic))
    form = OpeningHoursForm(initial=initial)
    # a form left empty is a clinic that tells no hours: it has no field to be bound by
    if request.method == "POST":
        form = OpeningHoursForm(request.POST)
        if form.is_valid():
            try:
                clinics.set_opening_hours(
                    by=request.user, clinic=clinic, hours=form.cleaned_data["hours"]
                )
            except ValidationError as error:
                tell(form, error)
            else:
                messages.success(request, _("The opening hours are saved."))
                return redirect("clinic_page")
    return render(
        request, "course/opening_hours.html", {"form": form}, status=422 if form.errors else 200
    )
