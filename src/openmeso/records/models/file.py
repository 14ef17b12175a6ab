"""File: a row for each sealed file; the contents lie encrypted outside the database."""

from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.clinic import Clinic
from openmeso.records.models.patient import Patient
from openmeso.terms.file import FileKind

KINDS = [(kind.value, kind.value.replace("_", " ").capitalize()) for kind in FileKind]


class StoredFile(Record):
    """Never changed and never deleted; only ``key_id`` moves on, when the master key is rotated.

    ``digest`` is an HMAC-SHA256 of the contents under the file's own secret.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="files")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    kind = models.CharField(max_length=20, choices=KINDS)
    media_type = models.CharField(max_length=80)
    size_bytes = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    name = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name = "file"
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["patient", "kind", "-created_at"], name="file_by_patient")]
        constraints = [
            models.CheckConstraint(
                name="file_kind_is_known",
                condition=models.Q(kind__in=[kind.value for kind in FileKind]),
            ),
            models.CheckConstraint(
                name="file_has_digest_key_and_type",
                condition=~(models.Q(digest="") | models.Q(key_id="") | models.Q(media_type="")),
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"
