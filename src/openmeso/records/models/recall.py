"""Recall notice: a patient was told of a lot; only ever added."""

from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.lot import Lot
from openmeso.records.models.patient import Patient
from openmeso.terms.recall import Channel

CHANNELS = [(channel.value, channel.value.replace("_", " ")) for channel in Channel]


class RecallNotice(Record):
    """``created_at`` and ``created_by`` say when and by whom."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="notices")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="recall_notices")
    channel = models.CharField(max_length=12, choices=CHANNELS)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        indexes = [models.Index(fields=["lot", "patient"], name="recall_notice_by_lot")]
        constraints = [
            models.CheckConstraint(
                name="recall_notice_channel_is_known",
                condition=models.Q(channel__in=[channel.value for channel in Channel]),
            ),
            models.CheckConstraint(
                name="recall_notice_in_vain_says_how",
                condition=~models.Q(channel=Channel.NOT_REACHED.value) | ~models.Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} about lot {self.lot_id}"
