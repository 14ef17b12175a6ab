"""Uploads: what was sent, and in words why it is not kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from openmeso.gateways.document import DocumentError, DocumentFault
from openmeso.gateways.picture import PictureError
from openmeso.gateways.picture_words import fault_words
from openmeso.web.requests import Request

if TYPE_CHECKING:
    from django.utils.functional import Promise

NOTHING_SENT = _("Choose a file, or take a photo.")
NOT_TAKEN = _("The file is larger than the server takes. Send a smaller one.")

DOCUMENT: Mapping[DocumentFault, "str | Promise"] = {
    DocumentFault.EMPTY: _("The file is empty."),
    DocumentFault.TOO_MANY_BYTES: _("The file is larger than %(detail)s. Send a smaller one."),
    DocumentFault.PICTURE: _("This is a picture: add it to the photos."),
    DocumentFault.NOT_A_PDF: _("This is no PDF%(detail)s. Print it to a PDF and send that."),
    DocumentFault.BROKEN: _("The PDF is broken or cut short. Send it again."),
}


def sent(request: Request, *names: str) -> "UploadedFile[Any] | None":
    """The first file sent under one of the names."""
    files = (request.FILES.get(name) for name in names)
    return next((file for file in files if isinstance(file, UploadedFile)), None)


def why_nothing(request: Request) -> "str | Promise":
    """Nothing was chosen, or what was sent was too large to be taken at all."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return (
        NOT_TAKEN
        if length.isdigit() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        else NOTHING_SENT
    )


def in_words(error: PictureError | DocumentError) -> str:
    """Why it is not kept, and what to send instead."""
    if isinstance(error, PictureError):
        return fault_words(error)
    is_named = error.fault is DocumentFault.NOT_A_PDF and bool(error.detail)
    return str(DOCUMENT[error.fault]) % {
        "detail": f" ({error.detail})" if is_named else error.detail
    }
