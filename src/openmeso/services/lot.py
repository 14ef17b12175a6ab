"""Lot: what is on the shelf, received, given, wasted, counted and sent back.

Stock is a book: every change is a row, no row is ever altered, and the database refuses one that
would leave less than nothing. Amounts are millilitres here and whole microlitres in the book.
"""

from datetime import date
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.records.models import Clinic, Lot, StockMove, User
from openmeso.services import audit, permission
from openmeso.services import product as products
from openmeso.services.knowledge import knowledge
from openmeso.services.refusal import NotFound
from openmeso.terms.lot import LotStatus, Receipt, StockMoveKind, ml_of, ul_of
from openmeso.terms.product import Product, Route

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Stock(TypedDict):
        """What :func:`of_clinic` adds to a lot: what the book says is left [µL]."""

        stock_ul: int

    LotInStock = WithAnnotations[Lot, Stock]

# A box is a few hundred millilitres; more is a slip of the keyboard.
MOST_ML = 10_000.0


def shelf_products(clinic: Clinic) -> dict[str, Product]:
    """Every product that may be injected, published or the clinic's own, by its key."""
    every = (*knowledge().products.values(), *products.terms_of(clinic))
    return {one.id: one for one in every if one.route is Route.INJECTION}


def of_clinic(clinic: Clinic) -> "QuerySet[LotInStock]":
    """The clinic's lots by product, earliest expiry first, each with its ``stock_ul``."""
    last = StockMove.objects.filter(lot=OuterRef("pk")).order_by("-number").values("left_ul")[:1]
    return (
        Lot.objects.filter(clinic=clinic)
        .annotate(stock_ul=Coalesce(Subquery(last), 0))
        .select_related("clinic", "status_by")
        .order_by("product_name", "product", "expires_on", "received_on", "number")
    )


def find(user: permission.Asker, pk: UUID) -> "LotInStock":
    """One lot of the asker's clinic, with its ``stock_ul``."""
    permission.require(user, "lot.see")
    lot = of_clinic(permission.own_clinic(user)).filter(pk=pk).first()
    if lot is None:
        raise NotFound("No such lot in your clinic.")
    return lot


def usable(*, by: User, product: str, on: date) -> "QuerySet[LotInStock]":
    """Lots of a product that may be drawn from on a day, earliest expiry first."""
    permission.require(by, "lot.see")
    return of_clinic(permission.own_clinic(by)).filter(
        product=product, status=LotStatus.USABLE.value, expires_on__gte=on, stock_ul__gt=0
    )


def refusal(lot: Lot, on: date) -> str:
    """Why nothing may be drawn from the lot on a day; empty when it may."""
    if lot.status != LotStatus.USABLE.value:
        words = {
            LotStatus.QUARANTINED.value: _("Lot %(number)s is set aside: %(reason)s"),
            LotStatus.RECALLED.value: _("Lot %(number)s is recalled: %(reason)s"),
        }
        return words[lot.status] % {"number": lot.number, "reason": lot.status_reason}
    if lot.expires_on < on:
        said = {"number": lot.number, "date": lot.expires_on.isoformat()}
        return _("Lot %(number)s expired on %(date)s.") % said
    return ""


def moves(lot: Lot) -> QuerySet[StockMove]:
    """The book of a lot, newest first."""
    return StockMove.objects.filter(lot=lot).select_related("created_by").order_by("-number")


def stock_ml(lot: Lot) -> float:
    """What the book says is left [mL]."""
    last = StockMove.objects.filter(lot=lot).order_by("-number").values_list("left_ul").first()
    return ml_of(last[0]) if last else 0.0


