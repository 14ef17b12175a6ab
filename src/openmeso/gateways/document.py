"""Document: untrusted bytes taken as a PDF, by what they hold and never by their name."""

import re
from enum import StrEnum

from openmeso.gateways.picture_kind import foreign_kind, kind_of

MOST_BYTES = 20 * 1024 * 1024
PDF = "application/pdf"
LONGEST_NAME = 120
_HEAD = re.compile(rb"%PDF-[12]\.\d[\r\n\t \x00]")
_TAIL_BYTES = 2048


class DocumentFault(StrEnum):
    """What is wrong with an upload."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    PICTURE = "picture"
    NOT_A_PDF = "not_a_pdf"
    BROKEN = "broken"


class DocumentError(ValueError):
    """The bytes are no document that can be kept; ``fault`` says why, ``detail`` with what."""

    def __init__(self, fault: DocumentFault, detail: str = "") -> None:
        super().__init__(f"{fault.value} {detail}".strip())
        self.fault = fault
        self.detail = detail


def read_document(content: bytes) -> str:
    """The media type of the bytes; DocumentError for everything but a whole PDF.

    What a PDF does when opened is not judged: it is only ever handed out as a download.
    """
    if not content:
        raise DocumentError(DocumentFault.EMPTY)
    if len(content) > MOST_BYTES:
        raise DocumentError(DocumentFault.TOO_MANY_BYTES, f"{MOST_BYTES // 2**20} MB")
    if kind_of(content) is not None:
        raise DocumentError(DocumentFault.PICTURE)
    if not _HEAD.match(content):
        raise DocumentError(DocumentFault.NOT_A_PDF, foreign_kind(content))
    if b"%%EOF" not in content[-_TAIL_BYTES:] or b"startxref" not in content[-_TAIL_BYTES:]:
        raise DocumentError(DocumentFault.BROKEN)
    return PDF


def plain_name(name: str) -> str:
    """A file's name without folders, controls or anything a header could trip over."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '"<>|:*?;')
    stem = re.sub(r"\.pdf$", "", kept.strip(), flags=re.IGNORECASE).strip(" .")[:LONGEST_NAME]
    return f"{stem.strip(' .') or 'document'}.pdf"
