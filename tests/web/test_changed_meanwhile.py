"""Somebody else was quicker: whatever was typed into a form that is refused for it comes back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from openmeso.gateways import clock
from openmeso.records.models import (
    AdverseEvent,
    Appointment,
    Consent,
    Course,
    Lot,
    Patient,
    PatientReport,
    Photo,
    Session,
    User,
)
from openmeso.services import adverse_event as events
from openmeso.services import booking, photo
from openmeso.services import consent as consents
from openmeso.services import course as courses
from openmeso.services import lot as lots
from openmeso.services import patient as patients
from openmeso.services import patient_report as reports
from openmeso.services import session as sessions
from openmeso.terms.adverse_event import Outcome
from openmeso.terms.contraindication import Answer
from openmeso.terms.session import SessionEntry
from tests.services.example_consent import sheet_of

WORDS = "words that took a while to find"


@dataclass(frozen=True)
class Case:
    """A form that was open, what became of its row meanwhile, and what is then sent."""

    route: str
    of: str
    meanwhile: Callable[[User, dict[str, Any]], object]
    sent: dict[str, Any] = field(default_factory=dict)
    kept: str = WORDS


def close(by, rows):
    event = AdverseEvent.objects.get(pk=rows["reaction"])
    events.close(by=by, event=event, outcome=Outcome.RESOLVED)


def reopen(by, rows):
    close(by, rows)
    events.reopen(by=by, event=AdverseEvent.objects.get(pk=rows["reaction"]), text="came back")


def stop(by, rows):
    courses.stop(by=by, course=Course.objects.get(pk=rows["course"]), reason="moved away")


def pause(by, rows):
    courses.pause(by=by, course=Course.objects.get(pk=rows["course"]), reason="on holiday")


def cancel(by, rows):
    found = Appointment.objects.get(pk=rows["appointment"])
    booking.cancel(by=by, appointment=found, reason="phoned")


def withdraw_consent(by, rows):
    consents.withdraw(by=by, consent=Consent.objects.get(pk=rows["consent"]), note="changed")


def sign_consent(by, rows):
    consent = Consent.objects.get(pk=rows["unsigned"])
    consents.sign(by=by, consent=consent, sheet=sheet_of(consent, by), enough_time=True)


def remove_photo(by, rows):
    photo.remove(by=by, photo=Photo.objects.get(pk=rows["photo"]), reason="somebody else")


def recall_lot(by, rows):
    lots.recall(by=by, lot=Lot.objects.get(pk=rows["lot"]), reason="glass found")


def use_up_lot(by, rows):
    lots.count(by=by, lot=Lot.objects.get(pk=rows["lot"]), ml=0, reason="dropped")


def release_lot(by, rows):
    lot = Lot.objects.get(pk=rows["lot"])
    lots.quarantine(by=by, lot=lot, reason="cloudy")
    lots.release(by=by, lot=lot, reason="clear after all")


def settle_report(by, rows):
    report = PatientReport.objects.get(pk=rows["report"])
    reports.lay_aside(by=by, report=report, reason="wrong patient")


def save_session(by, rows):
    session = Session.objects.get(pk=rows["session"])
    entry = SessionEntry(notes="typed on another tablet", anything_new=Answer.NO)
    sessions.save(by=by, session=session, entry=entry, version=1, token="other")


def give_up_session(by, rows):
    session = Session.objects.get(pk=rows["session"])
    sessions.abandon(by=by, session=session, reason="did not come")


def correct_patient(by, rows):
    patient = Patient.objects.get(pk=rows["patient"])
    patients.change(by=by, patient=patient, phone="0555 111", address="1 Elsewhere Street")


def state(**typed) -> dict[str, Any]:
    today = clock.today().isoformat()
    return {"grade": "2", "onset_on": today, "outcome": "resolving", "description": WORDS, **typed}


TOMORROW = (clock.today() + timedelta(days=40)).isoformat()
CASES = [
    Case("adverse_event_follow", "reaction", close, state()),
    Case("adverse_event_follow", "reaction", close, state(), kept="Resolving"),
    Case("adverse_event_correct", "reaction", close, state(reason=WORDS)),
    Case("adverse_event_close", "reaction", close, {"outcome": "unknown", "description": WORDS}),
    Case("adverse_event_reopen", "reaction", reopen, {"reason": WORDS}),
    Case("adverse_event_withdraw", "reaction", close, {"reason": WORDS}),
    Case("course_pause", "course", stop, {"reason": WORDS}),
    Case("course_pause", "course", pause, {"reason": WORDS}),
    Case("course_stop", "course", stop, {"reason": WORDS}),
    Case(
        "course_book", "course", stop,
        {"first_on": TOMORROW, "at": "10:40", "action": "book"}, kept=TOMORROW,
    ),
    Case("appointment_cancel", "appointment", cancel, {"reason": WORDS}),
    Case("appointment_miss", "appointment", cancel, {"reason": WORDS}),
    Case("consent_withdraw", "consent", withdraw_consent, {"note": WORDS}),
    Case(
        "consent_read", "unsigned", sign_consent,
        {"method": "typed", "name": "Deniz Kaya", "read_all": "on", "questions": WORDS,
         "enough_time": "on"},
    ),
    Case("consent_read", "unsigned", sign_consent, {"questions": WORDS}),
    Case("photo_remove", "photo", remove_photo, {"reason": WORDS}),
    Case("lot_count", "lot", use_up_lot, {"ml": "-1", "reason": WORDS}),
    Case("lot_waste", "lot", use_up_lot, {"ml": "2", "reason": WORDS}),
    Case("lot_send_back", "lot", use_up_lot, {"ml": "2", "reason": WORDS}),
    Case("lot_quarantine", "lot", recall_lot, {"reason": WORDS}),
    Case("lot_recall", "lot", recall_lot, {"reason": WORDS}),
    Case("lot_release", "lot", release_lot, {"reason": WORDS}),
    Case("patient_report_lay_aside", "report", settle_report, {"reason": WORDS}),
    Case("patient_report_take_up", "report", settle_report, state()),
    Case("session_save", "session", save_session, {"version": "1", "notes": WORDS}),
    Case("session_sign", "session", save_session, {"version": "1", "notes": WORDS}),
    Case("session_save", "session", give_up_session, {"version": "1", "notes": WORDS}),
    Case("session_abandon", "session", give_up_session, {"reason": WORDS}),
    Case(
        "patient_edit", "patient", correct_patient,
        {"given_name": "Deniz", "family_name": "Kaya", "sex": "male", "address": WORDS},
    ),
    Case("session_addend", "session", give_up_session, {"text": WORDS, "reason": WORDS}),
]  # fmt: skip


def address(case: Case, rows: dict[str, Any]) -> str:
    found = reverse(case.route, args=[rows[case.of]])
    return f"{found}?term=bruising" if case.route == "patient_report_take_up" else found


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one.route}-{one.meanwhile.__name__}")
def test_a_form_whose_row_changed_meanwhile_gives_back_what_was_typed(
    client, trained, lead, rows, case
):
    client.force_login(trained)
    case.meanwhile(lead if "consent" not in case.route else trained, rows)
    answer = client.post(address(case, rows), case.sent)
    assert answer.status_code in {409, 422}, answer.status_code
    text = unescape(answer.content.decode())
    assert case.kept.casefold() in text.casefold()


def test_a_reaction_closed_meanwhile_is_a_conflict_and_nothing_is_written(client, trained, rows):
    close(trained, rows)
    before = len(events.notes_of(AdverseEvent.objects.get(pk=rows["reaction"])))
    client.force_login(trained)
    answer = client.post(reverse("adverse_event_follow", args=[rows["reaction"]]), state())
    assert answer.status_code == 409
    assert len(events.notes_of(AdverseEvent.objects.get(pk=rows["reaction"]))) == before


def test_a_patient_corrected_elsewhere_is_shown_so_and_saved_knowingly(client, trained, patient):
    client.force_login(trained)
    address = reverse("patient_edit", args=[patient.pk])
    seen = client.get(address).context["form"].initial
    mine = {name: value or "" for name, value in seen.items()} | {"address": WORDS}
    correct_patient(trained, {"patient": patient.pk})
    answer = client.post(address, mine)
    assert answer.status_code == 409
    page = unescape(answer.content.decode())
    assert "Now: 1 Elsewhere Street" in page
    assert "Now: 0555 111" in page
    patient.refresh_from_db()
    assert patient.address == "1 Elsewhere Street"
    again = mine | {"stood": answer.context["form"]["stood"].value()}
    assert client.post(address, again).status_code == 302
    patient.refresh_from_db()
    assert patient.address == WORDS


def test_what_both_wrote_alike_is_no_conflict(client, trained, patient):
    client.force_login(trained)
    address = reverse("patient_edit", args=[patient.pk])
    seen = client.get(address).context["form"].initial
    patients.change(by=trained, patient=patient, phone="0555 111")
    mine = {name: value or "" for name, value in seen.items()} | {"phone": "0555 111"}
    assert client.post(address, mine).status_code == 302
