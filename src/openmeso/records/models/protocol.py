"""Protocol: a clinic's own template of formula, technique and schedule."""

from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.clinic import Clinic


class Protocol(Record):
    """``data`` is :class:`openmeso.terms.protocol.Protocol` as JSON; ``key`` is its id."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="protocols")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=160)
    data = models.JSONField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(name="protocol_key_unique_in_clinic", fields=["clinic", "key"]),
            models.CheckConstraint(
                name="protocol_has_key_and_name",
                condition=~(models.Q(key="") | models.Q(name="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
