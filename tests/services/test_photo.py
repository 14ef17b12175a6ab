"""Photos: three sizes, encrypted, all of them or none; seen by whom the patient allows."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404
from PIL import Image

from openmeso.gateways import clock
from openmeso.gateways.picture import PictureError
from openmeso.records.models import AuditEvent, Photo, StoredFile
from openmeso.services import file as files
from openmeso.services import photo as photos
from openmeso.services.photo import About
from openmeso.terms.photo import PhotoSize
from tests.gateways.example_picture import gradient, saved, with_camera_notes


@pytest.fixture
def prepared():
    return photos.prepare(saved(gradient(2000, 1500), "JPEG"))


@pytest.fixture
def add(practitioner, patient, prepared):
    def make(view: str = "vertex", days_ago: int = 0, by=practitioner, of=patient, **about):
        taken_on = clock.today() - timedelta(days=days_ago)
        return photos.add(
            by=by, patient=of, prepared=prepared, about=About(view, taken_on, **about)
        )

    return make


def test_three_sizes_are_kept_encrypted(add, practitioner):
    photo = add()
    sizes = {}
    for size in PhotoSize:
        content, media_type = photos.picture(
            by=practitioner, pk=photo.pk, size=size, purpose="care"
        )
        assert media_type == "image/jpeg"
        sizes[size] = Image.open(io.BytesIO(content)).size
    assert sizes == {
        PhotoSize.WHOLE: (2000, 1500), PhotoSize.SCREEN: (1600, 1200), PhotoSize.THUMB: (320, 240)
    }  # fmt: skip
    assert (photo.width_px, photo.height_px) == (2000, 1500)
    assert StoredFile.objects.filter(patient=photo.patient).count() == 3
    for file in StoredFile.objects.all():
        assert b"JFIF" not in files.vault().path(file.pk).read_bytes()


def test_the_date_is_the_ones_given_or_the_cameras_or_today(practitioner, patient):
    content = with_camera_notes(gradient())
    shown = photos.prepare(content)
    assert shown.taken_on == date(2026, 3, 14)
    for given_date, taken_on in ((None, date(2026, 3, 14)), (date(2026, 2, 1), date(2026, 2, 1))):
        photo = photos.add(
            by=practitioner, patient=patient, prepared=shown, about=About("vertex", given_date)
        )
        assert photo.taken_on == taken_on
    late = photos.prepare(with_camera_notes(gradient(), taken="2999:01:01 00:00:00"))
    photo = photos.add(by=practitioner, patient=patient, prepared=late, about=About("vertex"))
    assert photo.taken_on == clock.today()


def test_what_is_no_picture_is_not_prepared():
    with pytest.raises(PictureError):
        photos.prepare(b"<svg/>")


@pytest.mark.parametrize(
    ("about", "field"),
    [
        (About("sideways"), "view"),
        (About("vertex", date(2999, 1, 1)), "taken_on"),
        (About("vertex", date(1066, 1, 1)), "taken_on"),
        (About("vertex", note="x" * 300), "note"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(practitioner, patient, prepared, about, field):
    with pytest.raises(ValidationError) as error:
        photos.add(by=practitioner, patient=patient, prepared=prepared, about=about)
    assert field in error.value.message_dict
    assert not Photo.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_disk_that_fills_up_keeps_nothing(add, monkeypatch):
    put = files.VaultFolder.put
    calls = []

    def full(self, file_id, content):
        calls.append(file_id)
        if len(calls) == 3:
            raise OSError("no space left")
        return put(self, file_id, content)

    monkeypatch.setattr(files.VaultFolder, "put", full)
    with pytest.raises(OSError, match="no space"):
        add()
    assert not Photo.objects.exists()
    assert not StoredFile.objects.exists()
    assert files.check().is_whole


@pytest.mark.parametrize("who", ["stranger", "researcher", "auditor", "outsider"])
def test_nobody_else_sees_or_adds(cast, add, prepared, who):
    photo, user = add(), getattr(cast, who)
    for deed in (
        lambda: photos.get(by=user, pk=photo.pk, purpose="care"),
        lambda: photos.picture(by=user, pk=photo.pk, size=PhotoSize.THUMB, purpose="care"),
        lambda: photos.shown(user, photo.pk, PhotoSize.THUMB, photo.patient_id),
        lambda: photos.remove(by=user, photo=photo, reason="not mine"),
        lambda: add(by=user),
    ):
        with pytest.raises((PermissionDenied, Http404)):
            deed()
    assert Photo.objects.count() == 1


def test_every_look_is_noted(add, practitioner):
    photo = add()
    photos.picture(by=practitioner, pk=photo.pk, size=PhotoSize.WHOLE, purpose="download")
    photos.gallery(by=practitioner, patient=photo.patient)
    noted = AuditEvent.objects.filter(patient=photo.patient_id).order_by("seq")
    assert [(one.action, one.noun) for one in noted if one.noun != "file"] == [
        ("add", "photo"), ("read", "photo"), ("read_photos", "patient"),
    ]  # fmt: skip
    read = noted.get(action="read", noun="photo")
    assert (read.purpose, read.details) == ("download", '{"size":"whole"}')


def test_one_taken_in_error_goes_out_of_sight_and_stays_kept(add, practitioner, assistant):
    photo = add()
    with pytest.raises(PermissionDenied):
        photos.remove(by=assistant, photo=photo, reason="another patient's")
    with pytest.raises(ValidationError):
        photos.remove(by=practitioner, photo=photo, reason=" ")
    photos.remove(by=practitioner, photo=photo, reason="another patient's")
    assert not photos.of_patient(photo.patient).exists()
    for deed in (
        lambda: photos.get(by=practitioner, pk=photo.pk, purpose="care"),
        lambda: photos.shown(practitioner, photo.pk, PhotoSize.THUMB, photo.patient_id),
        lambda: photos.remove(by=practitioner, photo=photo, reason="once more"),
    ):
        with pytest.raises(Http404):
            deed()
    kept = Photo.objects.get()
    assert kept.removal == {"reason": "another patient's"}
    assert files.opened(kept.whole)


@pytest.mark.parametrize(
    "change", [{"view": "frontal"}, {"taken_on": date(2020, 1, 1)}, {"note": "x"}, {"width_px": 1}]
)
def test_a_photo_stays_as_it_was(add, change):
    photo = add()
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(**change)
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        Photo.objects.filter(pk=photo.pk)._raw_delete("default")


def test_the_last_of_each_view_and_what_can_be_compared(add, patient):
    old, new = add(days_ago=90), add()
    frontal = add("frontal")
    add("other")
    add("other", days_ago=9)
    latest = photos.latest_by_view(patient)
    assert latest["vertex"] == new
    assert latest["frontal"] == frontal
    assert photos.comparable(photos.of_patient(patient)) == {"vertex": [old, new]}


def test_another_patients_session_is_refused(
    practitioner, patient, prepared, foreign_patient, draft
):
    from types import SimpleNamespace

    session = SimpleNamespace(pk=None, patient_id=foreign_patient.pk)
    with pytest.raises(ValidationError, match="another patient"):
        photos.add(
            by=practitioner, patient=patient, prepared=prepared,
            about=About("vertex", session=session),
        )  # fmt: skip


def test_a_noted_gallery_covers_thumbs_and_a_noted_photo_itself(add, practitioner):
    one, other = add(), add("frontal")
    assert photos.shown(practitioner, one.pk, PhotoSize.THUMB, one.patient_id)
    assert photos.shown(practitioner, one.pk, PhotoSize.SCREEN, one.pk)
    for size, noted in ((PhotoSize.SCREEN, one.patient_id), (PhotoSize.THUMB, other.pk)):
        with pytest.raises(Http404):
            photos.shown(practitioner, one.pk, size, noted)
