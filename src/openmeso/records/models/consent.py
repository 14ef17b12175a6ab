"""Consent: the text put before a patient, and what they signed; fixed by a database trigger."""

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.file import StoredFile
from openmeso.records.models.patient import Patient
from openmeso.records.models.plan import Plan

_SIGNED = ("signed_at", "signing", "taken_by", "pdf")
_WITHDRAWN = ("withdrawn_at", "withdrawal", "withdrawn_by")


def _all(*fields: str, null: bool) -> models.Q:
    return models.Q(**{f"{field}__isnull": null for field in fields})


class Consent(Record):
    """Made when the text is handed over; what is signed or withdrawn later is filled in once.

    ``text`` is a ConsentPaper and ``course`` what it was about, as they were read; ``signing``
    says how it was signed and what was asked, ``withdrawal`` why it was withdrawn.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="consents")
    form = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    text = models.JSONField()
    course = models.JSONField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signing = models.JSONField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pdf = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="consent"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal = models.JSONField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["patient", "form", "-created_at"], name="consent_latest")]
        constraints = [
            models.CheckConstraint(
                name="consent_is_signed_whole_or_not_at_all",
                condition=_all(*_SIGNED, null=True) | _all(*_SIGNED, null=False),
            ),
            models.CheckConstraint(
                name="consent_is_withdrawn_whole_or_not_at_all",
                condition=_all(*_WITHDRAWN, null=True) | _all(*_WITHDRAWN, null=False),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_was_signed",
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(signed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"
