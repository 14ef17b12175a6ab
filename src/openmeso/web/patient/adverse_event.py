"""What the pages of patient and session show of reactions: those on record, and the quick ones."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from openmeso.services import adverse_event as events
from openmeso.services import permission
from openmeso.services.knowledge import knowledge
from openmeso.terms.adverse_event import AdverseEventTerm
from openmeso.web.adverse_event_words import OUTCOMES

if TYPE_CHECKING:
    from openmeso.records.models import Patient, User


def quick_terms() -> list[AdverseEventTerm]:
    """The expected, passing ones: one touch each, at their mildest grade."""
    return [one for one in knowledge().adverse_events.values() if one.expected]


def lines(found: Iterable[events.Standing]) -> list[tuple[events.Standing, object]]:
    """Each with its outcome in words."""
    return [(one, OUTCOMES[one.state.outcome]) for one in found]


def reactions_on_patient(user: "User", patient: "Patient") -> dict[str, object]:
    """The patient's reactions, and the way to record one."""
    return {
        "reactions": lines(events.of_patient(patient)),
        "may_react": permission.may(user, "adverse_event.record", patient),
        "quick_terms": quick_terms(),
    }
