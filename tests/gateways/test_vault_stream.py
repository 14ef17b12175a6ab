"""The stream gives back what went in, in any portions, and ends in an error when it was touched."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways.vault import CHUNK_BYTES, VaultError, key_ring, new_key
from openmeso.gateways.vault_stream import SealedReader, SealedWriter

KEYS = key_ring([new_key()])


def sealed(*pieces: bytes) -> bytes:
    target = BytesIO()
    with SealedWriter(target, KEYS) as writer:
        for piece in pieces:
            writer.write(piece)
    return target.getvalue()


@given(
    st.lists(st.integers(0, 3 * CHUNK_BYTES).map(lambda n: b"x" * n), max_size=4),
    st.integers(1, 2 * CHUNK_BYTES),
)
def test_what_goes_in_comes_out(pieces, portion):
    reader = SealedReader(BytesIO(sealed(*pieces)), KEYS)
    got = b"".join(iter(lambda: reader.read(portion), b""))
    assert got == b"".join(pieces)


@given(st.data())
def test_any_byte_changed_or_cut_shows(data):
    whole = sealed(b"a" * (2 * CHUNK_BYTES + 5))
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    touched = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    with pytest.raises(VaultError):
        SealedReader(BytesIO(touched), KEYS).read()


def test_a_writer_that_broke_off_leaves_no_whole_stream():
    target = BytesIO()

    def break_off() -> None:
        with SealedWriter(target, KEYS) as writer:
            writer.write(b"a" * (3 * CHUNK_BYTES))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    with pytest.raises(VaultError):
        SealedReader(BytesIO(target.getvalue()), KEYS).read()
