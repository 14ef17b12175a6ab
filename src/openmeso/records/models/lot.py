"""Lot: a batch on the clinic's shelf, and the append-only book of its stock."""

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.clinic import Clinic
from openmeso.terms.lot import INCOMING, OUTGOING, LotStatus, StockMoveKind

STATUSES = [(status.value, status.value.capitalize()) for status in LotStatus]
KINDS = [(kind.value, kind.value.capitalize()) for kind in StockMoveKind]


def _unexplained() -> models.Q:
    return models.Q(status_at__isnull=True, status_by__isnull=True, status_reason="")


class ProductCode(Record):
    """A GTIN that stands for a product of this clinic's shelf; a product may have several."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="product_codes")
    product = models.CharField(max_length=80)
    gtin = models.CharField(max_length=14)

    class Meta:
        ordering = ("product", "gtin")
        constraints = [
            models.UniqueConstraint(name="gtin_means_one_product", fields=["clinic", "gtin"]),
            models.CheckConstraint(
                name="product_code_has_fourteen_digits",
                condition=models.Q(gtin__regex=r"^[0-9]{14}$") & ~models.Q(product=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gtin} {self.product}"


class Lot(Record):
    """``product`` is the key of a product; ``ampoule_ul`` its size when the lot was received.

    Product, number and expiry are fixed by a trigger: sessions point here.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="lots")
    product = models.CharField(max_length=80)
    product_name = models.CharField(max_length=160)
    number = models.CharField(max_length=40)
    expires_on = models.DateField()
    ampoule_ul = models.PositiveIntegerField()
    gtin = models.CharField(max_length=14, blank=True)
    udi = models.CharField(max_length=200, blank=True)
    received_on = models.DateField()
    status = models.CharField(max_length=12, choices=STATUSES, default=LotStatus.USABLE.value)
    status_reason = models.CharField(max_length=300, blank=True)
    status_at = models.DateTimeField(null=True, blank=True)
    status_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("product_name", "expires_on", "number")
        indexes = [
            models.Index(fields=["clinic", "product", "expires_on"], name="lot_earliest_expiry")
        ]
        constraints = [
            models.UniqueConstraint(
                name="lot_number_unique_for_product", fields=["clinic", "product", "number"]
            ),
            models.CheckConstraint(
                name="lot_says_what_it_is",
                condition=~(models.Q(product="") | models.Q(product_name="") | models.Q(number="")),
            ),
            models.CheckConstraint(
                name="lot_status_is_known",
                condition=models.Q(status__in=[status.value for status in LotStatus]),
            ),
            models.CheckConstraint(
                name="lot_set_aside_says_why_and_by_whom",
                condition=(models.Q(status=LotStatus.USABLE.value) & _unexplained())
                | (
                    models.Q(status_at__isnull=False, status_by__isnull=False)
                    & ~models.Q(status_reason="")
                ),
            ),
            models.CheckConstraint(
                name="lot_ampoule_holds_something", condition=models.Q(ampoule_ul__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_name} {self.number}"


class StockMove(Record):
    """One change of a lot's stock; ``left_ul`` is the stock after it.

    The moves of a lot are numbered from 1; a trigger keeps each ``left_ul`` equal to the one
    before plus ``change_ul``. ``session`` is the session that drew it, ``pieces`` the ampoules.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    change_ul = models.IntegerField()
    left_ul = models.IntegerField()
    pieces = models.PositiveIntegerField(null=True, blank=True)
    session = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("lot", "number")
        indexes = [models.Index(fields=["session"], name="stock_move_by_session")]
        constraints = [
            models.UniqueConstraint(name="stock_moves_are_numbered", fields=["lot", "number"]),
            models.CheckConstraint(
                name="stock_is_never_below_nothing", condition=models.Q(left_ul__gte=0)
            ),
            models.CheckConstraint(
                name="stock_comes_in_or_goes_out",
                condition=models.Q(kind__in=[one.value for one in INCOMING], change_ul__gt=0)
                | models.Q(kind__in=[one.value for one in OUTGOING], change_ul__lt=0)
                | models.Q(kind=StockMoveKind.COUNTED.value),
            ),
            models.CheckConstraint(
                name="stock_given_names_its_session",
                condition=~models.Q(kind=StockMoveKind.GIVEN.value)
                | models.Q(session__isnull=False),
            ),
            models.CheckConstraint(
                name="stock_lost_says_why",
                condition=~models.Q(
                    kind__in=[StockMoveKind.WASTED.value, StockMoveKind.RETURNED.value]
                )
                | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.change_ul} µL of lot {self.lot_id}"
