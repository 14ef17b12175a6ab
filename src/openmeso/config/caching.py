"""Pages about people stay out of shared and disk caches, and go with whoever signs out."""

import hashlib
import hmac
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

READER = "OpenMeso-Reader"


class NoStoreMiddleware:
    """Mark every page of somebody signed in as not to be stored, and whose sign-in it was given to.

    The browser's worker lets go of what it keeps as soon as a page says another reader, or none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before = request.user.pk
        response = self.get_response(request)
        if request.user.is_authenticated:
            response[READER] = _reader(request.session.session_key or "")
            if not response.has_header("Cache-Control"):
                response["Cache-Control"] = "no-store, private"
        elif before is not None:
            response["Clear-Site-Data"] = '"storage"'
        return response


def _reader(session_key: str) -> str:
    """Names a sign-in without telling anything of it."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"reader:{session_key}".encode(), hashlib.sha256).hexdigest()[:32]
