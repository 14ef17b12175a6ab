"""Measure: a picture, another device's numbers, or a score on a scale."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from openmeso.gateways import clock
from openmeso.gateways.picture import PictureError, read_picture
from openmeso.gateways.picture_words import fault_words
from openmeso.services import assessment as assessments
from openmeso.services import device as devices
from openmeso.services import measurement as measurements
from openmeso.services import patient as patients
from openmeso.services import permission
from openmeso.services.knowledge import knowledge
from openmeso.terms.scale import Scale
from openmeso.web.measurement.forms import PictureForm, ScoreForm, ValuesForm
from openmeso.web.patient.context import patient_context
from openmeso.web.refusal import tell
from openmeso.web.requests import Request, posted

if TYPE_CHECKING:
    from openmeso.records.models import Measurement, Patient

MOST_PICTURES = 12
FIRST_SCALE = "norwood_hamilton"


def _opened(request: Request, pk: UUID) -> "Patient":
    patient = patients.get(by=request.user, pk=pk, purpose="measure")
    permission.require(request.user, "measurement.save", patient)
    return patient


def _shown(
    request: Request, patient: "Patient", template: str, form: Form, **more: object
) -> HttpResponse:
    context = patient_context(patient) | {"form": form} | more
    refused = form.errors or more.get("refused")
    return render(request, f"measurement/{template}.html", context, status=422 if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: Request, pk: UUID) -> HttpResponse:
    patient = _opened(request, pk)
    kept: dict[str, Any] = {
        "today": clock.today(),
        "devices": devices.offered(patient.clinic_id, patient),
    }
    if request.method != "POST":
        initial = {"measured_on": clock.today()} | _as_last_time(patient)
        if initial.get("scale") not in {one.key for one in kept["devices"]}:
            initial.pop("scale", None)
        return _shown(request, patient, "add", PictureForm(initial=initial, **kept))
    form = PictureForm(request.POST, **kept)
    uploads = request.FILES.getlist("pictures")
    if not 1 <= len(uploads) <= MOST_PICTURES:
        form.add_error(
            None,
            _("Choose one to %(most)d pictures.") % {"most": MOST_PICTURES},
        )
    if not form.is_valid():
        return _shown(request, patient, "add", form)
    made, refused = _measure_each(request, patient, form, uploads)
    if refused:
        return _shown(request, patient, "add", form, refused=refused, made=made)
    if len(made) == 1:
        return redirect("measurement_page", made[0].pk)
    messages.success(
        request,
        ngettext("%(n)d picture is measured.", "%(n)d pictures are measured.", len(made))
        % {"n": len(made)},
    )
    unfit = sum(one.is_refused for one in made)
    if unfit:
        messages.warning(
            request,
            ngettext(
                "%(n)d picture is not good enough to be counted: open it to see why.",
                "%(n)d pictures are not good enough to be counted: open them to see why.",
                unfit,
            )
            % {"n": unfit},
        )
    return redirect("patient_page", pk)


def _as_last_time(patient: "Patient") -> dict[str, object]:
    held = measurements.of_patient(patient)
    last = next((one for one in held if one.site), None)
    by = next((one for one in held if one.picture_id), None)
    initial: dict[str, object] = {"site": last.site} if last else {}
    return initial | ({"scale": str(by.device_id)} if by and by.device_id else {})


def _measure_each(
    request: Request, patient: "Patient", form: PictureForm, uploads: "list[UploadedFile[Any]]"
) -> tuple[list["Measurement"], list[tuple[str, str]]]:
    """Those measured, and of the others the file's name and the reason."""
    made, refused = [], []
    for upload in uploads:
        try:
            shown = read_picture(upload.read())
            taken = form.taken(shown.width_px)
            made.append(
                measurements.measure(by=request.user, patient=patient, shown=shown, taken=taken)
            )
        except PictureError as fault:
            refused.append((upload.name or "", fault_words(fault)))
        except ValidationError as fault:
            refused.append((upload.name or "", " ".join(fault.messages)))
    return made, refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def values(request: Request, pk: UUID) -> HttpResponse:
    patient = _opened(request, pk)
    initial = {"measured_on": clock.today()} | _as_last_time(patient)
    form = ValuesForm(posted(request), initial=initial, today=clock.today())
    if request.method == "POST" and form.is_valid() and _recorded(request, patient, form):
        return redirect("patient_page", pk)
    return _shown(request, patient, "values", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: Request, pk: UUID) -> HttpResponse:
    patient = _opened(request, pk)
    asked = request.POST.get("scale") or request.GET.get("scale") or ""
    kept: dict[str, Any] = {
        "today": clock.today(),
        "scale": _severity_scale(patient, asked),
        "scales": knowledge().scales.values(),
    }
    if request.method == "POST" and "show" not in request.POST:
        form = ScoreForm(request.POST, **kept)
        if form.is_valid() and _recorded(request, patient, form):
            return redirect("patient_page", pk)
    else:
        form = ScoreForm(initial={"measured_on": clock.today()} | request.POST.dict(), **kept)
    return _shown(request, patient, "score", form, scale=kept["scale"])


def _severity_scale(patient: "Patient", asked: str) -> Scale:
    """The scale asked for, else the first of what the patient is treated for."""
    known = knowledge()
    if asked in known.scales:
        return known.scales[asked]
    latest = assessments.latest(patient)
    indication = known.indications.get(latest.indication) if latest else None
    return known.scales[indication.scales[0] if indication and indication.scales else FIRST_SCALE]


def _recorded(request: Request, patient: "Patient", form: ValuesForm | ScoreForm) -> bool:
    try:
        measurements.record(by=request.user, patient=patient, measurement=form.to_terms())
    except ValidationError as error:
        tell(form, error)
        return False
    messages.success(request, _("The measurement is saved."))
    return True
