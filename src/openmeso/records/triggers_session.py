"""The triggers that say when a session takes its parts: none is added to one that is fixed."""

from django.db.backends.base.base import BaseDatabaseWrapper

from openmeso.records import triggers_taken

STATUS = "(SELECT status FROM records_session WHERE id = NEW.session_id)"
# Points and lots are written while their session is a draft, addenda once it is signed.
TAKEN = {
    "records_session": ("NEW.status = 'draft'", "a session cannot begin but as a draft"),
    "records_sessionpoint": (f"{STATUS} = 'draft'", "a point cannot be added later"),
    "records_sessionlot": (f"{STATUS} = 'draft'", "a lot used cannot be added later"),
    "records_addendum": (f"{STATUS} = 'signed'", "a draft cannot be addended"),
}


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """What lays the triggers; nothing before their tables are there."""
    return triggers_taken.statements(connection, TAKEN)
