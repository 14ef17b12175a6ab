"""Course: what is left of it, whether its intervals were kept, and how it goes on."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.records.models import Appointment, Clinic, Course, Patient, Plan, Session, User
from openmeso.records.models.plan import PlanStatus
from openmeso.records.models.session import SessionStatus
from openmeso.science.planning.booking import intervals, steps_of
from openmeso.services import audit, permission
from openmeso.services import plan as plans
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.refusal import NotFound
from openmeso.terms.course import (
    AppointmentStatus,
    CourseStatus,
    FunnelStep,
    Interval,
    Rhythm,
)
from openmeso.terms.plan import Plan as PlanTerms

HALTED = (CourseStatus.STOPPED.value, CourseStatus.COMPLETED.value)


@dataclass(frozen=True)
class Progress:
    """Where a course stands on a day."""

    course: Course
    plan: PlanTerms
    given: tuple[tuple[int, date], ...]
    appointments: tuple[Appointment, ...]
    on: date

    @cached_property
    def sessions(self) -> int:
        """Sessions planned."""
        return self.plan.sessions

    @cached_property
    def left(self) -> tuple[int, ...]:
        """Numbers of the sessions not yet given."""
        held = {number for number, _on in self.given}
        return tuple(one for one in range(1, self.sessions + 1) if one not in held)

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """How every session given kept its interval."""
        return intervals(self.plan.choice.phases, self.given)

    @cached_property
    def broken(self) -> tuple[Interval, ...]:
        """Those that were not kept."""
        return tuple(one for one in self.intervals if one.rhythm is not Rhythm.KEPT)

    @cached_property
    def next_due(self) -> date | None:
        """When the next session falls due: an interval after the last, or as the plan says."""
        if not self.left:
            return None
        number = self.left[0]
        before = [on for one, on in self.given if one < number]
        if not before:
            return min(visit.on for visit in self.plan.visits if visit.session_number == number)
        step = steps_of(self.plan.choice.phases)[number - 1]
        return max(before) + timedelta(step.interval_days)

    @cached_property
    def booked(self) -> tuple[Appointment, ...]:
        """Appointments still to come, or whose session nobody has recorded."""
        held = {number for number, _on in self.given}
        return tuple(
            one
            for one in self.appointments
            if one.status == AppointmentStatus.BOOKED.value and one.number not in held
        )

    @cached_property
    def missed(self) -> tuple[Appointment, ...]:
        """Booked, the time is past, and no session was signed."""
        now = clock.now()
        return tuple(one for one in self.booked if one.ends_at < now)

    @property
    def is_running(self) -> bool:
        """Whether sessions are to be given."""
        return self.course.status == CourseStatus.RUNNING.value

    @cached_property
    def to_rebook(self) -> bool:
        """Whether the next session wants a time: none is booked, or the time passed unused."""
        if not self.left or not self.is_running:
            return False
        ahead = [one for one in self.booked if one not in self.missed]
        return not any(one.number == self.left[0] for one in ahead)

    @cached_property
    def overdue_days(self) -> int:
        """How many days the next session is overdue with nothing booked."""
        if not self.to_rebook or self.next_due is None:
            return 0
        return max((self.on - self.next_due).days, 0)


def visible_to(user: permission.Asker) -> QuerySet[Course]:
    """Courses of the patients somebody may open, newest first."""
    return (
        Course.objects.filter(patient__in=visible_patients(user))
        .select_related("patient__clinic", "plan", "status_by")
        .defer("plan__result", "plan__choice")
    )


@transaction.atomic
def get(*, by: User, pk: UUID, purpose: str) -> Course:
    """One course, the read noted."""
    permission.require(by, "patient.see")
    course = visible_to(by).filter(pk=pk).first()
    if course is None:
        raise NotFound("No such course in your clinic.")
    audit.record(by=by, action="read", of=course, purpose=purpose)
    return course


def of_plan(plan: Plan) -> Course | None:
    """The plan's course, where it has been opened."""
    return Course.objects.filter(plan=plan).select_related("patient__clinic", "plan").first()


@transaction.atomic
def start(*, by: User, plan: Plan) -> Course:
    """The course of an approved plan; opened once, and an earlier version's course ends with it."""
    permission.require(by, "course.book", plan)
    locked = (
        Plan.objects.select_for_update(of=("self",))
        .select_related("patient__clinic")
        .get(pk=plan.pk)
    )
    opened = of_plan(locked)
    if opened is not None:
        return opened
    if locked.status != PlanStatus.APPROVED.value:
        raise ValidationError(_("Only an approved plan becomes a course."))
    course = Course(
        patient=locked.patient,
        plan=locked,
        status_at=clock.now(),
        status_by=by,
        created_at=clock.now(),
        created_by=by,
    )
    course.full_clean()
    course.save(force_insert=True)
    audit.record(by=by, action="start", of=course, details={"plan": locked.pk})
    before = Course.objects.filter(plan=locked.supersedes_id).exclude(status__in=HALTED).first()
    if before is not None:
        _to_status(by, before, CourseStatus.STOPPED, _("A new version of the plan goes on."))
        audit.record(by=by, action="stop", of=before, details={"superseded_by": course.pk})
    return course


@transaction.atomic
def pause(*, by: User, course: Course, reason: str) -> Course:
    """Give no sessions for a while, for a reason; what is booked stays to be cancelled or kept."""
    permission.require(by, "course.book", course)
    course = _to_status(by, course, CourseStatus.PAUSED, reason, {CourseStatus.RUNNING})
    audit.record(by=by, action="pause", of=course)
    return course


