"""The clinic's devices: calibrate one, calibrate it again, retire it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.gateways import clock
from openmeso.services import device as device_service
from openmeso.services import permission
from openmeso.services.permission import own_clinic
from openmeso.terms.device import BASES, Basis, CalibrationWay
from openmeso.web.device.forms import DeviceForm, RetireForm
from openmeso.web.device.words import WAYS, device_words, mm_per_px, scale_words
from openmeso.web.refusal import tell
from openmeso.web.requests import Request, posted

if TYPE_CHECKING:
    from openmeso.records.models import Device

COPIED = ("name", "maker", "lens", "picture_width_px", "way")


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device in the clinic's list, and at the head of its own page."""

    device: "Device"
    scale: str
    way: object
    is_assumed: bool


@login_required
@require_safe
def devices(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "device.see", clinic)
    held = [_line(each) for each in device_service.of_clinic(clinic)]
    context = {
        "in_use": [each for each in held if not each.device.retired_at],
        "retired": [each for each in held if each.device.retired_at],
        "on_pictures": [
            (each, device_words(each)) for each in device_service.set_on_pictures(clinic.pk)
        ],
        "shipped": [(each, device_words(each)) for each in device_service.shipped()],
        "may_save": permission.may(request.user, "device.save", clinic),
    }
    return render(request, "device/list.html", context)


def _line(device: "Device") -> DeviceLine:
    return DeviceLine(
        device,
        scale_words(device.um_per_px, device.relative_sd),
        WAYS[device.way],
        BASES[CalibrationWay(device.way)] is Basis.ASSUMPTION,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    permission.require(request.user, "device.save", own_clinic(request.user))
    named: dict[str, object] = {name: request.GET[name] for name in COPIED if name in request.GET}
    return _calibrated(request, None, named)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calibrate(request: Request, pk: UUID) -> HttpResponse:
    former = device_service.find(request.user, pk)
    permission.require(request.user, "device.save", former)
    return _calibrated(request, former, {name: getattr(former, name) for name in COPIED})


def _calibrated(
    request: Request, former: "Device | None", initial: dict[str, object]
) -> HttpResponse:
    form = DeviceForm(
        posted(request),
        initial={"calibrated_on": clock.today()} | initial,
        today=clock.today(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = device_service.add(
                by=request.user,
                clinic=own_clinic(request.user),
                device=form.to_terms(),
                calibration=form.calibration(),
                instead_of=former,
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The device is offered for the next picture."))
            return redirect("device_page", made.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "former": former}
    return render(request, "device/add.html", context, status=status)


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    found = device_service.find(request.user, pk)
    permission.require(request.user, "device.see", found)
    return _page(request, found, RetireForm())


def _page(request: Request, device: "Device", form: RetireForm) -> HttpResponse:
    context = {
        "device": device,
        "line": _line(device),
        "form": form,
        "mm_per_px": mm_per_px(device.um_per_px),
        "error_percent": f"{100 * device.relative_sd:.3g}",
        "may_save": permission.may(request.user, "device.save", device),
    }
    return render(request, "device/page.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def retire(request: Request, pk: UUID) -> HttpResponse:
    found = device_service.find(request.user, pk)
    permission.require(request.user, "device.save", found)
    form = RetireForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        device_service.retire(by=request.user, device=found, because=form.cleaned_data["because"])
    except ValidationError as error:
        tell(form, error)
        return _page(request, found, form)
    messages.success(request, _("Retired. What it measured goes on citing it."))
    return redirect("device_list")
