"""A measurement: its picture with every hair traced, its numbers, and what holds."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openmeso.services import comparison as comparisons
from openmeso.services import device as devices
from openmeso.services import measurement as measurements
from openmeso.services import permission
from openmeso.services import plan as plans
from openmeso.services import session as sessions
from openmeso.web.comparison_line import comparison_line
from openmeso.web.device.words import scale_words
from openmeso.web.download import download
from openmeso.web.measurement.sheet import measurement_sheet
from openmeso.web.measurement_words import EDITOR_WORDS
from openmeso.web.patient.context import patient_context
from openmeso.web.requests import Request

if TYPE_CHECKING:
    from openmeso.records.models import Comparison, Measurement


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    record = measurements.get(by=request.user, pk=pk, purpose="care")
    return result_page(request, record)


def result_page(
    request: Request, record: "Measurement", status: int = 200, **more: object
) -> HttpResponse:
    """The page of one revision; ``more`` holds the form or the refusal of what was tried on it."""
    revisions = list(measurements.revisions(record))
    compared = list(comparisons.of_measurement(record))
    sheet = measurement_sheet(record)
    context = patient_context(record.patient) | {
        "record": record,
        "sheet": sheet,
        "own_devices": [
            (each, scale_words(each.um_per_px, each.relative_sd))
            for each in devices.in_use(record.patient.clinic_id, sheet.field.width_px)
            if each.pk != record.device_id
        ]
        if sheet.field
        else [],
        "revisions": revisions,
        "newest": revisions[0],
        "is_newest": revisions[0].pk == record.pk,
        "may_save": permission.may(request.user, "measurement.save", record),
        "may_accept": permission.may(request.user, "measurement.accept", record),
        "may_withdraw": permission.may(request.user, "measurement.withdraw", record),
        "draft_key": f"{request.user.pk}:{record.pk}",
        "compared": [comparison_line(each) for each in compared],
        "under_way": sessions.under_way(record.patient),
        "forecast_plan": next(
            (each for each in plans.of_patient(record.patient) if each.status == "approved"), None
        ),
        "offer": _offer(request, revisions[0], compared),
        "editor_words": {key: str(words) for key, words in EDITOR_WORDS.items()},
    }
    return render(request, "measurement/page.html", context | more, status=status)


def _offer(
    request: Request, newest: "Measurement", compared: list["Comparison"]
) -> comparisons.Offer | None:
    """The last picture of the same spot, for whoever may compare and has not."""
    if newest.picture_id is None or not permission.may(request.user, "comparison.save", newest):
        return None
    held = measurements.of_patient(newest.patient)
    return comparisons.offer(newest, held, compared)


@login_required
@require_safe
def picture(request: Request, pk: UUID) -> HttpResponse:
    record = measurements.get(by=request.user, pk=pk, purpose="care")
    content, media_type = measurements.picture(by=request.user, measurement=record, purpose="care")
    return HttpResponse(content, content_type=media_type)


@login_required
@require_POST
def accept(request: Request, pk: UUID) -> HttpResponse:
    record = measurements.get(by=request.user, pk=pk, purpose="accept")
    try:
        measurements.accept(by=request.user, measurement=record)
    except ValidationError as fault:
        return result_page(request, record, 409, refusal=" ".join(fault.messages))
    messages.success(request, _("Accepted: it counts in the charts and in the forecast."))
    return redirect("measurement_page", pk)


@login_required
@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    record = measurements.get(by=request.user, pk=pk, purpose="withdraw")
    because = request.POST.get("because", "")
    try:
        measurements.withdraw(by=request.user, measurement=record, because=because)
    except ValidationError as fault:
        said = " ".join(fault.messages)
        return result_page(request, record, 422, refusal=said, because=because)
    messages.success(request, _("Withdrawn: it counts no more, and stays to be read."))
    return redirect("measurement_page", pk)


@login_required
@require_safe
def dicom(request: Request, pk: UUID) -> HttpResponse:
    record = measurements.get(by=request.user, pk=pk, purpose="export")
    if record.picture is None:
        raise Http404
    is_named = request.GET.get("names") == "1"
    content = measurements.dicom(by=request.user, measurement=record, is_named=is_named)
    return download(content, "application/dicom", f"trichoscopy-{record.pk}.dcm")
