"""Photo: kept encrypted in three sizes, tied to patient and session, seen and noted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from openmeso.gateways import clock
from openmeso.gateways.picture import SCREEN_PX, THUMB_PX, Encoded, read_picture
from openmeso.records.models import Patient, Photo, Session, User
from openmeso.services import audit, permission
from openmeso.services import file as files
from openmeso.services.knowledge import knowledge
from openmeso.services.patient import EARLIEST_BIRTH
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.refusal import NotFound
from openmeso.terms.file import FileKind
from openmeso.terms.photo import PhotoSize

LEAST_REASON = 5  # characters
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An upload that was read, checked and encoded anew; nothing of it is kept yet."""

    whole: Encoded
    screen: Encoded
    thumb: Encoded
    taken_on: date | None  # as its camera said


@dataclass(frozen=True, slots=True)
class About:
    """What a photo shows; without a date the camera's holds, and without that, today's."""

    view: str
    taken_on: date | None = None
    session: Session | None = None
    note: str = ""


def prepare(content: bytes) -> Prepared:
    """Read untrusted bytes; before the transaction begins, for encoding takes a while.

    PictureError for what is no picture, or is unfit to keep.
    """
    picture = read_picture(content)
    return Prepared(
        picture.whole(), picture.within(SCREEN_PX), picture.within(THUMB_PX), picture.taken_on
    )


def visible_to(user: permission.Asker) -> QuerySet[Photo]:
    """Photos of the patients somebody may open, newest first; those removed left out."""
    return Photo.objects.filter(
        patient__in=visible_patients(user), removed_at__isnull=True
    ).select_related("patient__clinic", "created_by")


def removed(user: permission.Asker, pk: UUID) -> Photo | None:
    """A photo that was taken out of sight, of a patient whom the user may open; not shown again."""
    taken_away = Photo.objects.filter(removed_at__isnull=False, patient__in=visible_patients(user))
    return taken_away.select_related("patient__clinic").filter(pk=pk).first()


def of_patient(patient: Patient) -> QuerySet[Photo]:
    """A patient's photos, newest first, where the reading is noted already."""
    return Photo.objects.filter(patient=patient, removed_at__isnull=True)


def of_session(session: Session) -> QuerySet[Photo]:
    """The photos of one session."""
    return of_patient(session.patient).filter(session=session)


def latest_by_view(patient: Patient) -> dict[str, Photo]:
    """The newest photo of each view: what the next one is laid over."""
    latest: dict[str, Photo] = {}
    for photo in of_patient(patient).order_by("taken_on", "created_at"):
        latest[photo.view] = photo
    return latest


@transaction.atomic
def gallery(*, by: User, patient: Patient, view: str = "") -> QuerySet[Photo]:
    """Every photo of the patient (in one view); looking through them is noted once."""
    permission.require(by, "patient.see")
    audit.record(by=by, action="read_photos", of=patient, purpose="care", details={"view": view})
    found = of_patient(patient)
    return found.filter(view=view) if view else found


@transaction.atomic
def get(*, by: User, pk: UUID, purpose: str) -> Photo:
    """One photo, the read noted."""
    permission.require(by, "patient.see")
    photo = visible_to(by).filter(pk=pk).first()
    if photo is None:
        raise NotFound("No such photo in your clinic.")
    audit.record(by=by, action="read", of=photo, purpose=purpose)
    return photo


