"""A backup brings everything back, is readable by nobody without its key, and shows any damage."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from openmeso.gateways.vault import new_key

ROOT = Path(__file__).parents[2]
KEY = new_key()
FILL = """
import django; django.setup()
from openmeso.services.clinic import Place, found_with_lead
from openmeso.services import file, patient
from openmeso.records.models import User
from openmeso.terms.file import FileKind
found_with_lead(by=None, place=Place("Bay", "TR"), username="ana", given_name="A", family_name="B")
ana = User.objects.get(username="ana")
who = patient.add(by=ana, given_name="Deniz", family_name="Kayaoglu", sex="male")
for content in (b"first", b"second" * 40000):
    file.keep(by=ana, patient=who, content=content, media_type="image/png", kind=list(FileKind)[0])
"""


def environment(var_dir: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "VAR_DIR": str(var_dir),
            "DJANGO_SETTINGS_MODULE": "openmeso.config.settings", "BACKUP_KEYS": KEY, **more}  # fmt: skip


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (this interpreter, our own words)
        [sys.executable, *words], env=env, capture_output=True, text=True, check=False
    )


def openmeso(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return run(env, "-m", "openmeso.cli.main", *words)


def filled(env: dict[str, str]) -> None:
    assert openmeso(env, "migrate").returncode == 0
    ran = run(env, "-c", FILL)
    assert ran.returncode == 0, ran.stderr


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A server with one clinic, one patient and two files."""
    env = environment(tmp_path_factory.mktemp("old"))
    filled(env)
    return env


@pytest.fixture(scope="module")
def saved(server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("safe") / "clinic.openmeso"
    ran = openmeso(server, "backup", str(path))
    assert ran.returncode == 0, ran.stderr
    assert "2 files" in ran.stdout
    return path


def elsewhere(server: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """An empty server that holds the same keys."""
    keys = Path(server["VAR_DIR"]) / "file.keys"
    return environment(tmp_path / "new", FILE_KEYS_FILE=str(keys))


@pytest.mark.slow
def test_everything_comes_back(server, saved, tmp_path):
    env = elsewhere(server, tmp_path)
    ran = openmeso(env, "restore", str(saved))
    assert ran.returncode == 0, ran.stderr
    assert "2 files open" in ran.stdout
    assert openmeso(env, "audit", "verify").returncode == 0
    assert openmeso(env, "files", "check").stdout.startswith("2 of 2 files open")
    look = "import django; django.setup()\nfrom openmeso.records.models import *\n"
    look += "print(Patient.objects.get().name, AuditEvent.objects.filter(action='restore').count())"
    assert run(env, "-c", look).stdout == "Deniz Kayaoglu 1\n"


@pytest.mark.slow
def test_it_is_not_mixed_into_records_that_are_there(server, saved):
    ran = openmeso(server, "restore", str(saved))
    assert ran.returncode == 1
    assert "holds records already" in ran.stderr


@pytest.mark.slow
def test_nobody_reads_it_without_the_key(saved, tmp_path):
    assert b"Kayaoglu" not in saved.read_bytes()
    assert saved.stat().st_mode & 0o077 == 0
    ran = openmeso(environment(tmp_path, BACKUP_KEYS=new_key()), "restore", "--check", str(saved))
    assert ran.returncode == 1
    assert "master key" in ran.stderr
    ran = openmeso(environment(tmp_path, BACKUP_KEYS=""), "restore", "--check", str(saved))
    assert ran.returncode == 2
    assert "openmeso files new-key" in ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["flip", "cut", "cut_at_chunk", "empty", "gone"])
def test_damage_is_told_and_nothing_is_restored(server, saved, tmp_path, damage):
    data = bytearray(saved.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
    elif damage == "cut":
        data = data[:-7]
    elif damage == "cut_at_chunk":
        data = data[: 16 + 76 + 2 * (65536 + 16)]
    path = tmp_path / "damaged"
    if damage != "gone":
        path.write_bytes(b"" if damage == "empty" else data)
    env = elsewhere(server, tmp_path)
    ran = openmeso(env, "restore", str(path))
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert not list((tmp_path / "new" / "files").glob("??/*"))


@pytest.mark.slow
def test_a_backup_while_another_is_written_is_refused(server, tmp_path):
    (tmp_path / "one.part").touch()
    ran = openmeso(server, "backup", str(tmp_path / "one"))
    assert ran.returncode == 1
    assert "in the way" in ran.stderr
    assert not (tmp_path / "one").exists()
