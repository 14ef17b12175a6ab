"""What every test stands on: the rooms that may reach the database, and one cast of people."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from openmeso.terms.assessment import Assessment, ChecklistAnswer, ScaleScore, Sex
from openmeso.terms.contraindication import Answer
from openmeso.terms.plan import PlanChoice
from openmeso.terms.practitioner import Role
from tests.database import migrated_once

hypothesis_settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("ci")

ROOT = Path(__file__).parent
WITH_DATABASE = ("records", "services", "web", "api", "browser", "config")
PASSWORD = "meso-test-2026"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder, so that nobody marks by hand and science tests cannot reach the database."""
    for item in items:
        floor = item.path.relative_to(ROOT).parts[0]
        if floor in WITH_DATABASE and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db(transaction=floor == "browser"))
        if floor == "browser":
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))


@pytest.fixture(scope="session")
def migrated_by_copying() -> Iterator[ExitStack]:
    with ExitStack() as until_set_up:
        until_set_up.enter_context(migrated_once())
        yield until_set_up


@pytest.fixture(scope="session")
def django_db_setup(migrated_by_copying: ExitStack, django_db_setup: None) -> None:
    """Only this setting up copies: a test that migrates does migrate."""
    migrated_by_copying.close()


@pytest.fixture(autouse=True)
def wall_clock():
    """Today is today on the clinic's wall, as it is for whoever asks from there."""
    with timezone.override("Europe/Istanbul"):
        yield


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_triggers() -> Iterator[None]:
    """Emptying a test database is the one deletion that audit events must suffer.

    The triggers come back with the post_migrate signal that a flush sends.
    """
    from openmeso.records import triggers

    flush = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        triggers.remove(connection)
        flush(case)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True)
def cheap_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path_factory) -> None:
    """Each test's encrypted files lie in a folder that nothing else uses."""
    settings.FILES_DIR = tmp_path_factory.getbasetemp() / "files" / uuid4().hex


@pytest.fixture(autouse=True)
def no_sign_in_remembered() -> None:
    """One test's failed sign-ins must not slow the next one's."""
    cache.clear()


@pytest.fixture
def clinic(db):
    return _clinic("Test Clinic")


@pytest.fixture
def other_clinic(db):
    return _clinic("Other Clinic")


def _clinic(name: str):
    from openmeso.gateways import clock
    from openmeso.records.models import Clinic

    return Clinic.objects.create(
        name=name,
        country="TR",
        timezone="Europe/Istanbul",
        closing_weekdays=[7],
        created_at=clock.now(),
    )


@pytest.fixture
def person(db) -> Callable[..., object]:
    """Make a user; with a clinic and a role, a member of it."""

    def make(username: str, clinic=None, role: Role | None = None):
        from openmeso.gateways import clock
        from openmeso.records.models import Membership

        user = get_user_model().objects.create_user(
            username=username, password=PASSWORD, first_name=username.capitalize(), last_name="Test"
        )
        if clinic is not None and role is not None:
            Membership.objects.create(
                user=user, clinic=clinic, role=role.value, created_at=clock.now(), created_by=user
            )
        return user

    return make


@pytest.fixture
def practitioner(person, clinic):
    return person("practitioner", clinic, Role.PRACTITIONER)


@pytest.fixture
def assistant(person, clinic):
    return person("assistant", clinic, Role.ASSISTANT)


@pytest.fixture
def lead(person, clinic):
    return person("lead", clinic, Role.LEAD)


@pytest.fixture
def researcher(person, clinic):
    return person("researcher", clinic, Role.RESEARCHER)


@pytest.fixture
def auditor(person, clinic):
    return person("auditor", clinic, Role.AUDITOR)


@pytest.fixture
def stranger(person, other_clinic):
    """A practitioner of another clinic."""
    return person("stranger", other_clinic, Role.PRACTITIONER)


@pytest.fixture
def outsider(person):
    """An account that belongs to no clinic."""
    return person("outsider")


@pytest.fixture
def cast(practitioner, assistant, lead, researcher, auditor, stranger, outsider):
    return SimpleNamespace(
        practitioner=practitioner,
        assistant=assistant,
        lead=lead,
        researcher=researcher,
        auditor=auditor,
        stranger=stranger,
        outsider=outsider,
    )


@pytest.fixture
def patient(clinic, practitioner):
    return _patient(clinic, practitioner, "P-001", "Deniz", "Kaya")


@pytest.fixture
def foreign_patient(other_clinic, stranger):
    return _patient(other_clinic, stranger, "X-001", "Noor", "Haddad")


