"""The request as pages get it: somebody signed in, with htmx's details."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from openmeso.records.models.user import User


class Request(HttpRequest):
    """What ``login_required`` and the htmx middleware have made of the request."""

    user: "User"
    htmx: HtmxDetails


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, which may be nothing at all; None where nobody posted."""
    return request.POST if request.method == "POST" else None
