"""A session: begun once, saved as often as one likes, signed once, then only addended."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, Session, SessionLength, SessionLot, SessionPoint
from openmeso.services import clinic as clinics
from openmeso.services import consent as consents
from openmeso.services import lot as lots
from openmeso.services import plan as plans
from openmeso.services import session as sessions
from openmeso.services import signature
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.services.session_refusal import (
    SessionConflict,
    SessionFixed,
    SessionNotSignable,
    SignatureRefused,
)
from openmeso.terms.assessment import ChecklistAnswer
from openmeso.terms.check import Override
from openmeso.terms.contraindication import Answer
from openmeso.terms.session import PointException, PointState, SessionEntry
from tests.conftest import PASSWORD


def sign(by, session, entry, proof=PASSWORD, version=1, token="s"):  # noqa: S107 (a save's name)
    return sessions.sign(
        by=by, session=session, entry=entry, version=version, token=token, proof=proof
    )


def answered(entry: SessionEntry, question: str, answer=Answer.YES, on=None) -> SessionEntry:
    others = tuple(each for each in entry.checklist if each.contraindication != question)
    return replace(entry, checklist=(*others, ChecklistAnswer(question, answer, on)))


def test_begun_twice_it_is_one(approved, trained, assistant):
    first = sessions.start(by=trained, plan=approved, number=1)
    assert sessions.start(by=assistant, plan=approved, number=1) == first
    assert Session.objects.count() == 1
    assert first.planned_on == clock.today()


def test_a_session_needs_an_approved_plan_that_has_it(draft, approved, trained):
    with pytest.raises(ValidationError):
        sessions.start(by=trained, plan=draft, number=1)
    with pytest.raises(ValidationError):
        sessions.start(by=trained, plan=approved, number=11)


def test_a_stranger_finds_no_session(session, stranger):
    with pytest.raises(NotFound):
        sessions.get(by=stranger, pk=session.pk, purpose="care")


def test_a_read_is_noted(session, assistant):
    sessions.get(by=assistant, pk=session.pk, purpose="care")
    last = AuditEvent.objects.last()
    assert (last.action, last.noun, last.patient) == ("read", "session", session.patient_id)


def test_saves_count_up_and_the_same_one_twice_is_one(session, typed, assistant):
    once = sessions.save(by=assistant, session=session, entry=typed, version=1, token="a")
    again = sessions.save(by=assistant, session=session, entry=typed, version=1, token="a")
    assert (once.version, again.version) == (2, 2)
    assert sessions.entry_of(again) == typed
    assert AuditEvent.objects.filter(action="save", noun="session").count() == 1


def test_typed_on_top_of_an_older_version_nothing_is_overwritten(
    session, typed, trained, assistant
):
    sessions.save(by=assistant, session=session, entry=typed, version=1, token="a")
    mine = replace(typed, notes="typed elsewhere")
    with pytest.raises(SessionConflict) as told:
        sessions.save(by=trained, session=session, entry=mine, version=1, token="b")
    assert told.value.session.version == 2
    assert told.value.session.updated_by == assistant
    assert sessions.entry_of(Session.objects.get()) == typed


def test_the_same_text_typed_twice_is_no_conflict(session, typed, trained, assistant):
    sessions.save(by=assistant, session=session, entry=typed, version=1, token="a")
    same = sessions.save(by=trained, session=session, entry=typed, version=1, token="b")
    assert same.version == 2


@pytest.mark.parametrize(
    "wrong", [{"pain": 11}, {"depth_mm": -1.0}, {"minutes": 0.0}, {"wasted_ml": -0.1}]
)
def test_what_cannot_be_is_refused(session, typed, trained, wrong):
    with pytest.raises(ValidationError):
        sessions.save(
            by=trained, session=session, entry=replace(typed, **wrong), version=1, token="a"
        )


def test_signing_writes_every_point_with_its_lot_dose_depth_and_hand(signed, trained):
    plan = sessions.plan_of(signed)
    assert (signed.status, signed.signed_by, signed.practitioner) == ("signed", trained, trained)
    points = SessionPoint.objects.filter(session=signed)
    assert points.count() == plan.grid.points == signed.points_given
    assert sum(point.volume_ml for point in points) == pytest.approx(plan.volume_per_session_ml)
    assert {point.depth_mm for point in points} == {plan.choice.depth_mm}
    lots = SessionLot.objects.filter(session=signed)
    assert {lot.product for lot in lots} == {each.product for each in plan.draw_up}
    assert sum(lot.given_ml for lot in lots) == pytest.approx(plan.volume_per_session_ml)
    for lot in lots:
        assert lot.drawn_ml == pytest.approx(lot.given_ml + lot.wasted_ml)


def test_what_was_given_and_thrown_away_leaves_the_shelf(session, typed, trained, stocked):
    before = {key: lots.stock_ml(lot) for key, lot in stocked.items()}
    sign(trained, session, typed)
    for used in SessionLot.objects.all():
        opened = used.given_ml + used.wasted_ml + used.discarded_ml
        left = lots.stock_ml(used.lot)
        assert before[used.product] - left == pytest.approx(opened, abs=0.003)
        assert opened * 1000 % used.lot.ampoule_ul == pytest.approx(0, abs=1)
        assert {move.session for move in lots.moves(used.lot) if move.session} == {session.pk}


def test_a_recalled_lot_is_refused_unless_it_is_said_why(session, typed, trained, stocked):
    product, lot = next(iter(stocked.items()))
    lots.recall(by=trained, lot=lot, reason="glass found")
    with pytest.raises(SessionNotSignable) as refused:
        sign(trained, session, typed)
    assert refused.value.missing == ("lot_refused",)
    said = tuple(
        replace(used, despite="drawn before the letter came") if used.product == product else used
        for used in typed.lots
    )
    sign(trained, session, replace(typed, lots=said))
    assert SessionLot.objects.get(product=product).despite == "drawn before the letter came"


def test_a_lot_not_on_the_shelf_is_no_lot(session, typed, trained):
    unknown = tuple(
        replace(used, lot="00000000-0000-0000-0000-000000000007") for used in typed.lots
    )
    with pytest.raises(SessionNotSignable) as refused:
        sign(trained, session, replace(typed, lots=unknown))
    assert refused.value.missing == ("lots",)


def test_a_shelf_that_holds_too_little_is_counted_first(session, typed, trained, stocked):
    lot = next(iter(stocked.values()))
    lots.count(by=trained, lot=lot, ml=0.01, reason="dropped the box")
    with pytest.raises(ValidationError, match="count it first"):
        sign(trained, session, typed)
    assert Session.objects.get().status == "draft"
    assert not SessionPoint.objects.exists()


def test_signed_twice_it_is_signed_once(session, typed, trained):
    first = sign(trained, session, typed)
    again = sign(trained, session, typed)
    assert first.signed_at == again.signed_at
    assert AuditEvent.objects.filter(action="sign", noun="session").count() == 1
    assert SessionPoint.objects.count() == first.points_given


def test_somebody_else_cannot_sign_it_again(signed, lead, typed):
    with pytest.raises(SessionFixed):
        sign(lead, signed, typed)


def test_an_assistant_types_but_does_not_sign(session, typed, assistant):
    sessions.save(by=assistant, session=session, entry=typed, version=1, token="a")
    with pytest.raises(NotAllowed):
        sign(assistant, session, typed, version=2)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"checklist": ()}, "checklist"),
        ({"anything_new": Answer.NOT_ASKED}, "checklist"),
        ({"anything_new": Answer.YES}, "anything_new_note"),
        ({"lots": ()}, "lots"),
        ({"zones": ()}, "points"),
        ({"wasted_ml": 3.0}, "wasted"),
        ({"pain": None}, "pain"),
        ({"reactions_seen": Answer.NOT_ASKED}, "reactions"),
        ({"reactions_seen": Answer.YES}, "reactions"),
        ({"aftercare_given": False}, "aftercare"),
    ],
)
def test_what_is_missing_stands_before_the_signature(session, typed, trained, change, code):
    with pytest.raises(SessionNotSignable) as refused:
        sign(trained, session, replace(typed, **change))
    assert code in refused.value.missing
    assert Session.objects.get().status == "draft"
    assert not SessionPoint.objects.exists()


def test_without_consent_nothing_is_signed(session, typed, trained):
    held = consents.of_patient(session.patient).get()
    consents.withdraw(by=trained, consent=held)
    with pytest.raises(SessionNotSignable) as refused:
        sign(trained, session, typed)
    assert refused.value.missing == ("consent",)


def test_more_given_than_drawn_does_not_reconcile(session, typed, trained):
    less = replace(typed, lots=tuple(replace(lot, drawn_ml=0.1) for lot in typed.lots))
    with pytest.raises(SessionNotSignable) as refused:
        sign(trained, session, less)
    assert "drawn" in refused.value.missing


def test_todays_answers_go_through_the_plans_own_checks(session, typed, trained):
    infected = answered(typed, "infection_in_zone")
    result = sessions.judge(by=trained, session=session, entry=infected)
    assert result.blocked
    assert any("infection_in_zone" in each for each in result.new_findings)
    with pytest.raises(SessionNotSignable) as refused:
        sign(trained, session, infected)
    assert "blocked" in refused.value.missing


def test_aspirin_yesterday_defers_todays_session(session, typed, trained):
    yesterday = date.fromordinal(clock.today().toordinal() - 1)
    deferred = answered(typed, "nsaid_or_aspirin", on=yesterday)
    result = sessions.judge(by=trained, session=session, entry=deferred)
    assert any(
        each.possible_from and each.possible_from > clock.today() for each in result.findings
    )


def test_a_finding_of_today_wants_a_reason_from_somebody_who_may(
    session, typed, trained, assistant
):
    thinner = answered(typed, "anticoagulant")
    finding = sessions.judge(by=trained, session=session, entry=thinner).open_overrides[0]
    reasoned = replace(thinner, overrides=(Override(finding, "INR 2.1 this morning, discussed"),))
    with pytest.raises(NotAllowed):
        sessions.save(by=assistant, session=session, entry=reasoned, version=1, token="a")
    assert sign(trained, session, reasoned).status == "signed"


def test_nobody_untrained_signs(session, typed, lead):
    with pytest.raises(SessionNotSignable) as refused:
        sign(lead, session, typed)
    assert "blocked" in refused.value.missing


def test_the_difference_from_the_plan_is_recorded(session, typed, trained):
    other = replace(
        typed,
        depth_mm=3.0,
        exceptions=(
            PointException(1, PointState.SKIPPED),
            PointException(2, PointState.MOVED, x_mm=1.0, y_mm=2.0),
            PointException(3, volume_ml=0.05),
        ),
    )
    result = sessions.result_of(sign(trained, session, other))
    about = {each.about: (each.planned, each.given) for each in result.differences}
    assert about["points_skipped"] == ("0", "1")
    assert about["points_moved"] == ("0", "1")
    assert about["depth"][1] == "3 mm"
    skipped, moved, more = result.points[:3]
    assert (skipped.state, skipped.volume_ml) == (PointState.SKIPPED, 0.0)
    assert (moved.x_mm, moved.y_mm) == (1.0, 2.0)
    assert more.volume_ml == 0.05


def test_as_planned_there_is_no_difference(signed):
    assert sessions.result_of(signed).differences == ()


def test_signing_learns_how_long_it_took(signed):
    learnt = SessionLength.objects.get()
    assert (learnt.points, learnt.minutes) == (signed.points_given, 21.5)


def test_a_wrong_password_signs_nothing_and_guessing_is_slowed(session, typed, trained):
    for _ in range(signature.TRIES):
        with pytest.raises(SignatureRefused, match="not right"):
            sign(trained, session, typed, proof="wrong")
    with pytest.raises(SignatureRefused, match="wait"):
        sign(trained, session, typed)
    assert Session.objects.get().status == "draft"


def test_a_clinic_may_want_no_further_proof(session, typed, trained, lead, clinic):
    clinics.change(by=lead, clinic=clinic, name="Y", country="TR", timezone="UTC", signature="none")
    assert sign(trained, session, typed, proof="").status == "signed"


def test_a_clinic_may_want_a_second_factor(session, typed, trained, clinic):
    from allauth.mfa.totp.internal import auth

    type(clinic).objects.update(signature="second_factor")
    with pytest.raises(SignatureRefused, match="authenticator"):
        sign(trained, session, typed, proof="123456")
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(trained, secret)
    code = auth.format_hotp_value(
        auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))
    )
    with pytest.raises(SignatureRefused, match="code"):
        sign(trained, session, typed, proof="x")
    assert sign(trained, session, typed, proof=code).status == "signed"


def test_a_signed_session_takes_no_save(signed, typed, trained):
    with pytest.raises(SessionFixed):
        sessions.save(by=trained, session=signed, entry=typed, version=2, token="z")
    with pytest.raises(SessionFixed):
        sessions.abandon(by=trained, session=signed, reason="no")


def test_an_addendum_says_what_and_why_and_leaves_the_session(signed, trained):
    before = Session.objects.values().get()
    sessions.addend(by=trained, session=signed, text="Left side first.", reason="omitted")
    assert signed.addenda.get().text == "Left side first."
    assert Session.objects.values().get() == before
    with pytest.raises(ValidationError):
        sessions.addend(by=trained, session=signed, text=" ", reason="omitted")


def test_a_draft_is_not_addended(session, trained):
    with pytest.raises(ValidationError):
        sessions.addend(by=trained, session=session, text="x", reason="y")


def test_an_abandoned_session_keeps_its_text_and_frees_its_number(session, typed, trained):
    sessions.save(by=trained, session=session, entry=typed, version=1, token="a")
    with pytest.raises(ValidationError):
        sessions.abandon(by=trained, session=session, reason="  ")
    left = sessions.abandon(by=trained, session=session, reason="Fever")
    assert sessions.entry_of(left) == typed
    again = sessions.start(by=trained, plan=left.plan, number=1)
    assert again.pk != left.pk


def test_a_superseded_plan_begins_no_session(approved, trained):
    second = plans.supersede(by=trained, plan=approved)
    plans.approve(by=trained, plan=second)
    approved.refresh_from_db()
    with pytest.raises(ValidationError):
        sessions.start(by=trained, plan=approved, number=2)
