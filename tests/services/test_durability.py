"""Writers killed at any moment lose nothing that they acknowledged; and a loss would be seen."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from benchmarks.durability import faults
from openmeso.records import triggers
from openmeso.records.models import AuditEvent, Session, SessionPoint, SessionZone
from openmeso.services import session as sessions

ROOT = Path(__file__).parents[2]
KILLS = 8


@pytest.mark.slow
def test_killed_writers_lose_nothing():
    words = [sys.executable, "benchmarks/durability.py", str(KILLS)]
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run(  # noqa: S603 (this interpreter, our own words)
        words, cwd=ROOT, env=os.environ | paths, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{connection.vendor}: {KILLS} writers killed" in done.stdout
    assert "lost, half or altered: 0" in done.stdout


def test_what_is_there_is_not_missed(signed):
    acknowledged = [
        ["started", str(signed.pk)],
        ["saved", str(signed.pk), str(signed.version), signed.client_token],
        ["signed", str(signed.pk), str(signed.points_given)],
    ]
    assert faults(acknowledged) == []


@pytest.mark.parametrize("what", ["started", "saved", "signed"])
def test_a_session_that_is_gone_is_missed(signed, what):
    assert any("gone" in one for one in faults([[what, str(uuid4()), "2", "token"]]))


def test_a_save_that_is_gone_is_missed(session, typed, trained):
    kept = sessions.save(by=trained, session=session, entry=typed, version=1, token="a")
    assert faults([["saved", str(kept.pk), "2", "a"]]) == []
    assert faults([["saved", str(kept.pk), "2", "b"]]) != []
    assert faults([["saved", str(kept.pk), "3", "c"]]) != []


def test_a_signature_that_is_gone_is_missed(session):
    assert faults([["signed", str(session.pk), "400"]]) != []


@pytest.mark.parametrize("part", [SessionPoint, SessionZone])
def test_half_a_session_is_found(signed, part):
    triggers.remove(connection)
    part.objects.filter(pk=part.objects.first().pk)._raw_delete("default")
    assert any("not whole" in one for one in faults([]))


def test_a_draft_with_parts_is_found(signed):
    triggers.remove(connection)
    Session.objects.update(status="draft", signed_at=None, signed_by=None)
    assert any("parts of a signature" in one for one in faults([]))


def test_a_broken_chain_is_found(signed):
    triggers.remove(connection)
    AuditEvent.objects.filter(seq=2).update(action="other")
    assert any("breaks at 2" in one for one in faults([]))
