"""A clinic in which there is one of everything that an address can name."""

from datetime import time, timedelta
from types import SimpleNamespace

import pytest

from openmeso.terms.practitioner import Role


@pytest.fixture
def rows(signed, assessed, trained, lead, assistant, choice, monkeypatch):
    """By kind, the id of a row of the clinic: the patient, a plan, a draft, a session, a photo…"""
    from openmeso.gateways import trichoscopy
    from openmeso.services.knowledge import knowledge
    from tests.example_field import field

    monkeypatch.setattr(
        trichoscopy, "read_field", lambda shown, *, scale, setting: field(scale=scale)
    )
    plan = signed.plan
    made = {
        "patient": assessed,
        "practitioner": trained,
        "plan": plan,
        "record": signed,
        "lot": signed.lots.first().lot,
        "member": assistant.memberships.get(),
        **_planned(trained, assessed, choice, plan),
        **_booked(trained, lead, plan),
        **_kept(trained, assessed),
        **_shelf(trained, assessed.clinic),
        "device": _device(lead, assessed.clinic),
        "reaction": _reaction(trained, signed),
    }
    key, made["report"] = _told(trained, assessed)
    return {kind: row.pk for kind, row in made.items()} | {
        "fact": next(iter(knowledge().facts)),
        "key": key,
    }


def _planned(by, patient, choice, plan) -> dict[str, object]:
    from openmeso.services import consent, session
    from openmeso.services import plan as plans

    return {
        "draft": plans.draft(by=by, patient=patient, choice=choice),
        "session": session.start(by=by, plan=plan, number=2),
        "consent": consent.of_patient(patient).first(),
        "unsigned": consent.hand_over(by=by, plan=plan, language="en"),
    }


def _booked(by, lead, plan) -> dict[str, object]:
    from openmeso.gateways import clock
    from openmeso.records.models import Appointment
    from openmeso.services import booking, clinic, course
    from openmeso.terms.course import OpeningHours

    week = OpeningHours(tuple((day, time(9), time(18)) for day in range(1, 8)))
    clinic.set_opening_hours(by=lead, clinic=plan.patient.clinic, hours=week)
    begun = course.start(by=by, plan=plan)
    first_on = clock.today() + timedelta(days=30)
    slots = [one.slot for one in booking.propose(begun, first_on, time(10), by)]
    booking.book(by=by, course=begun, slots=slots, practitioner=by)
    return {"course": begun, "appointment": Appointment.objects.first()}


def _kept(by, patient) -> dict[str, object]:
    from openmeso.gateways import clock
    from openmeso.gateways.picture import read_picture
    from openmeso.services import document, measurement, photo
    from openmeso.terms.measurement import Place, Site
    from openmeso.terms.trichoscopy import Scale
    from tests.example_field import UM_PER_PX
    from tests.gateways.example_picture import gradient, saved
    from tests.gateways.test_document import SOUND

    prepared = photo.prepare(saved(gradient(400, 300), "JPEG"))
    taken = measurement.Taken(clock.today(), Place(Site.VERTEX), scale=Scale(UM_PER_PX))
    shown = read_picture(saved(gradient(640, 480), "PNG"))
    measured = [
        measurement.measure(by=by, patient=patient, shown=shown, taken=taken) for _ in range(2)
    ]
    return {
        "photo": photo.add(
            by=by, patient=patient, prepared=prepared, about=photo.About("vertex", clock.today())
        ),
        "document": document.add(by=by, patient=patient, content=SOUND, name="letter.pdf"),
        "measurement": measured[1],
        "comparison": _compared(by, *measured),
    }


def _compared(by, before, after) -> object:
    """What a comparison of two drawn pictures would have kept."""
    from openmeso.gateways import clock
    from openmeso.gateways.conversion import converter
    from openmeso.records.models import Comparison
    from openmeso.science.trichoscopy.comparison import compare
    from tests.example_spot import EVERY, SAME_PLACE, view

    one = view(EVERY, EVERY)
    made = converter().unstructure(compare(one, one, SAME_PLACE))
    return Comparison.objects.create(
        patient=after.patient, kind="visits", before=before, after=after, software="tests",
        data=made, created_at=clock.now(), created_by=by,
    )  # fmt: skip


def _shelf(by, clinic) -> dict[str, object]:
    from openmeso.services import product, protocol
    from tests.web.test_clinic_edit import COURSE, OURS

    return {
        "product": product.save(by=by, clinic=clinic, product=OURS),
        "protocol": protocol.save(by=by, clinic=clinic, protocol=COURSE),
    }


def _device(by, clinic) -> object:
    from openmeso.services import device
    from tests.services.test_device import OURS, RULER

    return device.add(by=by, clinic=clinic, device=OURS, calibration=RULER)


def _reaction(by, session) -> object:
    from openmeso.gateways import clock
    from openmeso.services import adverse_event
    from openmeso.terms.adverse_event import AdverseEventState

    state = AdverseEventState("bruising", 1, clock.today())
    return adverse_event.record(by=by, patient=session.patient, state=state, session=session)


def _told(by, patient) -> tuple[str, object]:
    from openmeso.services import patient_report
    from openmeso.terms.patient_report import HowBad, PatientAccount

    link, key = patient_report.make_link(by=by, patient=patient, days=84)
    account = PatientAccount(("bruise",), HowBad.MILD)
    return key, patient_report.receive(by=None, link=link, account=account)


@pytest.fixture
def foreign(person, other_clinic):
    """The other clinic's people, one of each role."""
    return SimpleNamespace(
        **{role.value: person(f"foreign_{role.value}", other_clinic, role) for role in Role}
    )


@pytest.fixture
def client_of(rows, lead, monkeypatch):
    """A lead, who may fill in every form, with printing made quick."""
    from django.test import Client

    from openmeso.gateways import consent_sheet, letter, pdf, session_sheet

    for sheet in (consent_sheet, letter, pdf, session_sheet):
        monkeypatch.setattr(sheet, "pdf_from_html", lambda page: b"%PDF-")
    client = Client(raise_request_exception=False)
    client.force_login(lead)
    return client
