"""Clock: the one place that reads the time; everything else has it passed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from django.conf import settings
from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present moment, with its time zone (UTC)."""
    return _told.get() or datetime.now(UTC)


def today() -> date:
    """Today's date on the wall: of the clinic where one asks, of the server elsewhere."""
    zone = timezone.get_current_timezone() if settings.configured else None
    return now().astimezone(zone).date()


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Another moment, in this context alone: for the invented past of the demo and of tests."""
    before = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(before)
