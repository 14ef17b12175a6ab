"""While one request is answered, whose clinic somebody works in is looked up once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from openmeso.services.member import asking_once


class AskOnceMiddleware:
    """Wrap each request; the next one asks afresh, so that an ended place ends at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with asking_once():
            return self.get_response(request)
