"""Demo course: one that is under way, given on its days by the same services as a real one."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openmeso.gateways import clock
from openmeso.records.models import Clinic, Lot, Plan, Session, User
from openmeso.services import adverse_event as events
from openmeso.services import consent as consents
from openmeso.services import course as courses
from openmeso.services import demo_photo, demo_spot, session_reaction
from openmeso.services import lot as lots
from openmeso.services import measurement as measurements
from openmeso.services import plan as plans
from openmeso.services import session as sessions
from openmeso.services.knowledge import knowledge
from openmeso.terms.adverse_event import Outcome
from openmeso.terms.assessment import ChecklistAnswer
from openmeso.terms.consent import Signature, SignatureMethod
from openmeso.terms.contraindication import Answer
from openmeso.terms.lot import Receipt
from openmeso.terms.measurement import Measurement, MeasurementKind, OutcomeValue, Place, Site
from openmeso.terms.plan import Plan as PlanTerms
from openmeso.terms.session import (
    LateAnswer,
    LotUsed,
    PointException,
    PointState,
    Reaction,
    SessionEntry,
    ZoneGiven,
)

STARTED_DAYS_AGO = 56
BEFORE_DAYS = 7
"""How long before the first session the course was planned and consented to."""
PIECES = 24
SHELF_LIFE_DAYS = 400
# minutes, pain, points left out, reaction seen: a course that grows easier; a scar was avoided once
GIVEN = (
    (34.0, 5, (), ""),
    (31.0, 4, (3, 4), "bruising"),
    (29.0, 3, (), ""),
    (27.5, 3, (), "sensitivity"),
)
GONE_AFTER_DAYS = 6
# days since the first session, hairs of 40 µm and more per cm², by another maker's device
COUNTED = ((-7, 118.0), (42, 127.0))
COUNT_SD = 7.0
# at which sessions the rendered pictures of one spot are measured
PICTURES = {1: "before", len(GIVEN): "after"}
STROKES = (((80.0, 210.0), (240.0, 90.0), (310.0, 250.0)), ((340.0, 190.0), (720.0, 205.0)))


def began_on() -> date:
    """The day of the first session."""
    return clock.today() - timedelta(days=STARTED_DAYS_AGO)


def at(clinic: Clinic, on: date, hour: int) -> datetime:
    """An hour of a day on the clinic's wall clock."""
    return datetime.combine(on, time(hour), tzinfo=ZoneInfo(clinic.timezone))


def give(practitioner: User, plan: Plan, password: str) -> None:
    """Consent, then every session that fell due before today, with its lots and counts."""
    clinic = plan.patient.clinic
    computed = plans.to_terms(plan)
    days = {one.session_number: one.on for one in computed.visits if one.session_number}
    with clock.as_of(at(clinic, began_on() - timedelta(days=BEFORE_DAYS), 10)):
        _consent(practitioner, plan)
        courses.start(by=practitioner, plan=plan)
        shelf = _shelf(practitioner, clinic, computed)
        _count(practitioner, plan, COUNTED[0][1])
        demo_photo.take(practitioner, plan.patient, filled_in=0.0)
    for number, given in enumerate(GIVEN, 1):
        if days[number] >= clock.today():
            break
        with clock.as_of(at(clinic, days[number], 11)):
            session = sessions.start(by=practitioner, plan=plan, number=number)
            if number in PICTURES:
                demo_spot.measure(practitioner, plan.patient, PICTURES[number])
            entry = _entry(computed, shelf, *given)
            _sign(practitioner, session, entry, password)
        if given[-1] and number < len(GIVEN):
            with clock.as_of(at(clinic, days[number] + timedelta(days=GONE_AFTER_DAYS), 11)):
                _close_reactions(practitioner, session)
    with clock.as_of(at(clinic, began_on() + timedelta(days=COUNTED[1][0]), 12)):
        _count(practitioner, plan, COUNTED[1][1])
        demo_spot.compare(practitioner, plan.patient)
        demo_photo.take(practitioner, plan.patient, filled_in=1.0, session=session)


def _consent(practitioner: User, plan: Plan) -> None:
    consent = consents.hand_over(by=practitioner, plan=plan, language="en")
    name = f"{plan.patient.given_name} {plan.patient.family_name}"
    drawn = Signature(SignatureMethod.DRAWN, name, strokes=STROKES)
    sheet = consents.write_sheet(consent, signature=drawn, taken_by=practitioner)
    consents.sign(by=practitioner, consent=consent, sheet=sheet, enough_time=True)


def _shelf(practitioner: User, clinic: Clinic, plan: PlanTerms) -> dict[str, Lot]:
    expires_on = clock.today() + timedelta(days=SHELF_LIFE_DAYS)
    return {
        each.product: lots.receive(
            by=practitioner,
            clinic=clinic,
            receipt=Receipt(each.product, f"S{place}4471", expires_on, PIECES),
        )
        for place, each in enumerate(plan.draw_up, 1)
    }


def _entry(
    plan: PlanTerms,
    shelf: dict[str, Lot],
    minutes: float,
    pain: int,
    skipped: tuple[int, ...],
    reaction: str,
) -> SessionEntry:
    sex = plan.request.assessment.sex.value
    return SessionEntry(
        checklist=tuple(
            ChecklistAnswer(one.id, Answer.NO)
            for one in knowledge().contraindications.values()
            if one.every_session and sex in one.sexes
        ),
        anything_new=Answer.NO,
        lots=tuple(
            LotUsed(each.product, str(shelf[each.product].pk), each.volume_ml)
            for each in plan.draw_up
        ),
        zones=tuple(ZoneGiven(number) for number, _ in enumerate(plan.grid.zones, 1)),
        exceptions=tuple(PointException(one, PointState.SKIPPED) for one in skipped),
        minutes=minutes,
        pain=pain,
        reactions_seen=Answer.YES if reaction else Answer.NO,
        reactions=(Reaction(reaction),) if reaction else (),
        aftercare_given=True,
    )


def _sign(practitioner: User, session: Session, entry: SessionEntry, password: str) -> None:
    judged = sessions.judge(by=practitioner, session=session, entry=entry)
    asked = session_reaction.asked_late(session)
    drawn_ml = sum(each.drawn_ml for each in entry.lots)
    entry = replace(
        entry,
        wasted_ml=round(max(drawn_ml - judged.volume_ml, 0.0), 3),
        late_reactions=tuple(LateAnswer(one.id, Answer.NO) for one in asked),
    )
    sessions.sign(
        by=practitioner,
        session=session,
        entry=entry,
        version=session.version,
        token="demo",  # noqa: S106 (names the save, guards nothing)
        proof=password,
    )


def _close_reactions(practitioner: User, session: Session) -> None:
    for one in events.of_session(session):
        events.close(by=practitioner, event=one.event, outcome=Outcome.RESOLVED)


def _count(practitioner: User, plan: Plan, per_cm2: float) -> None:
    measurements.record(
        by=practitioner,
        patient=plan.patient,
        measurement=Measurement(
            measured_on=clock.today(),
            kind=MeasurementKind.DEVICE,
            place=Place(Site.VERTEX),
            values=(OutcomeValue("terminal_density", per_cm2, COUNT_SD),),
            device="Another maker's trichoscope",
        ),
    )
