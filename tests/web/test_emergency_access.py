"""Another clinic's record in an emergency: opened for a reason, loudly, and read by its clinic."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from openmeso.gateways import clock
from openmeso.records.models import EmergencyAccess
from openmeso.services import emergency_access

REASON = "Collapsed in our waiting room, allergies unknown"
OPEN = "/emergency/"


@pytest.fixture
def opened(stranger, patient):
    return emergency_access.open_with_reason(by=stranger, pk=patient.pk, reason=REASON)


def page_of(patient) -> str:
    return reverse("patient_page", args=[patient.pk])


def test_a_record_opens_with_its_link_and_a_reason(client, stranger, assessed):
    client.force_login(stranger)
    assert client.get(page_of(assessed)).status_code == 404
    link = f"https://clinic.example{page_of(assessed)}"
    answer = client.post(OPEN, {"reference": link, "reason": REASON})
    assert answer.url == page_of(assessed)
    page = client.get(answer.url).content.decode()
    assert "Emergency access" in page
    assert "to read only, until" in page
    assert reverse("patient_edit", args=[assessed.pk]) not in page
    assert reverse("plan_new", args=[assessed.pk]) not in page


def test_the_limit_is_said_before(client, stranger):
    client.force_login(stranger)
    page = client.get(OPEN).content.decode()
    assert "60 minutes, to read only" in page


def test_the_banner_stays_while_it_lasts_and_for_nobody_else(
    client, stranger, practitioner, opened, patient, monkeypatch
):
    address = page_of(patient)
    client.force_login(stranger)
    assert 'class="emergency"' in client.get(address).content.decode()
    client.force_login(practitioner)
    assert 'class="emergency"' not in client.get(address).content.decode()
    client.force_login(stranger)
    later = clock.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(address).status_code == 404


def test_the_plan_shows_it_too(client, stranger, draft):
    emergency_access.open_with_reason(by=stranger, pk=draft.patient_id, reason=REASON)
    client.force_login(stranger)
    page = client.get(reverse("plan_page", args=[draft.pk])).content.decode()
    assert 'class="emergency"' in page


def test_nothing_can_be_written_through_it(client, stranger, opened, patient):
    client.force_login(stranger)
    for name in ("patient_edit", "assessment_add"):
        typed = {
            "given_name": "X", "family_name": "Y", "sex": "male",
            "assessed_on": "2026-01-05", "indication": "androgenetic_alopecia_male",
        }  # fmt: skip
        address = reverse(name, args=[patient.pk])
        assert client.get(address).status_code == client.post(address, typed).status_code == 403
    patient.refresh_from_db()
    assert patient.family_name == "Kaya"


def test_it_is_given_back_at_once(client, stranger, opened, patient):
    client.force_login(stranger)
    answer = client.post(reverse("emergency_close", args=[patient.pk]))
    assert answer.status_code == 302
    assert client.get(page_of(patient)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reference": "P-001", "reason": REASON}, "reference"),
        ({"reference": str(uuid4()), "reason": REASON}, "reference"),
        ({"reference": str(uuid4()), "reason": "because"}, "reason"),
        ({"reference": str(uuid4()), "reason": ""}, "reason"),
    ],
)
def test_what_is_missing_is_said_beside_it(client, stranger, patient, typed, field):
    client.force_login(stranger)
    answer = client.post(OPEN, typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not EmergencyAccess.objects.exists()


def test_before_a_reason_is_given_nothing_says_whether_a_record_exists(client, stranger, patient):
    client.force_login(stranger)
    there, nowhere = patient.pk, uuid4()

    def said(address: str, pk: object, **typed: str) -> str:
        answer = client.post(address, typed) if typed else client.get(address)
        page = answer.content.decode().replace(str(pk), "ID")
        return "".join(line for line in page.splitlines() if "csrf" not in line.lower())

    for name in ("patient_page", "patient_edit"):
        pages = [said(reverse(name, args=[pk]), pk) for pk in (there, nowhere)]
        assert pages[0] == pages[1]
    forms = [said(f"{OPEN}?reference={pk}", pk) for pk in (there, nowhere)]
    assert forms[0] == forms[1]
    short = [said(OPEN, pk, reference=str(pk), reason="now") for pk in (there, nowhere)]
    assert short[0] == short[1]


def test_own_patients_need_no_emergency(client, practitioner, patient):
    client.force_login(practitioner)
    client.post(OPEN, {"reference": str(patient.pk), "reason": REASON})
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("who", ["assistant", "researcher", "auditor", "outsider"])
def test_other_roles_open_nothing_and_are_not_offered_it(client, cast, foreign_patient, who):
    client.force_login(getattr(cast, who))
    typed = {"reference": str(foreign_patient.pk), "reason": REASON}
    assert client.get(OPEN).status_code == 403
    assert client.post(OPEN, typed).status_code == 403
    assert OPEN not in client.get("/nowhere/").content.decode()
    assert not EmergencyAccess.objects.exists()


def test_wrong_methods_are_refused(client, lead, patient):
    client.force_login(lead)
    assert client.delete(OPEN).status_code == 405
    assert client.get(reverse("emergency_close", args=[patient.pk])).status_code == 405
    assert client.post(reverse("emergency_list")).status_code == 405


def test_nobody_signed_out_gets_in(client, patient):
    for address in (OPEN, reverse("emergency_list")):
        assert "/accounts/login/" in client.get(address).url


def test_lead_and_auditor_see_who_opened_what_and_why(client, lead, auditor, opened, patient):
    client.force_login(lead)
    page = client.get(reverse("emergency_list")).content.decode()
    assert "Stranger Test" in page
    assert REASON in page
    assert "Kaya" in page
    client.force_login(auditor)
    page = client.get(reverse("emergency_list")).content.decode()
    assert REASON in page
    assert "Kaya" not in page


@pytest.mark.parametrize("who", ["practitioner", "assistant", "researcher", "stranger", "outsider"])
def test_nobody_else_sees_the_list(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("emergency_list")).status_code == 403


def test_the_search_offers_it_where_nobody_is_found(client, practitioner, assistant):
    address = reverse("patient_list")
    client.force_login(practitioner)
    assert OPEN in client.get(address, {"q": "nobody"}).content.decode()
    client.force_login(assistant)
    assert OPEN not in client.get(address, {"q": "nobody"}).content.decode()


def test_times_are_the_readers_clinics(client, lead, opened, clinic):
    clinic.timezone = "Asia/Tokyo"
    clinic.save()
    client.force_login(lead)
    page = client.get(reverse("emergency_list")).content.decode()
    here = opened.created_at.astimezone(ZoneInfo(clinic.timezone))
    assert f"{here:%H:%M}" in page
