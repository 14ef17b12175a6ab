"""The life of a course as a machine that is driven at random: the promises hold at every step.

Booked, begun, given, reacted to, addended, paused, resumed and stopped, while lots come in, are counted, thrown
away, set aside and called back, and the patient withdraws the consent or gives it anew. What should
be true is kept beside the records in plain Python and compared after every step.
"""

from collections import Counter
from collections.abc import Callable
from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from openmeso.gateways import clock
from openmeso.records.models import (
    Addendum,
    AdverseEvent,
    AdverseEventNote,
    Appointment,
    AuditEvent,
    Consent,
    Course,
    Lot,
    Session,
    SessionLot,
    SessionPoint,
    StockMove,
)
from openmeso.services import adverse_event as reactions
from openmeso.services import audit, booking, recall
from openmeso.services import consent as consents
from openmeso.services import course as courses
from openmeso.services import lot as lots
from openmeso.services import patient as patients
from openmeso.services import session as sessions
from openmeso.services.knowledge import knowledge
from openmeso.services.session_refusal import SessionFixed, SessionNotSignable, SignatureRefused
from openmeso.terms.adverse_event import AdverseEventState, Outcome
from openmeso.terms.lot import Receipt, ul_of
from tests.conftest import PASSWORD
from tests.services.example_consent import signed as consent_signed

REFUSED = (ValidationError, SessionFixed, SessionNotSignable, booking.SeriesConflict)
WATCHED = (
    AdverseEvent,
    AdverseEventNote,
    Addendum,
    Appointment,
    Consent,
    Course,
    Lot,
    Session,
    SessionLot,
    StockMove,
)
NUMBERS = st.sampled_from([1, 2, 3])
PICK = st.integers(0, 4)  # one of the formula's products, or so: taken modulo their count