def _patient(clinic, user, record_number: str, given: str, family: str):
    from openmeso.gateways import clock
    from openmeso.records.models import Patient

    return Patient.objects.create(
        clinic=clinic,
        record_number=record_number,
        given_name=given,
        family_name=family,
        birth_date=date(1988, 4, 12),
        sex="male",
        created_at=clock.now(),
        created_by=user,
    )


@pytest.fixture
def assessment():
    """A man's history without a contraindication, on Norwood-Hamilton III vertex."""
    from openmeso.gateways import clock
    from openmeso.services.knowledge import knowledge

    return Assessment(
        assessed_on=clock.today(),
        indication="androgenetic_alopecia_male",
        sex=Sex.MALE,
        birth_date=date(1988, 4, 12),
        weight_kg=80.0,
        head_circumference_mm=570.0,
        scores=(ScaleScore("norwood_hamilton", "III vertex"),),
        checklist=tuple(
            ChecklistAnswer(one.id, Answer.NO)
            for one in knowledge().contraindications.values()
            if "male" in one.sexes
        ),
        systolic_mmhg=120.0,
        diastolic_mmhg=78.0,
    )


@pytest.fixture
def assessed(patient, practitioner, assessment):
    """The patient, with the assessment saved."""
    from openmeso.services import assessment as assessments

    assessments.save(by=practitioner, patient=patient, assessment=assessment)
    return patient


@pytest.fixture
def choice():
    """A choice in which nothing blocks and nothing wants a reason."""
    from openmeso.gateways import clock

    return PlanChoice(start_on=clock.today() + timedelta(days=7), protocol="classic_fortnightly_10")


@pytest.fixture
def draft(assessed, practitioner, choice):
    from openmeso.services import plan

    return plan.draft(by=practitioner, patient=assessed, choice=choice)


@pytest.fixture
def trained(practitioner, lead):
    """The practitioner, trained in every technique."""
    from openmeso.services import practitioner as practitioners
    from openmeso.services.knowledge import knowledge

    for technique in knowledge().techniques:
        practitioners.record_training(
            by=lead, user=practitioner, technique=technique, trained_on=date(2025, 1, 10)
        )
    return practitioner


@pytest.fixture
def approved(assessed, trained):
    """An approved plan whose first session is today, whatever the weekday."""
    from openmeso.gateways import clock
    from openmeso.services import clinic as clinics
    from openmeso.services import plan

    clinics.set_closing_days(by=_lead_of(assessed), clinic=assessed.clinic, weekdays=[], dates=[])
    choice = PlanChoice(start_on=clock.today(), protocol="classic_fortnightly_10")
    draft = plan.draft(by=trained, patient=assessed, choice=choice, practitioner=trained)
    return plan.approve(by=trained, plan=draft)


def _lead_of(patient):
    return get_user_model().objects.get(
        memberships__clinic=patient.clinic, memberships__role=Role.LEAD.value
    )


@pytest.fixture
def session(approved, trained):
    """The draft of the first session under a valid consent, nothing typed yet."""
    from openmeso.services import session
    from tests.services.example_consent import signed

    signed(trained, approved)
    return session.start(by=trained, plan=approved, number=1)


@pytest.fixture
def stocked(session, trained):
    """A lot of every product of the session on the shelf, by product."""
    from openmeso.gateways import clock
    from openmeso.services import lot as lots
    from openmeso.services import session as sessions
    from openmeso.terms.lot import Receipt

    expires_on = clock.today() + timedelta(days=120)
    return {
        each.product: lots.receive(
            by=trained,
            clinic=session.patient.clinic,
            receipt=Receipt(each.product, "B7", expires_on, pieces=12),
        )
        for each in sessions.plan_of(session).draw_up
    }


@pytest.fixture
def typed(session, stocked):
    """All that an uneventful session takes before it may be signed."""
    from openmeso.services import session as sessions
    from openmeso.services.knowledge import knowledge
    from openmeso.terms.session import LotUsed, SessionEntry, ZoneGiven

    plan = sessions.plan_of(session)
    return SessionEntry(
        checklist=tuple(
            ChecklistAnswer(one.id, Answer.NO)
            for one in knowledge().contraindications.values()
            if one.every_session and "male" in one.sexes
        ),
        anything_new=Answer.NO,
        lots=tuple(
            LotUsed(each.product, str(stocked[each.product].pk), each.volume_ml)
            for each in plan.draw_up
        ),
        zones=tuple(ZoneGiven(n) for n, _ in enumerate(plan.grid.zones, 1)),
        minutes=21.5,
        pain=3,
        reactions_seen=Answer.NO,
        aftercare_given=True,
    )


@pytest.fixture
def signed(session, typed, trained):
    from openmeso.services import session as sessions

    return sessions.sign(
        by=trained, session=session, entry=typed, version=1, token="t1", proof=PASSWORD
    )
