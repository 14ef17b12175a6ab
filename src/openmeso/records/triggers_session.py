"""The triggers that say when a session takes its parts: none is added to one that is fixed."""

from django.db.backends.base.base import BaseDatabaseWrapper

STATUS = "(SELECT status FROM records_session WHERE id = NEW.session_id)"
# Points and lots are written while their session is a draft, addenda once it is signed:
# what NEW must be, and what is said otherwise.
TAKEN = {
    "records_session": ("NEW.status = 'draft'", "a session cannot begin but as a draft"),
    "records_sessionpoint": (f"{STATUS} = 'draft'", "a point cannot be added later"),
    "records_sessionlot": (f"{STATUS} = 'draft'", "a lot used cannot be added later"),
    "records_addendum": (f"{STATUS} = 'signed'", "a draft cannot be addended"),
}


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """What lays the triggers; nothing before their tables are there."""
    with connection.cursor() as cursor:
        if "records_addendum" not in connection.introspection.table_names(cursor):
            return []
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    return [statement for table in TAKEN for statement in make(table, *TAKEN[table])]


def _sqlite(table: str, when: str, refusal: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_insert BEFORE INSERT ON {table} "
        f"WHEN ({when}) IS NOT TRUE BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    ]


def _postgresql(table: str, when: str, refusal: str) -> list[str]:
    # WHEN of a trigger may not ask another table, so each table has a function of its own.
    return [
        f"""
        CREATE OR REPLACE FUNCTION {table}_take() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF ({when}) THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        f"CREATE TRIGGER {table}_no_insert BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_take()",
    ]
