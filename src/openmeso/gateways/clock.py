"""Clock: the one place that reads the time; everything else has it passed in."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """The present moment, with its time zone (UTC)."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date where the server stands: the clinic's own wall calendar."""
    return now().astimezone().date()
