"""The clock can be told another moment; it goes back to the real one whatever happens."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

import openmeso
from openmeso.gateways import clock

MOMENT = datetime(2024, 2, 29, 9, 30, tzinfo=UTC)
LATER = MOMENT + timedelta(days=365)


def test_another_moment_holds_within():
    with clock.as_of(MOMENT):
        assert clock.now() == MOMENT
        assert clock.today() == MOMENT.astimezone().date()
        with clock.as_of(MOMENT + timedelta(days=1)):
            assert clock.now() == MOMENT + timedelta(days=1)
        assert clock.now() == MOMENT
    assert clock.now() > LATER


def test_it_ends_with_a_fault():
    def fault():
        with clock.as_of(MOMENT):
            raise LookupError

    with pytest.raises(LookupError):
        fault()
    assert clock.now() > LATER


def test_another_thread_keeps_the_real_time():
    seen = []
    with clock.as_of(MOMENT):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] > LATER


def test_only_the_demo_tells_the_clock_another_moment():
    """Records carry the time at which they were made: no service may choose it."""
    root = Path(openmeso.__file__).parent
    users = {one.stem for one in root.rglob("*.py") if "as_of(" in one.read_text()}
    assert users == {"clock", "demo", "demo_course", "demo_spot"}