@transaction.atomic
def receive(*, by: User, clinic: Clinic, receipt: Receipt) -> Lot:
    """Put ampoules of a lot on the shelf; more of a lot that is there adds to it."""
    permission.require(by, "lot.receive", clinic)
    product = shelf_products(clinic).get(receipt.product)
    if product is None:
        raise ValidationError({"product": _("No product of this shelf.")})
    if receipt.pieces < 1:
        raise ValidationError({"pieces": _("Receive at least one.")})
    lot = _same_lot(clinic, receipt) or Lot(
        clinic=clinic,
        product=product.id,
        product_name=product.name,
        number=receipt.number.strip(),
        expires_on=receipt.expires_on,
        ampoule_ul=ul_of(product.ampoule_ml),
        gtin=receipt.gtin,
        udi=receipt.udi,
        received_on=clock.today(),
        created_at=clock.now(),
        created_by=by,
    )
    _may_come_in(lot, receipt.expires_on)
    if lot._state.adding:
        lot.full_clean()
        lot.save(force_insert=True)
    move = _enter(
        by,
        StockMove(
            lot=lot,
            kind=StockMoveKind.RECEIVED.value,
            change_ul=receipt.pieces * lot.ampoule_ul,
            pieces=receipt.pieces,
        ),
    )
    audit.record(by=by, action="receive", of=lot, details=_noted(move))
    return lot


@transaction.atomic
def use(
    *, by: User, lot: Lot, ml: float, session: UUID, on: date | None = None, despite: str = ""
) -> StockMove:
    """Take what a session injected from a lot; call it inside the session's own transaction.

    A lot that is expired on the session's day, set aside or recalled is refused, unless
    ``despite`` says why the book must hold it all the same: it was given before anybody knew.
    """
    lot = _locked(by, lot, "lot.move")
    refused = refusal(lot, on or clock.today())
    if refused and not despite.strip():
        raise ValidationError({"lot": refused})
    given = StockMove(
        lot=lot,
        kind=StockMoveKind.GIVEN.value,
        change_ul=-_amount(ml),
        session=session,
        reason=despite.strip(),
    )
    move = _enter(by, given)
    audit.record(by=by, action="use", of=lot, details=_noted(move))
    return move


@transaction.atomic
def waste(*, by: User, lot: Lot, ml: float, reason: str, session: UUID | None = None) -> StockMove:
    """Write off what was drawn and not injected, broken or spilt."""
    lot = _locked(by, lot, "lot.move")
    wasted = StockMove(
        lot=lot,
        kind=StockMoveKind.WASTED.value,
        change_ul=-_amount(ml),
        session=session,
        reason=_said(reason, _("Say why it was thrown away.")),
    )
    move = _enter(by, wasted)
    audit.record(by=by, action="waste", of=lot, details=_noted(move))
    return move


@transaction.atomic
def send_back(*, by: User, lot: Lot, ml: float, reason: str) -> StockMove:
    """Send stock back to the supplier, as after a recall."""
    lot = _locked(by, lot, "lot.move")
    returned = StockMove(
        lot=lot,
        kind=StockMoveKind.RETURNED.value,
        change_ul=-_amount(ml),
        reason=_said(reason, _("Say to whom it went back, and why.")),
    )
    move = _enter(by, returned)
    audit.record(by=by, action="send_back", of=lot, details=_noted(move))
    return move


@transaction.atomic
def count(*, by: User, lot: Lot, ml: float, reason: str = "") -> StockMove:
    """Write down what is really there; the difference to the book becomes a row of its own."""
    lot = _locked(by, lot, "lot.move")
    if not 0 <= ml <= MOST_ML:
        raise ValidationError({"ml": _("A count lies between nothing and %d mL.") % MOST_ML})
    difference = ul_of(ml) - ul_of(stock_ml(lot))
    said = " ".join(reason.split())
    if difference and not said:
        raise ValidationError({"reason": _("It differs from the book: say what may be why.")})
    counted = StockMove(
        lot=lot, kind=StockMoveKind.COUNTED.value, change_ul=difference, reason=said
    )
    move = _enter(by, counted)
    audit.record(by=by, action="count", of=lot, details=_noted(move))
    return move


@transaction.atomic
def quarantine(*, by: User, lot: Lot, reason: str) -> Lot:
    """Set a lot aside until somebody has looked; anybody at the chair may."""
    permission.require(by, "lot.quarantine", lot)
    lot = _to_status(by, lot, LotStatus.QUARANTINED, reason)
    audit.record(by=by, action="quarantine", of=lot, details={"reason": lot.status_reason})
    return lot


