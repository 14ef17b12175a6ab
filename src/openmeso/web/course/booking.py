"""Book a series: every date shown and checked before any of it is booked."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openmeso.gateways import clock
from openmeso.services import booking, permission
from openmeso.services import clinic as clinics
from openmeso.services import course as courses
from openmeso.services.practitioner import practitioners
from openmeso.terms.course import Proposed
from openmeso.web.course.forms import SeriesForm, SlotsForm
from openmeso.web.patient.context import patient_context
from openmeso.web.refusal import tell
from openmeso.web.requests import Request, posted

if TYPE_CHECKING:
    from openmeso.records.models import Course

TEN = time(10)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page stands on: the course, who may give it, and both forms."""

    standing: courses.Progress
    form: SeriesForm
    slots: SlotsForm
    minutes: int


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request, pk: UUID) -> HttpResponse:
    course = courses.get(by=request.user, pk=pk, purpose="booking")
    permission.require(request.user, "course.book", course)
    sheet = _sheet(request, course)
    if request.method == "POST":
        return _posted(request, course, sheet)
    proposed: tuple[Proposed, ...] = ()
    if sheet.form.is_valid() and sheet.standing.left:
        typed = sheet.form.cleaned_data
        proposed = booking.propose(course, typed["first_on"], typed["at"], typed["practitioner"])
    status = 422 if sheet.form.is_bound and sheet.form.errors else 200
    return _shown(request, course, sheet, proposed, status)


def _sheet(request: Request, course: "Course") -> Sheet:
    standing = courses.progress(course)
    given = request.POST if request.method == "POST" else request.GET
    people = practitioners(course.patient.clinic)
    return Sheet(
        standing=standing,
        form=SeriesForm(given or None, people=people, initial=_initial(standing)),
        slots=SlotsForm(posted(request), numbers=standing.left),
        minutes=max(round(standing.plan.minutes.minutes), 1),
    )


def _initial(standing: courses.Progress) -> dict[str, object]:
    clinic = standing.course.patient.clinic
    tomorrow = clock.today() + timedelta(days=1)
    first_on: date = max(standing.next_due or tomorrow, tomorrow)
    hours = clinics.opening_hours(clinic).of_day(first_on)
    return {
        "first_on": first_on,
        "at": max(hours[0][0], TEN) if hours else TEN,
        "practitioner": str(standing.course.plan.practitioner_id or ""),
    }


def _posted(request: Request, course: "Course", sheet: Sheet) -> HttpResponse:
    if not (sheet.form.is_valid() and sheet.slots.is_valid()):
        return _shown(request, course, sheet, (), 422)
    slots = sheet.slots.slots(sheet.minutes)
    practitioner = sheet.form.cleaned_data["practitioner"]
    if request.POST.get("action") != "book":
        return _shown(request, course, sheet, booking.look(course, slots, practitioner), 200)
    try:
        done = booking.book(by=request.user, course=course, slots=slots, practitioner=practitioner)
    except booking.SeriesConflict as refused:
        return _shown(request, course, sheet, refused.proposed, 422)
    except ValidationError as error:
        tell(sheet.form, error)
        return _shown(request, course, sheet, booking.look(course, slots, practitioner), 422)
    counts = {"new": done.new, "moved": done.moved, "unchanged": done.unchanged}
    messages.success(
        request,
        _("Booked: %(new)d new, %(moved)d moved, %(unchanged)d as they were.") % counts,
    )
    return redirect("course_page", course.pk)


def _shown(
    request: Request, course: "Course", sheet: Sheet, proposed: tuple[Proposed, ...], status: int
) -> HttpResponse:
    context = patient_context(course.patient) | {
        "course": course,
        "standing": sheet.standing,
        "form": sheet.form,
        "slots_form": sheet.slots,
        "proposed": proposed,
        "conflicts": sum(bool(one.conflicts) for one in proposed),
        "minutes": sheet.minutes,
        "hours_known": bool(clinics.opening_hours(course.patient.clinic).hours),
    }
    return render(request, "course/book.html", context, status=status)
