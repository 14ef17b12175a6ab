"""Consent on the tablet: handed over, read and signed, withdrawn."""

import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from openmeso.records.models import Consent, StoredFile
from openmeso.services import consent as consents
from openmeso.web.consent.forms import SignForm, strokes_of
from tests.services.example_consent import signed

STROKES = json.dumps([[[100, 200], [250, 90], [300, 260]], [[350, 200], [700, 210]]])
TYPED = {
    "method": "typed", "name": "Deniz Kaya", "read_all": "on", "enough_time": "on",
    "questions": "Does it hurt? Briefly.",
}  # fmt: skip
DRAWN = TYPED | {"method": "drawn", "strokes": STROKES}


@pytest.fixture
def handed_over(draft, practitioner):
    return consents.hand_over(by=practitioner, plan=draft, language="en")


@pytest.fixture
def of_plan(draft):
    return reverse("consent_of_plan", args=[draft.pk])


def read_of(consent) -> str:
    return reverse("consent_read", args=[consent.pk])


def test_the_plan_and_the_patient_say_that_consent_is_missing(client, practitioner, draft, of_plan):
    client.force_login(practitioner)
    for address in (
        reverse("plan_page", args=[draft.pk]),
        reverse("patient_page", args=[draft.patient_id]),
    ):
        page = client.get(address).content.decode()
        assert "No consent" in page
        assert of_plan in page


def test_it_is_handed_over_read_and_signed(client, practitioner, draft, of_plan):
    client.force_login(practitioner)
    page = client.get(of_plan).content.decode()
    assert "No consent yet" in page
    assert page.count("A translation, to be checked by the clinic") == 3
    consent_page = client.post(of_plan, {"language": "en"}).url
    consent = Consent.objects.get()
    assert consent_page == reverse("consent_page", args=[consent.pk])
    assert read_of(consent) in client.get(consent_page).content.decode()
    page = client.get(read_of(consent)).content.decode()
    for section in consents.paper_of(consent).sections:
        assert section.heading in page
    assert client.post(read_of(consent), DRAWN).url == consent_page
    page = client.get(consent_page).content.decode()
    assert "drawn on the screen" in page
    assert "Does it hurt?" in page
    assert "Consent signed" in client.get(reverse("plan_page", args=[draft.pk])).content.decode()
    sheet = client.get(reverse("consent_sheet", args=[consent.pk]))
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet["Cache-Control"] == "no-store, private"
    assert sheet.content.startswith(b"%PDF-")
    assert "Kaya" not in sheet["Content-Disposition"]


def test_the_patients_page_leads_nowhere_else(client, practitioner, handed_over):
    client.force_login(practitioner)
    page = client.get(read_of(handed_over)).content.decode()
    assert reverse("patient_list") not in page
    assert "No allergy" not in page


def test_by_typing_and_without_scripts(client, practitioner, handed_over):
    client.force_login(practitioner)
    client.post(read_of(handed_over), TYPED | {"relation": "mother", "name": "Ayla Kaya"})
    handed_over.refresh_from_db()
    assert handed_over.signing["method"] == "typed"
    assert handed_over.signing["relation"] == "mother"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"read_all": ""}, "read_all"),
        ({"enough_time": ""}, "enough_time"),
        ({"name": " "}, "name"),
        ({"strokes": ""}, "method"),
        ({"strokes": "[[[1,2],[3,4]]]"}, "method"),
        ({"strokes": "not json"}, "method"),
        ({"strokes": '[[["a","b"]]]'}, "method"),
        ({"strokes": "[[[NaN, Infinity], [1, 2]]]"}, "method"),
        ({"strokes": "[" * 5000}, "method"),
        ({"strokes": '{"a": 1}'}, "method"),
        ({"method": "stamped"}, "method"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client, practitioner, handed_over, change, field
):
    client.force_login(practitioner)
    answer = client.post(read_of(handed_over), DRAWN | change)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Does it hurt? Briefly." in answer.content.decode()
    assert not StoredFile.objects.exists()


@given(st.text(max_size=60) | st.recursive(st.floats() | st.none() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4), max_leaves=12).map(json.dumps))  # fmt: skip
def test_any_strokes_are_read_or_refused(text):
    form = SignForm(DRAWN | {"strokes": text})
    form.is_valid()
    try:
        strokes_of(text)
    except ValueError:
        assert "method" in form.errors


