"""The triggers that say when a table takes a row: what NEW must be, and what is said otherwise."""

from collections.abc import Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

Taken = Mapping[str, tuple[str, str]]  # table: condition on NEW in SQL, refusal


def statements(connection: BaseDatabaseWrapper, taken: Taken) -> list[str]:
    """What lays the triggers; nothing before their tables are there."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    if not present.issuperset(taken):
        return []
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    return [statement for table in taken for statement in make(table, *taken[table])]


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