@transaction.atomic
def resume(*, by: User, course: Course) -> Course:
    """Go on after a pause; a stopped course is planned anew."""
    permission.require(by, "course.book", course)
    course = _to_status(by, course, CourseStatus.RUNNING, "", {CourseStatus.PAUSED})
    audit.record(by=by, action="resume", of=course)
    return course


@transaction.atomic
def stop(*, by: User, course: Course, reason: str) -> Course:
    """End a course for a reason; whatever is still booked is cancelled with it."""
    permission.require(by, "course.stop", course)
    running = {CourseStatus.RUNNING, CourseStatus.PAUSED}
    course = _to_status(by, course, CourseStatus.STOPPED, reason, running)
    audit.record(by=by, action="stop", of=course)
    return course


@transaction.atomic
def keep(*, by: User, session: Session) -> Course | None:
    """Note that a signed session kept its appointment; the last one completes the course."""
    permission.require(by, "session.sign", session)
    course = of_plan(session.plan)
    if course is None:
        return None
    Appointment.objects.filter(
        course=course, number=session.number, status=AppointmentStatus.BOOKED.value
    ).update(status=AppointmentStatus.KEPT.value, changed_at=clock.now(), changed_by=by)
    if not progress(course).left and course.status not in HALTED:
        course = _to_status(by, course, CourseStatus.COMPLETED, "")
    audit.record(by=by, action="keep", of=course, details={"number": session.number})
    return course


def progress(course: Course) -> Progress:
    """Where the course stands today; the caller has opened the patient already."""
    plan = Plan.objects.get(pk=course.plan_id)
    given = Session.objects.filter(plan=plan, status=SessionStatus.SIGNED.value).order_by("number")
    return Progress(
        course=course,
        plan=plans.to_terms(plan),
        given=tuple(
            (one.number, one.given_on) for one in given.only("number", "given_on") if one.given_on
        ),
        appointments=tuple(
            Appointment.objects.filter(course=course).select_related("practitioner")
        ),
        on=clock.today(),
    )


def of_patient(patient: Patient) -> QuerySet[Course]:
    """The patient's courses, newest first."""
    return Course.objects.filter(patient=patient).select_related("plan", "status_by")


def booked_times(plan: Plan) -> dict[int, tuple[datetime, datetime]]:
    """From when until when a plan's sessions are booked, or were kept, by their number."""
    rows = Appointment.objects.filter(
        course__plan=plan,
        status__in=(AppointmentStatus.BOOKED.value, AppointmentStatus.KEPT.value),
    )
    return {
        number: (starts_at, ends_at)
        for number, starts_at, ends_at in rows.values_list("number", "starts_at", "ends_at")
    }


def funnel(clinic: Clinic) -> tuple[FunnelStep, ...]:
    """Where courses end: of those planned to reach each session, how many did, stopped, or wait."""
    courses = Course.objects.filter(patient__clinic=clinic).values_list(
        "pk", "status", "plan", "plan__result__visits"
    )
    given = _given_numbers(clinic)
    steps: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for _pk, status, plan, visits in courses:
        numbers = [v["session_number"] for v in visits if v["session_number"] is not None]
        next_one = min((n for n in numbers if n not in given[plan]), default=None)
        for number in numbers:
            step = steps[number]
            step[0] += 1
            step[1] += number in given[plan]
            step[2] += number == next_one and status == CourseStatus.STOPPED.value
            step[3] += number == next_one and status not in HALTED
    return tuple(FunnelStep(number, *steps[number]) for number in sorted(steps))


def stop_reasons(clinic: Clinic) -> QuerySet[Course]:
    """Stopped courses, newest first: why people left."""
    stopped = Course.objects.filter(patient__clinic=clinic, status=CourseStatus.STOPPED.value)
    return stopped.select_related("patient", "status_by").order_by("-status_at")


def _given_numbers(clinic: Clinic) -> defaultdict[UUID, set[int]]:
    given: defaultdict[UUID, set[int]] = defaultdict(set)
    rows = Session.objects.filter(patient__clinic=clinic, status=SessionStatus.SIGNED.value)
    for plan, number in rows.order_by().values_list("plan", "number"):
        given[plan].add(number)
    return given


def _to_status(
    by: User,
    course: Course,
    status: CourseStatus,
    reason: str,
    allowed: set[CourseStatus] | None = None,
) -> Course:
    course = (
        Course.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "plan")
        .get(pk=course.pk)
    )
    if allowed is not None and course.status not in {one.value for one in allowed}:
        raise ValidationError(_("The course stands otherwise by now: look at it again."))
    said = " ".join(reason.split())
    if status in {CourseStatus.PAUSED, CourseStatus.STOPPED} and not said:
        raise ValidationError({"reason": _("Give the reason.")})
    course.status, course.status_reason = status.value, said
    course.status_at, course.status_by = clock.now(), by
    course.save(update_fields=["status", "status_reason", "status_at", "status_by"])
    if status is CourseStatus.STOPPED:
        Appointment.objects.filter(course=course, status=AppointmentStatus.BOOKED.value).update(
            status=AppointmentStatus.CANCELLED.value,
            reason=said,
            changed_at=clock.now(),
            changed_by=by,
        )
    return course