@transaction.atomic
def add(*, by: User, patient: Patient, prepared: Prepared, about: About) -> Photo:
    """Keep a photo and its smaller pictures; all of it, or nothing."""
    permission.require(by, "photo.add", patient)
    taken_on = about.taken_on or _believed(prepared.taken_on) or clock.today()
    _check(patient, about, taken_on)

    def keep(encoded: Encoded, kind: FileKind) -> UUID:
        kept = files.keep(
            by=by,
            patient=patient,
            content=encoded.content,
            media_type=encoded.media_type,
            kind=kind,
        )
        return kept.pk

    photo = Photo(
        patient=patient,
        session=about.session,
        view=about.view,
        taken_on=taken_on,
        width_px=prepared.whole.width_px,
        height_px=prepared.whole.height_px,
        note=about.note.strip(),
        whole_id=keep(prepared.whole, FileKind.PHOTO),
        screen_id=keep(prepared.screen, FileKind.PHOTO_SCREEN),
        thumb_id=keep(prepared.thumb, FileKind.PHOTO_THUMB),
        created_at=clock.now(),
        created_by=by,
    )
    photo.full_clean()
    photo.save(force_insert=True)
    audit.record(by=by, action="add", of=photo, details={"view": about.view})
    return photo


@transaction.atomic
def picture(*, by: User, pk: UUID, size: PhotoSize, purpose: str) -> tuple[bytes, str]:
    """The bytes of one size and their media type, the read noted with the size."""
    permission.require(by, "file.see")
    photo = visible_to(by).select_related(size.value).filter(pk=pk).first()
    if photo is None:
        raise NotFound("No such photo in your clinic.")
    audit.record(by=by, action="read", of=photo, purpose=purpose, details={"size": size.value})
    return _opened(photo, size)


def shown(user: permission.Asker, pk: UUID, size: PhotoSize, noted: UUID) -> tuple[bytes, str]:
    """A picture on a page whose reading was noted a moment ago; the boundary is asked again.

    ``noted`` is the patient whose gallery was noted (which covers thumbs), or the photo itself.
    """
    covered = Q(pk=noted) | Q(patient=noted) if size is PhotoSize.THUMB else Q(pk=noted)
    photo = visible_to(user).select_related(size.value).filter(covered, pk=pk).first()
    if photo is None:
        raise NotFound("No such photo in your clinic.")
    return _opened(photo, size)


@transaction.atomic
def remove(*, by: User, photo: Photo, reason: str) -> Photo:
    """Take a photo that is not this patient's, or not fit, out of sight; it stays kept."""
    permission.require(by, "photo.remove", photo)
    reason = " ".join(reason.split())
    if len(reason) < LEAST_REASON:
        raise ValidationError({"reason": "Say in a few words why."})
    photo = Photo.objects.select_for_update(of=("self",)).select_related("patient").get(pk=photo.pk)
    if photo.removed_at is not None:
        raise NotFound("The photo is removed already.")
    photo.removed_at, photo.removed_by, photo.removal = clock.now(), by, {"reason": reason}
    photo.save(update_fields=["removed_at", "removed_by", "removal"])
    audit.record(by=by, action="remove", of=photo)
    return photo


def comparable(photos: Iterable[Photo]) -> dict[str, list[Photo]]:
    """By view, the photos that can be laid side by side: two or more, earliest first."""
    by_view: dict[str, list[Photo]] = {}
    for photo in sorted(photos, key=lambda one: (one.taken_on, one.created_at)):
        if photo.view != OTHER:
            by_view.setdefault(photo.view, []).append(photo)
    return {view: held for view, held in by_view.items() if len(held) > 1}


def _opened(photo: Photo, size: PhotoSize) -> tuple[bytes, str]:
    file = {
        PhotoSize.WHOLE: photo.whole,
        PhotoSize.SCREEN: photo.screen,
        PhotoSize.THUMB: photo.thumb,
    }[size]
    return files.opened(file), file.media_type


def _believed(taken_on: date | None) -> date | None:
    """A camera whose clock is wrong is not believed."""
    return taken_on if taken_on and EARLIEST_BIRTH <= taken_on <= clock.today() else None


def _check(patient: Patient, about: About, taken_on: date) -> None:
    if about.view not in knowledge().photo_views:
        raise ValidationError({"view": "Choose one of the views."})
    if not EARLIEST_BIRTH <= taken_on <= clock.today():
        raise ValidationError({"taken_on": "A photo was taken today or earlier."})
    if about.session is not None and about.session.patient_id != patient.pk:
        raise ValidationError({"session": "That session is another patient's."})
