"""The life of a session as a machine that is driven at random: the promises hold at every step."""

from dataclasses import replace
from types import SimpleNamespace

from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from openmeso.records.models import Addendum, Session, SessionLot, SessionPoint
from openmeso.services import audit
from openmeso.services import session as sessions
from openmeso.services.session_refusal import (
    SessionConflict,
    SessionFixed,
    SessionNotSignable,
    SignatureRefused,
)
from tests.conftest import PASSWORD

NOTES = st.sampled_from(["", "left first", "patient tired", "second needle"])
PAIN = st.sampled_from([None, 0, 3, 4, 7, 10])


class Life(RuleBasedStateMachine):
    """One plan's first session, and two tablets that do not know of each other.

    ``world`` is what every run begins from; a run is rolled back, so each finds it untouched.
    """

    world: SimpleNamespace
    signatures = 0
    saves = Bundle("saves")

    def __init__(self) -> None:
        super().__init__()
        cache.clear()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.session = self.world.session
        self.seen = {"one": self.now().version, "two": self.now().version}
        self.count = 0

    def now(self) -> Session:
        return Session.objects.get(pk=self.session.pk)

    @rule(target=saves, tablet=st.sampled_from(["one", "two"]), notes=NOTES, pain=PAIN)
    def save(self, tablet, notes, pain):
        self.count += 1
        token = f"{self.session.pk}-{self.now().version}-{self.count}-{tablet}"
        sent = (replace(self.world.typed, notes=notes, pain=pain), self.seen[tablet], token)
        self.deliver(tablet, sent)
        return tablet, sent

    @rule(saved=saves)
    def the_same_save_arrives_again(self, saved):
        before = self.now()
        tablet, sent = saved
        self.deliver(tablet, sent)
        if before.client_token == sent[2]:
            assert self.now().version == before.version

    def deliver(self, tablet, sent):
        entry, version, token = sent
        before = self.now()
        by = self.world.trained if tablet == "one" else self.world.assistant
        try:
            kept = sessions.save(by=by, session=before, entry=entry, version=version, token=token)
        except SessionConflict:
            assert version != before.version
            assert self.now().entry == before.entry
        except SessionFixed:
            assert before.status != "draft"
        else:
            assert sessions.entry_of(kept) == entry or kept.client_token == token
            self.seen[tablet] = kept.version

    @rule(tablet=st.sampled_from(["one", "two"]))
    def look(self, tablet):
        self.seen[tablet] = self.now().version

    @rule(proof=st.sampled_from([PASSWORD, PASSWORD, "wrong"]))
    def sign(self, proof):
        before = self.now()
        entry = sessions.entry_of(before)
        try:
            sessions.sign(
                by=self.world.trained,
                session=before,
                entry=entry,
                version=before.version,
                token="",
                proof=proof,
            )
        except (SessionNotSignable, SignatureRefused, SessionFixed):
            assert self.now().status == before.status
        else:
            Life.signatures += 1

    @rule(text=st.sampled_from(["left side first", "bruise told of by telephone"]))
    def addend(self, text):
        if self.now().status == "signed":
            count = Addendum.objects.count()
            sessions.addend(by=self.world.trained, session=self.now(), text=text, reason="later")
            assert Addendum.objects.count() == count + 1

    @invariant()
    def parts_are_there_just_when_it_is_signed(self):
        now = self.now()
        points = SessionPoint.objects.filter(session=now).count()
        lots = SessionLot.objects.filter(session=now).count()
        if now.status == "signed":
            assert points == sessions.plan_of(now).grid.points
            assert lots == len(sessions.entry_of(now).lots)
        else:
            assert (points, lots) == (0, 0)

    @invariant()
    def what_is_signed_stays(self):
        now = Session.objects.filter(pk=self.session.pk).values().get()
        held = getattr(self, "held", None)
        if held is not None:
            assert now == held
        if now["status"] == "signed":
            self.held = now

    def teardown(self):
        assert audit.verify() is None
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)


def test_the_promises_hold_whatever_happens(session, typed, trained, assistant):
    # so that a run may reach the signature at its first step, and have its whole length after it
    session = sessions.save(by=trained, session=session, entry=typed, version=1, token="begin")
    Life.world = SimpleNamespace(session=session, typed=typed, trained=trained, assistant=assistant)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=16,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Life.signatures > 0  # else nothing was put to the test
