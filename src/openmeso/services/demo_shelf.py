"""Demo shelf: lots, opening hours and a booked course, by the same services as a real clinic's."""

from datetime import date, time, timedelta

from openmeso.gateways import clock
from openmeso.records.models import Clinic, Plan, User
from openmeso.services import booking, scan
from openmeso.services import clinic as clinics
from openmeso.services import course as courses
from openmeso.services import lot as lots
from openmeso.terms.course import OpeningHours
from openmeso.terms.lot import Receipt

GTIN = "08690123456789"  # invented; its check digit is right
# product, lot, days until it expires, ampoules
SHELF = (
    ("dutasteride_0_05", "DT2604", 400, 12),
    ("dutasteride_0_05", "DT2511", 45, 4),
    ("minoxidil_0_5", "MX0127", 210, 20),
    ("biotin", "BT8841", 300, 30),
    ("dexpanthenol", "DX3302", 120, 15),
)
WORKDAYS = range(1, 7)


def stock(lead: User, clinic: Clinic) -> None:
    """Fill the shelf, count one lot and set one aside; say when the clinic is open."""
    spans = ((time(9), time(13)), (time(14), time(19)))
    hours = OpeningHours(tuple((day, a, b) for day in WORKDAYS for a, b in spans))
    clinics.set_opening_hours(by=lead, clinic=clinic, hours=hours)
    known = lots.shelf_products(clinic)
    received = [
        lots.receive(
            by=lead,
            clinic=clinic,
            receipt=Receipt(product, number, clock.today() + timedelta(days=days), pieces),
        )
        for product, number, days, pieces in SHELF
        if product in known
    ]
    scan.bind(by=lead, clinic=clinic, gtin=GTIN, product=received[0].product)
    lots.waste(by=lead, lot=received[0], ml=5.0, reason="An ampoule broke while unpacking")
    lots.count(by=lead, lot=received[2], ml=lots.stock_ml(received[2]))
    lots.quarantine(by=lead, lot=received[-1], reason="The box came warm: ask the supplier")


def book(practitioner: User, plan: Plan) -> None:
    """Open an approved plan's course and book its series, where nothing clashes."""
    course = courses.start(by=practitioner, plan=plan)
    first_on: date = max(plan.start_on, clock.today())
    for at in (time(10), time(11, 30), time(15), time(16, 30)):
        proposed = booking.propose(course, first_on, at, practitioner)
        if not any(one.conflicts for one in proposed):
            slots = [one.slot for one in proposed]
            booking.book(by=practitioner, course=course, slots=slots, practitioner=practitioner)
            return
