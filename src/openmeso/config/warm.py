"""What a fresh server compiles and reads before anybody asks, in a thread beside the requests.

Reading hairs is compiled at its first use, which takes a minute on a slow machine; compiled code is
kept on disk, so that the next process only loads it. A thing that fails is logged and then made when
it is first asked for, as if nothing had been tried.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

logger = logging.getLogger("openmeso.warm")


def _hair_reader() -> None:
    from openmeso.gateways.trichoscopy import read_trial_field

    # of several workers one compiles, and the others load what it has compiled
    with one_at_a_time(Path(settings.VAR_DIR) / "warm.lock"):
        read_trial_field()


def _forecaster() -> None:
    from openmeso.services import forecast

    with one_at_a_time(Path(settings.VAR_DIR) / "warm.lock"):
        forecast.make_ready()


THINGS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("the forecast", _forecaster),
    ("the reader of hairs", _hair_reader),
)
"""Each with its name in the log, the first to be needed first."""


def start() -> threading.Thread:
    """Warm everything without holding up the caller, nor the end of the process."""
    thread = threading.Thread(target=warm, args=(THINGS,), name="warm", daemon=True)
    thread.start()
    return thread


def warm(things: tuple[tuple[str, Callable[[], None]], ...]) -> None:
    """One thing after the other; what fails is logged and left for later."""
    for name, make in things:
        started = time.monotonic()
        try:
            make()
        except Exception:
            logger.exception("%s could not be made ready", name)
        else:
            logger.info("%s is ready after %.1f s", name, time.monotonic() - started)


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait until no other process holds the lock; where there are none, do not."""
    try:
        import fcntl
    except ImportError:  # not on Windows, where there is one process
        yield
        return
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
