"""Photos and documents on the page: taken, looked through, compared, downloaded; hostile ones refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, Photo, StoredFile
from openmeso.services import file as files
from openmeso.services import photo as photos
from openmeso.services.photo import About
from openmeso.terms.photo import PhotoSize
from tests.gateways.example_picture import gradient, hostile, saved
from tests.gateways.test_document import SOUND

JPEG = saved(gradient(400, 300), "JPEG")


@pytest.fixture
def add_page(patient):
    return reverse("photo_add", args=[patient.pk])


@pytest.fixture
def add(practitioner, patient):
    prepared = photos.prepare(JPEG)

    def make(view: str = "vertex", days_ago: int = 0):
        about = About(view, clock.today() - timedelta(days=days_ago))
        return photos.add(by=practitioner, patient=patient, prepared=prepared, about=about)

    return make


def upload(content: bytes, name: str = "photo.jpg", media_type: str = "image/jpeg"):
    return SimpleUploadedFile(name, content, media_type)


def test_a_photo_is_taken_and_the_next_view_follows(client, assistant, patient, add_page):
    client.force_login(assistant)
    page = client.get(add_page).content.decode()
    assert "none yet" in page
    assert "capture=" in page
    answer = client.post(
        add_page, {"view": "frontal", "taken": upload(JPEG), "and_next": "1", "note": "wet hair"}
    )
    assert answer.url == f"{add_page}?view=vertex"
    photo = Photo.objects.get()
    assert (photo.view, photo.note, photo.taken_on) == ("frontal", "wet hair", clock.today())
    page = client.get(add_page).content.decode()
    assert reverse("photo_picture", args=[photo.pk, "screen"]) in page
    answer = client.post(add_page, {"view": "vertex", "chosen": upload(JPEG)})
    assert answer.url == reverse("photo_gallery", args=[patient.pk])


@pytest.mark.parametrize("name", sorted(hostile()))
def test_hostile_uploads_are_told_and_nothing_is_stored(client, practitioner, add_page, name):
    client.force_login(practitioner)
    content, _fault = hostile()[name]
    answer = client.post(
        add_page,
        {"view": "vertex", "chosen": upload(content or b"\0", "photo.jpg"), "note": "kept"},
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The photo was not kept" in page
    assert 'value="kept"' in page
    assert not StoredFile.objects.exists()
    assert not files.vault().folder.exists()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300)
    | st.builds(lambda cut, tail: JPEG[:cut] + tail, st.integers(0, 900), st.binary(max_size=60)),
    name=st.text(max_size=40),
    media_type=st.sampled_from(["image/jpeg", "text/html", "image/svg+xml", "application/zip"]),
)
def test_no_upload_is_an_error_of_ours(client, practitioner, add_page, content, name, media_type):
    client.force_login(practitioner)
    sent = {"view": "vertex", "chosen": upload(content or b"\0", name or "x", media_type)}
    assert client.post(add_page, sent).status_code == 422
    assert not StoredFile.objects.exists()


def test_an_upload_larger_than_the_server_takes_is_told(client, practitioner, add_page, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(practitioner)
    answer = client.post(add_page, {"view": "vertex", "chosen": upload(JPEG)})
    assert answer.status_code == 422
    assert "larger than the server takes" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"view": "vertex"}, "Choose a file"),
        ({"view": "", "chosen": JPEG}, "Choose a view"),
        ({"view": "sideways", "chosen": JPEG}, "sideways"),
        ({"view": "vertex", "chosen": JPEG, "taken_on": "2999-01-01"}, "future"),
        ({"view": "vertex", "chosen": JPEG, "taken_on": "yesterday"}, "Enter a valid date"),
        ({"view": "vertex", "chosen": JPEG, "session": str(uuid4())}, "No such session"),
    ],
)
def test_what_is_wrong_is_said(client, practitioner, add_page, typed, says):
    client.force_login(practitioner)
    sent = {
        key: upload(value) if isinstance(value, bytes) else value for key, value in typed.items()
    }
    answer = client.post(add_page, sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Photo.objects.exists()


def test_the_gallery_shows_dates_and_views(client, assistant, patient, add):
    old, new = add(days_ago=90), add("frontal")
    client.force_login(assistant)
    address = reverse("photo_gallery", args=[patient.pk])
    page = client.get(address).content.decode()
    assert str(old.pk) in page
    assert str(new.pk) in page
    page = client.get(address, {"view": "frontal"}).content.decode()
    assert str(old.pk) not in page
    assert client.get(address, {"view": "sideways"}).status_code == 404
    assert (
        "Photos and documents"
        in client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    )


def test_three_hundred_photos_take_as_many_queries_as_three(client, practitioner, patient, add):
    for _ in range(3):
        one = add()
    client.force_login(practitioner)
    address = reverse("photo_gallery", args=[patient.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    # the rows alone matter here: each still wants three files of its own
    row = {
        field.attname: getattr(one, field.attname)
        for field in Photo._meta.concrete_fields
        if field.name not in ("id", "whole", "screen", "thumb")
    }
    made = StoredFile.objects.first()
    kept = [StoredFile(**{f.attname: getattr(made, f.attname) for f in StoredFile._meta.concrete_fields if f.name != "id"}) for _ in range(900)]  # fmt: skip
    StoredFile.objects.bulk_create(kept)
    Photo.objects.bulk_create(
        Photo(**row, whole=kept[n], screen=kept[n + 1], thumb=kept[n + 2]) for n in range(0, 900, 3)
    )
    with CaptureQueriesContext(connection) as many:
        page = client.get(address).content.decode()
    assert page.count('loading="lazy"') == 303
    assert len(many) == len(few)


def test_pictures_are_served_privately_and_the_whole_one_as_a_download(client, practitioner, add):
    photo = add()
    client.force_login(practitioner)
    for size in PhotoSize:
        answer = client.get(reverse("photo_picture", args=[photo.pk, size]))
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Content-Type-Options"] == "nosniff"
        kind = "attachment" if size is PhotoSize.WHOLE else "inline"
        assert answer["Content-Disposition"].startswith(kind)
        assert answer.content.startswith(b"\xff\xd8\xff")
    noted = AuditEvent.objects.filter(action="read", noun="photo").order_by("seq")
    assert [one.purpose for one in noted] == ["download", "care", "care"]


def marks(client, patient) -> str:
    page = client.get(reverse("photo_gallery", args=[patient.pk])).content.decode()
    return page.split("?seen=")[1].split('"')[0]


def test_thumbs_of_a_page_just_noted_are_not_noted_again(client, practitioner, lead, patient, add):
    photo = add()
    address = reverse("photo_picture", args=[photo.pk, "thumb"])
    client.force_login(practitioner)
    mark = marks(client, patient)
    before = AuditEvent.objects.filter(noun="photo").count()
    assert client.get(f"{address}?seen={mark}").status_code == 200
    assert AuditEvent.objects.filter(noun="photo").count() == before
    client.force_login(lead)  # somebody else's mark
    assert client.get(f"{address}?seen={mark}").status_code == 200
    assert AuditEvent.objects.filter(noun="photo").count() == before + 1
    client.force_login(practitioner)
    for stale in ("", "x", "a:b:c", mark[:-1]):
        assert client.get(f"{address}?seen={stale}").status_code == 200
    assert AuditEvent.objects.filter(noun="photo").count() == before + 5
    screen = reverse("photo_picture", args=[photo.pk, "screen"])
    client.get(f"{screen}?seen={mark}")
    assert AuditEvent.objects.filter(noun="photo").count() == before + 6


def test_two_dates_are_compared(client, practitioner, patient, add):
    old, middle, new = add(days_ago=90), add(days_ago=30), add()
    client.force_login(practitioner)
    address = reverse("photo_compare", args=[patient.pk])
    answer = client.get(address)
    assert (answer.context["before"], answer.context["after"]) == (old, new)
    answer = client.get(address, {"view": "vertex", "before": middle.pk, "after": "nonsense"})
    assert (answer.context["before"], answer.context["after"]) == (middle, new)
    assert "Nothing to compare" in client.get(address, {"view": "frontal"}).content.decode()


def test_removing(client, practitioner, patient, add):
    photo = add()
    client.force_login(practitioner)
    address = reverse("photo_remove", args=[photo.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "no"}).status_code == 422
    assert client.post(address, {"reason": "another patient's"}).status_code == 302
    assert client.get(reverse("photo_page", args=[photo.pk])).status_code == 404
    again = client.post(address, {"reason": "another patient's"})
    assert again.status_code == 409
    assert "another patient" in again.content.decode()


def test_documents_are_kept_and_handed_out_as_downloads_only(client, assistant, patient):
    client.force_login(assistant)
    address = reverse("document_list", args=[patient.pk])
    sent = {"document": upload(SOUND, "Blood test ü.pdf", "text/html")}
    assert client.post(address, sent).status_code == 302
    assert "Blood test ü.pdf" in client.get(address).content.decode()
    answer = client.get(reverse("document_download", args=[StoredFile.objects.get().pk]))
    assert answer.content == SOUND
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "Choose a file"), (JPEG, "add it to the photos"), (b"<html>", "no PDF (HTML)"), (SOUND[:-9], "cut short")],
)  # fmt: skip
def test_a_document_that_is_none_is_told(client, assistant, patient, content, says):
    client.force_login(assistant)
    sent = {"document": upload(content, "a.pdf", "application/pdf")} if content else {}
    answer = client.post(reverse("document_list", args=[patient.pk]), sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not StoredFile.objects.exists()


OF_PATIENT = ("photo_gallery", "photo_add", "photo_compare", "document_list")
OF_PHOTO = ("photo_page",)


@pytest.fixture
def addresses(patient, add):
    photo = add()
    return [
        *(reverse(name, args=[patient.pk]) for name in OF_PATIENT),
        *(reverse(name, args=[photo.pk]) for name in OF_PHOTO),
        *(reverse("photo_picture", args=[photo.pk, size]) for size in PhotoSize),
        reverse("document_download", args=[photo.whole_id]),
    ]


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("researcher", 403), ("auditor", 403), ("outsider", 403)])  # fmt: skip
def test_nobody_else_gets_in(client, cast, patient, addresses, who, status):
    client.force_login(getattr(cast, who))
    for address in addresses:
        assert client.get(address).status_code == status, address
    photo = Photo.objects.get()
    for address in (
        reverse("photo_add", args=[patient.pk]),
        reverse("document_list", args=[patient.pk]),
        reverse("photo_remove", args=[photo.pk]),
    ):
        assert (
            client.post(address, {"view": "vertex", "chosen": upload(JPEG)}).status_code == status
        )
    assert Photo.objects.count() == 1


def test_an_assistant_removes_nothing(client, assistant, add):
    photo = add()
    client.force_login(assistant)
    address = reverse("photo_remove", args=[photo.pk])
    assert client.post(address, {"reason": "another patient's"}).status_code == 403


def test_signed_out_are_led_to_sign_in(client, addresses):
    for address in addresses:
        assert client.get(address).url.startswith(reverse("account_login"))


def test_wrong_methods_are_refused(client, practitioner, addresses):
    client.force_login(practitioner)
    for address in addresses:
        assert client.delete(address).status_code == 405
    photo = Photo.objects.get()
    assert client.get(reverse("photo_remove", args=[photo.pk])).status_code == 405
    assert client.post(reverse("photo_gallery", args=[photo.patient_id])).status_code == 405
