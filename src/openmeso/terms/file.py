"""File: what is kept encrypted, outside the database."""

from enum import StrEnum


class FileKind(StrEnum):
    """What a kept file is."""

    PHOTO = "photo"
    PHOTO_SCREEN = "photo_screen"  # the same picture, for a screen
    PHOTO_THUMB = "photo_thumb"  # the same picture, for a list
    TRICHOSCOPY = "trichoscopy"
    CONSENT = "consent"
    DOCUMENT = "document"
    REPORT = "report"
