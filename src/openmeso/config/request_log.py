"""One line a request: which room, how it ended, how long it took; never an address or its query."""

import logging
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponseBase

log = logging.getLogger("openmeso.request")


class RequestLogMiddleware:
    """Addresses hold ids, and private links hold keys, so the route's name stands for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        user = getattr(request, "user", None)
        said = {
            "route": match.view_name if match else "unknown",
            "method": request.method,
            "status": response.status_code,
            "ms": round((perf_counter() - began) * 1000, 1),
            "user": str(user.pk) if user is not None and user.is_authenticated else "",
        }
        log.info("%(method)s %(route)s %(status)s in %(ms)s ms", said, extra=said)
        return response
