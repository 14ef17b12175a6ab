"""Reconciliation: does the cabinet's book say what the signed charts say?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum

from openmeso.records.models import Clinic, Lot, SessionLot, StockMove
from openmeso.records.models.session import SessionStatus
from openmeso.services import lot as lots
from openmeso.terms.lot import StockMoveKind, ml_of

# The charts keep millilitres as they were typed, the book whole microlitres.
TOLERANCE_ML = 0.01


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One lot [mL]: the book's moves, and what the signed sessions say was drawn of it.

    Received = left + drawn + wasted otherwise and sent back − what counts found.
    """

    lot: Lot
    received_ml: float
    drawn_book_ml: float
    drawn_charts_ml: float
    other_ml: float
    counted_ml: float
    left_ml: float

    @property
    def agrees(self) -> bool:
        """Whether book and charts say the same was drawn."""
        return abs(self.drawn_book_ml - self.drawn_charts_ml) <= TOLERANCE_ML


def of_clinic(clinic: Clinic) -> list[Reconciled]:
    """Every lot of the clinic, those that do not agree first."""
    in_session = Q(session__isnull=False)
    kinds = {
        "received": Q(kind=StockMoveKind.RECEIVED.value),
        "drawn": in_session,
        "other": Q(kind__in=[StockMoveKind.WASTED.value, StockMoveKind.RETURNED.value])
        & ~in_session,
        "counted": Q(kind=StockMoveKind.COUNTED.value),
    }
    rows: Iterable[Any] = (
        StockMove.objects.filter(lot__clinic=clinic)
        .order_by()
        .values("lot")
        .annotate(**{name: Sum("change_ul", filter=which) for name, which in kinds.items()})
    )
    sums: Mapping[UUID, Mapping[str, int | None]] = {row["lot"]: row for row in rows}
    charts = dict(
        SessionLot.objects.filter(
            session__status=SessionStatus.SIGNED.value, session__patient__clinic=clinic
        )
        .order_by()
        .values_list("lot")
        .annotate(drawn=Sum(F("drawn_ml") + F("discarded_ml")))
    )
    reconciled = [
        Reconciled(
            lot=lot,
            received_ml=ml_of(sums[lot.pk]["received"] or 0),
            drawn_book_ml=-ml_of(sums[lot.pk]["drawn"] or 0),
            drawn_charts_ml=charts.get(lot.pk, 0.0),
            other_ml=-ml_of(sums[lot.pk]["other"] or 0),
            counted_ml=ml_of(sums[lot.pk]["counted"] or 0),
            left_ml=ml_of(lot.stock_ul),
        )
        for lot in lots.of_clinic(clinic)
        if lot.pk in sums
    ]
    return sorted(reconciled, key=lambda row: row.agrees)
