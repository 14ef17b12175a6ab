"""The test database on SQLite: migrated once, then copied from the file that the first run left.

The file is named for all that it is made of, so a run after any change to the records migrates from
nothing again, as every run on PostgreSQL does (and tests/cli/test_migrate.py).
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.management import call_command
from django.db import connections

ROOT = Path(__file__).parents[1]
SOURCES = ("src/openmeso/records", "src/openmeso/terms", "src/openmeso/config")


@contextmanager
def migrated_once() -> Iterator[None]:
    """Within, Django's test databases are filled by copying where that can be done."""
    with patch("django.core.management.call_command", _copied_or_made):
        yield


def _copied_or_made(command: str, *words: str, **options: Any) -> None:
    database = connections[options["database"]] if "database" in options else None
    if command != "migrate" or database is None or database.vendor != "sqlite":
        call_command(command, *words, **options)
        return
    path = Path(settings.VAR_DIR) / "test-databases" / f"{fingerprint()}.sqlite3"
    database.ensure_connection()
    if path.exists():
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as kept:
            kept.backup(database.connection)
        return
    call_command(command, *words, **options)
    _keep(database.connection, path)


def _keep(made: sqlite3.Connection, path: Path) -> None:
    """Whole or not at all: another worker may look for it at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(part)) as kept:
        made.backup(kept)
    part.rename(path)


def fingerprint() -> str:
    """Of every file that the tables, the triggers and what Django writes into them come from."""
    found = hashlib.sha256(sqlite3.sqlite_version.encode())
    files = [one for folder in SOURCES for one in (ROOT / folder).rglob("*.py")]
    for path in (*sorted(files), ROOT / "requirements-dev.lock"):
        found.update(f"{path.relative_to(ROOT)} ".encode() + path.read_bytes())
    return found.hexdigest()[:16]
