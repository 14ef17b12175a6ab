"""Server time of the planner page with 10,000 patients in the database.

Prints the median milliseconds and the number of queries of each page, and its time over that of
the sign-in page in the same run, which is the least that this server does for a page. The number
of queries must be the same as in a clinic of fifteen patients.

    PYTHONPATH=src:. python benchmarks/planner_page.py
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

PATIENTS = 10_000
AIM_MS = 150.0
REPEATS = 25


def median_ms(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return 1e3 * statistics.median(taken)


def fill(clinic, user) -> None:
    from openmeso.gateways import clock
    from openmeso.records.models import Assessment, Patient

    now = clock.now()
    example = Assessment.objects.filter(patient__clinic=clinic).first()
    patients = Patient.objects.bulk_create(
        (
            Patient(
                clinic=clinic,
                record_number=f"B-{number:05d}",
                given_name=f"Given{number % 97}",
                family_name=f"Family{number}",
                birth_date=example.patient.birth_date,
                sex=example.patient.sex,
                created_at=now,
                created_by=user,
            )
            for number in range(PATIENTS)
        ),
        batch_size=2000,
    )
    Assessment.objects.bulk_create(
        (
            Assessment(
                patient=patient,
                assessed_on=example.assessed_on,
                indication=example.indication,
                data=example.data,
                created_at=now,
                created_by=user,
            )
            for patient in patients
        ),
        batch_size=2000,
    )


def measure() -> int:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from openmeso.records.models import Assessment, Patient, Plan
    from openmeso.services import plan as plans
    from openmeso.services.demo import build_demo_clinic
    from tests.web.plan.form import form_of

    call_command("migrate", verbosity=0)
    clinic = build_demo_clinic()
    user = get_user_model().objects.get(username="demo")
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    plan = Plan.objects.filter(patient__clinic=clinic, status="approved").first()
    patient = plan.patient
    pages = {
        "planner": lambda: client.get(f"/patients/{patient.pk}/plan/"),
        "planner, computed again": lambda: client.post(
            f"/patients/{patient.pk}/plan/", form, headers={"hx-request": "true"}
        ),
        "plan": lambda: client.get(f"/plans/{plan.pk}/"),
        "patient": lambda: client.get(f"/patients/{patient.pk}/"),
        "patients": lambda: client.get("/patients/"),
        "patients, searched": lambda: client.get("/patients/?q=a"),
        "today": lambda: client.get("/"),
    }
    form = form_of(plans.to_terms(plan).choice)

    def queries() -> dict[str, int]:
        found = {}
        for name, page in pages.items():
            page()
            with CaptureQueriesContext(
                connection,
            ) as caught:
                reply = page()
            assert reply.status_code == 200, (name, reply.status_code)
            found[name] = len(caught)
        return found

    few = queries()
    fill(clinic, user)
    many = queries()
    stranger = Client()
    floor = median_ms(lambda: stranger.get("/accounts/login/"))
    print(
        f"{Patient.objects.count()} patients, {Assessment.objects.count()} assessments;"
        f" sign-in page {floor:.1f} ms"
    )
    slow = []
    for name, page in pages.items():
        taken = median_ms(page)
        same = "" if many[name] == few[name] else f" (was {few[name]} with few patients)"
        print(f"{name:24s} {taken:6.1f} ms  {taken / floor:4.1f} x  {many[name]} queries{same}")
        if taken > AIM_MS or same:
            slow.append(name)
    print(f"aim {AIM_MS:.0f} ms and constant queries: {', '.join(slow) or 'all kept'}")
    return 1 if slow else 0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "openmeso.config.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        return measure()


if __name__ == "__main__":
    sys.exit(main())
