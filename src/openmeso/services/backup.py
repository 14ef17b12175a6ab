"""Backup: everything a clinic has, sealed in one file; and everything back from it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from openmeso import __version__
from openmeso.gateways import backup as archive
from openmeso.gateways import clock, snapshot
from openmeso.gateways.backup import BackupError, Manifest
from openmeso.gateways.vault import KeyRing
from openmeso.records.models import Clinic, User
from openmeso.services import audit
from openmeso.services import file as files

DATABASE = "database"


def take(*, by: User | None, target: Path, keys: KeyRing) -> Manifest:
    """Back up database and files; noted in every clinic's audit trail, as the data leave it."""
    _note(by=by, action="backup")
    with _folder(target.parent) as scratch:
        path = scratch / f"{DATABASE}.{snapshot.ENDING[connection.vendor]}"
        number, last_hash = audit.head()
        snapshot.take(path)
        manifest = Manifest(
            made_at=clock.now().isoformat(timespec="seconds"),
            version=__version__,
            vendor=connection.vendor,
            database=path.name,
            files=sum(1 for _ in settings.FILES_DIR.glob("??/*.sealed")),
            audit_rows=number,
            audit_hash=last_hash,
            rows=_rows(),
        )
        archive.write(target, manifest, path, settings.FILES_DIR, keys)
    return manifest


def check(source: Path, keys: KeyRing) -> Manifest:
    """Open the whole backup and let the database's engine look at it; nothing is changed."""
    with _folder(source.parent) as scratch:
        return _opened(source, scratch, keys)


def bring_back(*, by: User | None, source: Path, keys: KeyRing) -> Manifest:
    """Fill this server's empty database and folder of files from a backup, and verify them.

    Raises BackupError, with nothing changed, when either is not empty, when the backup was made
    on another engine, or when a byte of it is not as it was written.
    """
    if not snapshot.is_empty() or any(settings.FILES_DIR.glob("??/*.sealed")):
        raise BackupError(
            "This server holds records already, and a backup is not mixed into them. Name an empty "
            "place: a new VAR_DIR, or a new database in DATABASE_URL and a new FILES_DIR."
        )
    settings.FILES_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _folder(settings.FILES_DIR.parent) as scratch:
        manifest = _opened(source, scratch, keys)
        if manifest.vendor != connection.vendor:
            raise BackupError(
                f"The backup was made on {manifest.vendor} and this server runs "
                f"{connection.vendor}; restore it there."
            )
        snapshot.bring_back(scratch / manifest.database)
        for path in (scratch / archive.FILES).glob("??/*.sealed"):
            there = settings.FILES_DIR / path.parent.name / path.name
            there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(there)
    _verify(manifest)
    _note(by=by, action="restore")
    return manifest


def _opened(source: Path, scratch: Path, keys: KeyRing) -> Manifest:
    manifest = archive.read(source, scratch, keys)
    found = sum(1 for _ in (scratch / archive.FILES).glob("??/*.sealed"))
    if found < manifest.files:
        raise BackupError(f"The backup holds {found} of {manifest.files} files.")
    snapshot.check(scratch / manifest.database, manifest.vendor)
    return manifest


def _verify(manifest: Manifest) -> None:
    """The trail unbroken and ending as it did or later, the rows all there, every file opening."""
    broken = audit.verify()
    if broken is not None:
        raise BackupError(f"Restored, but the audit trail does not fit from row {broken} on.")
    if audit.hash_at(manifest.audit_rows) != manifest.audit_hash:
        raise BackupError("Restored, but the audit trail is not the one that was backed up.")
    fewer = [name for name, count in _rows().items() if count < manifest.rows.get(name, 0)]
    if fewer:
        raise BackupError(f"Restored, but rows are missing from: {', '.join(fewer)}.")
    inventory = files.check()
    if not inventory.is_whole:
        raise BackupError(
            f"Restored, but {len(inventory.damaged)} of {inventory.files} files do not open; is the "
            "key they were sealed with among FILE_KEYS?"
        )


def _rows() -> dict[str, int]:
    return {
        model._meta.db_table: model._default_manager.count()
        for model in apps.get_app_config("records").get_models()
    }


@transaction.atomic
def _note(*, by: User | None, action: str) -> None:
    for clinic in Clinic.objects.order_by("pk"):
        audit.record(by=by, action=action, of=clinic, purpose="backup")


@contextmanager
def _folder(beside: Path) -> Iterator[Path]:
    """A scratch folder on the same disk, its owner's alone, gone afterwards."""
    beside.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".openmeso-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
