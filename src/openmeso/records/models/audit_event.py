"""Audit event: who did what to whom, in a chain that shows tampering."""

from django.db import models


class AuditEvent(models.Model):
    """One compact row; ids only and no foreign keys, so that it outlives what it tells of.

    ``details`` is JSON as text: its hash must not depend on how a database stores JSON.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    clinic = models.UUIDField(null=True)
    patient = models.UUIDField(null=True)
    action = models.CharField(max_length=40)
    noun = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    details = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)
        indexes = [
            models.Index(fields=["patient", "seq"], name="audit_event_by_patient"),
            models.Index(fields=["clinic", "seq"], name="audit_event_by_clinic"),
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_event_says_what_was_done",
                condition=~(models.Q(action="") | models.Q(noun="") | models.Q(hash="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.noun}"
