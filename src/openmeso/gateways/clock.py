"""Clock: the one place that reads the time; everything else has it passed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present moment, with its time zone (UTC)."""
    return _told.get() or datetime.now(UTC)


def today() -> date:
    """Today's date where the server stands: the clinic's own wall calendar."""
    return now().astimezone().date()


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Another moment, in this context alone: for the invented past of the demo and of tests."""
    before = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(before)
