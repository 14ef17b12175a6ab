"""Measurement: every revision is a row of its own; what was written down is fixed by a trigger."""

from enum import StrEnum

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.device import Device
from openmeso.records.models.file import StoredFile
from openmeso.records.models.patient import Patient
from openmeso.terms.measurement import MeasurementKind, Site

KINDS = [(kind.value, kind.value.capitalize()) for kind in MeasurementKind]
SITES = [(site.value, site.value.replace("_", " ").capitalize()) for site in Site]
_ACCEPTANCE = ("accepted_at", "accepted_by")
_WITHDRAWAL = ("withdrawn_at", "withdrawn_by", "withdrawn_because")


class MeasurementStatus(StrEnum):
    """Where a measurement stands; read off its columns, never kept beside them."""

    DRAFT = "draft"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def _together(*fields: str) -> models.Q:
    return models.Q(**{f"{each}__isnull": True for each in fields}) | models.Q(
        **{f"{each}__isnull": False for each in fields}
    )


class Measurement(Record):
    """``data`` is :class:`openmeso.terms.measurement.Measurement` as JSON, ``values`` its values,
    ``score`` the scale's id and the value on it.

    Only acceptance and withdrawal are filled in later, each once.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="measurements")
    measured_on = models.DateField()
    kind = models.CharField(max_length=12, choices=KINDS)
    site = models.CharField(max_length=20, choices=SITES, blank=True)
    revision = models.PositiveIntegerField(default=1)
    series = models.UUIDField(help_text="id of the first revision")
    picture = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    um_per_px = models.FloatField(null=True, blank=True)
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="measurements"
    )  # the clinic's own, where its profile gave the scale
    is_refused = models.BooleanField(default=False)
    is_corrected = models.BooleanField(default=False)
    score = models.CharField(max_length=80, blank=True)  # "norwood_hamilton:III vertex"
    values = models.JSONField(default=list)
    data = models.JSONField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # NULL until withdrawn: the trigger lets it be filled once
    withdrawn_because = models.CharField(max_length=400, null=True, blank=True)  # noqa: DJ001

    class Meta:
        ordering = ("-measured_on", "-created_at")
        indexes = [
            models.Index(fields=["patient", "-measured_on"], name="measurement_latest_first")
        ]
        constraints = [
            models.CheckConstraint(
                name="measurement_kind_is_known",
                condition=models.Q(kind__in=[kind.value for kind in MeasurementKind]),
            ),
            models.CheckConstraint(
                name="measurement_site_is_known",
                condition=models.Q(site__in=["", *(site.value for site in Site)]),
            ),
            models.CheckConstraint(
                name="measurement_by_trichoscopy_has_its_picture",
                condition=models.Q(kind=MeasurementKind.TRICHOSCOPY.value, picture__isnull=False)
                | (
                    ~models.Q(kind=MeasurementKind.TRICHOSCOPY.value)
                    & models.Q(
                        picture__isnull=True,
                        um_per_px__isnull=True,
                        is_refused=False,
                        is_corrected=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="measurement_revision_counts_from_one",
                condition=models.Q(revision=1, series=models.F("id"))
                | (models.Q(revision__gt=1) & ~models.Q(series=models.F("id"))),
            ),
            models.UniqueConstraint(
                name="measurement_revision_once_in_its_series", fields=["series", "revision"]
            ),
            models.CheckConstraint(
                name="measurement_scale_is_above_nothing",
                condition=models.Q(um_per_px__isnull=True) | models.Q(um_per_px__gt=0),
            ),
            models.CheckConstraint(
                name="measurement_by_a_device_has_its_scale",
                condition=models.Q(device__isnull=True) | models.Q(um_per_px__isnull=False),
            ),
            models.CheckConstraint(
                name="measurement_accepted_at_and_by_together", condition=_together(*_ACCEPTANCE)
            ),
            models.CheckConstraint(
                name="measurement_withdrawn_at_by_and_why_together",
                condition=_together(*_WITHDRAWAL),
            ),
            models.CheckConstraint(
                name="measurement_refused_is_never_accepted",
                condition=models.Q(is_refused=False) | models.Q(accepted_at__isnull=True),
            ),
        ]

    @property
    def status(self) -> MeasurementStatus:
        if self.withdrawn_at:
            return MeasurementStatus.WITHDRAWN
        if self.is_refused:
            return MeasurementStatus.REFUSED
        return MeasurementStatus.ACCEPTED if self.accepted_at else MeasurementStatus.DRAFT

    def __str__(self) -> str:
        return f"measurement {self.pk} revision {self.revision}"
