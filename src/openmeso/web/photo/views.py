"""Photos: taken over the ghost of the last one, looked through by view and date, compared."""

from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.gateways import clock
from openmeso.gateways.picture import PictureError
from openmeso.services import patient as patients
from openmeso.services import permission
from openmeso.services import photo as photos
from openmeso.services.knowledge import knowledge
from openmeso.services.session import visible_to as visible_sessions
from openmeso.terms.photo import PhotoSize
from openmeso.web.download import download
from openmeso.web.patient import seen
from openmeso.web.patient.context import patient_context
from openmeso.web.photo.forms import PhotoForm, RemoveForm
from openmeso.web.refusal import tell, typed_lines
from openmeso.web.requests import Request, posted
from openmeso.web.upload import in_words, sent, why_nothing

if TYPE_CHECKING:
    from openmeso.records.models import Patient, Photo, Session


@login_required
@require_safe
def gallery(request: Request, pk: UUID) -> HttpResponse:
    return _gallery(request, patients.get(by=request.user, pk=pk, purpose="care"))


def _gallery(
    request: Request, patient: "Patient", status: int = 200, **told: object
) -> HttpResponse:
    view = request.GET.get("view", "")
    if view and view not in knowledge().photo_views:
        raise Http404
    held = list(photos.gallery(by=request.user, patient=patient, view=view))
    order = {key: place for place, key in enumerate(knowledge().photo_views)}
    days = [
        (on, sorted(group, key=lambda one: order.get(one.view, len(order))))
        for on, group in groupby(held, key=lambda one: one.taken_on)
    ]
    context = patient_context(patient) | {
        "days": days,
        "count": len(held),
        "view": view,
        "views": knowledge().photo_views,
        "comparable": list(photos.comparable(held)),
        "seen": seen.mark_for(request.user.pk, patient.pk),
        "may_add": permission.may(request.user, "photo.add", patient),
        **told,
    }
    return render(request, "photo/gallery.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, pk: UUID) -> HttpResponse:
    patient = patients.get(by=request.user, pk=pk, purpose="photo")
    permission.require(request.user, "photo.add", patient)
    asked = {"view": request.GET.get("view", ""), "session": request.GET.get("session", "")}
    form = PhotoForm(posted(request), initial=asked, today=clock.today())
    fault: object = ""
    if request.method == "POST":
        fault = _refusal(request, patient, form)
        if not fault and not form.errors:
            messages.success(request, _("The photo is kept."))
            return redirect(_next(request, patient, form))
    context = patient_context(patient) | {
        "form": form,
        "fault": fault,
        "views": knowledge().photo_views.values(),
        "latest": photos.latest_by_view(patient),
    }
    wrong = bool(fault or form.errors)
    return render(request, "photo/add.html", context, status=422 if wrong else 200)


def _refusal(request: Request, patient: "Patient", form: PhotoForm) -> object:
    """Keep the photo; or say what is wrong with the file, and let the form say the rest."""
    upload = sent(request, "taken", "chosen")
    if upload is None:
        form.is_valid()
        return why_nothing(request)
    if not form.is_valid():
        return ""
    typed = form.cleaned_data
    try:
        prepared = photos.prepare(upload.read())
        session = _session(request, patient, typed["session"])
        about = photos.About(typed["view"], typed["taken_on"], session, typed["note"])
        photos.add(by=request.user, patient=patient, prepared=prepared, about=about)
    except PictureError as error:
        return in_words(error)
    except ValidationError as error:
        tell(form, error)
    return ""


def _session(request: Request, patient: "Patient", pk: UUID | None) -> "Session | None":
    if pk is None:
        return None
    session = visible_sessions(request.user).filter(pk=pk, patient=patient).first()
    if session is None:
        raise ValidationError({"session": _("No such session of this patient.")})
    return session


def _next(request: Request, patient: "Patient", form: PhotoForm) -> str:
    """On to the next view, as long as views are being taken; else to the gallery."""
    if "and_next" not in request.POST:
        return reverse("photo_gallery", args=[patient.pk])
    order = list(knowledge().photo_views)
    here = order.index(form.cleaned_data["view"])
    following = order[(here + 1) % len(order)]
    address = f"{reverse('photo_add', args=[patient.pk])}?view={following}"
    session = form.cleaned_data["session"]
    return f"{address}&session={session}" if session else address


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    photo = photos.get(by=request.user, pk=pk, purpose="care")
    return render(request, "photo/page.html", _page(request, photo))


def _page(request: Request, photo: "Photo") -> dict[str, object]:
    return patient_context(photo.patient) | {
        "photo": photo,
        "seen": seen.mark_for(request.user.pk, photo.pk),
        "view": knowledge().photo_views.get(photo.view),
        "form": RemoveForm(),
        "may_remove": permission.may(request.user, "photo.remove", photo),
    }


@login_required
@require_safe
def picture(request: Request, pk: UUID, size: PhotoSize) -> HttpResponse:
    """One size of a photo; the whole one is a download."""
    noted = seen.noted_by(request.user.pk, request.GET.get("seen", ""))
    if noted and (noted == pk or size is PhotoSize.THUMB) and size is not PhotoSize.WHOLE:
        content, media_type = photos.shown(request.user, pk, size, noted)
    else:
        purpose = "download" if size is PhotoSize.WHOLE else "care"
        content, media_type = photos.picture(by=request.user, pk=pk, size=size, purpose=purpose)
    ending = media_type.rpartition("/")[2].replace("jpeg", "jpg")
    name = f"photo-{str(pk)[:8]}.{ending}"
    return download(content, media_type, name, inline=size is not PhotoSize.WHOLE)


@login_required
@require_safe
def compare(request: Request, pk: UUID) -> HttpResponse:
    """Two dates of one view: side by side, or one over the other."""
    patient = patients.get(by=request.user, pk=pk, purpose="care")
    by_view = photos.comparable(photos.gallery(by=request.user, patient=patient))
    view = request.GET.get("view", "") or next(iter(by_view), "")
    held = by_view.get(view, [])
    before = _chosen(held, request.GET.get("before", ""), 0)
    after = _chosen(held, request.GET.get("after", ""), -1)
    for one in filter(None, (before, after)):
        photos.get(by=request.user, pk=one.pk, purpose="compare")
    context = patient_context(patient) | {
        "view": view,
        "views": [(one, knowledge().photo_views[one].name) for one in by_view],
        "held": held,
        "slides": request.GET.get("how") == "slider",
        "before": before,
        "after": after,
        "seen_before": seen.mark_for(request.user.pk, before.pk) if before else "",
        "seen_after": seen.mark_for(request.user.pk, after.pk) if after else "",
    }
    return render(request, "photo/compare.html", context)


def _chosen(held: "list[Photo]", pk: str, otherwise: int) -> "Photo | None":
    found = next((one for one in held if str(one.pk) == pk), None)
    return found or (held[otherwise] if held else None)


@login_required
@require_POST
def remove(request: Request, pk: UUID) -> HttpResponse:
    form = RemoveForm(request.POST)
    gone = photos.removed(request.user, pk)
    if gone is not None:
        permission.require(request.user, "photo.remove", gone)
        said = _("Somebody has removed this photo meanwhile; the reason kept is theirs.")
        patient = patients.get(by=request.user, pk=gone.patient_id, purpose="care")
        return _gallery(request, patient, 409, fault=said, typed=typed_lines(form))
    photo = photos.get(by=request.user, pk=pk, purpose="remove")
    permission.require(request.user, "photo.remove", photo)
    if form.is_valid():
        try:
            photos.remove(by=request.user, photo=photo, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            tell(form, error)
        else:
            messages.warning(
                request, _("The photo is out of sight. It stays kept, with your reason.")
            )
            return redirect("photo_gallery", photo.patient_id)
    return render(request, "photo/page.html", _page(request, photo) | {"form": form}, status=422)
