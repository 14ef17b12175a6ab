"""Course: one for each approved plan, and the appointments booked for its sessions."""

from django.conf import settings
from django.db import models

from openmeso.records.models.base import Record
from openmeso.records.models.patient import Patient
from openmeso.records.models.plan import Plan
from openmeso.terms.course import AppointmentStatus, CourseStatus

STATUSES = [(status.value, status.value.capitalize()) for status in CourseStatus]
KEPT_OR_NOT = [(status.value, status.value.capitalize()) for status in AppointmentStatus]
LIVE = (AppointmentStatus.BOOKED.value, AppointmentStatus.KEPT.value)
MOST_MINUTES = 600


class Course(Record):
    """``status_reason`` says why a course is paused or stopped."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="course")
    status = models.CharField(max_length=10, choices=STATUSES, default=CourseStatus.RUNNING.value)
    status_reason = models.CharField(max_length=300, blank=True)
    status_at = models.DateTimeField()
    status_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="course_status_is_known",
                condition=models.Q(status__in=[status.value for status in CourseStatus]),
            ),
            models.CheckConstraint(
                name="course_halted_for_a_reason",
                condition=~models.Q(
                    status__in=[CourseStatus.PAUSED.value, CourseStatus.STOPPED.value]
                )
                | ~models.Q(status_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"course {self.pk}"


class Appointment(Record):
    """A session's time; of each session at most one is booked or kept."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="appointments")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
    )
    status = models.CharField(
        max_length=10, choices=KEPT_OR_NOT, default=AppointmentStatus.BOOKED.value
    )
    reason = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("starts_at", "number")
        indexes = [
            models.Index(fields=["practitioner", "starts_at"], name="appointment_by_practitioner"),
            models.Index(fields=["starts_at"], name="appointment_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="appointment_once_a_session",
                fields=["course", "number"],
                condition=models.Q(status__in=LIVE),
            ),
            models.CheckConstraint(
                name="appointment_status_is_known",
                condition=models.Q(status__in=[status.value for status in AppointmentStatus]),
            ),
            models.CheckConstraint(
                name="appointment_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="appointment_counts_from_one", condition=models.Q(number__gte=1)
            ),
            models.CheckConstraint(
                name="appointment_lost_says_why",
                condition=~models.Q(
                    status__in=[
                        AppointmentStatus.MISSED.value,
                        AppointmentStatus.CANCELLED.value,
                    ]
                )
                | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"
