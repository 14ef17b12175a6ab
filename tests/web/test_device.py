"""The clinic's devices: calibrated by a ruler, chosen on upload, calibrated again, retired."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openmeso.gateways import clock, trichoscopy
from openmeso.records.models import Device, Measurement
from openmeso.services import device as devices
from tests.example_field import field
from tests.gateways.example_picture import gradient, saved
from tests.services.test_device import OURS, RULER

TODAY = clock.today().isoformat()
TYPED = {
    "name": "Chair 1",
    "maker": "Anybody's D-1",
    "lens": "70×",
    "picture_width_px": "640",
    "way": "ruler",
    "length_px": "358",
    "length_mm": "1",
    "calibrated_on": TODAY,
    "source": "Stage micrometer 1 mm",
}


@pytest.fixture
def ours(lead, clinic):
    return devices.add(by=lead, clinic=clinic, device=OURS, calibration=RULER)


def test_a_ruler_on_a_picture_gives_the_scale(client, lead):
    client.force_login(lead)
    assert "data-ruler" in client.get(reverse("device_add")).content.decode()
    answer = client.post(reverse("device_add"), TYPED)
    made = Device.objects.get()
    assert answer.url == reverse("device_page", args=[made.pk])
    assert made.um_per_px == pytest.approx(1000 / 358)
    assert made.relative_sd == 0.01
    page = client.get(answer.url).content.decode()
    for words in ("2.79 µm a pixel ± 1 %", "1 mm are 358.0 px", "--scale 0.002793"):
        assert words in page
    assert "Chair 1" in client.get(reverse("device_list")).content.decode()
    assert ">1</span>" in client.get(reverse("clinic_page")).content.decode()


@pytest.mark.parametrize(
    ("changes", "um_per_px", "relative_sd"),
    [
        ({"length_px": "30"}, 1000 / 30, 0.05),  # a short line is known less exactly
        ({"uncertainty": "0.4"}, 1000 / 358, 0.004),
        ({"way": "certificate", "mm_per_px": "0.005"}, 5.0, 0.01),
        ({"way": "stated", "field_mm": "3.2"}, 5.0, 0.05),
    ],
)
def test_every_way_to_the_scale(client, lead, changes, um_per_px, relative_sd):
    client.force_login(lead)
    client.post(reverse("device_add"), TYPED | changes)
    made = Device.objects.get()
    assert made.um_per_px == pytest.approx(um_per_px)
    assert made.relative_sd == pytest.approx(relative_sd)
    page = client.get(reverse("device_page", args=[made.pk])).content.decode()
    assert ("Assumption" in page) == (changes.get("way") == "stated")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"length_mm": ""}, "It is needed for this way"),
        ({"way": "certificate"}, "It is needed for this way"),
        ({"way": "stated"}, "It is needed for this way"),
        ({"way": "wish"}, "Select a valid choice"),
        ({"length_mm": "900", "length_px": "2"}, "Look at the length and its unit again"),
        ({"length_mm": "nan"}, "Enter a number"),
        ({"calibrated_on": "2999-01-01"}, "lies in the future"),
        ({"source": ""}, "This field is required"),
        ({"uncertainty": "80"}, "less than or equal to 50"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, lead, changes, says):
    client.force_login(lead)
    answer = client.post(reverse("device_add"), TYPED | changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert "Chair 1" in page
    assert not Device.objects.exists()


def test_a_picture_is_measured_with_it_and_the_next_one_is_offered_it(
    client, practitioner, patient, ours, monkeypatch
):
    monkeypatch.setattr(
        trichoscopy, "read_field", lambda shown, *, scale, setting: field(scale=scale)
    )
    client.force_login(practitioner)
    path = reverse("measurement_add", args=[patient.pk])
    chosen = f'value="{ours.pk}"'
    assert chosen in client.get(path).content.decode()
    typed = {"measured_on": TODAY, "site": "vertex", "mode": "clipped", "scale": str(ours.pk)}
    picture = SimpleUploadedFile("1.png", saved(gradient(640, 480), "PNG"))
    client.post(path, typed | {"pictures": picture})
    made = Measurement.objects.get()
    assert (made.device, made.um_per_px) == (ours, 5.0)
    page = client.get(path).content.decode()
    assert "checked" in page[page.index(chosen) :].split(">")[0]
    wider = SimpleUploadedFile("2.png", saved(gradient(800, 600), "PNG"))
    answer = client.post(path, typed | {"pictures": wider})
    assert answer.status_code == 422
    assert "took pictures 640 px wide; this one has 800" in answer.content.decode()


def test_a_picture_without_a_scale_is_measured_again_with_it(
    client, practitioner, patient, lead, ours, monkeypatch
):
    monkeypatch.setattr(
        trichoscopy, "read_field", lambda shown, *, scale, setting: field(scale=scale)
    )
    client.force_login(practitioner)
    typed = {"measured_on": TODAY, "site": "vertex", "mode": "clipped", "scale": "later"}
    picture = SimpleUploadedFile("1.png", saved(gradient(640, 480), "PNG"))
    shown = client.post(
        reverse("measurement_add", args=[patient.pk]), typed | {"pictures": picture}
    ).url
    assert f'name="own_device" value="{ours.pk}"' in client.get(shown).content.decode()
    path = reverse("measurement_rescale", args=[Measurement.objects.get().pk])
    for wrong in ("", "wish", "00000000-0000-4000-8000-000000000000"):
        answer = client.post(path, {"own_device": wrong})
        assert answer.status_code == 422
        assert "Choose a device" in answer.content.decode()
    wider = devices.add(
        by=lead, clinic=ours.clinic, device=replace(OURS, name="Wide", picture_width_px=800),
        calibration=RULER,
    )  # fmt: skip
    answer = client.post(path, {"own_device": str(wider.pk)})
    assert answer.status_code == 422
    assert "its scale does not hold" in answer.content.decode()
    answer = client.post(path, {"own_device": str(ours.pk)})
    made = Measurement.objects.get(revision=2)
    assert answer.url == reverse("measurement_page", args=[made.pk])
    assert (made.device, made.um_per_px) == (ours, 5.0)


def test_calibrated_again_it_takes_the_place_of_the_former(client, lead, ours):
    client.force_login(lead)
    path = reverse("device_calibrate", args=[ours.pk])
    assert "Chair 2" in client.get(path).content.decode()
    client.post(path, TYPED | {"name": "Chair 2"})
    ours.refresh_from_db()
    assert ours.retired_because == "calibrated again"
    assert Device.objects.filter(retired_at__isnull=True).get().name == "Chair 2"
    page = client.get(reverse("device_list")).content.decode()
    assert "calibrated again" in page


def test_it_is_retired_with_a_reason(client, lead, ours):
    client.force_login(lead)
    path = reverse("device_retire", args=[ours.pk])
    assert client.post(path, {"because": ""}).status_code == 422
    assert client.post(path, {"because": "Broken"}).url == reverse("device_list")
    page = client.get(reverse("device_page", args=[ours.pk])).content.decode()
    assert "Broken" in page
    assert "Calibrate again" not in page


@pytest.mark.parametrize("name", ["list", "page"])
def test_members_see_them_and_only_the_lead_changes_them(client, cast, ours, name):
    path = reverse(f"device_{name}", args=[ours.pk] if name == "page" else [])
    client.force_login(cast.assistant)
    page = client.get(path).content.decode()
    assert "Chair 2" in page
    assert "New device" not in page
    assert "Retire this device" not in page
    assert client.post(path).status_code == 405
    client.force_login(cast.stranger)
    assert client.get(path).status_code == (404 if name == "page" else 200)


@pytest.mark.parametrize("name", ["add", "calibrate", "retire"])
def test_others_are_refused(client, cast, ours, name):
    path = reverse(f"device_{name}", args=[] if name == "add" else [ours.pk])
    assert "/login/" in client.post(path, TYPED).url
    client.force_login(cast.practitioner)
    assert client.post(path, TYPED).status_code == 403
    client.force_login(cast.stranger)
    assert client.post(path, TYPED).status_code == (403 if name == "add" else 404)
    client.force_login(cast.lead)
    assert client.put(path).status_code == 405