def test_what_is_signed_is_not_signed_again(client, practitioner, draft):
    consent = signed(practitioner, draft)
    client.force_login(practitioner)
    assert client.get(read_of(consent)).url == reverse("consent_page", args=[consent.pk])
    answer = client.post(read_of(consent), DRAWN)
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()


def test_a_language_that_does_not_exist_is_refused(client, practitioner, of_plan):
    client.force_login(practitioner)
    for typed in ({"language": "eo"}, {}, {"language": "x" * 50}):
        answer = client.post(of_plan, typed)
        assert answer.status_code == 422
        assert "choose another" in answer.content.decode()
    assert not Consent.objects.exists()


def test_withdrawing(client, assistant, practitioner, draft):
    consent = signed(practitioner, draft)
    client.force_login(assistant)
    address = reverse("consent_withdraw", args=[consent.pk])
    assert client.post(address, {"note": "x" * 3000}).status_code == 422
    assert client.post(address, {"note": "moving abroad"}).status_code == 302
    page = client.get(reverse("consent_page", args=[consent.pk])).content.decode()
    assert "moving abroad" in page
    assert client.post(address, {"note": ""}).status_code == 409


def test_the_text_can_be_taken_home_before(client, assistant, handed_over):
    client.force_login(assistant)
    sheet = client.get(reverse("consent_sheet", args=[handed_over.pk]))
    assert sheet.content.startswith(b"%PDF-")
    assert "to-read" in sheet["Content-Disposition"]


def test_an_assistant_hands_over_but_does_not_take(client, assistant, handed_over, of_plan):
    client.force_login(assistant)
    page = client.get(reverse("consent_page", args=[handed_over.pk])).content.decode()
    assert read_of(handed_over) not in page
    assert client.get(read_of(handed_over)).status_code == 403
    assert client.post(read_of(handed_over), DRAWN).status_code == 403
    assert client.post(of_plan, {"language": "en"}).status_code == 302


PAGES = ("consent_page", "consent_read", "consent_sheet")


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("researcher", 403), ("auditor", 403), ("outsider", 403)])  # fmt: skip
def test_nobody_else_gets_in(client, cast, handed_over, of_plan, who, status):
    client.force_login(getattr(cast, who))
    for name in PAGES:
        assert client.get(reverse(name, args=[handed_over.pk])).status_code == status
    assert client.post(reverse("consent_withdraw", args=[handed_over.pk])).status_code == status
    for answer in (client.get(of_plan), client.post(of_plan, {"language": "en"})):
        assert answer.status_code == status
    assert client.post(read_of(handed_over), DRAWN).status_code == status
    assert Consent.objects.count() == 1


def test_signed_out_are_led_to_sign_in(client, handed_over, of_plan):
    for address in (of_plan, *(reverse(name, args=[handed_over.pk]) for name in PAGES)):
        assert client.get(address).url.startswith(reverse("account_login"))


def test_wrong_methods_are_refused(client, practitioner, handed_over, of_plan):
    client.force_login(practitioner)
    for name in ("consent_page", "consent_sheet"):
        assert client.post(reverse(name, args=[handed_over.pk])).status_code == 405
    assert client.get(reverse("consent_withdraw", args=[handed_over.pk])).status_code == 405
    for address in (of_plan, read_of(handed_over)):
        assert client.delete(address).status_code == 405


def test_the_patient_s_language_is_offered_first_and_reads_and_prints_in_it(
    client, practitioner, draft, of_plan
):
    client.force_login(practitioner)
    client.cookies["django_language"] = "fr"
    assert 'value="fr" checked' in client.get(of_plan).content.decode()
    client.post(of_plan, {"language": "tr"})
    consent = Consent.objects.get()
    # what the patient was given last counts for more than the language of the pages
    assert 'value="tr" checked' in client.get(of_plan).content.decode()
    page = client.get(read_of(consent)).content.decode()
    assert "Saç mezoterapisi" in page
    assert "Metnin tamamını okudum" in page
    assert "klinik tarafından henüz denetlenmemiştir" in page
    assert client.post(read_of(consent), TYPED).status_code == 302
    consent.refresh_from_db()
    assert (consent.language, bool(consent.signed_at)) == ("tr", True)
