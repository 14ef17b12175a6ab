"""Patient report: a private link, and what came through it; fixed by database triggers."""

from django.conf import settings
from django.db import models

from openmeso.records.models.adverse_event import AdverseEvent
from openmeso.records.models.base import Record
from openmeso.records.models.patient import Patient
from openmeso.terms.patient_report import HowBad

TOKEN_HASH = 64  # hex digits of a SHA-256
HOW_BAD = [(one.value, one.value.capitalize()) for one in HowBad]


class ReportLink(Record):
    """A key to telling, and to nothing else; only its hash is kept. It ends by itself."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="report_links")
    token_hash = models.CharField(max_length=TOKEN_HASH, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["patient", "-created_at"], name="report_link_latest")]
        constraints = [
            models.CheckConstraint(
                name="report_link_ends_after_it_began",
                condition=models.Q(expires_at__gt=models.F("created_at")),
            ),
            models.CheckConstraint(
                name="report_link_revoked_at_and_by_together",
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"report link {self.pk}"


class PatientReport(Record):
    """What a patient told; nobody of the clinic wrote it, so ``created_by`` is empty.

    It waits until it is settled, once: taken up as a reaction, or laid aside for a reason.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reports")
    link = models.ForeignKey(ReportLink, on_delete=models.PROTECT, related_name="reports")
    signs = models.JSONField()
    how_bad = models.CharField(max_length=10, choices=HOW_BAD)
    began_on = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    may_phone = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    event = models.ForeignKey(
        AdverseEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    # NULL until laid aside: the trigger lets it be filled once
    laid_aside = models.CharField(max_length=400, null=True, blank=True)  # noqa: DJ001

    class Meta:
        ordering = ("created_at",)
        indexes = [
            models.Index(
                fields=["created_at"],
                name="patient_report_waiting",
                condition=models.Q(settled_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="patient_report_how_bad_is_known",
                condition=models.Q(how_bad__in=[one.value for one in HowBad]),
            ),
            models.CheckConstraint(
                name="patient_report_settled_one_way",
                condition=models.Q(
                    settled_at__isnull=True,
                    settled_by__isnull=True,
                    event__isnull=True,
                    laid_aside__isnull=True,
                )
                | (
                    models.Q(settled_at__isnull=False, settled_by__isnull=False)
                    & (
                        models.Q(event__isnull=False, laid_aside__isnull=True)
                        | (models.Q(event__isnull=True, laid_aside__isnull=False))
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"patient report {self.pk}"
