"""Device: a clinic's own dermoscope and lens, fixed once calibrated; a new calibration is a new row."""

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.clinic import Clinic
from openmeso.terms.device import CalibrationWay
from openmeso.terms.trichoscopy import LEAST_UM_PER_PX, MOST_UM_PER_PX

WAYS = [(way.value, way.value.capitalize()) for way in CalibrationWay]
_LENGTHS = ("length_px", "length_mm")
_RETIREMENT = ("retired_at", "retired_by", "retired_because")


def _all(*fields: str, null: bool) -> models.Q:
    return models.Q(**{f"{each}__isnull": null for each in fields})


class Device(Record):
    """``um_per_px`` holds for whole pictures ``picture_width_px`` wide; only retirement is filled
    in later, once.

    ``length_px`` on a picture is ``length_mm`` in truth, where that is how it was calibrated.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(max_length=80)
    maker = models.CharField(max_length=80, blank=True)
    lens = models.CharField(max_length=80, blank=True)
    picture_width_px = models.PositiveIntegerField()
    um_per_px = models.FloatField()
    relative_sd = models.FloatField()
    way = models.CharField(max_length=12, choices=WAYS)
    calibrated_on = models.DateField()
    length_px = models.FloatField(null=True, blank=True)
    length_mm = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=400)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # NULL until retired: the trigger lets it be filled once
    retired_because = models.CharField(max_length=400, null=True, blank=True)  # noqa: DJ001

    class Meta:
        ordering = ("name", "-created_at")
        constraints = [
            models.UniqueConstraint(
                name="device_in_use_once_by_name_and_width",
                fields=["clinic", "name", "picture_width_px"],
                condition=models.Q(retired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="device_is_named_and_says_its_source",
                condition=~(models.Q(name="") | models.Q(source="")),
            ),
            models.CheckConstraint(
                name="device_way_is_known",
                condition=models.Q(way__in=[way.value for way in CalibrationWay]),
            ),
            models.CheckConstraint(
                name="device_scale_is_one",
                condition=models.Q(
                    picture_width_px__gt=0,
                    um_per_px__gte=LEAST_UM_PER_PX,
                    um_per_px__lte=MOST_UM_PER_PX,
                    relative_sd__gt=0,
                    relative_sd__lte=0.5,
                ),
            ),
            models.CheckConstraint(
                name="device_certificate_alone_has_no_lengths",
                condition=(
                    models.Q(way=CalibrationWay.CERTIFICATE.value) & _all(*_LENGTHS, null=True)
                )
                | (
                    ~models.Q(way=CalibrationWay.CERTIFICATE.value)
                    & models.Q(length_px__gt=0, length_mm__gt=0)
                    & _all(*_LENGTHS, null=False)
                ),
            ),
            models.CheckConstraint(
                name="device_retired_at_by_and_why_together",
                condition=_all(*_RETIREMENT, null=True) | _all(*_RETIREMENT, null=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
