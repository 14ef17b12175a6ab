"""An upgrade fails loudly and leaves the old state; tried on databases of their own."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def openmeso(var_dir: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (this interpreter, our own words)
        [sys.executable, "-m", "openmeso.cli.main", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "VAR_DIR": str(var_dir)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


@pytest.mark.slow
def test_a_new_database_is_brought_up_to_date_and_stays_so(tmp_path: Path) -> None:
    assert openmeso(tmp_path, "migrate", "--check").returncode == 1
    ran = openmeso(tmp_path, "migrate")
    assert ran.returncode == 0, ran.stderr
    assert "records.0001_initial" in ran.stdout
    assert openmeso(tmp_path, "migrate", "--check").stdout == "The database is up to date.\n"
    assert openmeso(tmp_path, "migrate").stdout == "The database is up to date.\n"


@pytest.mark.slow
def test_a_migration_that_fails_half_way_leaves_the_old_state(tmp_path: Path) -> None:
    path = tmp_path / "openmeso.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        # the last table to be made is in the way, so that much has been applied by then
        database.executescript(
            "CREATE TABLE django_session (kept TEXT); INSERT INTO django_session VALUES ('old');"
        )
    before = contents(path)

    ran = openmeso(tmp_path, "migrate")

    assert ran.returncode == 1
    assert "Nothing was changed. sessions.0001_initial" in ran.stderr
    assert "already exists" in ran.stderr
    assert contents(path) == before
    assert [each.name for each in tmp_path.glob("*before-migration")] == []
