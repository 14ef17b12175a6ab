"""Snapshot: a whole database as one file, as it stood at one moment, and back again."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.backends.sqlite3._functions import (  # type: ignore[import-untyped]
    register,
)

ENDING = {"sqlite": "sqlite3", "postgresql": "pg_dump"}


class SnapshotError(Exception):
    """The database cannot be written out or brought back; the message says why."""


def take(path: Path) -> None:
    """Write the database at hand to a new file."""
    {"sqlite": _copy_sqlite, "postgresql": _dump_postgresql}[connection.vendor](path)


def bring_back(path: Path) -> None:
    """Fill the database at hand, which must be empty, from a snapshot of the same engine."""
    {"sqlite": _restore_sqlite, "postgresql": _restore_postgresql}[connection.vendor](path)


def check(path: Path, vendor: str) -> None:
    """SnapshotError unless the engine itself finds the file sound."""
    if vendor == "sqlite":
        with closing(sqlite3.connect(path)) as database:
            # the check asks the tables' own constraints, and those know Django's functions
            register(database)
            found = database.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise SnapshotError(f"SQLite finds the snapshot damaged: {found}")
    else:
        _run(["pg_restore", "--list", str(path)])


def is_empty() -> bool:
    """Whether the database at hand holds no table."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def _copy_sqlite(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    path.chmod(0o600)
    check(path, "sqlite")


def _restore_sqlite(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        copy.backup(connection.connection)


def _dump_postgresql(path: Path) -> None:
    _run(["pg_dump", "--format=custom", "--no-owner", "--file", str(path), *_place()])
    path.chmod(0o600)


def _restore_postgresql(path: Path) -> None:
    words = ["pg_restore", "--exit-on-error", "--single-transaction", "--no-owner"]
    _run([*words, *_place(), str(path)])


def _place() -> list[str]:
    settings = connection.settings_dict
    words = ["--dbname", str(settings["NAME"])]
    for option, name in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if settings[name]:
            words += [option, str(settings[name])]
    return words


def _run(words: list[str]) -> None:
    program = shutil.which(words[0])
    if program is None:
        raise SnapshotError(f"{words[0]} is not installed; it comes with PostgreSQL's client.")
    password = str(connection.settings_dict["PASSWORD"])
    done = subprocess.run(  # noqa: S603 (a program of PostgreSQL's, our own words, no shell)
        [program, *words[1:]],
        env={**os.environ, **({"PGPASSWORD": password} if password else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SnapshotError(f"{words[0]}: {done.stderr.strip()}")
