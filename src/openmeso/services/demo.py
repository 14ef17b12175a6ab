"""Demo: a clinic to try OpenMeso out in, built by the same services as a real one."""

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from openmeso.gateways import clock
from openmeso.records.models import Clinic, Patient, Plan, User
from openmeso.services import (
    assessment,
    demo_course,
    demo_shelf,
    demo_spot,
    membership,
    practitioner,
    protocol,
    session_length,
)
from openmeso.services import (
    clinic as clinics,
)
from openmeso.services import (
    patient as patients,
)
from openmeso.services import (
    plan as plans,
)
from openmeso.services.demo_cast import (
    CASES,
    PASSWORD,
    STAFF,
    STRANGER,
    TO_BEGIN,
    UNDER_WAY,
    Case,
    Person,
)
from openmeso.services.knowledge import knowledge
from openmeso.terms import assessment as terms
from openmeso.terms.assessment import ChecklistAnswer
from openmeso.terms.contraindication import Answer
from openmeso.terms.formula import Component, Formula
from openmeso.terms.plan import PlanChoice
from openmeso.terms.protocol import Phase

CLINIC = "Moda Hair & Skin Clinic"
OTHER_CLINIC = "Harbour Skin Rooms"
SIGN_INS = tuple((person.username, PASSWORD, person.what) for person in (*STAFF, STRANGER))

FOUNDED_DAYS_AGO = 120
ASSESSED_DAYS_AGO = 5
MET_DAYS_AGO = 6
OPENS = 8
"""The hour at which the demo's today was set up."""
TRAINED = date(2024, 9, 16)
LAPSED = date(2025, 9, 15)
# technique, points, minutes: what the estimate of a session's length learns from
LENGTHS = (
    ("nappage", 420, 24.0),
    ("nappage", 380, 22.0),
    ("nappage", 510, 29.0),
    ("intraepidermal", 240, 27.0),
    ("intraepidermal", 300, 33.0),
    ("papule", 60, 14.0),
)


@transaction.atomic
def build_demo_clinic() -> Clinic:
    """The demo clinic; made where it is missing, left alone where it is not."""
    present = Clinic.objects.filter(name=CLINIC).first()
    if present:
        return present
    with clock.as_of(clock.now() - timedelta(days=FOUNDED_DAYS_AGO)):
        clinic, users = _founded()
    with timezone.override(clinic.timezone):
        _under_way(users["demo"], clinic)
        _to_begin(users["demo"], clinic)
        # no chair can be booked on a day that is over: it is filled as of the morning
        with clock.as_of(min(clock.now(), demo_course.at(clinic, clock.today(), OPENS))):
            _today(users, clinic)
    return clinic


def _today(users: dict[str, User], clinic: Clinic) -> None:
    demo_shelf.stock(users["lead"], clinic)
    for case in CASES:
        _case(users["demo"], case)
    for plan in Plan.objects.filter(patient__clinic=clinic, status="approved").order_by(
        "created_at"
    ):
        demo_shelf.book(users["demo"], plan)


def _founded() -> tuple[Clinic, dict[str, User]]:
    # Nobody can sign in as the one who opens the clinics.
    opener = User.objects.create(username="demo-server", is_superuser=True, is_active=False)
    users = {person.username: _account(person) for person in (*STAFF, STRANGER)}
    clinic = clinics.found(
        by=opener,
        name=CLINIC,
        country="TR",
        timezone="Europe/Istanbul",
        lead=users["lead"],
    )
    clinics.found(
        by=opener,
        name=OTHER_CLINIC,
        country="GB",
        timezone="Europe/London",
        lead=_other_lead(),
    )
    _people(users, clinic)
    _house_ways(users["lead"], users["demo"], clinic)
    return clinic, users


def _account(person: Person) -> User:
    return User.objects.create_user(
        username=person.username,
        password=PASSWORD,
        first_name=person.given_name,
        last_name=person.family_name,
    )


def _other_lead() -> User:
    return User.objects.create(username="harbour-lead", first_name="Priya", last_name="Nair")


def _under_way(demo: User, clinic: Clinic) -> None:
    """A course with sessions given, whose next is due today."""
    planned_on = demo_course.began_on() - timedelta(days=demo_course.BEFORE_DAYS)
    with clock.as_of(demo_course.at(clinic, planned_on, 9)):
        plan = _case(demo, UNDER_WAY)
    if plan:
        demo_course.give(demo, plan, PASSWORD)


def _to_begin(demo: User, clinic: Clinic) -> None:
    """A course planned some days ago, and what grows before it begins."""
    with clock.as_of(demo_course.at(clinic, clock.today() - timedelta(days=MET_DAYS_AGO), 10)):
        plan = _case(demo, TO_BEGIN)
        if plan:
            demo_spot.grow(demo, plan.patient)


