"""Triggers that keep written records as they were written, whoever asks the database.

``install`` may be run any number of times; ``remove`` is for emptying a test database.
"""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from openmeso.records import (
    triggers_adverse_event,
    triggers_lot,
    triggers_patient_report,
    triggers_session,
)

AUDIT_EVENT = "records_auditevent"
ASSESSMENT = "records_assessment"
PLAN = "records_plan"


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows stay: never deleted, and changed in the named columns only.

    ``fillable`` columns may be filled once, from NULL; ``once`` is the SQL condition on OLD from
    which on a row is fixed (always, when empty).
    """

    table: str
    noun: str
    changeable: tuple[str, ...] = ()
    fillable: tuple[str, ...] = ()
    once: str = ""

    @property
    def refusal(self) -> str:
        return f"{self.noun} cannot be changed or deleted"


KEPT = (
    Kept("records_storedfile", "a kept file", changeable=("key_id",)),
    Kept(
        "records_consent",
        "a consent",
        fillable=(
            *("signed_at", "signing", "taken_by_id", "pdf_id"),
            *("withdrawn_at", "withdrawal", "withdrawn_by_id"),
        ),
    ),
    Kept("records_photo", "a photo", fillable=("removed_at", "removal", "removed_by_id")),
    Kept(
        "records_lot",
        "a lot",
        changeable=("status", "status_reason", "status_at", "status_by_id"),
    ),
    Kept("records_stockmove", "a stock move"),
    Kept("records_session", "a session once signed or abandoned", once="OLD.status <> 'draft'"),
    Kept("records_sessionpoint", "an injected point"),
    Kept("records_sessionzone", "what a zone got"),
    Kept("records_sessionlot", "a lot used"),
    Kept("records_addendum", "an addendum"),
    Kept("records_recallnotice", "a recall notice"),
    Kept("records_adverseevent", "an adverse event"),
    Kept("records_adverseeventnote", "a note on an adverse event"),
    Kept("records_adverseeventlot", "a suspect lot"),
    Kept("records_reportlink", "a private link", fillable=("revoked_at", "revoked_by_id")),
    Kept(
        "records_patientreport",
        "a report by a patient",
        fillable=("settled_at", "settled_by_id", "event_id", "laid_aside"),
    ),
    Kept(
        "records_measurement",
        "a measurement",
        fillable=(
            "accepted_at",
            "accepted_by_id",
            "withdrawn_at",
            "withdrawn_by_id",
            "withdrawn_because",
        ),
    ),
    Kept("records_device", "a device", fillable=("retired_at", "retired_by_id", "retired_because")),
    Kept(
        "records_comparison",
        "a comparison",
        fillable=(
            "accepted_at",
            "accepted_by_id",
            "withdrawn_at",
            "withdrawn_by_id",
            "withdrawn_because",
        ),
    ),
)
TABLES = (AUDIT_EVENT, ASSESSMENT, PLAN, *(one.table for one in KEPT))

NO_CHANGE = "an {noun} cannot be changed or deleted"
PLAN_FIXED = "an approved plan cannot be changed, only superseded"
PLAN_KEPT = "an approved plan cannot be deleted"


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay the triggers (those there before are replaced)."""
    remove(connection)
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for statement in (
            *make(connection),
            *triggers_lot.statements(connection),
            *triggers_session.statements(connection),
            *triggers_adverse_event.statements(connection),
            *triggers_patient_report.statements(connection),
        ):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in TABLES:
            for event in ("insert", "update", "delete", "truncate", "miscount"):
                if table not in present:
                    continue
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on_table}")


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event}"


def _noun(table: str) -> str:
    return {AUDIT_EVENT: "audit event", ASSESSMENT: "assessment"}[table]


