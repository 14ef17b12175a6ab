"""The recall pages: whom it reached, tell them, write down that it was done."""

import csv
import io
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.urls import reverse

from openmeso.records.models import RecallNotice
from openmeso.services import lot as lots
from openmeso.services import patient as patients
from openmeso.services import session as sessions
from tests.conftest import PASSWORD
from tests.services.example_recall import copied

MESSAGE = {"subject": "A message from {clinic}", "text": "Dear {name},\n\nplease call."}


@pytest.fixture
def lot(stocked, typed):
    return stocked[typed.lots[0].product]


@pytest.fixture
def given(session, typed, trained, patient):
    """The patient has been given the lot, and has an address."""
    patients.change(by=trained, patient=patient, email="deniz@example.org", address="=1 Moda Cd.")
    return sessions.sign(
        by=trained, session=session, entry=replace(typed), version=1, token="t", proof=PASSWORD
    )


def doors(lot, patient, trained):
    at = [lot.pk]
    return {
        "index": ("get", reverse("recall_index"), {}),
        "product": ("get", reverse("recall_product"), {"product": lot.product}),
        "practitioner": ("get", reverse("recall_practitioner"), {"practitioner": trained.pk}),
        "lot": ("get", reverse("recall_lot", args=at), {}),
        "export": ("get", reverse("recall_export", args=at), {}),
        "emails": ("post", reverse("recall_emails", args=at), MESSAGE),
        "told": ("post", reverse("recall_told", args=[lot.pk, patient.pk]), {"channel": "phone"}),
    }


NAMES = ("index", "product", "practitioner", "lot", "export", "emails", "told")


@pytest.mark.parametrize("name", NAMES)
def test_every_door(client, cast, given, lot, patient, trained, name):
    method, url, values = doors(lot, patient, trained)[name]
    ask, other = getattr(client, method), "post" if method == "get" else "get"
    assert ask(url, values).status_code == 302
    client.force_login(cast.lead)
    assert ask(url, values).status_code == (302 if method == "post" else 200)
    assert getattr(client, other)(url).status_code == 405
    client.force_login(cast.assistant)
    assert ask(url, values).status_code == 403
    for who in (cast.researcher, cast.outsider):
        client.force_login(who)
        assert ask(url, values).status_code in {403, 404}
    client.force_login(cast.stranger)
    answer = ask(url, values)
    if str(lot.pk) in url or name == "practitioner":
        assert answer.status_code == 404
    else:
        assert patient.family_name not in answer.content.decode()


def test_the_page_says_who_where_and_what_is_still_to_do(client, trained, given, lot, patient):
    lots.recall(by=trained, lot=lot, reason="Sterility in doubt")
    client.force_login(trained)
    page = client.get(reverse("recall_lot", args=[lot.pk])).content.decode()
    for word in (patient.name, "Sterility in doubt", "To tell", "points", "deniz@example.org"):
        assert word in page
    client.post(reverse("recall_told", args=[lot.pk, patient.pk]), {"channel": "phone"})
    page = client.get(reverse("recall_lot", args=[lot.pk])).content.decode()
    assert "By telephone" in page
    assert "To tell" not in page


def test_in_vain_without_how_is_asked_for_again(client, trained, given, lot, patient):
    client.force_login(trained)
    url = reverse("recall_told", args=[lot.pk, patient.pk])
    answer = client.post(url, {"channel": "not_reached"})
    assert answer.status_code == 422
    assert "how it was tried" in answer.content.decode()
    assert not RecallNotice.objects.exists()


def test_e_mails_go_to_those_with_an_address(client, trained, given, lot, patient):
    client.force_login(trained)
    client.post(reverse("recall_emails", args=[lot.pk]), MESSAGE)
    assert mail.outbox[0].subject == "A message from Test Clinic"
    assert RecallNotice.objects.get().patient == patient


@pytest.mark.parametrize("subject", ["About {name}", "{product}", ""])
def test_a_subject_leaves_the_patient_out(client, trained, given, lot, subject):
    client.force_login(trained)
    url = reverse("recall_emails", args=[lot.pk])
    answer = client.post(url, MESSAGE | {"subject": subject, "text": "kept as typed"})
    assert answer.status_code == 422
    assert "kept as typed" in answer.content.decode()
    assert not mail.outbox


def test_the_list_can_be_taken_out_and_runs_nothing(client, trained, given, lot, patient):
    client.force_login(trained)
    answer = client.get(reverse("recall_export", args=[lot.pk]))
    assert answer["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["record_number"], row["address"]) == (patient.record_number, "'=1 Moda Cd.")
    assert int(row["points"]) == given.points_given


def test_a_practitioner_who_is_none_is_not_found(client, trained):
    client.force_login(trained)
    for text in ("", "x", "6f1ab1a2-0000-0000-0000-000000000000"):
        url = reverse("recall_practitioner")
        assert client.get(url, {"practitioner": text}).status_code == 404


def test_letters_are_a_pdf_a_page_each(client, trained, given, lot):
    client.force_login(trained)
    url = reverse("recall_letters", args=[lot.pk])
    assert client.get(url).status_code == 405
    assert client.post(url, {"subject": "", "text": ""}).status_code == 422
    answer = client.post(url, MESSAGE)
    assert answer.content.startswith(b"%PDF-")
    assert client.post(url, MESSAGE).status_code == 302
    assert RecallNotice.objects.get().channel == "letter"


@pytest.mark.parametrize("by", ["product", "practitioner"])
def test_a_product_s_and_a_hand_s_list_can_be_taken_out_too(client, trained, given, lot, by):
    client.force_login(trained)
    asked = {"product": lot.product} if by == "product" else {"practitioner": str(trained.pk)}
    page = client.get(reverse(f"recall_{by}"), asked).content.decode()
    address = f"{reverse(f'recall_{by}_export')}?{urlencode(asked)}"
    assert f'href="{address}"' in page
    (row,) = csv.DictReader(io.StringIO(client.get(address).content.decode("utf-8-sig")))
    assert int(row["points"]) == given.points_given


def test_a_long_list_comes_in_pages_that_count_everybody(
    client, trained, given, lot, patient, monkeypatch
):
    monkeypatch.setattr("openmeso.web.recall.views.PATIENTS_A_PAGE", 1)
    other = copied(given, lot, "Zeybek", {1: 7}).patient
    client.force_login(trained)
    url = reverse("recall_lot", args=[lot.pk])
    shown, hidden = patient, other
    for n in (1, 2):
        page = client.get(url, {"page": n}).content.decode()
        assert f"Page {n} of 2" in page
        assert f"<dd>{given.points_given + 7}</dd>" in page
        assert shown.record_number in page
        assert hidden.record_number not in page
        shown, hidden = hidden, shown
    told = reverse("recall_told", args=[lot.pk, other.pk])
    assert f'action="{told}?page=2"' in page
    answer = client.post(f"{told}?page=2", {"channel": "phone"})
    assert answer.url == f"{url}?page=2"
    assert len(client.get(reverse("recall_export", args=[lot.pk])).content.splitlines()) == 3
