"""Vault folder: sealed files on the disk, each whole or not there at all."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from openmeso.gateways import vault
from openmeso.gateways.vault import KeyRing, Sealed, VaultError

SUFFIX = ".sealed"
PART = ".part"
OWNER_ONLY = 0o600
FOLDER_OWNER_ONLY = 0o700


class VaultFolder:
    """A folder of sealed files, named by their ids alone."""

    def __init__(self, folder: Path, keys: KeyRing) -> None:
        self.folder = folder
        self.keys = keys

    def put(self, file_id: UUID, content: bytes) -> Sealed:
        """Seal and write; on the disk for good when this returns."""
        sealed = vault.seal(content, file_id=file_id, keys=self.keys)
        self._write(file_id, sealed.data)
        return sealed

    def get(self, file_id: UUID, digest: str) -> bytes:
        """The contents; VaultError when they are gone or not what the digest was made of."""
        content, found = vault.unseal(self._read(file_id), file_id=file_id, keys=self.keys)
        if not vault.same(found, digest):
            raise VaultError("the contents are not those that were recorded")
        return content

    def key_id(self, file_id: UUID) -> str:
        """Which master key the file is sealed with."""
        return vault.key_id_of(self._read(file_id, vault.HEADER_BYTES))

    def rewrap(self, file_id: UUID) -> str:
        """Wrap the file's secret by the current master key; its id."""
        data = vault.rewrap(self._read(file_id), file_id=file_id, keys=self.keys)
        self._write(file_id, data)
        return self.keys.current.id

    def ids(self) -> Iterator[UUID]:
        """Every file that lies here."""
        for path in sorted(self.folder.glob(f"??/*{SUFFIX}")):
            yield UUID(path.stem)

    def path(self, file_id: UUID) -> Path:
        """Where the file lies."""
        return self.folder / file_id.hex[:2] / f"{file_id}{SUFFIX}"

    def _read(self, file_id: UUID, length: int = -1) -> bytes:
        try:
            with self.path(file_id).open("rb") as file:
                return file.read(length)
        except FileNotFoundError:
            raise VaultError("the sealed file is not in its folder") from None

    def _write(self, file_id: UUID, data: bytes) -> None:
        path = self.path(file_id)
        for folder in (self.folder, path.parent):
            folder.mkdir(mode=FOLDER_OWNER_ONLY, parents=True, exist_ok=True)
        part = path.with_suffix(f"{PART}{os.getpid()}-{os.urandom(4).hex()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        for folder in (path.parent, self.folder):
            _sync(folder)


def _sync(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