class CourseLife(RuleBasedStateMachine):
    """One patient's course; ``world`` is what every run begins from, and a run is rolled back."""

    world: SimpleNamespace
    seen: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        cache.clear()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.by = self.world.by
        self.lots = sorted(self.world.lots.values(), key=lambda lot: lot.product)
        self.stock_ul = {lot.pk: ul_of(lots.stock_ml(lot)) for lot in self.lots}
        self.lot_status = dict.fromkeys(self.stock_ul, "usable")
        self.course_status = "running"
        self.has_consent = True
        self.begun: dict[int, Any] = {1: self.world.session.pk}
        self.fixed: dict[int, tuple[Any, ...]] = {}
        self.reactions: dict[Any, str] = {}
        self.used: dict[Any, set[Any]] = {pk: set() for pk in self.stock_ul}

    # every deed goes through here: what is refused leaves nothing, what is done leaves a note

    def do(self, name: str, deed: Callable[[], Any]) -> Any:
        events, before = AuditEvent.objects.count(), self.rows()
        try:
            with transaction.atomic():
                done = deed()
        except REFUSED:
            assert self.rows() == before, f"{name} was refused and left something"
            CourseLife.seen[f"{name} refused"] += 1
            return None
        if self.rows() != before:
            assert AuditEvent.objects.count() > events, f"{name} left no note"
        CourseLife.seen[name] += 1
        return done

    def rows(self) -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in WATCHED]

    def course(self) -> Course:
        return Course.objects.select_related("patient__clinic", "plan").get(pk=self.world.course.pk)

    def lot(self, pick: int) -> Lot:
        return self.lots[pick % len(self.lots)]

    # the course

    @rule(days=st.integers(-2, 40), hour=st.sampled_from([8, 10, 17, 23]))
    def book(self, days, hour):
        course, first_on = self.course(), clock.today() + timedelta(days=days)
        slots = [one.slot for one in booking.propose(course, first_on, time(hour), self.by)]
        done = self.do(
            "book",
            lambda: booking.book(by=self.by, course=course, slots=slots, practitioner=self.by),
        )
        if done:
            assert self.course_status == "running"
            again = booking.book(by=self.by, course=course, slots=slots, practitioner=self.by)
            assert (again.new, again.moved) == (0, 0)

    @rule(
        deed=st.sampled_from(["pause", "resume", "resume", "stop"]),
        reason=st.sampled_from(["", "holiday"]),
    )
    def halt(self, deed, reason):
        course = self.course()
        kept = {} if deed == "resume" else {"reason": reason}
        done = self.do(deed, lambda: getattr(courses, deed)(by=self.by, course=course, **kept))
        allowed = {"pause": {"running"}, "resume": {"paused"}, "stop": {"running", "paused"}}
        may = self.course_status in allowed[deed] and bool(reason or deed == "resume")
        assert (done is not None) == may
        if done:
            now = {"pause": "paused", "resume": "running", "stop": "stopped"}
            self.course_status = now[deed]
            if deed == "stop":
                assert not Appointment.objects.filter(course=course, status="booked").exists()

    # the session

    @rule(number=NUMBERS)
    def begin(self, number):
        plan = self.world.plan
        done = self.do("begin", lambda: sessions.start(by=self.by, plan=plan, number=number))
        self.begun[number] = done.pk

    @precondition(lambda self: self.begun)
    @rule(data=st.data(), proof=st.sampled_from([PASSWORD, PASSWORD, PASSWORD, ""]))
    def sign(self, data, proof):
        number = data.draw(st.sampled_from(sorted(self.begun)))
        session = Session.objects.get(pk=self.begun[number])
        may = self.may_draw() and self.has_consent
        done = self.do("sign", lambda: self.signed(session, proof))
        if done is None or number in self.fixed:
            return
        assert may, "signed without a valid consent, or from a lot that may not be drawn from"
        for used in self.world.typed.lots:
            lot = next(one for one in self.lots if str(one.pk) == used.lot)
            self.stock_ul[lot.pk] -= self.opened_ul(lot, ul_of(used.drawn_ml))
            self.used[lot.pk].add(session.pk)
        self.fixed[number] = self.signed_rows(session.pk)

    def opened_ul(self, lot: Lot, drawn_ul: int) -> int:
        """What leaves the shelf: an ampoule for one patient goes whole, its rest is thrown away."""
        product = knowledge().products.get(lot.product)
        if product and not product.single_dose:
            return drawn_ul
        whole_ul = -(-drawn_ul // lot.ampoule_ul) * lot.ampoule_ul
        return min(whole_ul, self.stock_ul[lot.pk])

    def may_draw(self) -> bool:
        needed = {used.lot: ul_of(used.drawn_ml) for used in self.world.typed.lots}
        return all(
            self.lot_status[pk] == "usable" and self.stock_ul[pk] >= needed.get(str(pk), 0)
            for pk in self.stock_ul
        )

    def signed(self, session: Session, proof: str) -> Session | None:
        try:
            return sessions.sign(
                by=self.by,
                session=session,
                entry=self.world.typed,
                version=session.version,
                token=f"{session.pk}",
                proof=proof,
            )
        except SignatureRefused:
            cache.clear()
            raise ValidationError("the password is not right") from None

    def signed_rows(self, pk: Any) -> tuple[Any, ...]:
        return (
            Session.objects.filter(pk=pk).values().get(),
            list(SessionPoint.objects.filter(session=pk).order_by("pk").values()),
            list(SessionLot.objects.filter(session=pk).order_by("pk").values()),
        )

    @precondition(lambda self: self.begun)
    @rule(data=st.data(), deed=st.sampled_from(["addend", "addend", "abandon"]))
    def say_more(self, data, deed):
        number = data.draw(st.sampled_from(sorted(self.begun)))
        session = Session.objects.get(pk=self.begun[number])
        if deed == "addend":
            said = {"text": "bruise told of by telephone", "reason": "later"}
            done = self.do(deed, lambda: sessions.addend(by=self.by, session=session, **said))
            assert (done is not None) == (number in self.fixed)
        else:
            done = self.do(
                deed, lambda: sessions.abandon(by=self.by, session=session, reason="fever")
            )
            assert done is None or number not in self.fixed

    @rule()
    def consent(self):
        """Withdraw it, or give it anew."""
        plan, patient = self.world.plan, self.world.plan.patient
        if self.has_consent:
            held = consents.valid(patient=patient, plan=plan, on=clock.today())
            done = self.do(
                "withdraw", lambda: consents.withdraw(by=self.by, consent=held, note="no more")
            )
            self.has_consent = done is None
        else:
            self.has_consent = self.do("consent", lambda: consent_signed(self.by, plan)) is not None

    # reactions

    @rule(deed=st.sampled_from(["react", "close", "reopen", "close"]), data=st.data())
    def react(self, deed, data):
        """One is seen after a session; it is followed until it is over, and may come back."""
        if deed == "react" or not self.reactions:
            number = data.draw(st.sampled_from([None, *sorted(self.fixed)]))
            session = Session.objects.get(pk=self.begun[number]) if number else None
            state = AdverseEventState("bruising", 1, clock.today())
            patient = self.world.plan.patient
            done = self.do(
                "react",
                lambda: reactions.record(by=self.by, patient=patient, state=state, session=session),
            )
            self.reactions[done.pk] = "open"
            return
        pk = data.draw(st.sampled_from(sorted(self.reactions)))
        event = AdverseEvent.objects.get(pk=pk)
        kept = {"outcome": Outcome.RESOLVED} if deed == "close" else {"text": "it came back"}
        done = self.do(deed, lambda: getattr(reactions, deed)(by=self.by, event=event, **kept))
        assert (done is not None) == (
            self.reactions[pk] == ("open" if deed == "close" else "closed")
        )
        if done:
            self.reactions[pk] = "closed" if deed == "close" else "open"

    # the shelf

    @rule(pick=PICK, pieces=st.integers(0, 3))
    def receive(self, pick, pieces):
        lot = self.lot(pick)
        receipt = Receipt(lot.product, lot.number, lot.expires_on, pieces)
        clinic = self.world.plan.patient.clinic
        done = self.do("receive", lambda: lots.receive(by=self.by, clinic=clinic, receipt=receipt))
        assert (done is not None) == (pieces > 0 and self.lot_status[lot.pk] != "recalled")
        if done:
            assert done.pk == lot.pk
            self.stock_ul[lot.pk] += pieces * lot.ampoule_ul

    @rule(pick=PICK, ml=st.sampled_from([0.0, 0.5, 3.0, 40.0, 500.0]), deed=st.sampled_from("wsc"))
    def move(self, pick, ml, deed):
        lot = self.lot(pick)
        kept = {"by": self.by, "lot": lot, "ml": ml, "reason": "looked"}
        name, service = {
            "w": ("waste", lots.waste),
            "s": ("send back", lots.send_back),
            "c": ("count", lots.count),
        }[deed]
        done = self.do(name, lambda: service(**kept))
        change_ul = ul_of(ml) - self.stock_ul[lot.pk] if deed == "c" else -ul_of(ml)
        may = deed == "c" or 0 < -change_ul <= self.stock_ul[lot.pk]
        assert (done is not None) == may
        if done:
            self.stock_ul[lot.pk] += change_ul

    @rule(pick=PICK, deed=st.sampled_from(["quarantine", "recall", "release", "release"]))
    def call(self, pick, deed):
        lot = self.lot(pick)
        to = {"quarantine": "quarantined", "recall": "recalled", "release": "usable"}[deed]
        done = self.do(deed, lambda: getattr(lots, deed)(by=self.by, lot=lot, reason="a letter"))
        was = self.lot_status[lot.pk]
        # what is called back is not merely set aside
        may = was != to and (was, to) != ("recalled", "quarantined")
        assert (done is not None) == may
        if done:
            self.lot_status[lot.pk] = to

    # the promises

    @invariant()
    def what_is_signed_stays(self):
        for number, held in self.fixed.items():
            assert self.signed_rows(self.begun[number]) == held

    @invariant()
    def the_book_adds_up_and_never_falls_below_nothing(self):
        for pk, expected_ul in self.stock_ul.items():
            changes = list(
                StockMove.objects.filter(lot=pk)
                .order_by("number")
                .values_list("change_ul", "left_ul")
            )
            assert sum(change for change, _ in changes) == changes[-1][1] == expected_ul
            assert min(left for _, left in changes) >= 0

    @invariant()
    def a_lot_finds_just_the_sessions_that_used_it(self):
        for lot in self.lots:
            trace = recall.trace_lot(by=self.by, lot=lot)
            assert {one.pk for p in trace.patients for one in p.sessions} == self.used[lot.pk]

    @invariant()
    def the_course_stands_as_it_was_put(self):
        assert self.course().status == self.course_status
        assert Session.objects.filter(status="signed").count() == len(self.fixed)

    @invariant()
    def another_clinic_sees_nothing(self):
        stranger = self.world.stranger
        for visible in (patients, sessions, courses, consents, booking, reactions):
            assert not visible.visible_to(stranger).exists()
        try:
            lots.find(stranger, self.lots[0].pk)
        except (Http404, PermissionDenied):
            return
        raise AssertionError("a stranger sees the lot")

    def teardown(self):
        assert audit.verify() is None
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)


def test_the_promises_hold_whatever_happens(session, typed, stocked, trained, stranger):
    course = courses.start(by=trained, plan=session.plan)
    CourseLife.world = SimpleNamespace(
        course=course,
        session=session,
        plan=session.plan,
        typed=typed,
        lots=stocked,
        by=trained,
        stranger=stranger,
    )
    CourseLife.seen = Counter()
    run_state_machine_as_test(
        CourseLife,
        settings=settings(
            max_examples=8,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # else little was put to the test
    assert CourseLife.seen["sign"]
    assert len(CourseLife.seen) >= 12, CourseLife.seen
