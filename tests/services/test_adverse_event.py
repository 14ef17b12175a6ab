"""Reactions: recorded with their suspect lots, followed until they are over, nothing overwritten."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmeso.gateways import clock
from openmeso.records.models import AdverseEvent, AdverseEventLot, AdverseEventNote, AuditEvent
from openmeso.services import adverse_event as events
from openmeso.services.adverse_event_case import case_of
from openmeso.services.adverse_event_note import check
from openmeso.services.knowledge import knowledge
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.adverse_event import (
    AdverseEventState,
    Causality,
    NoteKind,
    Outcome,
    Reporter,
    Seriousness,
    Trend,
)


def state(term="bruising", grade=1, days_ago=0, **changes) -> AdverseEventState:
    began = clock.today() - timedelta(days=days_ago)
    return AdverseEventState(term=term, grade=grade, onset_on=began, **changes)


@pytest.fixture
def event(patient, practitioner):
    return events.record(by=practitioner, patient=patient, state=state(days_ago=2))


def test_it_is_recorded_with_the_wording_of_its_grade_and_a_day_to_look_again(event, patient):
    (one,) = events.of_patient(patient)
    assert (one.event, one.term.term, one.is_open) == (event, "Bruising", True)
    assert one.wording == "Localized or in a dependent area"
    assert one.note.next_due_on == clock.today() + timedelta(days=7)
    assert (one.note.number, one.note.kind) == (1, NoteKind.RECORDED.value)


def test_a_grade_without_a_wording_is_refused():
    for term in knowledge().adverse_events.values():
        for grade in range(7):
            fatal = {"outcome": Outcome.FATAL, "seriousness": (Seriousness.DEATH,)}
            told = state(term.id, grade, **(fatal if grade == 5 else {}))
            if 1 <= grade <= 5 and term.grades[grade - 1]:
                check(told, clock.today(), clock.today())
                continue
            with pytest.raises(ValidationError) as refused:
                check(told, clock.today(), clock.today())
            assert "grade" in refused.value.message_dict


def test_and_nothing_of_it_is_kept(practitioner, patient):
    with pytest.raises(ValidationError, match="no such grade"):
        events.record(by=practitioner, patient=patient, state=state("syncope", 1))
    assert not AdverseEvent.objects.exists()


def test_the_lots_of_the_session_are_suspected_by_themselves(signed, trained):
    event = events.record(by=trained, patient=signed.patient, state=state(), session=signed)
    assert {row.session_lot_id for row in event.lots.all()} == {row.pk for row in signed.lots.all()}


def test_a_lot_outside_the_window_is_not_suspected(signed, trained, monkeypatch):
    """A bruise nine days on does not come of the session; an abscess may."""
    later = clock.today() + timedelta(days=9)
    monkeypatch.setattr(clock, "today", lambda: later)
    bruise, abscess = (
        events.record(by=trained, patient=signed.patient, state=state(term, grade))
        for term, grade in (("bruising", 1), ("abscess", 2))
    )
    assert not events.lots_of(bruise).exists()
    assert events.lots_of(abscess).count() == signed.lots.count() > 0


def test_following_adds_a_note_and_changes_none(event, practitioner):
    first = AdverseEventNote.objects.get()
    better = state(outcome=Outcome.RESOLVING, trend=Trend.IMPROVING, treatment="cold  compress")
    again = clock.today() + timedelta(days=3)
    events.follow_up(by=practitioner, event=event, state=better, next_due_on=again)
    one, two = events.notes_of(event)
    assert (one.pk, one.outcome) == (first.pk, "not_resolved")
    assert (two.number, two.outcome, two.treatment) == (2, "resolving", "cold compress")
    assert two.onset_on == one.onset_on  # a follow-up does not move the onset
    assert events.standing_of(event).note.next_due_on == again


def test_it_is_due_until_it_is_closed(event, practitioner, assistant, monkeypatch, patient):
    assert not events.due(by=practitioner)
    late = clock.today() + timedelta(days=9)
    monkeypatch.setattr(clock, "today", lambda: late)
    (due,) = events.due(by=assistant)
    assert (due.event, due.days_late) == (event, 2)
    events.close(by=practitioner, event=event, outcome=Outcome.RESOLVED)
    assert not events.due(by=assistant)
    assert not events.open_of(patient)
    assert [one.state.outcome for one in events.of_patient(patient)] == [Outcome.RESOLVED]


def test_what_is_over_is_due_at_once_to_be_closed(event, assistant):
    over = state(outcome=Outcome.RESOLVED, ended_on=clock.today())
    events.follow_up(by=assistant, event=event, state=over)
    assert [one.event for one in events.due(by=assistant)] == [event]


def test_a_lasting_one_is_not_closed_and_an_unknown_one_says_how_it_was_tried(event, practitioner):
    for outcome in (Outcome.NOT_RESOLVED, Outcome.RESOLVING, Outcome.UNKNOWN, Outcome.FATAL):
        with pytest.raises(ValidationError):
            events.close(by=practitioner, event=event, outcome=outcome)
    events.close(
        by=practitioner, event=event, outcome=Outcome.UNKNOWN, text="Three calls, no answer"
    )
    assert not events.standing_of(event).is_open


def test_a_closed_one_is_reopened_before_anything_else(event, practitioner):
    events.close(by=practitioner, event=event, outcome=Outcome.RESOLVED)
    with pytest.raises(ValidationError, match="reopen it first"):
        events.follow_up(by=practitioner, event=event, state=state())
    events.reopen(by=practitioner, event=event, text="It came back")
    standing = events.standing_of(event)
    assert (standing.is_open, standing.state.outcome) == (True, Outcome.NOT_RESOLVED)
    with pytest.raises(ValidationError, match="nothing to reopen"):
        events.reopen(by=practitioner, event=event, text="Again")


def test_a_correction_gives_its_reason_and_the_old_words_stay(event, practitioner):
    other = state("hematoma", 1, days_ago=1)
    with pytest.raises(ValidationError, match="reason"):
        events.correct(by=practitioner, event=event, state=other, reason=" ")
    events.correct(by=practitioner, event=event, state=other, reason="Seen today: a haematoma")
    assert [note.term for note in events.notes_of(event)] == ["bruising", "hematoma"]


def test_a_withdrawn_one_counts_nowhere_and_stays(event, practitioner, patient):
    events.withdraw(by=practitioner, event=event, reason="Another patient's")
    assert not events.of_patient(patient)
    assert events.standing_of(event).is_withdrawn
    assert events.notes_of(event).count() == 2


def test_grade_five_a_fatal_outcome_and_death_belong_together(patient, practitioner):
    for told in (
        state("anaphylaxis", 5),
        state("anaphylaxis", 4, outcome=Outcome.FATAL, seriousness=(Seriousness.DEATH,)),
        state("anaphylaxis", 5, outcome=Outcome.FATAL),
        state("anaphylaxis", 4, seriousness=(Seriousness.DEATH,)),
    ):
        with pytest.raises(ValidationError):
            events.record(by=practitioner, patient=patient, state=told)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days_ago": -1}, "onset_on"),
        ({"ended_on": clock.today()}, "ended_on"),
        ({"outcome": Outcome.RESOLVED, "ended_on": clock.today() - timedelta(days=1)}, "ended_on"),
        ({"term": "unobtainium"}, "term"),
        ({"days_ago": 365 * 200}, "onset_on"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(patient, practitioner, changes, field):
    with pytest.raises(ValidationError) as refused:
        events.record(by=practitioner, patient=patient, state=state(**changes))
    assert field in refused.value.message_dict


def test_a_slip_of_the_keyboard_buries_no_reaction(patient, practitioner):
    late = clock.today() + timedelta(days=3650)
    with pytest.raises(ValidationError, match="within a year"):
        events.record(by=practitioner, patient=patient, state=state(), next_due_on=late)


def test_a_red_flag_is_raised_by_term_and_time(signed, trained, monkeypatch):
    patient = signed.patient
    nodule = events.record(by=trained, patient=patient, state=state("nodule"))
    assert not events.standing_of(nodule).red_flags  # on the day itself a lump is a wheal
    later = clock.today() + timedelta(days=20)
    monkeypatch.setattr(clock, "today", lambda: later)
    late = events.record(by=trained, patient=patient, state=state("nodule"))
    standing = events.standing_of(late)
    assert [flag.id for flag in standing.red_flags] == ["late_nodules"]
    assert standing.note.next_due_on == later + timedelta(days=1)
    assert all(flag.link_assumption for flag in standing.red_flags)


def test_assistants_describe_and_do_not_judge(event, assistant, patient):
    judged = state(causality=Causality.PROBABLE)
    with pytest.raises(NotAllowed, match="judges"):
        events.record(by=assistant, patient=patient, state=judged)
    with pytest.raises(NotAllowed, match="judges"):
        events.follow_up(by=assistant, event=event, state=judged)
    with pytest.raises(NotAllowed):
        events.close(by=assistant, event=event, outcome=Outcome.RESOLVED)
    with pytest.raises(NotAllowed):
        events.withdraw(by=assistant, event=event, reason="x")
    events.record(by=assistant, patient=patient, state=state(), reporter=Reporter.PATIENT)


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_those_without_the_right_are_refused(cast, who, event, patient):
    by = getattr(cast, who)
    with pytest.raises((NotAllowed, NotFound)):
        events.get(by=by, pk=event.pk, purpose="care")
    with pytest.raises(NotAllowed):
        events.record(by=by, patient=patient, state=state())
    for deed in (
        lambda: events.follow_up(by=by, event=event, state=state()),
        lambda: events.correct(by=by, event=event, state=state(), reason="x"),
        lambda: events.close(by=by, event=event, outcome=Outcome.RESOLVED),
        lambda: events.reopen(by=by, event=event, text="x"),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_another_clinic_s_reactions_are_not_due_here(event, stranger, monkeypatch):
    late = clock.today() + timedelta(days=60)
    monkeypatch.setattr(clock, "today", lambda: late)
    assert not events.due(by=stranger)


def test_another_patient_s_session_is_not_theirs(signed, foreign_patient, stranger):
    with pytest.raises(NotFound):
        events.record(by=stranger, patient=foreign_patient, state=state(), session=signed)
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        AdverseEvent.objects.create(
            patient=foreign_patient, session=signed, reporter="patient", created_at=clock.now()
        )


def test_the_trail_says_which_note_and_not_what_it_says(event, practitioner):
    events.follow_up(by=practitioner, event=event, state=state(description="Very blue"))
    noted = AuditEvent.objects.filter(noun="adverse_event").order_by("seq")
    assert [one.action for one in noted] == ["record", "follow_up"]
    assert {one.patient for one in noted} == {event.patient_id}
    assert not any("blue" in one.details or "bruis" in one.details for one in noted)


def test_every_row_stays_as_it_was_written(signed, trained):
    event = events.record(by=trained, patient=signed.patient, state=state(), session=signed)
    for row, change in (
        (event, {"reporter": "patient"}),
        (event.notes.get(), {"grade": 2}),
        (event.lots.first(), {"created_by": None}),
    ):
        with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
            type(row).objects.filter(pk=row.pk)._raw_delete("default")


def _note(event, **changes):
    last = events.standing_of(event).note
    columns = {field.attname: getattr(last, field.attname) for field in last._meta.concrete_fields}
    columns |= {"id": None, "number": last.number + 1, "kind": "followed_up"}
    return AdverseEventNote(**{**columns, "id": AdverseEventNote().pk, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 4},
        {"number": 1},
        {"kind": "recorded"},
        {"kind": "reopened"},
        {"kind": "closed"},
        {"kind": "closed", "next_due_on": None},
        {"kind": "corrected"},
        {"next_due_on": None},
        {"grade": 0},
        {"grade": 5},
        {"grade": 6},
        {"outcome": "fatal"},
        {"death": True},
        {"causality": "perhaps"},
        {"ended_on": clock.today()},
        {"seen_on": clock.today() - timedelta(days=30)},
    ],
    ids=str,
)
def test_the_database_refuses_a_note_that_cannot_be(event, changes):
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        _note(event, **changes).save(force_insert=True)


def test_the_database_takes_a_note_that_can(event):
    _note(event).save(force_insert=True)


def test_a_suspect_lot_is_one_of_the_patient_s_own(signed, foreign_patient, stranger):
    theirs = events.record(by=stranger, patient=foreign_patient, state=state())
    with pytest.raises(DatabaseError, match="another patient"), transaction.atomic():
        AdverseEventLot.objects.create(
            event=theirs, session_lot=signed.lots.first(), created_at=clock.now()
        )


def test_what_is_told_to_others_names_nobody(signed, trained):
    judged = state(
        "abscess", 3, seriousness=(Seriousness.HOSPITALISATION,), causality=Causality.PROBABLE
    )
    event = events.record(by=trained, patient=signed.patient, state=judged, session=signed)
    case = case_of(by=trained, event=event)
    text = repr(case)
    assert signed.patient.family_name not in text
    assert signed.patient.record_number not in text
    assert (case.sex, case.country, case.state.is_serious) == ("male", "TR", True)
    born, age = signed.patient.birth_date, case.age_years
    assert born.replace(year=born.year + age) <= clock.today()
    assert clock.today() < born.replace(year=born.year + age + 1)
    lots = {row.number: row for row in signed.lots.all()}
    for suspect in case.suspects:
        row = lots[suspect.lot]
        assert (suspect.given_on, suspect.expires_on) == (signed.given_on, row.expires_on)
        assert suspect.route == "intradermal"
        product = knowledge().products[suspect.product]
        for strength, (ingredient, amount, unit) in zip(
            product.strengths, suspect.doses, strict=True
        ):
            assert ingredient == strength.ingredient
            assert amount == pytest.approx(strength.per_ml * suspect.given_ml)
            assert unit == strength.unit.value
    assert AuditEvent.objects.filter(action="read_case").count() == 1


DEEDS = {
    "follow": lambda by, event: events.follow_up(by=by, event=event, state=state()),
    "correct": lambda by, event: events.correct(by=by, event=event, state=state(), reason="x"),
    "close": lambda by, event: events.close(by=by, event=event, outcome=Outcome.RESOLVED),
    "withdraw": lambda by, event: events.withdraw(by=by, event=event, reason="x"),
    "reopen": lambda by, event: events.reopen(by=by, event=event, text="x"),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(DEEDS)), max_size=6))
def test_whatever_is_done_notes_only_grow_and_an_end_is_an_end(event, practitioner, deeds):
    with transaction.atomic():
        is_ended, seen = False, list(AdverseEventNote.objects.values())
        for deed in deeds:
            if (deed == "reopen") is is_ended:
                DEEDS[deed](practitioner, event)
                is_ended = deed in {"close", "withdraw"}
            else:
                with pytest.raises(ValidationError):
                    DEEDS[deed](practitioner, event)
            now = list(AdverseEventNote.objects.order_by("number").values())
            assert now[: len(seen)] == seen  # nothing before was touched
            assert [row["number"] for row in now] == list(range(1, len(now) + 1))
            assert events.standing_of(event).is_open is not is_ended
            seen = now
        transaction.set_rollback(True)


def test_e2b_codes_are_those_of_the_standard():
    assert {one.value: one.code for one in Outcome} == {
        "resolved": "1", "resolving": "2", "not_resolved": "3",
        "resolved_with_sequelae": "4", "fatal": "5", "unknown": "0",
    }  # fmt: skip
    assert [one.element for one in Seriousness] == [f"E.i.3.2{letter}" for letter in "abcdef"]
