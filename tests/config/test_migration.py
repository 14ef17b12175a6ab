"""The same promise on the database at hand: PostgreSQL in its run, SQLite in its."""

import pytest
from django.db import connection

from openmeso.gateways import migration


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def test_the_code_s_migrations_are_all_there():
    assert migration.pending() == []
    assert migration.migrate() == []


@pytest.mark.django_db(transaction=True)
def test_a_series_that_breaks_off_is_taken_back(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite tests/cli/test_migrate.py tries it on a file")

    def break_off() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE half_way (id integer)")
        raise RuntimeError("disk full")

    monkeypatch.setattr(migration, "pending", lambda: ["records.0999_next"])
    monkeypatch.setattr(migration, "_apply", break_off)
    before = tables()
    with pytest.raises(migration.MigrationFailed, match="0999_next or after it: disk full"):
        migration.migrate()
    assert tables() == before
