"""Triggers that keep written records as they were written, whoever asks the database.

``install`` may be run any number of times; ``remove`` is for emptying a test database.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

AUDIT_EVENT = "records_auditevent"
ASSESSMENT = "records_assessment"
PLAN = "records_plan"
TABLES = (AUDIT_EVENT, ASSESSMENT, PLAN)

NO_CHANGE = "an {noun} cannot be changed or deleted"
PLAN_FIXED = "an approved plan cannot be changed, only superseded"
PLAN_KEPT = "an approved plan cannot be deleted"


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay the triggers (those there before are replaced)."""
    remove(connection)
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for statement in make(connection):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in TABLES:
            for event in ("update", "delete", "truncate"):
                if table not in present:
                    continue
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on_table}")


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event}"


def _noun(table: str) -> str:
    return {AUDIT_EVENT: "audit event", ASSESSMENT: "assessment"}[table]


def _sqlite(connection: BaseDatabaseWrapper) -> list[str]:
    statements = [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{NO_CHANGE.format(noun=_noun(table))}'); END"
        for table in (AUDIT_EVENT, ASSESSMENT)
        for event in ("update", "delete")
    ]
    with connection.cursor() as cursor:
        columns = [
            column.name for column in connection.introspection.get_table_description(cursor, PLAN)
        ]
    unchanged = " AND ".join(
        f'NEW."{name}" IS OLD."{name}"' for name in columns if name != "status"
    )
    superseding = f"OLD.status = 'approved' AND NEW.status = 'superseded' AND {unchanged}"
    return [
        *statements,
        f"CREATE TRIGGER {_name(PLAN, 'update')} BEFORE UPDATE ON {PLAN} "
        f"WHEN OLD.status <> 'draft' AND NOT ({superseding}) "
        f"BEGIN SELECT RAISE(ABORT, '{PLAN_FIXED}'); END",
        f"CREATE TRIGGER {_name(PLAN, 'delete')} BEFORE DELETE ON {PLAN} "
        f"WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, '{PLAN_KEPT}'); END",
    ]


def _postgresql(connection: BaseDatabaseWrapper) -> list[str]:
    refuse = """
        CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
    """
    # Every column but the status is compared, so a column added later is guarded as well.
    keep_plan = f"""
        CREATE OR REPLACE FUNCTION records_keep_plan() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.status = 'draft' THEN RETURN NEW; END IF;
            IF OLD.status = 'approved' AND NEW.status = 'superseded'
               AND to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status' THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{PLAN_FIXED}' USING ERRCODE = 'integrity_constraint_violation';
        END $$
    """
    statements = [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} "
        f"FOR EACH {'STATEMENT' if event == 'truncate' else 'ROW'} "
        f"EXECUTE FUNCTION records_refuse('{NO_CHANGE.format(noun=_noun(table))}')"
        for table in (AUDIT_EVENT, ASSESSMENT)
        for event in ("update", "delete", "truncate")
    ]
    return [
        refuse,
        keep_plan,
        *statements,
        f"CREATE TRIGGER {_name(PLAN, 'update')} BEFORE UPDATE ON {PLAN} "
        "FOR EACH ROW EXECUTE FUNCTION records_keep_plan()",
        f"CREATE TRIGGER {_name(PLAN, 'delete')} BEFORE DELETE ON {PLAN} "
        f"FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION records_refuse('{PLAN_KEPT}')",
        f"CREATE TRIGGER {_name(PLAN, 'truncate')} BEFORE TRUNCATE ON {PLAN} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION records_refuse('{PLAN_KEPT}')",
    ]
