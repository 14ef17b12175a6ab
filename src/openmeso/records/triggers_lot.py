"""The trigger that keeps the book of a lot's stock adding up, move by move."""

from django.db.backends.base.base import BaseDatabaseWrapper

STOCK_MOVE = "records_stockmove"
ADDS_UP = "a stock move cannot leave but what was there and its change"

# In parentheses: PL/pgSQL takes a bare THEN for the end of its own IF.
# Nothing before the first move; NULL, and so no sum at all, where a number was left out.
LEFT_BEFORE = (
    "(CASE WHEN NEW.number = 1 THEN 0 ELSE (SELECT left_ul FROM records_stockmove "
    "WHERE lot_id = NEW.lot_id AND number = NEW.number - 1) END)"
)


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """What lays the trigger; nothing before its table is there."""
    with connection.cursor() as cursor:
        if STOCK_MOVE not in connection.introspection.table_names(cursor):
            return []
    return {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]()


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {STOCK_MOVE}_no_insert BEFORE INSERT ON {STOCK_MOVE} "
        f"WHEN NEW.left_ul IS NOT NEW.change_ul + {LEFT_BEFORE} "
        f"BEGIN SELECT RAISE(ABORT, '{ADDS_UP}'); END"
    ]


def _postgresql() -> list[str]:
    return [
        f"""
        CREATE OR REPLACE FUNCTION records_stock_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.left_ul IS DISTINCT FROM NEW.change_ul + {LEFT_BEFORE} THEN
                RAISE EXCEPTION '{ADDS_UP}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
        f"CREATE TRIGGER {STOCK_MOVE}_no_insert BEFORE INSERT ON {STOCK_MOVE} "
        "FOR EACH ROW EXECUTE FUNCTION records_stock_adds_up()",
    ]
