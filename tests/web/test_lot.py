"""The cabinet: scan, receive, count, throw away, set aside, recall."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from openmeso.records.models import Lot, ProductCode
from openmeso.services import lot as lots
from openmeso.terms.lot import Receipt

GTIN = "08690123456789"
CODE = f"01{GTIN}1729063010A1"
PRODUCT = "dutasteride_0_05"
RECEIPT = {"product": PRODUCT, "number": "A1", "expires_on": "2029-06-30", "pieces": "4"}
PAGES = ("lot_list", "lot_receive", "lot_reconcile")
DEEDS = {
    "count": {"pieces": "1", "rest_ml": "2.5", "reason": "A box fell"},
    "waste": {"ml": "1.5", "reason": "Dropped"},
    "send_back": {"ml": "5", "reason": "To the supplier"},
    "quarantine": {"reason": "Cloudy"},
    "recall": {"reason": "Sterility, the maker's letter"},
}


@pytest.fixture
def lot(practitioner, clinic):
    receipt = Receipt(PRODUCT, "A1", date(2029, 6, 30), 2)
    return lots.receive(by=practitioner, clinic=clinic, receipt=receipt)


@pytest.mark.parametrize("name", PAGES)
def test_who_treats_here_sees_the_cabinet(client, cast, name, lot):
    client.force_login(cast.assistant)
    assert client.get(reverse(name)).status_code == 200
    assert client.delete(reverse(name)).status_code == 405
    for user in (cast.researcher, cast.outsider):
        client.force_login(user)
        assert client.get(reverse(name)).status_code == 403
    client.logout()
    assert client.get(reverse(name)).status_code == 302


def test_another_clinic_s_cabinet_is_another(client, stranger, lot):
    client.force_login(stranger)
    assert lot.number not in client.get(reverse("lot_list")).content.decode()
    assert client.get(reverse("lot_page", args=[lot.pk])).status_code == 404
    for deed, values in DEEDS.items():
        assert client.post(reverse(f"lot_{deed}", args=[lot.pk]), values).status_code == 404


def test_a_scan_of_something_new_leads_to_its_receipt_and_is_remembered(client, practitioner):
    client.force_login(practitioner)
    answer = client.get(reverse("lot_scan"), {"code": CODE}, follow=True)
    page = answer.content.decode()
    assert "is new here" in page
    assert 'value="A1"' in page
    assert 'value="2029-06-30"' in page
    url = f"{reverse('lot_receive')}?code={CODE}"
    client.post(url, RECEIPT | {"gtin": GTIN, "udi": "(01)…"})
    assert ProductCode.objects.get().product == PRODUCT
    lot = Lot.objects.get()
    assert (lot.gtin, lots.stock_ml(lot)) == (GTIN, 20.0)
    answer = client.get(reverse("lot_scan"), {"code": CODE})
    assert answer.url == reverse("lot_page", args=[lot.pk])


@pytest.mark.parametrize(("code", "word"), [("+A12", "HIBC"), ("", "Nothing was scanned")])
def test_a_broken_code_is_told_and_stays_in_the_field(client, practitioner, code, word):
    client.force_login(practitioner)
    answer = client.get(reverse("lot_scan"), {"code": code})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert f'value="{code}"' in answer.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"product": "x"}, {"number": ""}, {"expires_on": "soon"}, {"pieces": "0"},
              {"gtin": "12"}, {"expires_on": "2001-01-01"}],
)  # fmt: skip
def test_a_senseless_receipt_keeps_what_was_typed(client, practitioner, wrong):
    client.force_login(practitioner)
    answer = client.post(reverse("lot_receive"), RECEIPT | {"number": "KEEP-ME"} | wrong)
    assert answer.status_code == 422
    assert "number" in wrong or "KEEP-ME" in answer.content.decode()
    assert not Lot.objects.exists()


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_written_down(client, practitioner, lot, deed):
    client.force_login(practitioner)
    url = reverse(f"lot_{deed}", args=[lot.pk])
    assert client.get(url).status_code == 405
    assert client.post(url, DEEDS[deed]).url == reverse("lot_page", args=[lot.pk])
    page = client.get(reverse("lot_page", args=[lot.pk])).content.decode()
    assert DEEDS[deed]["reason"].split(",")[0] in page
    left = {"count": 7.5, "waste": 8.5, "send_back": 5.0}.get(deed, 10.0)
    assert lots.stock_ml(lot) == left


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_without_its_reason_is_asked_for_again(client, practitioner, lot, deed):
    client.force_login(practitioner)
    url = reverse(f"lot_{deed}", args=[lot.pk])
    answer = client.post(url, DEEDS[deed] | {"reason": ""})
    assert answer.status_code == 422
    assert f'id="{deed}_reason"' in answer.content.decode()
    assert lots.stock_ml(lot) == 10.0


def test_more_than_is_there_is_refused_with_the_way_out(client, practitioner, lot):
    client.force_login(practitioner)
    answer = client.post(reverse("lot_waste", args=[lot.pk]), {"ml": "11", "reason": "Dropped"})
    assert answer.status_code == 422
    assert "count it first" in answer.content.decode()


def test_a_recalled_lot_is_released_with_a_reason(client, practitioner, lot):
    client.force_login(practitioner)
    client.post(reverse("lot_recall", args=[lot.pk]), DEEDS["recall"])
    page = client.get(reverse("lot_list")).content.decode()
    assert "Recalled" in page
    client.post(reverse("lot_release", args=[lot.pk]), {"reason": "Another batch was meant"})
    lot.refresh_from_db()
    assert lot.status == "usable"


def test_an_assistant_sets_aside_and_does_not_decide(client, assistant, lot):
    client.force_login(assistant)
    page = client.get(reverse("lot_page", args=[lot.pk])).content.decode()
    assert reverse("lot_recall", args=[lot.pk]) not in page
    assert client.post(reverse("lot_recall", args=[lot.pk]), DEEDS["recall"]).status_code == 403


def test_an_auditor_reads_and_does_nothing(client, auditor, lot):
    client.force_login(auditor)
    assert client.get(reverse("lot_page", args=[lot.pk])).status_code == 200
    for deed, values in DEEDS.items():
        assert client.post(reverse(f"lot_{deed}", args=[lot.pk]), values).status_code == 403
    assert client.post(reverse("lot_receive"), RECEIPT).status_code == 403


def test_a_lot_that_is_not_there_is_not_found(client, practitioner):
    client.force_login(practitioner)
    assert client.get(reverse("lot_page", args=[uuid.uuid4()])).status_code == 404
