"""Set a picture's scale; correct its hairs by hand."""

import json
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openmeso.gateways.conversion import ConversionError, structure
from openmeso.services import device as devices
from openmeso.services import measurement as measurements
from openmeso.services import permission
from openmeso.services.refusal import NotFound
from openmeso.terms.measurement import MOST_DRAWN_HAIRS, DrawnHair
from openmeso.terms.trichoscopy import TrichoscopyInputError
from openmeso.web.measurement.forms import ScaleForm
from openmeso.web.measurement.views_result import result_page
from openmeso.web.requests import Request

if TYPE_CHECKING:
    from openmeso.records.models import Measurement

MOST_SHOWN = 200


@login_required
@require_POST
def rescale(request: Request, pk: UUID) -> HttpResponse:
    record = measurements.get(by=request.user, pk=pk, purpose="measure")
    permission.require(request.user, "measurement.save", record)
    if "own_device" in request.POST:
        return _by_device(request, record)
    form = ScaleForm(request.POST)
    if not form.is_valid():
        return result_page(request, record, 422, scale_form=form)
    try:
        made = measurements.rescale(
            by=request.user,
            measurement=record,
            scale=form.scale(),
            device=form.cleaned_data["device"],
        )
    except ValidationError as fault:
        said = " ".join(fault.messages)
        return result_page(request, record, 409, refusal=said, scale_form=form)
    messages.success(request, _("Measured again with this scale."))
    return redirect("measurement_page", made.pk)


def _by_device(request: Request, record: "Measurement") -> HttpResponse:
    """With the scale of a device of the clinic's own."""
    try:
        own = devices.find(request.user, UUID(request.POST["own_device"]))
        width_px = record.data["automatic"]["width_px"] if record.picture_id else 0
        made = measurements.rescale(
            by=request.user,
            measurement=record,
            scale=devices.to_terms(own).scale(width_px),
            device=own.name,
            device_id=own.pk,
        )
    except (ValueError, NotFound) as fault:
        said = str(fault) if isinstance(fault, TrichoscopyInputError) else _("Choose a device.")
        return result_page(request, record, 422, refusal=said)
    except ValidationError as fault:
        return result_page(request, record, 409, refusal=" ".join(fault.messages))
    messages.success(request, _("Measured again with this scale."))
    return redirect("measurement_page", made.pk)


@login_required
@require_POST
def correct(request: Request, pk: UUID) -> HttpResponse:
    record = measurements.get(by=request.user, pk=pk, purpose="correct")
    permission.require(request.user, "measurement.save", record)
    try:
        hairs = drawn_hairs(request.POST.get("hairs", ""))
        made = measurements.correct(by=request.user, measurement=record, hairs=hairs)
    except ValidationError as fault:
        return result_page(request, record, 422, refusal=" ".join(fault.messages))
    messages.success(request, _("Corrected. The automatic count is kept beside it."))
    return redirect("measurement_page", made.pk)


def drawn_hairs(text: str) -> tuple[DrawnHair, ...]:
    """The hairs that the editor sends; ValidationError with what is wrong with them."""
    try:
        hairs = structure(json.loads(text), tuple[DrawnHair, ...])
    except (json.JSONDecodeError, ConversionError, RecursionError) as fault:
        raise ValidationError(
            _("The corrected hairs cannot be read: %(fault)s") % {"fault": str(fault)[:MOST_SHOWN]}
        ) from fault
    if len(hairs) > MOST_DRAWN_HAIRS:
        raise ValidationError(_("At most %(most)d hairs.") % {"most": MOST_DRAWN_HAIRS})
    return hairs
