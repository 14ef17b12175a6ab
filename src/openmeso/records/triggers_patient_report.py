"""The triggers that let a patient's report in through a living link of their own, and no other."""

from django.db.backends.base.base import BaseDatabaseWrapper

from openmeso.records import triggers_taken

TAKEN = {
    "records_patientreport": (
        "NEW.settled_at IS NULL AND EXISTS (SELECT 1 FROM records_reportlink AS link "
        "WHERE link.id = NEW.link_id AND link.patient_id = NEW.patient_id "
        "AND link.revoked_at IS NULL AND link.expires_at > NEW.created_at)",
        "a report cannot come in but by a living link of its patient",
    ),
}


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """What lays the triggers; nothing before their tables are there."""
    return triggers_taken.statements(connection, TAKEN)
