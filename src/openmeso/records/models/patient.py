"""Patient: whom the course is for."""

from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.clinic import Clinic
from openmeso.terms.assessment import Sex

SEXES = [(sex.value, sex.value.capitalize()) for sex in Sex]


class Patient(Record):
    """A person in one clinic's care; ``record_number`` is the clinic's own."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    record_number = models.CharField(max_length=40)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, choices=SEXES)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("family_name", "given_name", "record_number")
        indexes = [
            models.Index(
                fields=["clinic", "family_name", "given_name", "record_number"],
                name="patient_by_clinic_and_name",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="patient_record_number_unique_in_clinic", fields=["clinic", "record_number"]
            ),
            models.CheckConstraint(
                name="patient_sex_is_known", condition=models.Q(sex__in=[sex.value for sex in Sex])
            ),
            models.CheckConstraint(
                name="patient_has_names_and_number",
                condition=~(
                    models.Q(record_number="") | models.Q(given_name="") | models.Q(family_name="")
                ),
            ),
        ]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def initials(self) -> str:
        """For the context bar: whose record is open."""
        return f"{self.given_name[:1]}{self.family_name[:1]}".upper()

    def __str__(self) -> str:
        # Never the name: a record's text ends up in logs and error pages.
        return f"patient {self.pk}"
