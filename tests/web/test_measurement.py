"""Measure: numbers and scores typed in, and the pages of what was measured."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from openmeso.gateways import clock, trichoscopy
from openmeso.gateways.picture import read_picture
from openmeso.records.models import Measurement
from openmeso.services import measurement as measurements
from openmeso.services.measurement import Taken
from openmeso.terms.measurement import Place, Site
from openmeso.terms.trichoscopy import Scale
from tests.example_field import UM_PER_PX, field
from tests.gateways.example_picture import gradient, saved

TODAY = clock.today().isoformat()
TYPED = {"measured_on": TODAY, "site": "vertex", "device": "Trichometer"}


def address(name, patient):
    return reverse(f"measurement_{name}", args=[patient.pk])


@pytest.fixture
def measured(practitioner, patient, monkeypatch):
    monkeypatch.setattr(
        trichoscopy, "read_field", lambda shown, *, scale, setting: field(scale=scale)
    )
    return measurements.measure(
        by=practitioner,
        patient=patient,
        shown=read_picture(saved(gradient(640, 480), "PNG")),
        taken=Taken(clock.today(), Place(Site.VERTEX), scale=Scale(UM_PER_PX)),
    )


def test_numbers_are_kept_and_stand_on_the_patients_page(client, practitioner, patient):
    client.force_login(practitioner)
    typed = TYPED | {"terminal_density": "152", "terminal_density_sd": "9"}
    answer = client.post(address("values", patient), typed)
    assert answer.url == reverse("patient_page", args=[patient.pk])
    page = client.get(answer.url).content.decode()
    assert "Terminal hairs 152 /cm²" in page
    assert "137–167" in page
    record = Measurement.objects.get()
    assert (
        "Trichometer" in client.get(reverse("measurement_page", args=[record.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "Give at least one number"),
        ({"terminal_density": "5000"}, "less than or equal to 1000"),
        ({"terminal_density": "nan"}, "Enter a number"),
        ({"terminal_density_sd": "9"}, "stands alone"),
        ({"terminal_density": "150", "measured_on": "2999-01-01"}, "lies in the future"),
        ({"terminal_density": "150", "measured_on": "1950-01-01"}, "not born"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client, practitioner, patient, changes, says
):
    client.force_login(practitioner)
    answer = client.post(address("values", patient), TYPED | changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert "Trichometer" in page
    assert not Measurement.objects.exists()


def test_a_score_is_kept_by_its_scale(client, practitioner, patient):
    client.force_login(practitioner)
    assert "Norwood" in client.get(address("score", patient)).content.decode()
    shown = client.post(address("score", patient), {"scale": "salt", "show": "1"})
    assert "SALT" in shown.content.decode()
    assert not Measurement.objects.exists()
    typed = {"measured_on": TODAY, "scale": "norwood_hamilton", "score": "III vertex"}
    client.post(address("score", patient), typed | {"of_photos": "on"})
    record = Measurement.objects.get()
    assert (record.kind, record.score) == ("photo", "norwood_hamilton:III vertex")
    assert "III vertex" in client.get(reverse("patient_page", args=[patient.pk])).content.decode()


def test_a_measured_picture_shows_every_hair_and_is_corrected(client, practitioner, measured):
    client.force_login(practitioner)
    page = client.get(reverse("measurement_page", args=[measured.pk])).content.decode()
    assert page.count('class="root"') == 40
    picture = client.get(reverse("measurement_picture", args=[measured.pk]))
    assert picture["Content-Type"] == "image/png"
    correct = reverse("measurement_correct", args=[measured.pk])
    hairs = '[{"path_px": [[100, 100], [140, 120]], "of": []}]'
    answer = client.post(correct, {"hairs": hairs})
    after = Measurement.objects.get(revision=2)
    assert answer.url == reverse("measurement_page", args=[after.pk])
    assert "What the software had read" in client.get(answer.url).content.decode()
    client.post(reverse("measurement_accept", args=[after.pk]))
    after.refresh_from_db()
    assert after.status == "accepted"


@pytest.mark.parametrize("text", ["", "[", "{}", "[[]]", '[{"path_px": [[1, 2]]}]', "[" * 9999])
def test_hairs_that_cannot_be_read_are_refused(client, practitioner, measured, text):
    client.force_login(practitioner)
    answer = client.post(reverse("measurement_correct", args=[measured.pk]), {"hairs": text})
    assert answer.status_code == 422
    assert Measurement.objects.count() == 1


def test_what_was_measured_updates_the_forecast_of_the_plan(client, practitioner, draft):
    client.force_login(practitioner)
    path = reverse("plan_forecast", args=[draft.pk])
    typed = TYPED | {"terminal_density": "152", "terminal_density_sd": "9"}
    client.post(reverse("measurement_values", args=[draft.patient_id]), typed)
    page = client.get(path).content.decode()
    assert "Measured so far" in page
    assert "With what was measured" in page
    assert "chart-updated-90" in page
    assert 'class="chart-dot" cx=' in page


def test_the_printed_record_draws_what_was_measured(client, practitioner, draft):
    client.force_login(practitioner)
    typed = TYPED | {"terminal_density": "152", "terminal_density_sd": "9"}
    client.post(reverse("measurement_values", args=[draft.patient_id]), typed)
    answer = client.get(reverse("plan_pdf", args=[draft.pk, "record"]))
    pages = PdfReader(BytesIO(answer.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Measured so far" in text
    assert "forecast with what was measured" in text


PAGES = ("page", "picture", "dicom")
DEEDS = ("accept", "withdraw", "rescale", "correct")


@pytest.mark.parametrize("name", [*PAGES, *DEEDS])
def test_others_are_refused(client, cast, measured, name):
    path = reverse(f"measurement_{name}", args=[measured.pk])
    send, wrong = (client.get, client.post) if name in PAGES else (client.post, client.get)
    assert "/login/" in send(path).url
    client.force_login(cast.stranger)
    assert send(path).status_code == 404
    client.force_login(cast.researcher)
    assert send(path).status_code in (403, 404)
    client.force_login(cast.practitioner)
    assert wrong(path).status_code == 405


@pytest.mark.parametrize("name", ["add", "values", "score"])
def test_nobody_else_measures(client, cast, patient, name):
    path = address(name, patient)
    assert "/login/" in client.get(path).url
    client.force_login(cast.stranger)
    assert client.get(path).status_code == 404
    client.force_login(cast.auditor)
    assert client.get(path).status_code in (403, 404)
    client.force_login(cast.practitioner)
    assert client.put(path).status_code == 405
