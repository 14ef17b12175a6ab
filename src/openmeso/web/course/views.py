"""A course: where it stands, how it goes on, and what to consider at the decision visits."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openmeso.science.planning.decision import SALINE
from openmeso.services import course as courses
from openmeso.services import decision as decisions
from openmeso.services import permission
from openmeso.services import plan as plans
from openmeso.services.permission import own_clinic
from openmeso.web.course.forms import DecisionForm, ReasonForm
from openmeso.web.patient.context import patient_context
from openmeso.web.refusal import tell, typed_lines
from openmeso.web.requests import Request

if TYPE_CHECKING:
    from openmeso.records.models import Course


@login_required
@require_POST
def start(request: Request, pk: UUID) -> HttpResponse:
    plan = plans.get(by=request.user, pk=pk, purpose="course")
    try:
        course = courses.start(by=request.user, plan=plan)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("plan_page", pk)
    return redirect("course_page", course.pk)


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, courses.get(by=request.user, pk=pk, purpose="care"))


def _page(request: Request, course: "Course", **forms: ReasonForm) -> HttpResponse:
    standing = courses.progress(course)
    wrong = [form for form in forms.values() if form.errors]
    context = patient_context(course.patient) | {
        "course": course,
        "standing": standing,
        "rows": _rows(standing),
        "zone": course.patient.clinic.timezone,
        "decision_weeks": decisions.weeks_of(standing),
        "week": decisions.week_of(standing),
        "may_give": permission.may(request.user, "session.give", course),
        "may_book": permission.may(request.user, "course.book", course),
        "may_stop": permission.may(request.user, "course.stop", course),
        "pause_form": ReasonForm(auto_id="pause_%s"),
        "stop_form": ReasonForm(auto_id="stop_%s"),
        **forms,
        "wrong": wrong,
        "typed": [line for form in wrong for line in typed_lines(form)],
    }
    return render(request, "course/page.html", context, status=422 if wrong else 200)


def _rows(standing: courses.Progress) -> list[dict[str, object]]:
    """Every session of the plan with its date, its appointment and its interval."""
    given = dict(standing.given)
    rhythm = {one.number: one for one in standing.intervals}
    booked = {one.number: one for one in standing.booked}
    lost = {one.number: one for one in standing.appointments if one.status == "missed"}
    planned = {v.session_number: v.on for v in standing.plan.visits if v.session_number is not None}
    return [
        {
            "number": number,
            "planned_on": planned[number],
            "given_on": given.get(number),
            "interval": rhythm.get(number),
            "appointment": booked.get(number),
            "is_missed": booked.get(number) in standing.missed,
            "lost": lost.get(number),
        }
        for number in range(1, standing.sessions + 1)
    ]


def _deed(
    request: Request, pk: UUID, name: str, do: Callable[["Course", str], object], said: str
) -> HttpResponse:
    course = courses.get(by=request.user, pk=pk, purpose="care")
    permission.require(request.user, "course.stop" if name == "stop" else "course.book", course)
    form = ReasonForm(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            do(course, form.cleaned_data["reason"])
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, said)
            return redirect("course_page", pk)
    return _page(request, course, **{f"{name}_form": form})


@login_required
@require_POST
def pause(request: Request, pk: UUID) -> HttpResponse:
    return _deed(
        request, pk, "pause",
        lambda course, reason: courses.pause(by=request.user, course=course, reason=reason),
        _("The course is paused. What is booked stays booked: cancel it where it is not kept."),
    )  # fmt: skip


@login_required
@require_POST
def stop(request: Request, pk: UUID) -> HttpResponse:
    return _deed(
        request, pk, "stop",
        lambda course, reason: courses.stop(by=request.user, course=course, reason=reason),
        _("The course is stopped, and what was booked is cancelled."),
    )  # fmt: skip


@login_required
@require_POST
def resume(request: Request, pk: UUID) -> HttpResponse:
    course = courses.get(by=request.user, pk=pk, purpose="care")
    try:
        courses.resume(by=request.user, course=course)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The course goes on."))
    return redirect("course_page", pk)


@login_required
@require_safe
def decision(request: Request, pk: UUID) -> HttpResponse:
    """Forecast and measurement side by side, and what to consider; the practitioner decides."""
    course = courses.get(by=request.user, pk=pk, purpose="decision")
    standing = courses.progress(course)
    form = DecisionForm(request.GET or None)
    typed = form.response(decisions.week_of(standing)) if form.is_valid() else None
    context = patient_context(course.patient) | {
        "course": course,
        "standing": standing,
        "form": form,
        "decision": decisions.of_course(standing, typed),
        "saline": SALINE,
        "may_stop": permission.may(request.user, "course.stop", course),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "course/decision.html", context, status=status)


@login_required
@require_safe
def funnel(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "patient.see", clinic)
    context = {"steps": courses.funnel(clinic), "stopped": courses.stop_reasons(clinic)[:20]}
    return render(request, "course/funnel.html", context)
