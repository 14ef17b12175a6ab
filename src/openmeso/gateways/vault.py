"""Vault: bytes sealed so that nobody reads, changes, cuts or swaps them without it showing.

A sealed file is a header and chunks. The header holds the file's own secret, wrapped by a master
key whose id stands beside it; the chunks are AES-256-GCM in the STREAM construction (Hoang et al.
2015): each nonce counts the chunk and says whether it is the last, so that a chunk left out,
repeated, moved or cut off does not open. The file's id is authenticated with header and chunks.

    magic 8 | key id 8 | nonce 12 | wrapped secret 48 | chunk (<= 64 KiB) and tag 16 | ...
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

MAGIC = b"OMVAULT1"
KEY_BYTES = 32
ID_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
WRAPPED_BYTES = KEY_BYTES + TAG_BYTES
HEADER_BYTES = len(MAGIC) + ID_BYTES + NONCE_BYTES + WRAPPED_BYTES
CHUNK_BYTES = 64 * 1024
LAST = b"\x01"
NOT_LAST = b"\x00"


class VaultError(Exception):
    """The sealed file cannot be opened; the message says why, and quotes nothing of it."""


class UnknownKey(VaultError):
    """It was sealed with a master key that is not among those given."""


@dataclass(frozen=True, slots=True, repr=False)
class MasterKey:
    """A key that wraps the files' own secrets; its id says nothing about it."""

    secret: bytes

    @property
    def id(self) -> str:
        """Sixteen hex digits."""
        return hashlib.sha256(b"openmeso master key id" + self.secret).hexdigest()[: 2 * ID_BYTES]

    def __repr__(self) -> str:
        return f"MasterKey({self.id})"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The master keys: the first seals, all of them open."""

    keys: tuple[MasterKey, ...]

    @property
    def current(self) -> MasterKey:
        """The one that seals."""
        return self.keys[0]

    def find(self, key_id: str) -> MasterKey:
        """The key of that id; UnknownKey where it is not held."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise UnknownKey(f"sealed with master key {key_id}, which is not among FILE_KEYS")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What to write, and a digest of the contents that only who opens the file can compute."""

    data: bytes
    digest: str
    key_id: str


def new_key() -> str:
    """A fresh master key as it is written in FILE_KEYS."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def keys_in(text: str) -> list[str]:
    """The keys of a file or a setting: one a line or between commas; # begins a comment line."""
    lines = [line.strip() for line in text.splitlines()]
    parts = [part.strip() for line in lines if not line.startswith("#") for part in line.split(",")]
    return [part for part in parts if part]


def key_ring(written: Sequence[str]) -> KeyRing:
    """Read keys as :func:`new_key` writes them; ValueError, naming none, for what is no key."""
    keys = []
    for number, text in enumerate(written, 1):
        try:
            secret = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"key {number} is not {KEY_BYTES} bytes in URL-safe base64")
        keys.append(MasterKey(secret))
    if not keys:
        raise ValueError("no key is given")
    return KeyRing(tuple(keys))


def seal(content: bytes, *, file_id: UUID, keys: KeyRing) -> Sealed:
    """Seal the contents under a secret of their own, bound to the file's id."""
    secret = secrets.token_bytes(KEY_BYTES)
    cipher = AESGCM(derived(secret, b"contents"))
    pieces = [header(secret, file_id, keys.current)]
    for number, piece, last in _chunks(content, CHUNK_BYTES):
        pieces.append(cipher.encrypt(nonce_of(number, last=last), piece, bound(file_id)))
    return Sealed(b"".join(pieces), _digest(secret, content), keys.current.id)


def unseal(data: bytes, *, file_id: UUID, keys: KeyRing) -> tuple[bytes, str]:
    """The contents and their digest; VaultError unless every byte is as it was sealed."""
    secret = secret_of(data, file_id, keys)
    cipher = AESGCM(derived(secret, b"contents"))
    pieces = []
    try:
        for number, piece, last in _chunks(data[HEADER_BYTES:], CHUNK_BYTES + TAG_BYTES):
            pieces.append(cipher.decrypt(nonce_of(number, last=last), piece, bound(file_id)))
    except (InvalidTag, ValueError):
        raise VaultError("the sealed contents were changed, cut, moved or swapped") from None
    content = b"".join(pieces)
    return content, _digest(secret, content)


def rewrap(data: bytes, *, file_id: UUID, keys: KeyRing) -> bytes:
    """The same file, its secret wrapped by the current master key; the contents stay untouched."""
    secret = secret_of(data, file_id, keys)
    return header(secret, file_id, keys.current) + data[HEADER_BYTES:]


def key_id_of(data: bytes) -> str:
    """The id of the master key that a sealed file (or its header) names."""
    if len(data) < HEADER_BYTES or not data.startswith(MAGIC):
        raise VaultError("this is not a sealed file, or its header was cut off")
    return data[len(MAGIC) : len(MAGIC) + ID_BYTES].hex()


def same(one: str, other: str) -> bool:
    """Whether two digests are the same, in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def header(secret: bytes, file_id: UUID, key: MasterKey) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    key_id = bytes.fromhex(key.id)
    wrapped = AESGCM(key.secret).encrypt(nonce, secret, MAGIC + key_id + file_id.bytes)
    return MAGIC + key_id + nonce + wrapped


def secret_of(data: bytes, file_id: UUID, keys: KeyRing) -> bytes:
    key = keys.find(key_id_of(data))
    start = len(MAGIC) + ID_BYTES
    nonce = data[start : start + NONCE_BYTES]
    wrapped = data[start + NONCE_BYTES : HEADER_BYTES]
    try:
        return AESGCM(key.secret).decrypt(nonce, wrapped, data[:start] + file_id.bytes)
    except InvalidTag:
        raise VaultError("the header was changed, or belongs to another file") from None


def _chunks(data: bytes, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Every chunk with its number and whether it is the last; empty contents are one empty chunk."""
    count = max(1, -(-len(data) // size))
    for number in range(count):
        yield number, data[number * size : (number + 1) * size], number == count - 1


def nonce_of(number: int, *, last: bool) -> bytes:
    # a secret is used for one file only, so counting suffices
    return number.to_bytes(NONCE_BYTES - 1, "big") + (LAST if last else NOT_LAST)


def bound(file_id: UUID) -> bytes:
    return MAGIC + file_id.bytes


def derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(SHA256(), KEY_BYTES, b"openmeso file " + purpose).derive(secret)


def _digest(secret: bytes, content: bytes) -> str:
    return hmac.new(derived(secret, b"digest"), content, hashlib.sha256).hexdigest()
