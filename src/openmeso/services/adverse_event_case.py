"""A reaction as it is told to others: case, patient and products without a name."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from openmeso.records.models import AdverseEvent, SessionLot, User
from openmeso.science.injection.layer import reached_layers
from openmeso.services import adverse_event as events
from openmeso.services import audit, permission
from openmeso.services import session as sessions
from openmeso.services.adverse_event_note import state_of
from openmeso.services.knowledge import knowledge
from openmeso.services.lot import shelf_products
from openmeso.terms.adverse_event import AdverseEventCase, NoteKind, Reporter, SuspectLot

ROUTES = {"epidermis": "intradermal", "dermis": "intradermal", "subcutis": "subcutaneous"}


@transaction.atomic
def case_of(*, by: User, event: AdverseEvent) -> AdverseEventCase:
    """Everything known of one reaction, to be reported; that it was put together is noted."""
    permission.require(by, "adverse_event.decide", event)
    audit.record(by=by, action="read_case", of=event, purpose="report")
    standing, notes = events.standing_of(event), list(events.notes_of(event))
    patient = event.patient
    suspects = tuple(_suspects(event))
    return AdverseEventCase(
        case_code=str(event.pk),
        patient_code=patient.pk.hex[:8],
        sex=patient.sex,
        age_years=_age(patient.birth_date, standing.state.onset_on),
        country=patient.clinic.country,
        term=standing.term,
        state=standing.state,
        suspects=suspects,
        reporter=Reporter(event.reporter),
        first_known_on=notes[0].seen_on,
        latest_on=notes[-1].seen_on,
        indication=_indication(event),
        history=tuple((note.seen_on, NoteKind(note.kind), state_of(note)) for note in notes),
    )


def _suspects(event: AdverseEvent) -> Iterator[SuspectLot]:
    products = shelf_products(event.patient.clinic)
    for row in events.lots_of(event):
        product = products.get(row.product)
        technique, depth_mm, route = _given_how(row)
        yield SuspectLot(
            product=row.product,
            product_name=row.product_name,
            manufacturer=row.manufacturer,
            lot=row.number,
            expires_on=row.expires_on,
            given_on=row.session.given_on or row.session.planned_on,
            session_number=row.session.number,
            given_ml=row.given_ml,
            doses=tuple(
                (one.ingredient, one.per_ml * row.given_ml, one.unit.value)
                for one in (product.strengths if product else ())
            ),
            technique=technique,
            depth_mm=depth_mm,
            route=route,
        )


def _given_how(row: SessionLot) -> tuple[str, float | None, str]:
    """Technique, depth and the route that the depth makes of it."""
    plan, entry = sessions.plan_of(row.session), sessions.entry_of(row.session)
    depth_mm = plan.choice.depth_mm if entry.depth_mm is None else entry.depth_mm
    if depth_mm is None:
        return plan.choice.technique, None, ""
    regions = [zone.region for zone in plan.choice.zones]
    layers = {one.layer for one in reached_layers(regions, depth_mm, knowledge().layers)}
    routes = {ROUTES.get(layer, "") for layer in layers}
    # where regions differ, or a layer has no route of its own, none is claimed
    return plan.choice.technique, depth_mm, routes.pop() if len(routes) == 1 else ""


def _indication(event: AdverseEvent) -> str:
    """What the course was for: of the session it was seen at, else of the latest suspect lot."""
    session = event.session
    if session is None:
        row = events.lots_of(event).first()
        session = row.session if row else None
    return sessions.plan_of(session).request.assessment.indication if session else ""


def _age(birth_date: date | None, on: date) -> int | None:
    if birth_date is None:
        return None
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (not had_birthday)
