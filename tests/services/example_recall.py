"""One more patient whom a lot reached."""

from openmeso.gateways import clock
from openmeso.records.models import Patient, Session, SessionLot, SessionPoint, SessionZone

SAME = (
    "plan_id", "planned_on", "given_on", "practitioner_id", "entry", "result", "updated_at",
    "updated_by_id", "created_at",
)  # fmt: skip


def copied(signed, lot, family_name, points, syringe=None):
    """A signed session as that one, of another patient: so many points of the vertex a syringe."""
    held = {name: getattr(signed, name) for name in SAME}
    patient = Patient.objects.create(
        clinic=lot.clinic, record_number=family_name, given_name="Ada", family_name=family_name,
        sex="female", created_at=clock.now(),
    )  # fmt: skip
    session = Session.objects.create(
        patient=patient,
        number=Session.objects.count() + 50,
        points_given=sum(points.values()),
        status="draft",
        **held,
    )
    each = [one for one, count in points.items() for _ in range(count)]
    SessionPoint.objects.bulk_create(
        SessionPoint(
            session=session, number=n, zone="vertex", x_mm=n, y_mm=0, volume_ml=0.01, depth_mm=4,
            syringe=one,
        )
        for n, one in enumerate(each, 1)
    )  # fmt: skip
    SessionZone.objects.bulk_create(
        SessionZone(
            session=session, zone="vertex", syringe=one, points=count, volume_ml=count * 0.01
        )
        for one, count in points.items()
    )
    SessionLot.objects.create(
        session=session, lot=lot, product=lot.product, product_name=lot.product_name,
        number=lot.number, expires_on=lot.expires_on, syringe=syringe,
        drawn_ml=1, given_ml=1, wasted_ml=0, created_at=clock.now(),
    )  # fmt: skip
    session.status, session.signed_at, session.signed_by = "signed", clock.now(), signed.signed_by
    session.save()
    return session
