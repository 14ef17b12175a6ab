"""Lot: one batch on the shelf, what became of it, and what its barcode says."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

UL_PER_ML = 1000
# Assumption: three months' warning is a housekeeping choice; no source sets one.
EXPIRES_SOON_DAYS = 90


class LotStatus(StrEnum):
    """Whether a lot may be drawn from."""

    USABLE = "usable"
    QUARANTINED = "quarantined"  # set aside until somebody has looked
    RECALLED = "recalled"  # called back by the maker or the authority


class StockMoveKind(StrEnum):
    """Why the stock of a lot changed."""

    RECEIVED = "received"
    GIVEN = "given"  # drawn for a session and injected
    WASTED = "wasted"  # drawn or broken, and thrown away
    COUNTED = "counted"  # what a count found more or less than the book
    RETURNED = "returned"  # sent back to the supplier


# What may come in and what goes out; a count may do either.
INCOMING = (StockMoveKind.RECEIVED,)
OUTGOING = (StockMoveKind.GIVEN, StockMoveKind.WASTED, StockMoveKind.RETURNED)


class Expiry(StrEnum):
    """How a lot stands with its expiry date."""

    IN_DATE = "in_date"
    EXPIRES_SOON = "expires_soon"
    EXPIRED = "expired"


def expiry(expires_on: date, on: date) -> Expiry:
    """How a lot stands on a day; it may be used through the day printed on it."""
    if expires_on < on:
        return Expiry.EXPIRED
    soon = on + timedelta(days=EXPIRES_SOON_DAYS)
    return Expiry.EXPIRES_SOON if expires_on <= soon else Expiry.IN_DATE


@dataclass(frozen=True, slots=True)
class Scan:
    """What a barcode says. Whatever it does not say is empty.

    ``gtin`` has 14 digits. ``udi`` is the whole code in its printed form,
    ``(01)…(17)…(10)…``. ``doubt`` says why lot and expiry must be compared with the label.
    """

    gtin: str = ""
    number: str = ""
    expires_on: date | None = None
    serial: str = ""
    udi: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Ampoules taken in: product key, lot number, expiry, how many, and the scanned codes."""

    product: str
    number: str
    expires_on: date
    pieces: int
    gtin: str = ""
    udi: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """So much of one lot [mL]."""

    lot: str
    ml: float


def ul_of(ml: float) -> int:
    """Millilitres as whole microlitres, in which stock is kept so that sums stay exact."""
    return round(ml * UL_PER_ML)


def ml_of(ul: int) -> float:
    """Microlitres as millilitres."""
    return ul / UL_PER_ML
