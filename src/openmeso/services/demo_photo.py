"""Demo photo: drawn standard views at two dates, kept as photos are, to lay over and compare."""

from openmeso.gateways import clock
from openmeso.gateways.drawn_head import VIEWS, drawn_head
from openmeso.records.models import Patient, Session, User
from openmeso.services import photo

SEED = 4471
NOTE = "Drawn for the demo; not a photograph."


def take(
    practitioner: User, patient: Patient, *, filled_in: float, session: Session | None = None
) -> None:
    """Every view that can be drawn, as of the moment; the same strands whatever is filled in."""
    for view in VIEWS:
        prepared = photo.prepare(drawn_head(view, filled_in=filled_in, seed=SEED))
        about = photo.About(view, clock.today(), session, NOTE)
        photo.add(by=practitioner, patient=patient, prepared=prepared, about=about)
