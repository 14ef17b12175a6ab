"""Lot recall over a million injected points: lot, product and practitioner to every patient.

Each question twice: its page, which counts everybody and names the first of them, and the whole
list as it goes into letters and files.

Fills a scratch database (SQLite in a temporary folder; PostgreSQL where DATABASE_URL names one,
in a database of its own that is dropped afterwards) with signed sessions, and prints the median
milliseconds of each question and, in the same run, of a naive scan that reads every point.

    PYTHONPATH=src python benchmarks/recall.py [POINTS]
"""

import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

AIM_MS = 1000.0
POINTS = 1_000_000
POINTS_A_SESSION = 200
SESSIONS_A_PLAN = 10
LOTS = 20
ZONES = 4
PATIENTS_A_PAGE = 25
REPEATS = 7
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PRODUCTS = ("dutasteride_0_05", "biotin")

POINTS_OF_EVERY_SESSION = """
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < %s)
    INSERT INTO records_sessionpoint
        (session_id, number, zone, x_mm, y_mm, state, volume_ml, depth_mm, syringe)
    SELECT id, n, 'zone_' || (n %% %s), n, n, 'given', 0.01, 4.0, 1
    FROM records_session CROSS JOIN counted
"""


def median_ms(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process alone: on a busy machine they part."""
    work()
    taken = []
    for _ in range(repeats):
        start, began = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - start, time.process_time() - began))
    wall, cpu = zip(*taken, strict=True)
    return 1e3 * statistics.median(wall), 1e3 * statistics.median(cpu)


def fill(points: int):
    """One clinic's sessions, every one of two products, the lots taken in turn."""
    from openmeso.records import models
    from openmeso.services import lot as lots
    from openmeso.terms.lot import Receipt

    made = {"created_at": NOW}
    clinic = models.Clinic.objects.create(name="Bench", country="TR", **made)
    hands = [models.User.objects.create(username=f"hand{n}", first_name="H") for n in range(4)]
    models.Membership.objects.create(user=hands[0], clinic=clinic, role="lead", **made)
    shelf = [
        [
            lots.receive(
                by=hands[0], clinic=clinic,
                receipt=Receipt(product, f"L{n}", date(2039, 1, 1), 1),
            )
            for n in range(LOTS)
        ]
        for product in PRODUCTS
    ]  # fmt: skip
    plans = -(-points // (POINTS_A_SESSION * SESSIONS_A_PLAN))
    patients = models.Patient.objects.bulk_create(
        models.Patient(
            clinic=clinic, record_number=f"B-{n}", given_name=f"Given{n % 97}",
            family_name=f"Family{n % 499}", sex="female", **made,
        )
        for n in range(plans)
    )  # fmt: skip
    rows = _plans(models, patients, hands[0])
    sessions = _sessions(models, rows, hands)
    _parts(models, sessions, shelf)
    _reactions(models, sessions)
    models.Session.objects.filter(status="draft").update(
        status="signed", signed_at=NOW, signed_by=hands[0]
    )
    return hands[0], shelf[0][0]


def _plans(models, patients, user):
    made = {"created_at": NOW}
    assessments = models.Assessment.objects.bulk_create(
        models.Assessment(
            patient=one, assessed_on=NOW.date(), indication="androgenetic_alopecia_female",
            data={}, **made,
        )
        for one in patients
    )  # fmt: skip
    return models.Plan.objects.bulk_create(
        models.Plan(
            patient=one, assessment=assessment, start_on=NOW.date(), choice={}, result={},
            knowledge_version="k", status="approved", approved_at=NOW, approved_by=user,
            updated_at=NOW, **made,
        )
        for one, assessment in zip(patients, assessments, strict=True)
    )  # fmt: skip


def _entry(number: int) -> dict[str, object]:
    """As long as a real one: the questions of a session, its lots and zones."""
    return {
        "checklist": [{"contraindication": f"question_{n}", "answer": "no"} for n in range(20)],
        "lots": [{"product": one, "lot": "x" * 36, "drawn_ml": 2.0} for one in PRODUCTS],
        "zones": [{"zone": n, "syringe": 1} for n in range(1, ZONES + 1)],
        "reactions": [{"term": "bruising", "grade": 1}] if number % 5 == 0 else [],
    }


def _sessions(models, plans, hands):
    return models.Session.objects.bulk_create(
        (
            models.Session(
                patient_id=plan.patient_id, plan=plan, number=number, planned_on=NOW.date(),
                given_on=NOW.date() + timedelta(days=14 * number), result={},
                entry=_entry(number),
                practitioner=hands[n % len(hands)], points_given=POINTS_A_SESSION,
                updated_at=NOW, updated_by=hands[0], created_at=NOW,
            )
            for n, plan in enumerate(plans)
            for number in range(1, SESSIONS_A_PLAN + 1)
        ),
        batch_size=500,
    )  # fmt: skip


def _reactions(models, sessions) -> None:
    """A bruise at every fifth session, all its lots suspect."""
    made = {"created_at": NOW}
    bruised = {one.pk: one for one in sessions if one.number % 5 == 1}
    events = models.AdverseEvent.objects.bulk_create(
        models.AdverseEvent(
            patient_id=one.patient_id, session=one, reporter="practitioner", **made
        )
        for one in bruised.values()
    )  # fmt: skip
    models.AdverseEventNote.objects.bulk_create(
        models.AdverseEventNote(
            event=one, number=1, kind="recorded", seen_on=bruised[one.session_id].given_on,
            next_due_on=bruised[one.session_id].given_on, term="bruising", grade=1,
            onset_on=bruised[one.session_id].given_on, outcome="not_resolved", **made,
        )
        for one in events
    )  # fmt: skip
    event_of = {one.session_id: one for one in events}
    models.AdverseEventLot.objects.bulk_create(
        models.AdverseEventLot(event=event_of[row.session_id], session_lot=row, **made)
        for row in models.SessionLot.objects.filter(session__in=event_of)
    )


def _parts(models, sessions, shelf) -> None:
    from django.db import connection

    models.SessionLot.objects.bulk_create(
        (
            models.SessionLot(
                session=session, lot=row[n % LOTS], product=row[0].product,
                product_name=row[0].product_name, number=row[n % LOTS].number,
                expires_on=row[0].expires_on, drawn_ml=2.0, given_ml=2.0, wasted_ml=0.0,
                created_at=NOW,
            )
            for n, session in enumerate(sessions)
            for row in shelf
        ),
        batch_size=500,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(POINTS_OF_EVERY_SESSION, [POINTS_A_SESSION, ZONES])
    models.SessionZone.objects.bulk_create(
        (
            models.SessionZone(
                session=session, zone=f"zone_{n}", points=POINTS_A_SESSION // ZONES,
                volume_ml=POINTS_A_SESSION // ZONES * 0.01,
            )
            for session in sessions
            for n in range(ZONES)
        ),
        batch_size=2000,
    )  # fmt: skip


def naive(lot) -> dict[object, int]:
    """As one would write it first: read every point, ask each whether its session had the lot."""
    from openmeso.records.models import SessionLot, SessionPoint

    given = {
        session: lots
        for lots, session in SessionLot.objects.filter(lot=lot).values_list("lot", "session")
    }
    found: dict[object, int] = defaultdict(int)
    for session, _zone in SessionPoint.objects.values_list("session", "zone").iterator(5000):
        if session in given:
            found[session] += 1
    return found


def read(ask: Callable[[], object], length: int) -> object:
    """The counts, and so many by name."""
    return ask().part(0, length)


def main(points: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    on_postgres = connection.vendor == "postgresql"
    if on_postgres:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    else:
        call_command("migrate", verbosity=0)
    try:
        start = time.perf_counter()
        with transaction.atomic():
            lead, lot = fill(points)
        with connection.cursor() as cursor:
            # else PostgreSQL would tidy up after the filling while it is asked
            cursor.execute("VACUUM ANALYZE" if on_postgres else "ANALYZE")
        from openmeso.records.models import SessionPoint
        from openmeso.services import recall

        print(
            f"{connection.vendor}: {SessionPoint.objects.count():,} points filled in {time.perf_counter() - start:.0f} s"
        )
        trace = recall.trace_lot(by=lead, lot=lot)
        assert trace.points == sum(naive(lot).values()) > 0
        assert trace.points == sum(one.points for one in trace.patients)
        print(
            f"the lot reached {trace.reached} patients, {trace.sessions} sessions, {trace.points:,} points, {trace.reactions} reactions"
        )
        questions = {
            "lot": lambda: recall.trace_lot(by=lead, lot=lot),
            "practitioner": lambda: recall.trace_practitioner(by=lead, practitioner=lead),
            "product": lambda: recall.trace_product(by=lead, product=lot.product),
        }
        scan, _ = median_ms(lambda: naive(lot), repeats=1)
        missed = False
        ways = {
            f"{name} {way}": partial(read, ask, length)
            for name, ask in questions.items()
            for way, length in (("page", PATIENTS_A_PAGE), ("whole", points))
        }
        for name, work in ways.items():
            ms, cpu = median_ms(work)
            missed |= ms > AIM_MS
            verdict = "met" if ms <= AIM_MS else "MISSED"
            print(
                f"{name:18} {ms:8.1f} ms (own processor {cpu:.0f})   naive scan {scan:8.0f} ms   ratio {scan / ms:6.1f}"
                f"   aim {AIM_MS:g} ms {verdict}"
            )
    finally:
        if on_postgres:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    return int(missed)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmeso.config.settings")
    os.environ.setdefault("DEBUG", "1")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else POINTS))
