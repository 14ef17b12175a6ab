"""`openmeso backup` and `openmeso restore`: everything into one sealed file, and out of it."""

import argparse
import os
import sys
from pathlib import Path

from openmeso.cli import django_settings
from openmeso.gateways.vault import KeyRing, key_ring, keys_in

KEY_WANTED = (
    "A backup is sealed with a key of its own: put one in BACKUP_KEYS, or in a file named with "
    "--key-file. Make one with: openmeso files new-key. Keep it, and the FILE_KEYS, away from "
    "the backups: without them nothing can be restored."
)


def run(chosen: argparse.Namespace) -> int:
    """Do the deed, or say why not."""
    keys = _keys(chosen.key_file)
    if keys is None:
        print(KEY_WANTED, file=sys.stderr)
        return 2
    django_settings.ready()
    from openmeso.gateways.backup import BackupError
    from openmeso.gateways.snapshot import SnapshotError

    try:
        print(_deed(chosen, keys))
    except (BackupError, SnapshotError) as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as reason:
        print(f"{reason.filename}: {reason.strerror}", file=sys.stderr)
        return 1
    return 0


def _deed(chosen: argparse.Namespace, keys: KeyRing) -> str:
    from openmeso.services import backup

    if chosen.deed == "backup":
        manifest = backup.take(by=None, target=chosen.file, keys=keys)
        said = f"{chosen.file}: {manifest.files} files, {sum(manifest.rows.values())} rows."
        return f"{said} Note elsewhere: audit row {manifest.audit_rows}, {manifest.audit_hash}"
    if chosen.check:
        manifest = backup.check(chosen.file, keys)
        return f"Whole: made {manifest.made_at} on {manifest.vendor}, {manifest.files} files."
    manifest = backup.bring_back(by=None, source=chosen.file, keys=keys)
    return (
        f"Restored what was backed up on {manifest.made_at}: the audit trail holds, "
        f"{manifest.files} files open. Run `openmeso migrate` if this version is newer."
    )


def _keys(key_file: Path | None) -> KeyRing | None:
    text = key_file.read_text() if key_file and key_file.is_file() else ""
    written = text or os.environ.get("BACKUP_KEYS", "")
    try:
        return key_ring(keys_in(written))
    except ValueError:
        return None
