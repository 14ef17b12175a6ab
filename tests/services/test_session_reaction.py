"""Reactions at a session: immediate ones go on record with it, late ones are asked for before it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from openmeso.gateways import clock
from openmeso.records.models import AdverseEvent
from openmeso.services import adverse_event as events
from openmeso.services import session as sessions
from openmeso.services import session_reaction as reactions
from openmeso.terms.adverse_event import AdverseEventState, Outcome
from openmeso.terms.contraindication import Answer
from openmeso.terms.session import LateAnswer, Reaction
from tests.conftest import PASSWORD

SEEN = (Reaction("bruising", 1), Reaction("vasovagal_reaction", 3, "pale, lay down"))


def test_what_is_seen_at_once_goes_on_record_with_the_signature(session, typed, trained):
    entry = replace(typed, reactions_seen=Answer.YES, reactions=SEEN)
    sessions.save(by=trained, session=session, entry=entry, version=1, token="a")
    assert not AdverseEvent.objects.exists()  # a draft is not yet what happened
    for _ in range(2):  # signed twice it is signed once
        signed = sessions.sign(
            by=trained, session=session, entry=entry, version=2, token="b", proof=PASSWORD
        )
    found = {one.state.term: one for one in events.of_session(signed)}
    assert {term: one.state.grade for term, one in found.items()} == {
        "bruising": 1, "vasovagal_reaction": 3,
    }  # fmt: skip
    assert found["vasovagal_reaction"].state.description == "pale, lay down"
    assert all(one.event.lots.count() == signed.lots.count() for one in found.values())


@pytest.mark.parametrize("wrong", [Reaction("syncope", 1), Reaction("unobtainium", 1)])
def test_a_reaction_that_cannot_be_is_refused_while_it_is_typed(session, typed, trained, wrong):
    entry = replace(typed, reactions_seen=Answer.YES, reactions=(wrong,))
    with pytest.raises(ValidationError, match="no such term or grade"):
        sessions.save(by=trained, session=session, entry=entry, version=1, token="a")


def test_red_flags_are_raised_at_the_chair(session):
    assert not reactions.flags_of(session, (Reaction("bruising", 1),))
    (flag,) = reactions.flags_of(session, (Reaction("anaphylaxis", 3),))
    assert flag.id == "anaphylaxis"


@pytest.fixture
def second(signed, trained, approved, monkeypatch):
    """The draft of the second session, a fortnight after the first was signed."""
    later = clock.today() + timedelta(days=14)
    monkeypatch.setattr(clock, "today", lambda: later)
    return sessions.start(by=trained, plan=approved, number=2)


def late(**answers) -> tuple[LateAnswer, ...]:
    return tuple(LateAnswer(window, answer) for window, answer in answers.items())


def test_nothing_late_is_asked_before_the_first_session_or_on_its_day(session, typed, trained):
    assert reactions.asked_late(session) == ()
    sessions.sign(by=trained, session=session, entry=typed, version=1, token="t", proof=PASSWORD)
    assert reactions.asked_late(session) == ()


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        (6, set()),
        (7, {"infection", "late_hair_loss"}),
        (84, {"infection", "late_hair_loss"}),
        (85, {"late_hair_loss"}),
        (365, {"late_hair_loss"}),
        (366, set()),
    ],
)
def test_late_reactions_are_asked_for_within_their_windows(signed, days, asked, monkeypatch):
    later = clock.today() + timedelta(days=days)
    monkeypatch.setattr(clock, "today", lambda: later)
    assert {one.id for one in reactions.asked_late(signed)} == asked


def test_a_session_is_not_signed_before_they_are_answered(second, typed, trained):
    judged = sessions.judge(by=trained, session=second, entry=typed)
    assert "late_reactions" in judged.missing
    half = replace(typed, late_reactions=late(infection=Answer.NO))
    assert "late_reactions" in sessions.judge(by=trained, session=second, entry=half).missing
    asked = replace(half, late_reactions=late(infection=Answer.NO, late_hair_loss=Answer.NO))
    assert "late_reactions" not in sessions.judge(by=trained, session=second, entry=asked).missing


def test_one_that_was_seen_is_recorded_before_going_on(second, typed, trained, patient):
    entry = replace(typed, late_reactions=late(infection=Answer.YES, late_hair_loss=Answer.NO))
    assert "late_recorded" in sessions.judge(by=trained, session=second, entry=entry).missing
    state = AdverseEventState("nodule", 1, clock.today() - timedelta(days=3))
    event = events.record(by=trained, patient=patient, state=state)
    assert "late_recorded" not in sessions.judge(by=trained, session=second, entry=entry).missing
    events.close(by=trained, event=event, outcome=Outcome.RESOLVED)
    assert "late_recorded" in sessions.judge(by=trained, session=second, entry=entry).missing
