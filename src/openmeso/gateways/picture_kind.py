"""Picture kind: what bytes are, by their first ones."""

import re
from enum import StrEnum


class PictureKind(StrEnum):
    """A format of pictures; the value is its name in Pillow, in small letters."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    TIFF = "tiff"
    HEIC = "heic"


HEIC_BRANDS = (
    b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis",
)  # fmt: skip
_STARTS = (
    (b"\xff\xd8\xff", PictureKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", PictureKind.PNG),
    (b"II*\x00", PictureKind.TIFF),
    (b"MM\x00*", PictureKind.TIFF),
)
# What people upload by mistake, or others on purpose: named, so that the error helps.
_FOREIGN = (
    (b"%PDF-", "PDF"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"PK\x03\x04", "ZIP, Word or Excel"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
_HEAD_BYTES = 1024


def kind_of(content: bytes) -> PictureKind | None:
    """The format that the bytes begin as; None for anything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return PictureKind.WEBP
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return PictureKind.HEIC
    return next((kind for start, kind in _STARTS if content.startswith(start)), None)


def foreign_kind(content: bytes) -> str:
    """A name for what is no picture of ours, where its beginning tells."""
    for start, name in _FOREIGN:
        if content.startswith(start):
            return name
    if content[4:8] == b"ftyp":
        return "video"
    head = content[:_HEAD_BYTES].lower()
    if re.search(rb"<svg[\s>/]", head):
        return "SVG"
    return "HTML" if re.search(rb"<(!doctype|html|script|body)", head) else ""