def _people(users: dict[str, User], clinic: Clinic) -> None:
    lead = users["lead"]
    for person in STAFF:
        if person.username != "lead":
            membership.join(by=lead, user=users[person.username], clinic=clinic, role=person.role)
    other = membership.membership_of(User.objects.get(username="harbour-lead"))
    if other:
        membership.join(
            by=other.user, user=users["stranger"], clinic=other.clinic, role=STRANGER.role
        )
        patients.add(
            by=users["stranger"],
            given_name="Noor",
            family_name="Haddad",
            sex="female",
            birth_date=date(1990, 2, 2),
        )
    for technique in knowledge().techniques:
        practitioner.record_training(
            by=lead, user=users["demo"], technique=technique, trained_on=TRAINED
        )
    practitioner.record_training(by=lead, user=lead, technique="nappage", trained_on=TRAINED)
    practitioner.record_training(
        by=lead, user=lead, technique="microneedling", trained_on=TRAINED, valid_until=LAPSED
    )


def _house_ways(lead: User, demo: User, clinic: Clinic) -> None:
    year = clock.today().year
    holidays = [date(y, month, day) for y in (year, year + 1) for month, day in HOLIDAYS]
    clinics.set_closing_days(by=lead, clinic=clinic, weekdays=[7], dates=holidays)
    demo_spot.calibrate(lead, clinic)
    for technique, points, minutes in LENGTHS:
        session_length.record(
            by=demo, clinic=clinic, technique=technique, points=points, minutes=minutes
        )
    classic = knowledge().protocols["classic_fortnightly_10"]
    protocol.save(
        by=demo,
        clinic=clinic,
        protocol=replace(
            classic,
            id="house_8_2_3",
            name="House course 8 + 2 + 3",
            phases=(Phase(8, 7), Phase(2, 14), Phase(3, 30)),
            summary="Eight weekly sessions, two fortnightly, three monthly.",
            facts=(),
            assumption="a template saved by the clinic",
        ),
    )


def _case(demo: User, case: Case) -> Plan | None:
    patient = patients.add(
        by=demo,
        given_name=case.given_name,
        family_name=case.family_name,
        sex=case.sex.value,
        birth_date=date.fromisoformat(case.born),
    )
    if not case.indication:
        return None
    assessment.save(by=demo, patient=patient, assessment=_assessed(case))
    return _planned(demo, patient, case) if case.plan else None


def _assessed(case: Case) -> terms.Assessment:
    today = clock.today()
    systolic, diastolic = case.pressure_mmhg or (None, None)
    said_yes = dict(case.yes)
    checklist = tuple(
        ChecklistAnswer(
            one.id,
            Answer.YES if one.id in said_yes else Answer.NO,
            on=today - timedelta(days=ago) if (ago := said_yes.get(one.id)) else None,
        )
        for one in knowledge().contraindications.values()
        if case.sex.value in one.sexes
    )
    return terms.Assessment(
        assessed_on=today - timedelta(days=ASSESSED_DAYS_AGO if not said_yes else 0),
        indication=case.indication,
        sex=case.sex,
        birth_date=date.fromisoformat(case.born),
        weight_kg=case.weight_kg,
        head_circumference_mm=case.head_circumference_mm,
        can_become_pregnant=case.can_become_pregnant,
        reliable_contraception=case.reliable_contraception,
        scores=case.scale_scores,
        checklist=checklist,
        allergies=case.allergies,
        systolic_mmhg=systolic,
        diastolic_mmhg=diastolic,
        duration_months=case.duration_months,
        fitzpatrick=case.fitzpatrick,
        notes=case.notes,
    )


def _planned(demo: User, patient: Patient, case: Case) -> Plan:
    choice = PlanChoice(
        start_on=clock.today() + timedelta(days=case.starts_in_days),
        protocol=case.plan,
        preset=case.preset,
        formula=_formula(case),
    )
    plan = plans.draft(by=demo, patient=patient, choice=choice, title=case.title, practitioner=demo)
    if case.stage != "draft":
        plan = plans.approve(by=demo, plan=plan)
    if case.stage == "superseding":
        plan = plans.supersede(by=demo, plan=plan)
    return plan


def _formula(case: Case) -> Formula | None:
    if not case.parts:
        return None
    return Formula(case.title, tuple(Component(product, parts) for product, parts in case.parts))


# New Year and Turkey's national days with a fixed date
HOLIDAYS = ((1, 1), (4, 23), (5, 1), (5, 19), (7, 15), (8, 30), (10, 29))
