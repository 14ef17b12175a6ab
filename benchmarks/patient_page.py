"""Server time of the page of a patient with sixty sessions of 200 points and twelve photos each.

Prints the median milliseconds of the page, its number of queries and its length, and the same of
a patient with a single session and of the sign-in page, the least that this server does for a
page. The number of queries must be the same for sixty sessions as for one.

    PYTHONPATH=src:. python benchmarks/patient_page.py
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

SESSIONS, POINTS, PHOTOS = 60, 200, 12
SESSIONS_A_PLAN = 10
INTERVAL_DAYS = 14
AIM_MS = 300.0
REPEATS = 15
VIEWS = ("frontal", "vertex", "crown", "left", "right", "occipital")


def median_ms(work: Callable[[], object]) -> tuple[float, float]:
    """The median, and the fastest: on a busy machine that is nearer to what the work itself takes."""
    work()
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return 1e3 * statistics.median(taken), 1e3 * min(taken)


def fill(lead, approved, entry, sessions: int) -> None:
    """Signed sessions under copies of the approved plan, a fortnight apart, each with its photos."""
    from openmeso.gateways import clock
    from openmeso.gateways.conversion import converter
    from openmeso.records import models
    from openmeso.services import session as services
    from openmeso.terms.session import PointState

    first = services.start(by=lead, plan=approved, number=1)
    result = services.judge(by=lead, session=first, entry=entry)
    points = result.points[:POINTS]
    kept = converter().unstructure(result) | {"points": []}
    typed = converter().unstructure(entry)
    plans = [approved]
    for _ in range((sessions - 1) // SESSIONS_A_PLAN):
        copy = models.Plan.objects.get(pk=approved.pk)
        copy.pk = uuid4()
        copy.save(force_insert=True)
        plans.append(copy)
    made = {"created_at": clock.now(), "created_by": lead}
    for n in range(sessions):
        on = clock.today() - timedelta(days=INTERVAL_DAYS * (sessions - n))
        session = first if n == 0 else models.Session(
            patient=approved.patient, plan=plans[n // SESSIONS_A_PLAN],
            number=n % SESSIONS_A_PLAN + 1, planned_on=on, updated_at=clock.now(), updated_by=lead,
            entry=typed, **made,
        )  # fmt: skip
        if n:
            session.save(force_insert=True)
        models.SessionPoint.objects.bulk_create(
            models.SessionPoint(
                session=session, number=each.number, zone=each.zone, x_mm=each.x_mm, y_mm=each.y_mm,
                state=PointState.GIVEN.value, volume_ml=each.volume_ml, depth_mm=each.depth_mm,
            )
            for each in points
        )  # fmt: skip
        _count(session, points)
        models.Session.objects.filter(pk=session.pk).update(
            status="signed", signed_at=clock.now(), signed_by=lead, practitioner=lead, given_on=on,
            result=kept, entry=typed, points_given=len(points), minutes=20.0, pain=3,
            volume_ml=sum(each.volume_ml for each in points),
        )  # fmt: skip
        _photograph(session, on, made)


def _count(session, points) -> None:
    from collections import Counter

    from openmeso.records.models import SessionZone

    volumes_ml: Counter[str] = Counter()
    counts = Counter(each.zone for each in points)
    for each in points:
        volumes_ml[each.zone] += each.volume_ml
    SessionZone.objects.bulk_create(
        SessionZone(session=session, zone=zone, points=n, volume_ml=volumes_ml[zone])
        for zone, n in counts.items()
    )


def _photograph(session, on, made) -> None:
    from openmeso.records.models import Photo, StoredFile

    clinic = session.patient.clinic
    for n in range(PHOTOS):
        sizes = [
            StoredFile(
                clinic=clinic, patient=session.patient, kind="photo", media_type="image/webp",
                size_bytes=100_000, digest="d", key_id="k", **made,
            )
            for _ in range(3)
        ]  # fmt: skip
        StoredFile.objects.bulk_create(sizes)
        whole, screen, thumb = sizes
        Photo.objects.create(
            patient=session.patient, session=session, view=VIEWS[n % len(VIEWS)], taken_on=on,
            width_px=1600, height_px=1200, whole=whole, screen=screen, thumb=thumb, **made,
        )  # fmt: skip


def measure() -> int:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.durability import found
    from openmeso.records.models import Photo, SessionPoint

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        lead, approved, entry = found()
    client = Client()
    client.force_login(lead, backend=settings.AUTHENTICATION_BACKENDS[-1])
    stranger = Client()
    address = f"/patients/{approved.patient_id}/"

    def page() -> tuple[int, int]:
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
        return len(caught), len(answer.content)

    with transaction.atomic():
        fill(lead, approved, entry, 1)
        few = page()
        one_ms, one_fastest = median_ms(lambda: client.get(address))
        transaction.set_rollback(True)
    with transaction.atomic():
        fill(lead, approved, entry, SESSIONS)
    many = page()
    ms, fastest = median_ms(lambda: client.get(address))
    least, _ = median_ms(lambda: stranger.get("/accounts/login/"))
    print(f"{SessionPoint.objects.count()} points, {Photo.objects.count()} photos")
    print(
        f"1 session    {one_ms:7.1f} ms (fastest {one_fastest:.1f})  {one_ms / least:4.1f} x  {few[0]} queries  {few[1]} B"
    )
    print(
        f"{SESSIONS} sessions  {ms:7.1f} ms (fastest {fastest:.1f})  {ms / least:4.1f} x  {many[0]} queries  {many[1]} B"
        f"   aim {AIM_MS:g} ms {'met' if ms <= AIM_MS else 'MISSED'}"
    )
    print(f"sign-in page {least:7.1f} ms")
    return int(ms > AIM_MS or few[0] != many[0])


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "openmeso.config.settings"}
        os.environ["LOG_LEVEL"] = "WARNING"
        import django

        django.setup()
        return measure()


if __name__ == "__main__":
    sys.exit(main())
