"""Backup: database and files in one sealed archive, and out of it again.

The archive is a tar in the vault's stream: ``manifest.json``, the database's snapshot, then the
files as they lie sealed. The database is taken first and files are never deleted, so that every
file the database tells of is in it.
"""

import json
import os
import tarfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, cast

from openmeso.gateways.vault import KeyRing, VaultError
from openmeso.gateways.vault_stream import SealedReader, SealedWriter

MANIFEST = "manifest.json"
FORMAT = 1
FILES = "files"
OWNER_ONLY = 0o600


class BackupError(Exception):
    """The backup cannot be written or used; the message says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds and how the audit trail ended, to be compared after restoring."""

    made_at: str
    version: str
    vendor: str
    database: str
    files: int
    audit_rows: int
    audit_hash: str
    rows: dict[str, int]
    format: int = FORMAT


def write(target: Path, manifest: Manifest, snapshot: Path, folder: Path, keys: KeyRing) -> None:
    """Write the archive; under its name only when it is whole and on the disk."""
    part = target.with_name(f"{target.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        raise BackupError(f"{part} is in the way: another backup runs, or one broke off.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            with SealedWriter(file, keys) as sealed, _tar(sealed, "w|") as tar:
                _add_manifest(tar, manifest)
                tar.add(snapshot, manifest.database)
                for path in sorted(folder.glob("??/*.sealed")):
                    tar.add(path, f"{FILES}/{path.parent.name}/{path.name}")
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def read(source: Path, into: Path, keys: KeyRing) -> Manifest:
    """Open the archive into an empty folder; BackupError unless every byte of it is as written."""
    manifest: Manifest | None = None
    try:
        with source.open("rb") as file:
            sealed = SealedReader(file, keys)
            with _tar(sealed, "r|") as tar:
                for member in tar:
                    if member.name == MANIFEST:
                        manifest = _manifest(cast(IO[bytes], tar.extractfile(member)).read())
                    else:
                        _extract(tar, member, into)
            sealed.read()  # a cut after the last member shows here
    except FileNotFoundError:
        raise BackupError(f"There is no file {source}.") from None
    except (VaultError, tarfile.TarError) as error:
        raise BackupError(f"{source.name} cannot be opened: {error}.") from None
    if manifest is None or not (into / manifest.database).is_file():
        raise BackupError(f"{source.name} holds no database.")
    return manifest


def _tar(sealed: SealedReader | SealedWriter, mode: str) -> tarfile.TarFile:
    opened: Callable[..., tarfile.TarFile] = tarfile.open
    return opened(fileobj=sealed, mode=mode, format=tarfile.PAX_FORMAT)


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=1).encode()
    member = tarfile.TarInfo(MANIFEST)
    member.size = len(text)
    tar.addfile(member, BytesIO(text))


def _manifest(text: bytes) -> Manifest:
    said = json.loads(text)
    if said.get("format") != FORMAT:
        raise BackupError(
            f"The backup has format {said.get('format')}; this version of OpenMeso reads {FORMAT}."
        )
    return Manifest(**said)


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    """Only plain files, only below the folder, readable by their owner alone."""
    parts = PurePosixPath(member.name).parts
    if not member.isfile() or ".." in parts or member.name.startswith("/"):
        raise BackupError(f"The backup holds {member.name!r}, which no backup of ours does.")
    path = into.joinpath(*parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = cast(IO[bytes], tar.extractfile(member))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
        while piece := content.read(1 << 20):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
