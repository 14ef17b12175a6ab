"""Vault stream: the vault's sealing for what is too large to hold in memory.

The stream is a random id (16 bytes), the vault's header and its chunks; nothing of a chunk is given
out before it is authenticated, and a stream that was cut off ends in a VaultError, not in silence.
"""

import secrets
from types import TracebackType
from typing import BinaryIO, Self
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openmeso.gateways import vault
from openmeso.gateways.vault import CHUNK_BYTES, HEADER_BYTES, KEY_BYTES, TAG_BYTES, VaultError

UUID_BYTES = 16


class SealedWriter:
    """Write to it as to a file; whole only after it was closed without an exception."""

    def __init__(self, target: BinaryIO, keys: vault.KeyRing) -> None:
        self._target = target
        self._id = uuid4()
        secret = secrets.token_bytes(KEY_BYTES)
        self._cipher = AESGCM(vault.derived(secret, b"contents"))
        self._held = bytearray()
        self._number = 0
        target.write(self._id.bytes + vault.header(secret, self._id, keys.current))

    def write(self, data: bytes) -> int:
        """Take bytes of any length."""
        self._held += data
        # one chunk is held back, since the last is sealed differently
        while len(self._held) > CHUNK_BYTES:
            self._put(bytes(self._held[:CHUNK_BYTES]), last=False)
            del self._held[:CHUNK_BYTES]
        return len(data)

    def close(self) -> None:
        """Seal the last chunk."""
        self._put(bytes(self._held), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        nonce = vault.nonce_of(self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, piece, vault.bound(self._id)))
        self._number += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()


class SealedReader:
    """Read from it as from a file; VaultError at the first byte that is not as it was sealed."""

    def __init__(self, source: BinaryIO, keys: vault.KeyRing) -> None:
        self._source = source
        start = source.read(UUID_BYTES + HEADER_BYTES)
        if len(start) < UUID_BYTES + HEADER_BYTES:
            raise VaultError("this is not a sealed file, or its header was cut off")
        self._id = UUID(bytes=start[:UUID_BYTES])
        secret = vault.secret_of(start[UUID_BYTES:], self._id, keys)
        self._cipher = AESGCM(vault.derived(secret, b"contents"))
        self._next = source.read(CHUNK_BYTES + TAG_BYTES)
        self._number = 0
        self._open = bytearray()
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes, fewer than asked only at the end."""
        while not self._ended and (size < 0 or len(self._open) < size):
            self._get()
        taken = len(self._open) if size < 0 else min(size, len(self._open))
        data = bytes(self._open[:taken])
        del self._open[:taken]
        return data

    def _get(self) -> None:
        piece, self._next = self._next, self._source.read(CHUNK_BYTES + TAG_BYTES)
        last = not self._next
        nonce = vault.nonce_of(self._number, last=last)
        try:
            self._open += self._cipher.decrypt(nonce, piece, vault.bound(self._id))
        except (InvalidTag, ValueError):
            raise VaultError("the sealed contents were changed, cut, moved or swapped") from None
        self._number += 1
        self._ended = last
