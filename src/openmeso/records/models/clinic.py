"""Clinic: the boundary that patients are seen within."""

from django.db import models
from django.db.models.functions import Length, Upper
from django.db.models.lookups import Exact

from openmeso.records.models.base import Record
from openmeso.terms.session import Signature

SIGNATURES = [(one.value, one.value.replace("_", " ").capitalize()) for one in Signature]


class Clinic(Record):
    """A practice. ``closing_weekdays`` are ISO (1 Monday … 7 Sunday), ``closing_dates`` ISO dates.

    ``opening_hours`` are [weekday, "09:00", "18:00"]; empty, nobody has said.
    """

    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    timezone = models.CharField(max_length=64, default="UTC")
    closing_weekdays = models.JSONField(default=list, blank=True)
    closing_dates = models.JSONField(default=list, blank=True)
    opening_hours = models.JSONField(default=list, blank=True)
    signature = models.CharField(
        max_length=16, choices=SIGNATURES, default=Signature.PASSWORD.value
    )

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="clinic_country_is_two_capitals",
                condition=models.Q(Exact(Length("country"), 2))
                & models.Q(country=Upper("country")),
            ),
            models.CheckConstraint(name="clinic_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="clinic_signature_is_known",
                condition=models.Q(signature__in=[one.value for one in Signature]),
            ),
        ]

    def __str__(self) -> str:
        return self.name
