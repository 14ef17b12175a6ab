"""On the database at hand: PostgreSQL in its run, SQLite in its (tests/cli tries it on a file)."""

import pytest
from django.db import connection

from openmeso.gateways import snapshot
from openmeso.gateways.backup import BackupError
from openmeso.gateways.vault import key_ring, new_key
from openmeso.records.models import AuditEvent
from openmeso.services import backup

KEYS = key_ring([new_key()])


@pytest.mark.django_db(transaction=True)
def test_a_backup_opens_again_and_is_noted(tmp_path, settings, patient):
    settings.FILES_DIR = tmp_path / "files"
    made = backup.take(by=None, target=tmp_path / "one", keys=KEYS)
    assert made.vendor == connection.vendor
    assert made.rows["records_patient"] == 1
    assert AuditEvent.objects.filter(action="backup", clinic=patient.clinic_id).count() == 1
    assert backup.check(tmp_path / "one", KEYS) == made
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


@pytest.mark.django_db(transaction=True)
def test_it_is_not_brought_back_over_records(tmp_path, settings, patient):
    settings.FILES_DIR = tmp_path / "files"
    backup.take(by=None, target=tmp_path / "one", keys=KEYS)
    with pytest.raises(BackupError, match="holds records already"):
        backup.bring_back(by=None, source=tmp_path / "one", keys=KEYS)


def test_a_missing_program_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(snapshot.shutil, "which", lambda _: None)
    with pytest.raises(snapshot.SnapshotError, match="pg_restore is not installed"):
        snapshot.check(tmp_path / "x", "postgresql")
