"""A lot as the cabinet shows it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from openmeso.terms.lot import Expiry, LotStatus, expiry, ml_of

if TYPE_CHECKING:
    from openmeso.services.lot import LotInStock


@dataclass(frozen=True, slots=True)
class Shown:
    """The lot, its stock in mL and ampoules, and the badges of expiry and status."""

    lot: "LotInStock"
    stock_ml: float
    ampoules: float
    ampoule_ml: float
    expiry: Expiry
    status: LotStatus


def shown(lot: "LotInStock", on: date) -> Shown:
    """The lot as it stands on a day."""
    return Shown(
        lot=lot,
        stock_ml=ml_of(lot.stock_ul),
        ampoules=round(lot.stock_ul / lot.ampoule_ul, 1),
        ampoule_ml=ml_of(lot.ampoule_ul),
        expiry=expiry(lot.expires_on, on),
        status=LotStatus(lot.status),
    )
