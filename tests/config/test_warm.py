"""A fresh server makes itself ready beside its requests, and nothing it tries can break it."""

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from openmeso.config import warm

ROOT = Path(__file__).parents[2]


def test_what_fails_is_logged_and_the_rest_is_made(caplog: pytest.LogCaptureFixture) -> None:
    made = []

    def breaks() -> None:
        raise OSError("no room")

    with caplog.at_level(logging.INFO, logger="openmeso.warm"):
        warm.warm((("the one", breaks), ("the other", lambda: made.append(1))))
    assert made == [1]
    assert [one.levelname for one in caplog.records] == ["ERROR", "INFO"]
    assert "the one could not be made ready" in caplog.text
    assert "the other is ready" in caplog.text


def test_the_caller_is_not_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = threading.Event()
    monkeypatch.setattr(warm, "THINGS", (("a slow one", lambda: may_end.wait(20) and None),))
    thread = warm.start()
    assert thread.is_alive()
    assert thread.daemon
    may_end.set()
    thread.join(20)
    assert not thread.is_alive()


def test_of_two_processes_one_waits_for_the_other(tmp_path: Path) -> None:
    lock = tmp_path / "warm.lock"
    other = (
        "import sys; from pathlib import Path; from openmeso.config.warm import one_at_a_time\n"
        f"with one_at_a_time(Path({str(lock)!r})): print('held', flush=True); sys.stdin.read()"
    )
    started = subprocess.Popen(  # noqa: S603 (this interpreter, our own words)
        [sys.executable, "-c", other],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    entered = threading.Event()

    def wait() -> None:
        with warm.one_at_a_time(lock):
            entered.set()

    with started as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "held\n"
        threading.Thread(target=wait, daemon=True).start()
        time.sleep(0.2)
        assert not entered.is_set()
        process.stdin.close()
        assert process.wait(20) == 0
    assert entered.wait(20)


def test_the_trial_field_reaches_every_step_of_the_reader() -> None:
    from openmeso.gateways.trichoscopy import read_trial_field

    field = read_trial_field()
    assert len(field.hairs) >= 10
    assert sum(one.width_um is not None for one in field.hairs) >= 8
