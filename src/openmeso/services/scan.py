"""Scan: from what a barcode says to the product and lot it stands for in this clinic."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.gateways.barcode import BarcodeFault, read_barcode
from openmeso.records.models import Clinic, Lot, ProductCode, User
from openmeso.services import audit, permission
from openmeso.services import lot as lots
from openmeso.terms.lot import Scan
from openmeso.terms.product import Product

__all__ = ["BarcodeFault", "Found", "bind", "look_up"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a code means here: ``product`` is None for a GTIN that nobody has bound yet."""

    scan: Scan
    product: Product | None
    lot: Lot | None

    @property
    def unknown_gtin(self) -> bool:
        """Whether the code names a product that is to be bound first."""
        return bool(self.scan.gtin) and self.product is None


def look_up(*, by: User, text: str) -> Found:
    """Product and lot that a code stands for; BarcodeFault where it cannot be read."""
    permission.require(by, "lot.see")
    clinic = permission.own_clinic(by)
    scan = read_barcode(text)
    product = _product(clinic, scan.gtin)
    return Found(scan=scan, product=product, lot=_lot(clinic, scan, product))


@transaction.atomic
def bind(*, by: User, clinic: Clinic, gtin: str, product: str) -> ProductCode:
    """Say which product a GTIN stands for; a product may have several."""
    permission.require(by, "lot.receive", clinic)
    if product not in lots.shelf_products(clinic):
        raise ValidationError({"product": _("No product of this shelf.")})
    bound = ProductCode.objects.filter(clinic=clinic, gtin=gtin).first() or ProductCode(
        clinic=clinic, gtin=gtin, created_at=clock.now(), created_by=by
    )
    if not bound._state.adding and bound.product == product:
        return bound
    bound.product = product
    bound.full_clean()
    bound.save()
    audit.record(by=by, action="bind", of=bound, details={"product": product, "gtin": gtin})
    return bound


def _product(clinic: Clinic, gtin: str) -> Product | None:
    if not gtin:
        return None
    shelf = lots.shelf_products(clinic)
    bound = ProductCode.objects.filter(clinic=clinic, gtin=gtin).first()
    if bound is not None:
        return shelf.get(bound.product)
    return next((one for one in shelf.values() if one.gtin.zfill(14) == gtin), None)


def _lot(clinic: Clinic, scan: Scan, product: Product | None) -> Lot | None:
    if product is None or not scan.number:
        return None
    return lots.of_clinic(clinic).filter(product=product.id, number=scan.number).first()
