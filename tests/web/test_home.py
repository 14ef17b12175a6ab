"""Today, one's own training, the look, and the gallery."""

import pytest
from django.urls import reverse


def test_today_offers_patients_to_those_who_care_for_them(client, practitioner, patient):
    client.force_login(practitioner)
    page = client.get(reverse("home")).content.decode()
    assert "Deniz Kaya" in page
    assert 'aria-current="page"' in page


def test_today_names_no_patient_to_others(client, researcher, auditor, outsider, patient):
    for user in (researcher, auditor, outsider):
        client.force_login(user)
        page = client.get(reverse("home")).content.decode()
        assert "Kaya" not in page
        assert reverse("patient_list") not in page


def test_today_wants_sign_in_and_only_reads(client, practitioner):
    assert client.get(reverse("home")).url.startswith(reverse("account_login"))
    client.force_login(practitioner)
    assert client.post(reverse("home")).status_code == 405


def test_no_page_carries_inline_scripts_or_styles(client, practitioner, patient):
    client.force_login(practitioner)
    for name, of in (
        ("home", []),
        ("patient_page", [patient.pk]),
        ("assessment_add", [patient.pk]),
    ):
        page = client.get(reverse(name, args=of)).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert "http://" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize("chosen", ["dark", "light"])
def test_look_is_remembered_without_scripts(client, practitioner, chosen):
    client.force_login(practitioner)
    answer = client.post(reverse("theme"), {"theme": chosen, "next": "/knowledge/"})
    assert answer.url == "/knowledge/"
    assert f'data-theme="{chosen}"' in client.get(reverse("home")).content.decode()


def test_look_leads_nowhere_else_and_takes_no_other_word(client):
    answer = client.post(reverse("theme"), {"theme": "pink", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
    assert answer.cookies["theme"].value == "auto"
    assert client.get(reverse("theme")).status_code == 405


def test_own_training_is_shown(client, lead, practitioner):
    from datetime import date

    from openmeso.services import practitioner as practitioners

    practitioners.record_training(
        by=lead,
        user=practitioner,
        technique="papule",
        trained_on=date(2020, 1, 1),
        valid_until=date(2021, 1, 1),
    )
    client.force_login(practitioner)
    page = client.get(reverse("practitioner_page")).content.decode()
    assert "lapsed 1 Jan 2021" in page
    assert "not trained" in page


def test_gallery_is_for_those_who_build_pages(client, practitioner):
    client.force_login(practitioner)
    assert client.get(reverse("gallery")).status_code == 404
    practitioner.is_staff = True
    practitioner.save()
    assert client.get(reverse("gallery")).status_code == 200
