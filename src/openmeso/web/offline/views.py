"""What a lost connection leaves: the browser's worker, and the page that says what is kept."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from openmeso.gateways import static_file
from openmeso.web.context import theme_of


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The worker's text; it stands at the root, for a worker serves what lies below it.

    Its first lines change with every static file, so that the browser takes it anew.
    """
    told = {
        "VERSION": static_file.version(),
        "STATIC": settings.STATIC_URL,
        "OFFLINE": reverse("offline_page"),
        "SIGN_OUT": reverse("account_logout"),
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in told.items()]
    text = "\n".join([*lines, static_file.text("offline/worker.js")])
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A page about nobody: rendered without the request, it cannot hold who asks."""
    context = {"theme": theme_of(request), "sign_out": reverse("account_logout")}
    response = HttpResponse(render_to_string("offline/page.html", context))
    response["Cache-Control"] = "no-cache"
    return response
