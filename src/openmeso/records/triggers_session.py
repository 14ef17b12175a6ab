"""The triggers that say when a session takes its parts: none is added to one that is fixed.

And it is fixed only when what its zones got adds up to its points.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from openmeso.records import triggers_taken

STATUS = "(SELECT status FROM records_session WHERE id = NEW.session_id)"
# Points and lots are written while their session is a draft, addenda once it is signed.
TAKEN = {
    "records_session": ("NEW.status = 'draft'", "a session cannot begin but as a draft"),
    "records_sessionpoint": (f"{STATUS} = 'draft'", "a point cannot be added later"),
    "records_sessionzone": (f"{STATUS} = 'draft'", "what a zone got cannot be added later"),
    "records_sessionlot": (f"{STATUS} = 'draft'", "a lot used cannot be added later"),
    "records_addendum": (f"{STATUS} = 'signed'", "a draft cannot be addended"),
}

# The points of all zones are the session's, and each zone's are its own: then all are counted.
GIVEN = "FROM records_sessionpoint AS p WHERE p.session_id = NEW.id AND p.state <> 'skipped'"
OF_ZONE = f"{GIVEN} AND p.zone = z.zone AND p.syringe = z.syringe"
COUNTED = f"""
    (SELECT COUNT(*) {GIVEN})
        = (SELECT COALESCE(SUM(points), 0) FROM records_sessionzone WHERE session_id = NEW.id)
    AND NOT EXISTS (
        SELECT 1 FROM records_sessionzone AS z
        WHERE z.session_id = NEW.id AND (
            z.points <> (SELECT COUNT(*) {OF_ZONE})
            OR ABS(z.volume_ml - (SELECT SUM(p.volume_ml) {OF_ZONE})) > 1e-6
        )
    )
"""  # noqa: S608 (our own words)
MISCOUNTED = "a session cannot be signed unless its zones add up to its points"
IS_SIGNED = "OLD.status <> 'signed' AND NEW.status = 'signed'"


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """What lays the triggers; nothing before their tables are there."""
    taken = triggers_taken.statements(connection, TAKEN)
    with connection.cursor() as cursor:
        if "records_sessionzone" not in connection.introspection.table_names(cursor):
            return taken
    count = {"sqlite": _sqlite_counted, "postgresql": _postgresql_counted}[connection.vendor]
    return [*taken, *count()]


def _sqlite_counted() -> list[str]:
    return [
        "CREATE TRIGGER records_session_no_miscount BEFORE UPDATE ON records_session "
        f"WHEN {IS_SIGNED} AND NOT ({COUNTED}) BEGIN SELECT RAISE(ABORT, '{MISCOUNTED}'); END"
    ]


def _postgresql_counted() -> list[str]:
    return [
        f"""
        CREATE OR REPLACE FUNCTION records_session_count() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF ({COUNTED}) THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{MISCOUNTED}' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        "CREATE TRIGGER records_session_no_miscount BEFORE UPDATE ON records_session "
        f"FOR EACH ROW WHEN ({IS_SIGNED}) EXECUTE FUNCTION records_session_count()",
    ]
