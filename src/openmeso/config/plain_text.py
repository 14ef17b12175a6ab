"""No text that is sent holds a NUL: no keyboard types it, and PostgreSQL would not keep it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase, UnreadablePostError

NUL = "\0"
SAID = "A NUL character was sent, which no text may hold. Take it out and send again."


class PlainTextMiddleware:
    """Refuse such a request with 400, whatever it asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _holds_nul(request):
            return HttpResponseBadRequest(SAID, content_type="text/plain")
        return self.get_response(request)


def _holds_nul(request: HttpRequest) -> bool:
    try:
        fields = (*request.GET.lists(), *request.POST.lists())
    except UnreadablePostError:  # the sender has gone; the view is told the same
        return False
    return NUL in request.path or any(NUL in text for one in fields for text in (one[0], *one[1]))
