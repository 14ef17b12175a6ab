"""The vault: what is sealed opens as it was, or not at all."""

import uuid

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways import vault
from openmeso.gateways.vault import CHUNK_BYTES, HEADER_BYTES, TAG_BYTES, UnknownKey, VaultError

KEYS = vault.key_ring([vault.new_key()])
FILE = uuid.UUID(int=7)
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
THREE = bytes(range(256)) * (3 * CHUNK_BYTES // 256)


def sealed(content: bytes = b"scalp", file_id: uuid.UUID = FILE) -> bytes:
    return vault.seal(content, file_id=file_id, keys=KEYS).data


def opened(data: bytes, file_id: uuid.UUID = FILE, keys=KEYS) -> bytes:
    return vault.unseal(data, file_id=file_id, keys=keys)[0]


@given(st.binary(max_size=300), st.uuids())
def test_what_is_sealed_opens(content, file_id):
    assert opened(sealed(content, file_id), file_id) == content


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]
)
def test_at_the_edges_of_a_chunk(size):
    assert opened(sealed(b"x" * size)) == b"x" * size


@given(st.binary(min_size=1, max_size=200), st.data())
def test_any_changed_bit_shows(content, data):
    whole = bytearray(sealed(content))
    place = data.draw(st.integers(0, 8 * len(whole) - 1))
    whole[place // 8] ^= 1 << place % 8
    with pytest.raises(VaultError):
        opened(bytes(whole))


@given(st.binary(max_size=200), st.data())
def test_any_cut_shows(content, data):
    whole = sealed(content)
    with pytest.raises(VaultError):
        opened(whole[: data.draw(st.integers(0, len(whole) - 1))])


def chunks(whole: bytes) -> tuple[bytes, list[bytes]]:
    body = whole[HEADER_BYTES:]
    return whole[:HEADER_BYTES], [
        body[at : at + SEALED_CHUNK] for at in range(0, len(body), SEALED_CHUNK)
    ]


@pytest.mark.parametrize(
    "order",
    [
        [],
        [0],
        [0, 1],
        [1, 2],
        [0, 2],
        [1, 0, 2],
        [0, 2, 1],
        [2, 1, 0],
        [0, 1, 2, 2],
        [0, 0, 1, 2],
        [2],
    ],
    ids=str,
)
def test_chunks_left_out_repeated_or_moved_show(order):
    header, pieces = chunks(sealed(THREE))
    assert len(pieces) == 3
    with pytest.raises(VaultError):
        opened(header + b"".join(pieces[one] for one in order))


def test_bytes_behind_the_end_show():
    with pytest.raises(VaultError):
        opened(sealed() + b"x")


def test_chunks_and_headers_of_another_file_do_not_fit():
    other = uuid.UUID(int=8)
    mine, theirs = sealed(THREE), sealed(THREE[::-1], other)
    with pytest.raises(VaultError):
        opened(theirs)
    with pytest.raises(VaultError):
        opened(mine[:HEADER_BYTES] + theirs[HEADER_BYTES:])
    with pytest.raises(VaultError):
        opened(theirs[:HEADER_BYTES] + mine[HEADER_BYTES:])
    _, a = chunks(mine)
    header, b = chunks(sealed(THREE))
    with pytest.raises(VaultError):
        opened(header + b[0] + a[1] + b[2])


def test_a_wrong_key_is_named_by_its_id_alone():
    key = vault.new_key()
    with pytest.raises(UnknownKey, match=KEYS.current.id) as error:
        opened(sealed(), keys=vault.key_ring([key]))
    assert key not in str(error.value)
    assert key not in repr(vault.key_ring([key]))


def test_rewrapping_changes_the_header_alone_and_locks_the_old_key_out():
    new = vault.key_ring([vault.new_key()])
    both = vault.KeyRing((*new.keys, *KEYS.keys))
    before = vault.seal(THREE, file_id=FILE, keys=KEYS)
    after = vault.rewrap(before.data, file_id=FILE, keys=both)
    assert after[HEADER_BYTES:] == before.data[HEADER_BYTES:]
    assert vault.key_id_of(after) == new.current.id
    assert vault.unseal(after, file_id=FILE, keys=new) == (THREE, before.digest)
    with pytest.raises(UnknownKey):
        opened(after)


def test_the_same_contents_never_look_the_same():
    one = vault.seal(b"same", file_id=FILE, keys=KEYS)
    two = vault.seal(b"same", file_id=FILE, keys=KEYS)
    assert one.digest != two.digest
    assert one.data[HEADER_BYTES:] != two.data[HEADER_BYTES:]
    assert b"same" not in one.data


def test_the_format_is_what_it_says():
    """Opened by hand with AES-GCM and HKDF alone, as the module's heading describes it."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    whole = sealed(b"by hand")
    magic, key_id, nonce, wrapped = whole[:8], whole[8:16], whole[16:28], whole[28:76]
    assert (magic, key_id.hex(), HEADER_BYTES) == (b"OMVAULT1", KEYS.current.id, 76)
    secret = AESGCM(KEYS.current.secret).decrypt(nonce, wrapped, magic + key_id + FILE.bytes)
    key = HKDFExpand(SHA256(), 32, b"openmeso file contents").derive(secret)
    assert AESGCM(key).decrypt(bytes(11) + b"\x01", whole[76:], magic + FILE.bytes) == b"by hand"


@pytest.mark.parametrize("written", [[], [""], ["short"], ["ü" * 43], [vault.new_key(), "x"]])
def test_what_is_no_key_is_refused_without_being_quoted(written):
    with pytest.raises(ValueError, match=r"no key|not 32 bytes"):
        vault.key_ring(written)


@pytest.mark.parametrize(
    "between", ["\n", ",", " , ", "\r\n\n", "\n# the old one, of 2025\n  # and\n"]
)
def test_keys_are_written_one_a_line_or_between_commas(between):
    one, two = vault.new_key(), vault.new_key()
    assert vault.keys_in(f"# current, first\n{one}{between}{two}\n") == [one, two]
    assert vault.keys_in("# nothing else\n \n,") == []
