"""The pages of a session: at the chair, signed, on paper; and who may open which."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openmeso.gateways import clock, trichoscopy
from openmeso.records.models import Session
from openmeso.services import session as sessions
from openmeso.terms.contraindication import Answer
from openmeso.terms.session import SessionEntry
from openmeso.web.session.context import form_for
from tests.conftest import PASSWORD
from tests.example_field import field
from tests.gateways.example_picture import gradient, saved

JSON = {"Accept": "application/json"}


def posted(session, entry: SessionEntry, **changes) -> dict[str, object]:
    """The entry as a browser would post it."""
    pairs = {f"q_{each.contraindication}": each.answer.value for each in entry.checklist} | {
        "version": session.version,
        "client_token": "from-the-page",
        "anything_new": entry.anything_new.value,
        "pain": entry.pain,
        "minutes": entry.minutes,
        "reactions_seen": entry.reactions_seen.value,
        "exceptions": "[]",
        "notes": entry.notes,
    }
    for used in entry.lots:
        pairs |= {f"lot_{used.product}_1": used.lot, f"drawn_{used.product}_1": used.drawn_ml}
    pairs |= {f"zone_{zone.zone}": "on" for zone in entry.zones}
    if entry.aftercare_given:
        pairs["aftercare_given"] = "on"
    return pairs | changes


def doors(approved, session):
    pk = [session.pk]
    return {
        "start": ("post", reverse("session_start", args=[approved.pk, 1]), 302),
        "page": ("get", reverse("session_page", args=pk), 200),
        "save": ("post", reverse("session_save", args=pk), 302),
        "scan": ("get", reverse("session_scan", args=pk), 422),
        "sign": ("post", reverse("session_sign", args=pk), 422),
        "abandon": ("post", reverse("session_abandon", args=pk), 422),
        "addend": ("post", reverse("session_addend", args=pk), 409),
        "pdf": ("get", reverse("session_pdf", args=pk), 302),
    }


@pytest.mark.parametrize(
    "name", ["start", "page", "save", "scan", "sign", "abandon", "addend", "pdf"]
)
def test_every_door(client, cast, approved, session, name):
    method, address, works = doors(approved, session)[name]
    ask = getattr(client, method)
    assert ask(address).url.startswith(reverse("account_login"))
    client.force_login(cast.practitioner)
    assert client.generic("DELETE", address).status_code == 405
    if method == "post":
        assert client.get(address).status_code == 405
    assert ask(address, {"version": 1}).status_code == works
    client.force_login(cast.stranger)
    assert ask(address).status_code == 404
    for nobody in (cast.researcher, cast.auditor, cast.outsider):
        client.force_login(nobody)
        assert ask(address).status_code == 403


def test_an_assistant_neither_signs_nor_gives_up(client, assistant, session, typed):
    client.force_login(assistant)
    for name in ("session_sign", "session_abandon"):
        address = reverse(name, args=[session.pk])
        assert client.post(address, posted(session, typed, reason="x")).status_code == 403
    assert Session.objects.get().status == "draft"


def test_start_leads_to_the_chair_where_everything_is_asked(client, trained, approved, session):
    client.force_login(trained)
    answer = client.post(reverse("session_start", args=[approved.pk, 1]), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("session_page", args=[session.pk])
    for words in ("Deniz Kaya", "Anything new since last time", "Scan a vial", "0 none to 10"):
        assert words in page


def test_a_save_by_script_is_versioned_and_the_same_twice(client, trained, session, typed):
    client.force_login(trained)
    address = reverse("session_save", args=[session.pk])
    for _ in range(2):
        said = client.post(address, posted(session, typed), headers=JSON).json()
        assert said["version"] == 2
    assert said["missing"] == []
    assert "The vials reconcile" in said["tally"]
    stored = sessions.entry_of(Session.objects.get())
    assert (stored.pain, stored.lots, stored.zones) == (typed.pain, typed.lots, typed.zones)


def test_a_save_asks_the_database_few_things(client, trained, session, typed):
    """A save comes every few seconds: each thing it needs is one question, asked once or twice."""
    client.force_login(trained)
    address = reverse("session_save", args=[session.pk])
    version = client.post(address, posted(session, typed), headers=JSON).json()["version"]
    again = posted(session, typed, version=version, client_token="another")
    with CaptureQueriesContext(connection) as made:
        assert client.post(address, again, headers=JSON).status_code == 200
    asked = [one["sql"] for one in made if "SAVEPOINT" not in one["sql"]]
    assert len(asked) <= 18 + len(typed.lots), asked
    assert not any('"records_plan"."result"' in sql for sql in asked)


def test_forms_that_share_their_fields_share_nothing_typed(session, typed):
    first = form_for(session, posted(session, typed, pain="4", notes="mine"))
    other = form_for(session, posted(session, typed, pain="nine"))
    assert first.fields["pain"] is other.fields["pain"]
    assert first.is_valid()
    assert not other.is_valid()
    assert set(other.errors) == {"pain"}
    assert first.to_terms().pain == 4
    assert first["pain"].value() == "4"
    assert form_for(session)["pain"].value() == ""


def test_a_save_on_an_older_version_is_told_and_overwrites_nothing(
    client, trained, assistant, session, typed
):
    sessions.save(by=assistant, session=session, entry=typed, version=1, token="else")
    client.force_login(trained)
    address = reverse("session_save", args=[session.pk])
    mine = posted(session, typed, pain=9)
    told = client.post(address, mine, headers=JSON)
    assert (told.status_code, told.json()["version"], told.json()["by"]) == (
        409,
        2,
        "Assistant Test",
    )
    page = client.post(address, mine)
    assert page.status_code == 409
    assert b"Nothing has been overwritten" in page.content
    assert sessions.entry_of(Session.objects.get()).pain == typed.pain


def test_what_cannot_be_read_is_told_by_field(client, trained, session, typed):
    client.force_login(trained)
    address = reverse("session_save", args=[session.pk])
    for wrong in (
        {"pain": "11"},
        {"depth_mm": "deep"},
        {"exceptions": "{"},
        {"exceptions": json.dumps([{"number": "one"}])},
        {"exceptions": "[" * 5000},
    ):
        told = client.post(address, posted(session, typed, **wrong), headers=JSON)
        assert told.status_code == 422
        assert set(told.json()["errors"]) == set(wrong)
    assert Session.objects.get().version == 1


def test_without_scripts_the_form_keeps_and_signs(client, trained, session, typed):
    client.force_login(trained)
    kept = client.post(reverse("session_save", args=[session.pk]), posted(session, typed))
    assert kept.url == reverse("session_page", args=[session.pk])
    session.refresh_from_db()
    sent = posted(session, typed, proof=PASSWORD, client_token="another")
    signed = client.post(reverse("session_sign", args=[session.pk]), sent, follow=True)
    page = signed.content.decode()
    assert "signed by Practitioner Test" in page
    assert "B7" in page
    assert "given as planned" in page


def test_a_refused_signature_keeps_what_was_typed(client, trained, session, typed):
    client.force_login(trained)
    sent = posted(session, typed, proof="wrong", notes="Left side first.")
    refused = client.post(reverse("session_sign", args=[session.pk]), sent)
    assert refused.status_code == 422
    assert b"The password is not right" in refused.content
    assert sessions.entry_of(Session.objects.get()).notes == "Left side first."
    assert b"wrong" not in refused.content.split(b"<form")[-1]


def test_signed_twice_leads_to_the_same_record(client, trained, session, typed):
    client.force_login(trained)
    address = reverse("session_sign", args=[session.pk])
    for _ in range(2):
        answer = client.post(address, posted(session, typed, proof=PASSWORD))
        assert answer.url == reverse("session_page", args=[session.pk])
    assert Session.objects.get().points_given > 0


def test_todays_answers_block_on_the_page(client, trained, session, typed):
    client.force_login(trained)
    address = reverse("session_save", args=[session.pk])
    infected = posted(session, typed, q_infection_in_zone=Answer.YES.value)
    said = client.post(address, infected, headers=JSON).json()
    assert "blocked" in said["missing"]
    assert "finding--block" in said["findings"]


def test_a_scan_names_the_lot_or_says_why_not(client, trained, session, stocked):
    client.force_login(trained)
    address = reverse("session_scan", args=[session.pk])
    unread = client.get(address, {"code": "nothing"})
    assert unread.status_code == 422
    assert unread.json()["refusal"]


def test_the_signed_session_on_paper_names_lot_and_expiry(client, trained, signed, monkeypatch):
    from openmeso.gateways import session_sheet

    printed = []
    monkeypatch.setattr(
        session_sheet, "pdf_from_html", lambda page: printed.append(page) or b"%PDF-"
    )
    client.force_login(trained)
    answer = client.get(reverse("session_pdf", args=[signed.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="session-1.pdf"'
    lot = signed.lots.first()
    for words in (
        lot.number,
        lot.product_name,
        f"{lot.expires_on:%Y}",
        "Deniz Kaya",
        "Practitioner",
        f"{timezone.localtime(signed.signed_at):%H:%M} (Europe/Istanbul)",
    ):
        assert words in printed[0]


def test_an_addendum_stands_beside_the_session(client, trained, signed):
    client.force_login(trained)
    said = {"text": "Left side first.", "reason": "omitted"}
    page = client.post(reverse("session_addend", args=[signed.pk]), said, follow=True)
    assert b"Left side first." in page.content
    for wrong in ({"text": ""}, {"text": "Not lost.", "reason": " "}, {"reason": "x" * 401}):
        refused = client.post(reverse("session_addend", args=[signed.pk]), wrong)
        assert refused.status_code == 422
        assert wrong.get("text", "x" * 401) in refused.content.decode()
    assert signed.addenda.count() == 1


def test_given_up_for_a_reason(client, trained, session):
    client.force_login(trained)
    page = client.post(
        reverse("session_abandon", args=[session.pk]),
        {"reason": "Fever since morning"},
        follow=True,
    )
    assert b"Fever since morning" in page.content


def test_a_session_is_not_given_up_without_a_reason_or_with_too_much(client, trained, session):
    client.force_login(trained)
    for reason in (" ", "x" * 401):
        refused = client.post(reverse("session_abandon", args=[session.pk]), {"reason": reason})
        assert refused.status_code == 422
        assert 'href="#abandon-reason"' in refused.content.decode()
        assert reason in refused.content.decode()
    assert _fresh(session).status == "draft"


def test_what_was_typed_is_told_where_the_session_was_signed_meanwhile(
    client, trained, signed, typed
):
    client.force_login(trained)
    given_up = client.post(
        reverse("session_abandon", args=[signed.pk]), {"reason": "Fever since morning"}
    )
    kept = client.post(
        reverse("session_save", args=[signed.pk]), posted(signed, typed, notes="Nape was tender")
    )
    for answer, words in ((given_up, "Fever since morning"), (kept, "Nape was tender")):
        assert answer.status_code == 409
        assert words in answer.content.decode()
        assert "This session is fixed" in answer.content.decode()


def test_today_lists_what_is_due_and_where_to_go_on(client, trained, approved):
    client.force_login(trained)
    page = client.get(reverse("home")).content.decode()
    assert reverse("session_start", args=[approved.pk, 1]) in page
    begun = sessions.start(by=trained, plan=approved, number=1)
    page = client.get(reverse("home")).content.decode()
    assert reverse("session_page", args=[begun.pk]) in page


def test_a_red_flag_is_told_at_the_chair_with_what_to_do(client, trained, session, typed):
    client.force_login(trained)
    values = posted(session, typed, reactions_seen="yes", reactions=["anaphylaxis", "syncope"])
    answer = client.post(reverse("session_save", args=[session.pk]), values, headers=JSON)
    assert "Anaphylaxis protocol" in answer.json()["findings"]
    grades = {one.term: one.grade for one in sessions.entry_of(_fresh(session)).reactions}
    assert grades == {"anaphylaxis": 3, "syncope": 3}  # the mildest that the terms have


def _fresh(session):
    return Session.objects.get(pk=session.pk)


def test_late_reactions_are_asked_at_the_chair_with_their_source(
    client, trained, signed, approved, monkeypatch
):
    later = clock.today() + timedelta(days=14)
    monkeypatch.setattr(clock, "today", lambda: later)
    second = sessions.start(by=trained, plan=approved, number=2)
    client.force_login(trained)
    page = client.get(reverse("session_page", args=[second.pk])).content.decode()
    assert "new bald patches" in page
    assert "F0067" in page
    values = {"version": 1, "client_token": "x", "late_infection": "yes", "exceptions": "[]"}
    answer = client.post(reverse("session_save", args=[second.pk]), values, headers=JSON)
    assert "late_recorded" in answer.json()["missing"]


def test_a_reaction_is_added_in_one_touch_after_the_signature(client, trained, signed):
    client.force_login(trained)
    page = reverse("session_page", args=[signed.pk])
    client.post(
        reverse("adverse_event_quick", args=[signed.patient_id]),
        {"term": "bruising", "session": signed.pk, "next": page},
    )
    assert "Bruising" in client.get(page).content.decode()
    assert signed.adverse_events.count() == 1


def test_hair_is_measured_at_the_chair_and_leads_back(client, trained, session, monkeypatch):
    monkeypatch.setattr(
        trichoscopy, "read_field", lambda shown, *, scale, setting: field(scale=scale)
    )
    client.force_login(trained)
    chair = reverse("session_page", args=[session.pk])
    measure = reverse("measurement_add", args=[session.patient_id])
    assert measure in client.get(chair).content.decode()
    picture = SimpleUploadedFile("1.png", saved(gradient(640, 480), "PNG"))
    typed = {"measured_on": clock.today().isoformat(), "site": "vertex", "mode": "clipped"}
    measured = client.post(measure, typed | {"scale": "later", "pictures": picture}).url
    page = client.get(measured).content.decode()
    assert f'href="{chair}"' in page
    assert measured in client.get(chair).content.decode()
    sessions.abandon(by=trained, session=session, reason="Came too late")
    assert f'href="{chair}"' not in client.get(measured).content.decode()
