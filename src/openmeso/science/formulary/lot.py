"""Lot: from which lots an amount is drawn, earliest expiry first."""

from collections.abc import Iterable
from datetime import date

from openmeso.terms.lot import Draw, ml_of, ul_of


def draw(need_ml: float, stock: Iterable[tuple[str, date, float]]) -> tuple[Draw, ...]:
    """Share ``need_ml`` [mL] over ``stock`` (lot, expiry, mL left), earliest expiry first.

    Lots with nothing left are passed over. Where the stock does not suffice, the draws add up
    to less than was needed; no draw exceeds its lot's stock. Raises ValueError below nothing.
    """
    if need_ml < 0:
        raise ValueError("need_ml must not be negative")
    left, drawn = ul_of(need_ml), []
    for lot, _expires_on, stock_ml in sorted(stock, key=lambda one: (one[1], one[0])):
        take = min(left, ul_of(stock_ml))
        if take > 0:
            drawn.append(Draw(lot, ml_of(take)))
            left -= take
    return tuple(drawn)
