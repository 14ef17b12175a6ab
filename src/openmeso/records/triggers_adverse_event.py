"""The triggers that keep the notes on a reaction in order, and its sessions its patient's own."""

from django.db.backends.base.base import BaseDatabaseWrapper

from openmeso.records import triggers_taken

_NOTES = "FROM records_adverseeventnote WHERE event_id = NEW.event_id"
_LAST = f"(SELECT kind {_NOTES} ORDER BY number DESC LIMIT 1)"
_OWN = "(SELECT patient_id FROM records_adverseevent WHERE id = NEW.event_id)"
_GIVEN = (
    "(SELECT patient_id FROM records_session WHERE id = "
    "(SELECT session_id FROM records_sessionlot WHERE id = NEW.session_lot_id))"
)
TAKEN = {
    "records_adverseevent": (
        "NEW.session_id IS NULL OR NEW.patient_id = "
        "(SELECT patient_id FROM records_session WHERE id = NEW.session_id)",
        "a reaction cannot be of another patient than its session",
    ),
    # After an end only a reopening follows, and a reopening follows nothing else.
    "records_adverseeventnote": (
        f"NEW.number = (SELECT COALESCE(MAX(number), 0) + 1 {_NOTES}) AND "
        f"(COALESCE({_LAST}, '') IN ('closed', 'withdrawn')) = (NEW.kind = 'reopened')",
        "a note cannot be added out of its order",
    ),
    "records_adverseeventlot": (
        f"{_OWN} = {_GIVEN}",
        "a suspect lot cannot be one of another patient",
    ),
}


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """What lays the triggers; nothing before their tables are there."""
    return triggers_taken.statements(connection, TAKEN)