def _columns(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    # Django's own description parses every constraint of the table, which takes seconds in all
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pragma_table_info(%s) ORDER BY cid", [table])
        return [name for (name,) in cursor.fetchall()]


def _present(connection: BaseDatabaseWrapper) -> list[Kept]:
    """Those whose table exists yet: the first migrations lay triggers before the later tables."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    return [one for one in KEPT if one.table in tables]


def _sqlite(connection: BaseDatabaseWrapper) -> list[str]:
    statements = [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{NO_CHANGE.format(noun=_noun(table))}'); END"
        for table in (AUDIT_EVENT, ASSESSMENT)
        for event in ("update", "delete")
    ]
    unchanged = " AND ".join(
        f'NEW."{name}" IS OLD."{name}"' for name in _columns(connection, PLAN) if name != "status"
    )
    superseding = f"OLD.status = 'approved' AND NEW.status = 'superseded' AND {unchanged}"
    return [
        *statements,
        f"CREATE TRIGGER {_name(PLAN, 'update')} BEFORE UPDATE ON {PLAN} "
        f"WHEN OLD.status <> 'draft' AND NOT ({superseding}) "
        f"BEGIN SELECT RAISE(ABORT, '{PLAN_FIXED}'); END",
        f"CREATE TRIGGER {_name(PLAN, 'delete')} BEFORE DELETE ON {PLAN} "
        f"WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, '{PLAN_KEPT}'); END",
        *(
            statement
            for one in _present(connection)
            for statement in _sqlite_kept(one, _columns(connection, one.table))
        ),
    ]


def _sqlite_kept(kept: Kept, columns: list[str]) -> list[str]:
    conditions = []
    for name in columns:
        same = f'NEW."{name}" IS OLD."{name}"'
        if name in kept.fillable:
            conditions.append(f'({same} OR OLD."{name}" IS NULL)')
        elif name not in kept.changeable:
            conditions.append(same)
    fixed = f"({kept.once}) AND " if kept.once else ""
    return [
        f"CREATE TRIGGER {_name(kept.table, 'update')} BEFORE UPDATE ON {kept.table} "
        f"WHEN {fixed}NOT ({' AND '.join(conditions)}) "
        f"BEGIN SELECT RAISE(ABORT, '{kept.refusal}'); END",
        f"CREATE TRIGGER {_name(kept.table, 'delete')} BEFORE DELETE ON {kept.table} "
        f"BEGIN SELECT RAISE(ABORT, '{kept.refusal}'); END",
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
    # Arguments: what to say, the columns that may change, those that may be filled once.
    keep_row = """
        CREATE OR REPLACE FUNCTION records_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            was jsonb := to_jsonb(OLD) - string_to_array(TG_ARGV[1], ',');
            becomes jsonb := to_jsonb(NEW) - string_to_array(TG_ARGV[1], ',');
            one text;
        BEGIN
            FOREACH one IN ARRAY string_to_array(TG_ARGV[2], ',') LOOP
                IF was->one = 'null'::jsonb THEN was := was - one; becomes := becomes - one; END IF;
            END LOOP;
            IF was = becomes THEN RETURN NEW; END IF;
            RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
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
        keep_row,
        *statements,
        *(statement for one in _present(connection) for statement in _postgresql_kept(one)),
        f"CREATE TRIGGER {_name(PLAN, 'update')} BEFORE UPDATE ON {PLAN} "
        "FOR EACH ROW EXECUTE FUNCTION records_keep_plan()",
        f"CREATE TRIGGER {_name(PLAN, 'delete')} BEFORE DELETE ON {PLAN} "
        f"FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION records_refuse('{PLAN_KEPT}')",
        f"CREATE TRIGGER {_name(PLAN, 'truncate')} BEFORE TRUNCATE ON {PLAN} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION records_refuse('{PLAN_KEPT}')",
    ]


def _postgresql_kept(kept: Kept) -> list[str]:
    fixed = f"WHEN ({kept.once}) " if kept.once else ""
    columns = f"'{','.join(kept.changeable)}', '{','.join(kept.fillable)}'"
    return [
        f"CREATE TRIGGER {_name(kept.table, 'update')} BEFORE UPDATE ON {kept.table} "
        f"FOR EACH ROW {fixed}EXECUTE FUNCTION records_keep_row('{kept.refusal}', {columns})",
        *(
            f"CREATE TRIGGER {_name(kept.table, event)} BEFORE {event} ON {kept.table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION records_refuse('{kept.refusal}')"
            for event in ("delete", "truncate")
        ),
    ]
