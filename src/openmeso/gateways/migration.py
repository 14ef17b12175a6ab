"""Migration: bring a database up to date, or leave it exactly as it was."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor


class MigrationFailed(Exception):
    """A migration did not go through; the database is as before. The message says which and why."""


def pending() -> list[str]:
    """The migrations that the code has and the database has not, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> list[str]:
    """Apply what is pending and say what it was.

    Raises MigrationFailed, with the database as it was before the first of them.
    """
    waiting = pending()
    if waiting:
        {"sqlite": _with_a_copy, "postgresql": _in_one_transaction}[connection.vendor](_apply)
    return waiting


def _apply() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def _in_one_transaction(apply: Callable[[], None]) -> None:
    first = pending()[0]
    try:
        with transaction.atomic():
            apply()
    except Exception as error:
        raise MigrationFailed(f"{first} or after it: {error}") from error


def _with_a_copy(apply: Callable[[], None]) -> None:
    """SQLite applies each migration by itself, so a series that breaks off is put back.

    The copy goes back through SQLite's own backup, never by swapping files: a server that still
    runs would go on writing to the file that was taken away.
    """
    path = Path(str(connection.settings_dict["NAME"]))
    copy = path.with_name(f"{path.name}.before-migration")
    copy.unlink(missing_ok=True)
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as kept:
        connection.connection.backup(kept)
    copy.chmod(0o600)
    try:
        apply()
    except Exception as error:
        connection.close()
        reason = f"{next(iter(pending()), 'after the last migration')}: {error}"
        connection.close()
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as kept:
            kept.backup(connection.connection)
        copy.unlink()
        raise MigrationFailed(reason) from error
