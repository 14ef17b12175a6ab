"""A picture is uploaded: judged, its scale offered or confirmed, refused with its reason."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageFilter

from openmeso.gateways import clock, trichoscopy
from openmeso.records.models import Measurement
from openmeso.services import measurement as measurements
from openmeso.services.device import shipped
from openmeso.terms.trichoscopy import ScaleCandidate, ScaleSource
from tests.example_field import field

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "trichoscopy.jpg"
BAR = ScaleCandidate(ScaleSource.SCALE_BAR, 200.0, 0.8, (20, 430, 200, 8), 1.0)
RULER = ScaleCandidate(ScaleSource.RULER, 20.0, 0.01, (0, 0, 640, 10), 0.1, 30)


@pytest.fixture
def upload(client, practitioner, patient):
    client.force_login(practitioner)

    def send(*pictures: bytes, **typed: str):
        sent = [SimpleUploadedFile(f"{n}.jpg", one) for n, one in enumerate(pictures)]
        typed = {"measured_on": clock.today().isoformat(), "site": "vertex", "mode": "clipped",
                 "scale": "given", "mm_per_px": "0.006"} | typed  # fmt: skip
        path = reverse("measurement_add", args=[patient.pk])
        return client.post(path, typed | {"pictures": sent})

    return send


@pytest.fixture
def barred(monkeypatch):
    """A picture in which a bar and a ruler were found."""
    monkeypatch.setattr(
        trichoscopy,
        "read_field",
        lambda shown, *, scale, setting: replace(
            field(scale=scale), scale_candidates=() if scale else (BAR, RULER)
        ),
    )


def blurred(radius: float) -> bytes:
    out = io.BytesIO()
    with Image.open(EXAMPLE) as picture:
        picture.filter(ImageFilter.GaussianBlur(radius)).save(out, "JPEG", quality=92)
    return out.getvalue()


def test_a_good_picture_is_measured(client, upload):
    page = client.get(upload(EXAMPLE.read_bytes()).url).content.decode()
    assert "hairs counted" in page
    assert "Only 0.23 cm² can be measured" in page
    assert Measurement.objects.get().status == "draft"


def test_a_picture_out_of_focus_is_kept_refused_and_says_what_to_do(client, upload):
    answer = upload(blurred(6))
    record = Measurement.objects.get()
    assert record.status == "refused"
    assert measurements.values_of(record) == ()
    page = client.get(answer.url).content.decode()
    assert "The picture is out of focus" in page
    assert "Focus on the skin" in page
    assert "This picture is not counted" in page
    assert "hairs counted" not in page


def test_of_several_pictures_the_unfit_ones_are_told(client, upload):
    page = client.get(upload(EXAMPLE.read_bytes(), blurred(6)).url).content.decode()
    assert "2 pictures are measured." in page
    assert "1 picture is not good enough to be counted" in page


def test_where_there_are_bubbles_and_marks_is_drawn_in_the_picture(client, upload):
    with Image.open(EXAMPLE) as picture:
        marked = picture.convert("RGB")
    marked.paste((0, 0, 0), (0, 0, 900, 90))
    out = io.BytesIO()
    marked.save(out, "PNG")
    page = client.get(upload(out.getvalue()).url).content.decode()
    assert "What is drawn or tattooed" in page
    assert 'class="fault-box fault-box--tell"' in page
    made = measurements.to_terms(Measurement.objects.get())
    assert made.automatic.masked_share > 0.1


def test_a_bar_that_was_found_is_offered_and_confirmed(client, upload, barred):
    page = client.get(upload(EXAMPLE.read_bytes(), scale="later").url).content.decode()
    assert "A scale bar of 200 pixels was found" in page
    assert "A ruler with 30 marks was found, 20.0 pixels apart" in page
    assert page.count("fault-box--scale") == 2
    first = Measurement.objects.get()
    assert first.um_per_px is None
    confirmed = {"source": "scale_bar", "length_px": "200", "sd_px": "0.8", "length_mm": "1"}
    client.post(reverse("measurement_rescale", args=[first.pk]), confirmed)
    scale = measurements.to_terms(Measurement.objects.get(revision=2)).automatic.scale
    assert (scale.um_per_px, scale.source) == (5.0, ScaleSource.SCALE_BAR)
    assert scale.relative_sd == pytest.approx(0.005)


def test_two_points_are_known_less_well_the_nearer_they_lie(client, upload, barred):
    upload(EXAMPLE.read_bytes(), scale="later")
    first = Measurement.objects.get()
    # what a hand set is never as exact as it says
    typed = {"source": "two_points", "length_px": "50", "sd_px": "0.001", "length_mm": "0.25"}
    client.post(reverse("measurement_rescale", args=[first.pk]), typed)
    scale = measurements.to_terms(Measurement.objects.get(revision=2)).automatic.scale
    assert scale.relative_sd == pytest.approx(0.03)


def test_device_profiles_are_offered_with_how_they_are_known(client, practitioner, patient):
    client.force_login(practitioner)
    page = client.get(reverse("measurement_add", args=[patient.pk])).content.decode()
    assert "Video dermoscope at 70×" in page
    assert "2.79 µm a pixel ± 1 %, pictures 1280 px wide" in page
    assert page.count("An assumption: confirm it with a ruler") == 2


def test_the_other_devices_stand_behind_one_line_that_opens_where_one_is_chosen(upload):
    page = upload(EXAMPLE.read_bytes(), scale="later", measured_on="").content.decode()
    assert '<details class="more">' in page
    assert page.index("On the picture") < page.index("other devices") < page.index("USB microscope")
    key = next(one.key for one in shipped() if "200×" in one.name)
    page = upload(EXAMPLE.read_bytes(), scale=key, measured_on="").content.decode()
    assert '<details class="more" open>' in page


def test_a_device_whose_pictures_are_wider_is_refused_with_the_way_out(upload):
    key = "fact:1280:Video dermoscope at 70×, as in the FDU data set"
    answer = upload(EXAMPLE.read_bytes(), scale=key)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "took pictures 1280 px wide; this one has 900" in page
    assert "Set the scale on the picture instead" in page
    assert not Measurement.objects.exists()


def test_a_device_that_is_no_more_offered_is_refused(upload):
    answer = upload(EXAMPLE.read_bytes(), scale="clinic:1280:Gone")
    assert answer.status_code == 422
    assert not Measurement.objects.exists()


def test_each_result_says_what_is_to_be_done_next(client, upload, approved, practitioner, barred):
    upload(EXAMPLE.read_bytes(), scale="later")
    record = Measurement.objects.get()
    path = reverse("measurement_page", args=[record.pk])
    assert "Next: set the scale" in client.get(path).content.decode()
    upload(EXAMPLE.read_bytes())
    scaled = Measurement.objects.get(um_per_px__isnull=False)
    path = reverse("measurement_page", args=[scaled.pk])
    assert "Next: look at the hairs" in client.get(path).content.decode()
    measurements.accept(by=practitioner, measurement=scaled)
    page = client.get(path).content.decode()
    assert "Next:" not in page
    assert reverse("plan_forecast", args=[approved.pk]) in page


def test_a_refused_picture_leads_to_the_next_one(client, upload, patient):
    page = client.get(upload(blurred(9)).url).content.decode()
    assert "This picture is not counted" in page
    assert page.count(reverse("measurement_add", args=[patient.pk])) == 1