@transaction.atomic
def recall(*, by: User, lot: Lot, reason: str) -> Lot:
    """Mark a lot as called back: nothing is drawn from it any more."""
    permission.require(by, "lot.decide", lot)
    lot = _to_status(by, lot, LotStatus.RECALLED, reason)
    audit.record(by=by, action="recall", of=lot, details={"reason": lot.status_reason})
    return lot


@transaction.atomic
def release(*, by: User, lot: Lot, reason: str) -> Lot:
    """Let a lot be used again; why stays written."""
    permission.require(by, "lot.decide", lot)
    lot = _to_status(by, lot, LotStatus.USABLE, reason)
    audit.record(by=by, action="release", of=lot, details={"reason": lot.status_reason})
    return lot


def _same_lot(clinic: Clinic, receipt: Receipt) -> Lot | None:
    return (
        Lot.objects.select_for_update(of=("self",))
        .select_related("clinic")
        .filter(clinic=clinic, product=receipt.product, number=receipt.number.strip())
        .first()
    )


def _may_come_in(lot: Lot, expires_on: date) -> None:
    if lot.expires_on != expires_on:
        said = {"number": lot.number, "date": lot.expires_on.isoformat()}
        text = _("Lot %(number)s is on the shelf with expiry %(date)s. Compare with the label.")
        raise ValidationError({"expires_on": text % said})
    if lot.status == LotStatus.RECALLED.value:
        raise ValidationError({"number": refusal(lot, clock.today())})
    if expires_on < clock.today():
        raise ValidationError({"expires_on": _("It has expired already; send it back.")})


def _locked(by: User, lot: Lot, name: str) -> Lot:
    permission.require(by, name, lot)
    return Lot.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=lot.pk)


def _amount(ml: float) -> int:
    amount = ul_of(ml) if 0 < ml <= MOST_ML else 0
    if not amount:
        raise ValidationError({"ml": _("An amount lies above nothing and up to %d mL.") % MOST_ML})
    return amount


def _said(reason: str, ask: str) -> str:
    said = " ".join(reason.split())
    if not said:
        raise ValidationError({"reason": ask})
    return said


def _enter(by: User, move: StockMove) -> StockMove:
    """Write the move into the book, after the last one of its lot (whose row is locked)."""
    last = StockMove.objects.filter(lot=move.lot).order_by("-number").first()
    held_ul = last.left_ul if last else 0
    if held_ul + move.change_ul < 0:
        said = {"number": move.lot.number, "left": f"{ml_of(held_ul):g}"}
        text = _("The book says that %(left)s mL of lot %(number)s are left: count it first.")
        raise ValidationError({"ml": text % said})
    move.number = last.number + 1 if last else 1
    move.left_ul = held_ul + move.change_ul
    move.created_at, move.created_by = clock.now(), by
    move.full_clean(validate_constraints=False)  # the lock has settled number and stock
    move.save(force_insert=True)
    return move


def _noted(move: StockMove) -> dict[str, object]:
    """What the trail keeps of a move: where it stands in the book."""
    session = {"session": move.session} if move.session else {}
    return {"move": move.number, "change_ul": move.change_ul, **session}


def _to_status(by: User, lot: Lot, status: LotStatus, reason: str) -> Lot:
    said = _said(reason, _("Give the reason."))
    lot = Lot.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=lot.pk)
    if lot.status == status.value:
        raise ValidationError(_("The lot stands so already."))
    if lot.status == LotStatus.RECALLED.value and status is LotStatus.QUARANTINED:
        raise ValidationError(_("The lot has been recalled: it stays so until it is released."))
    lot.status, lot.status_reason = status.value, said
    lot.status_at, lot.status_by = clock.now(), by
    lot.full_clean()
    lot.save(update_fields=["status", "status_reason", "status_at", "status_by"])
    return lot
