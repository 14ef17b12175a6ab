"""Photo: one picture of a patient in one view; its three files lie encrypted."""

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.file import StoredFile
from openmeso.records.models.patient import Patient
from openmeso.records.models.session import Session

_REMOVED = ("removed_at", "removal", "removed_by")


def _all(*fields: str, null: bool) -> models.Q:
    return models.Q(**{f"{field}__isnull": null for field in fields})


class Photo(Record):
    """Never changed. One taken in error is removed from sight, with a reason, and stays kept."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="photos")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="photos"
    )
    view = models.CharField(max_length=40)
    taken_on = models.DateField()
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)
    whole = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    screen = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    thumb = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removal = models.JSONField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-taken_on", "-created_at")
        indexes = [
            models.Index(fields=["patient", "view", "-taken_on"], name="photo_by_patient_and_view"),
            models.Index(fields=["patient", "-taken_on"], name="photo_by_patient"),
        ]
        constraints = [
            models.CheckConstraint(
                name="photo_has_a_view_and_pixels",
                condition=models.Q(width_px__gt=0, height_px__gt=0) & ~models.Q(view=""),
            ),
            models.CheckConstraint(
                name="photo_is_removed_whole_or_not_at_all",
                condition=_all(*_REMOVED, null=True) | _all(*_REMOVED, null=False),
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"
