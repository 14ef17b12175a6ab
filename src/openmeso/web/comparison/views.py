"""Compare two pictures of one spot; the page of what came out."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.services import comparison as comparisons
from openmeso.services import measurement as measurements
from openmeso.services import permission
from openmeso.services.refusal import NotFound
from openmeso.terms.comparison import ComparisonKind
from openmeso.web.comparison.sheet import comparison_sheet
from openmeso.web.comparison_line import comparison_line
from openmeso.web.patient.context import patient_context
from openmeso.web.requests import Request

if TYPE_CHECKING:
    from openmeso.records.models import Comparison, Measurement


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, pk: UUID) -> HttpResponse:
    after = measurements.get(by=request.user, pk=pk, purpose="compare")
    permission.require(request.user, "comparison.save", after)
    if request.method != "POST":
        return _choose_page(request, after)
    try:
        before = measurements.get(by=request.user, pk=_chosen(request), purpose="compare")
        made = comparisons.compare(by=request.user, before=before, after=after, kind=_kind(request))
    except NotFound:
        return _choose_page(request, after, 422, refusal=_("Choose an earlier picture."))
    except ValidationError as fault:
        return _choose_page(request, after, 422, refusal=" ".join(fault.messages))
    return redirect("comparison_page", made.pk)


def _chosen(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("before", ""))
    except ValueError:
        raise ValidationError(_("Choose an earlier picture.")) from None


def _kind(request: Request) -> ComparisonKind:
    try:
        return ComparisonKind(request.POST.get("kind", ComparisonKind.VISITS.value))
    except ValueError:
        raise ValidationError(_("Choose what to compare for.")) from None


def _choose_page(
    request: Request, after: "Measurement", status: int = 200, refusal: str = ""
) -> HttpResponse:
    context = patient_context(after.patient) | {
        "record": after,
        "comparable": [
            (each, (after.measured_on - each.measured_on).days)
            for each in comparisons.comparable(after)
        ],
        "made": [comparison_line(each) for each in comparisons.of_measurement(after)],
        "chosen": request.POST.get("before", ""),
        "kind": request.POST.get("kind", ComparisonKind.VISITS.value),
        "refusal": refusal,
    }
    return render(request, "comparison/choose.html", context, status=status)


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, comparisons.get(by=request.user, pk=pk, purpose="care"))


def _page(
    request: Request, record: "Comparison", status: int = 200, refusal: str = ""
) -> HttpResponse:
    context = patient_context(record.patient) | {
        "record": record,
        "sheet": comparison_sheet(record),
        "may_accept": permission.may(request.user, "comparison.accept", record),
        "may_withdraw": permission.may(request.user, "comparison.withdraw", record),
        "refusal": refusal,
        "because": request.POST.get("because", ""),
    }
    return render(request, "comparison/page.html", context, status=status)


@login_required
@require_POST
def accept(request: Request, pk: UUID) -> HttpResponse:
    record = comparisons.get(by=request.user, pk=pk, purpose="accept")
    try:
        comparisons.accept(by=request.user, comparison=record)
    except ValidationError as fault:
        return _page(request, record, 409, " ".join(fault.messages))
    messages.success(request, _("Accepted."))
    return redirect("comparison_page", pk)


@login_required
@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    record = comparisons.get(by=request.user, pk=pk, purpose="withdraw")
    try:
        comparisons.withdraw(
            by=request.user, comparison=record, because=request.POST.get("because", "")
        )
    except ValidationError as fault:
        return _page(request, record, 422, " ".join(fault.messages))
    messages.success(request, _("Withdrawn: it counts no more, and stays to be read."))
    return redirect("comparison_page", pk)
