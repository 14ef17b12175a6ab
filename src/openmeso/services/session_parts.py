"""What a signature writes besides the session itself: its points, its lots and their stock."""

import math
from collections import defaultdict
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from openmeso.gateways import clock
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Lot, Session, SessionLot, SessionPoint, SessionZone, User
from openmeso.services import lot as lots
from openmeso.terms import session as terms

LEAST_ML = 0.001  # the stock book counts whole microlitres
WASTED = "left in syringes after the session"
DISCARDED = "left in ampoules for one patient only"


def lots_of(session: Session, entry: terms.SessionEntry) -> dict[str, Lot]:
    """The clinic's lots that the entry names, by their id; unknown ones are left out."""
    clinic = session.patient.clinic_id
    ids = {UUID(each.lot) for each in entry.lots if _is_uuid(each.lot)}
    found = (_LOT.first(clinic=clinic, pk=pk) for pk in ids)
    return {str(lot.pk): lot for lot in found if lot is not None}


_LOT = Prepared(
    lambda clinic, pk: Lot.objects.filter(clinic=clinic, pk=pk).select_related("clinic").order_by(),
    clinic=UUID,
    pk=UUID,
)


def lots_missing(session: Session, entry: terms.SessionEntry) -> tuple[str, ...]:
    """Which codes of MISSING the lots chosen give rise to today."""
    found = lots_of(session, entry)
    for each in entry.lots:
        lot = found.get(each.lot)
        if lot is None or lot.product != each.product:
            return ("lots",)
        if lots.refusal(lot, clock.today()) and not each.despite.strip():
            return ("lot_refused",)
    return ()


@transaction.atomic
def write_parts(
    *, by: User, session: Session, entry: terms.SessionEntry, result: terms.SessionResult
) -> None:
    """A row for every planned point, what each zone got, and every lot.

    Call it inside the signature's transaction.
    """
    _write_points(session, result)
    _write_zones(session, result)
    found = lots_of(session, entry)
    despite = {each.lot: each.despite.strip() for each in entry.lots}
    # in one order for everybody, so that two signatures never wait for each other
    for vial in sorted(result.vials, key=lambda each: each.lot):
        _write_lot(by, session, vial, found[vial.lot], despite[vial.lot])


def _write_points(session: Session, result: terms.SessionResult) -> None:
    SessionPoint.objects.bulk_create(
        SessionPoint(
            session=session,
            number=each.number,
            zone=each.zone,
            x_mm=each.x_mm,
            y_mm=each.y_mm,
            state=each.state.value,
            volume_ml=each.volume_ml,
            depth_mm=each.depth_mm,
            syringe=each.syringe,
        )
        for each in result.points
    )


def _write_zones(session: Session, result: terms.SessionResult) -> None:
    got: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    for each in result.points:
        if each.state is not terms.PointState.SKIPPED:
            got[each.zone, each.syringe].append(each.volume_ml)
    SessionZone.objects.bulk_create(
        SessionZone(
            session=session,
            zone=zone,
            syringe=syringe,
            points=len(volumes_ml),
            volume_ml=math.fsum(volumes_ml),
        )
        for (zone, syringe), volumes_ml in got.items()
    )


def _write_lot(by: User, session: Session, vial: terms.VialBalance, lot: Lot, despite: str) -> None:
    product = lots.shelf_products(session.patient.clinic).get(lot.product)
    opened_ml = _opened(vial.drawn_ml, lot, product is None or product.single_dose)
    used = SessionLot(
        session=session,
        lot=lot,
        product=lot.product,
        product_name=lot.product_name,
        manufacturer=product.manufacturer if product else "",
        number=lot.number,
        expires_on=lot.expires_on,
        syringe=vial.syringe,
        drawn_ml=vial.drawn_ml,
        given_ml=vial.given_ml,
        wasted_ml=vial.wasted_ml,
        discarded_ml=max(opened_ml - vial.drawn_ml, 0.0),
        despite=despite,
        created_at=clock.now(),
        created_by=by,
    )
    used.full_clean()
    used.save(force_insert=True)
    _take_from_stock(by, session, used)


def _opened(drawn_ml: float, lot: Lot, single_dose: bool) -> float:
    """The whole ampoules that were opened for a draw [mL], no more than the shelf holds."""
    ampoule_ml = lot.ampoule_ul / 1000
    if not single_dose:
        return drawn_ml
    whole_ml = math.ceil(round(drawn_ml / ampoule_ml, 6)) * ampoule_ml
    return min(whole_ml, max(lots.stock_ml(lot), drawn_ml))


def _take_from_stock(by: User, session: Session, used: SessionLot) -> None:
    try:
        if used.given_ml >= LEAST_ML:
            lots.use(
                by=by,
                lot=used.lot,
                ml=used.given_ml,
                session=session.pk,
                on=clock.today(),
                despite=used.despite,
            )
        for amount_ml, reason in ((used.wasted_ml, WASTED), (used.discarded_ml, DISCARDED)):
            if amount_ml >= LEAST_ML:
                lots.waste(by=by, lot=used.lot, ml=amount_ml, reason=reason, session=session.pk)
    except ValidationError as fault:
        raise ValidationError({"lots": fault.messages}) from fault


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
