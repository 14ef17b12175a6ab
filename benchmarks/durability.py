"""A writer of sessions is killed again and again: nothing that it acknowledged may be gone.

In a scratch database (SQLite; PostgreSQL where DATABASE_URL names one, in a database of its own
that is dropped afterwards) a process records sessions by the services, saves and signatures, and
says each on a pipe once the service has returned. It is killed (SIGKILL) at a random moment, and
another goes on. After every kill the audit chain is verified; at the end every acknowledged save
and signature must be there, and every session be either a draft without parts or signed with all
of them. Prints the counts.

    PYTHONPATH=src:. python benchmarks/durability.py [KILLS]
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

KILLS = 300
LIVES = 2.0  # a writer lives up to so many times what a session takes it
SESSIONS_A_PLAN = 10
ANSWER_S = 60.0  # the longest that a writer may take to say its first word
PIECES = 60_000
BORN = date(1988, 4, 12)


def found():
    """A clinic with one patient, an approved plan, a consent and a full shelf."""
    from openmeso.gateways import clock
    from openmeso.records import models
    from openmeso.services import assessment, patient, plan, practitioner
    from openmeso.services.knowledge import knowledge
    from openmeso.terms.assessment import Assessment, ChecklistAnswer, ScaleScore, Sex
    from openmeso.terms.contraindication import Answer
    from openmeso.terms.plan import PlanChoice
    from tests.services.example_consent import signed

    made = {"created_at": clock.now()}
    clinic = models.Clinic.objects.create(
        name="Scratch", country="TR", closing_weekdays=[], signature="none", **made
    )
    lead = models.User.objects.create(username="lead", first_name="L", last_name="L")
    models.Membership.objects.create(user=lead, clinic=clinic, role="lead", **made)
    for technique in knowledge().techniques:
        practitioner.record_training(
            by=lead, user=lead, technique=technique, trained_on=date(2025, 1, 10)
        )
    person = patient.add(by=lead, given_name="A", family_name="B", sex="male", birth_date=BORN)
    asked = [one.id for one in knowledge().contraindications.values() if "male" in one.sexes]
    history = Assessment(
        assessed_on=clock.today(), indication="androgenetic_alopecia_male", sex=Sex.MALE,
        birth_date=BORN, weight_kg=80.0, head_circumference_mm=570.0,
        scores=(ScaleScore("norwood_hamilton", "III vertex"),), systolic_mmhg=120.0,
        diastolic_mmhg=78.0, checklist=tuple(ChecklistAnswer(one, Answer.NO) for one in asked),
    )  # fmt: skip
    assessment.save(by=lead, patient=person, assessment=history)
    choice = PlanChoice(start_on=clock.today(), protocol="classic_fortnightly_10")
    draft = plan.draft(by=lead, patient=person, choice=choice, practitioner=lead)
    approved = plan.approve(by=lead, plan=draft)
    signed(lead, approved)
    return lead, approved, _entry(lead, approved)


def _entry(lead, approved):
    from openmeso.gateways import clock
    from openmeso.services import lot, plan
    from openmeso.services.knowledge import knowledge
    from openmeso.terms.assessment import ChecklistAnswer
    from openmeso.terms.contraindication import Answer
    from openmeso.terms.lot import Receipt
    from openmeso.terms.session import LotUsed, SessionEntry, ZoneGiven

    computed = plan.to_terms(approved)
    until = clock.today() + timedelta(days=300)
    used = [
        LotUsed(
            each.product,
            str(
                lot.receive(
                    by=lead,
                    clinic=approved.patient.clinic,
                    receipt=Receipt(each.product, "B7", until, PIECES),
                ).pk
            ),
            each.volume_ml,
        )
        for each in computed.draw_up
    ]
    asked = [one for one in knowledge().contraindications.values() if one.every_session]
    return SessionEntry(
        checklist=tuple(ChecklistAnswer(one.id, Answer.NO) for one in asked if "male" in one.sexes),
        anything_new=Answer.NO, lots=tuple(used),
        zones=tuple(ZoneGiven(n) for n, _ in enumerate(computed.grid.zones, 1)),
        minutes=21.5, pain=3, reactions_seen=Answer.NO, aftercare_given=True,
    )  # fmt: skip


def write(pipe: int, lead, approved, entry) -> None:
    """Record one session after another, and say what is kept; never returns."""

    def say(*words: object) -> None:
        os.write(pipe, (" ".join(map(str, words)) + "\n").encode())

    while True:
        plan = _plan_with_room(approved)
        for number in _numbers_left(plan):
            _record(lead, plan, number, entry, say)


def _record(lead, plan, number: int, entry, say: Callable[..., None]) -> None:
    """A session from its first touch to its signature, or on from where a writer was killed."""
    from openmeso.services import session as sessions

    draft = sessions.start(by=lead, plan=plan, number=number)
    say("started", draft.pk)
    token = f"{os.getpid()}-{time.monotonic_ns()}"
    for pain in (1, 2):
        typed = replace(entry, pain=pain)
        version, named = draft.version, f"{token}-{pain}"
        draft = sessions.save(by=lead, session=draft, entry=typed, version=version, token=named)
        say("saved", draft.pk, draft.version, named)
    done = sessions.sign(
        by=lead, session=draft, entry=entry, version=draft.version, token=f"{token}-3"
    )
    say("signed", done.pk, done.points_given)


def _numbers_left(plan) -> list[int]:
    signed = set(plan.sessions.filter(status="signed").values_list("number", flat=True))
    return [n for n in range(1, SESSIONS_A_PLAN + 1) if n not in signed]


def _plan_with_room(approved):
    """The newest plan that has sessions left, or a copy of the approved one."""
    from openmeso.gateways import clock
    from openmeso.records.models import Plan

    newest = Plan.objects.order_by("-created_at").first()
    if _numbers_left(newest):
        return newest
    newest = Plan.objects.get(pk=approved.pk)
    newest.pk, newest.created_at = UUID(int=random.getrandbits(128)), clock.now()
    newest.save(force_insert=True)
    return newest


def killed(lead, approved, entry, life_s: float) -> list[list[str]]:
    """What a writer acknowledged before it was killed, ``life_s`` after its first word."""
    from django.db import connections

    connections.close_all()  # a database's connection does not outlive a fork
    reading, writing = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(reading)
        try:
            write(writing, lead, approved, entry)
        finally:
            os._exit(70)  # it is never to end by itself
    os.close(writing)
    alarm = signal.signal(signal.SIGALRM, lambda *_: os.kill(writer, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, ANSWER_S)
    said = os.read(reading, 65536)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, alarm)
    time.sleep(life_s)
    os.kill(writer, signal.SIGKILL)
    _, status = os.waitpid(writer, 0)
    if os.WIFEXITED(status):
        raise RuntimeError("the writer ended by itself")
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    return [line.split() for line in said.decode().splitlines()]


def faults(acknowledged: list[list[str]]) -> list[str]:
    """Everything that is not as it must be, in words; empty when nothing was lost."""
    from openmeso.records.models import AuditEvent, Session
    from openmeso.services import audit

    wrong = [] if audit.verify() is None else [f"the audit chain breaks at {audit.verify()}"]
    held = {str(one.pk): one for one in Session.objects.all()}
    for what, pk, *rest in acknowledged:
        one = held.get(pk)
        if one is None:
            wrong.append(f"{what} {pk} is gone")
        elif what == "saved" and not _keeps(one, int(rest[0]), rest[1]):
            wrong.append(f"save {rest[0]} of {pk} is gone")
        elif what == "signed" and (one.status, one.points_given) != ("signed", int(rest[0])):
            wrong.append(f"the signature of {pk} is gone")
    noted = Counter(
        AuditEvent.objects.filter(action="sign", noun="session").values_list("object_id", flat=True)
    )
    saved = Counter(
        AuditEvent.objects.filter(action="save", noun="session").values_list("object_id", flat=True)
    )
    for pk, one in held.items():
        wrong += [f"session {pk}: {each}" for each in _halves(one, noted[pk], saved[pk])]
    return wrong


def _keeps(session, version: int, token: str) -> bool:
    """Whether the save is there, or a later one on top of it."""
    return session.version > version or (session.version, session.client_token) == (version, token)


def _halves(session, signatures: int, saves: int) -> list[str]:
    """How a session is half there: parts without a signature, or a signature without parts."""
    from openmeso.records.models import StockMove

    points = session.points.exclude(state="skipped").count()
    zones = sum(session.zones.values_list("points", flat=True))
    lots, moves = session.lots.count(), StockMove.objects.filter(session=session.pk).count()
    if session.status == "draft":
        wrong = [(points, zones, lots, moves, signatures) != (0, 0, 0, 0, 0)]
        return ["a draft with parts of a signature"] * any(wrong) + (
            ["its saves are not those noted"] if session.version != saves + 1 else []
        )
    whole = points == zones == session.points_given > 0 and lots and moves >= lots
    return [] if whole and signatures == 1 else ["signed, but not whole"]


def torture(kills: int) -> int:
    """Kill so many writers and count; 1 where anything was lost."""
    from django.db import connection

    from openmeso.records.models import AuditEvent, Session
    from openmeso.services import audit

    chance = random.Random(20261125)  # noqa: S311 (moments to kill at, not secrets)
    lead, approved, entry = found()
    acknowledged: list[list[str]] = []
    began = time.monotonic()
    _record(lead, _plan_with_room(approved), 1, entry, lambda *_: None)
    session_s = time.monotonic() - began
    for n in range(1, kills + 1):
        acknowledged += killed(lead, approved, entry, chance.uniform(0, LIVES * session_s))
        broken = audit.verify()
        if broken is not None:
            print(f"after {n} kills the audit chain breaks at {broken}")
            return 1
    wrong = faults(acknowledged)
    said = Counter(what for what, *_ in acknowledged)
    states = Counter(Session.objects.values_list("status", flat=True))
    print(
        f"{connection.vendor}: {kills} writers killed in {time.monotonic() - began:.0f} s;"
        f" acknowledged {said['started']} begun, {said['saved']} saves, {said['signed']} signatures;"
        f" found {states['signed']} signed sessions, {states['draft']} drafts,"
        f" {AuditEvent.objects.count()} audit events;"
        f" lost, half or altered: {len(wrong)}"
    )
    for each in wrong[:20]:
        print(f"  {each}")
    return int(bool(wrong))


def main(kills: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0)
        return torture(kills)
    # the name of its own lets tests beside it keep theirs
    connection.settings_dict["TEST"]["NAME"] = f"openmeso_durability_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return torture(kills)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "openmeso.config.settings"}
        os.environ |= {"AUDIT_KEY": "kept elsewhere", "LOG_LEVEL": "ERROR"}
        os.environ.pop("DEBUG", None)
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS))
