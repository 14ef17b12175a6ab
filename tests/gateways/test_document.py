"""Untrusted documents: a whole PDF, or refused with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways.document import (
    MOST_BYTES,
    DocumentError,
    DocumentFault,
    plain_name,
    read_document,
)
from tests.gateways.example_picture import gradient, saved

SOUND = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"


def test_a_whole_pdf_is_taken():
    assert read_document(SOUND) == "application/pdf"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", DocumentFault.EMPTY),
        (SOUND + bytes(MOST_BYTES), DocumentFault.TOO_MANY_BYTES),
        (saved(gradient(), "JPEG") + SOUND, DocumentFault.PICTURE),
        (b"<html>" + SOUND, DocumentFault.NOT_A_PDF),
        (b"MZ" + SOUND, DocumentFault.NOT_A_PDF),
        (b"%PDF-<script>alert(1)</script>", DocumentFault.NOT_A_PDF),
        (SOUND[:-20], DocumentFault.BROKEN),
        (SOUND + bytes(5000), DocumentFault.BROKEN),
    ],
)
def test_everything_else_is_refused_with_its_reason(content, fault):
    with pytest.raises(DocumentError) as error:
        read_document(content)
    assert error.value.fault is fault


@given(st.binary(max_size=200))
def test_noise_is_refused(noise):
    with pytest.raises(DocumentError):
        read_document(noise)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\scans\\blood test.PDF", "blood test.pdf"),
        ('a"; filename="x.exe', "a filename=x.exe.pdf"),
        ("two\r\nlines.pdf", "twolines.pdf"),
        ("", "document.pdf"),
        (".pdf", "document.pdf"),
        ("ü" * 300, "ü" * 120 + ".pdf"),
    ],
)
def test_names_are_made_plain(given_name, kept):
    assert plain_name(given_name) == kept


@given(st.text(max_size=300))
def test_any_name_can_stand_in_a_header(name):
    kept = plain_name(name)
    assert kept.endswith(".pdf")
    assert kept.isprintable()
    assert not set(kept) & set('/\\"\r\n')
