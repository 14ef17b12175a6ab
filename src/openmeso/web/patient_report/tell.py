"""The page behind a private link: a patient tells, and learns at once when to seek help.

It needs no sign-in and shows nothing of the record, not even the name.
"""

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openmeso.services import patient_report as reports
from openmeso.services.knowledge import knowledge
from openmeso.services.refusal import NotFound
from openmeso.terms.adverse_event import Urgency
from openmeso.web.patient_report.forms import TellForm
from openmeso.web.refusal import tell
from openmeso.web.requests import posted

# wrong keys from one address before it waits; a right key is always let in
WRONG_KEYS = 20
WAIT_SECONDS = 10 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, key: str) -> HttpResponse:
    try:
        link = reports.open_link(key)
    except NotFound:
        return _private(_no_link(request))
    form = TellForm(posted(request))
    context: dict[str, object] = {
        "clinic": link.patient.clinic.name,
        "initials": link.patient.initials,
        "form": form,
        "emergencies": _of(Urgency.EMERGENCY),
    }
    if request.method == "POST" and form.is_valid():
        try:
            report = reports.receive(by=None, link=link, account=form.to_terms())
        except ValidationError as error:
            tell(form, error)
        except reports.TooMany:
            return _private(render(request, "patient_report/many.html", context, status=429))
        else:
            context["told"] = reports.told(report)
            return _private(render(request, "patient_report/thanks.html", context))
    status = 422 if form.errors else 200
    return _private(render(request, "patient_report/tell.html", context, status=status))


def _of(urgency: Urgency) -> list[object]:
    return [one for one in knowledge().patient_signs.values() if one.urgency is urgency]


def _no_link(request: HttpRequest) -> HttpResponse:
    """The same answer for a link that ended and one that never was; guessers wait."""
    name = f"wrong-report-key:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(name, 0, WAIT_SECONDS)
    status = 429 if cache.incr(name) > WRONG_KEYS else 404
    context = {"emergencies": _of(Urgency.EMERGENCY)}
    return render(request, "patient_report/gone.html", context, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: it is kept by nobody and told to nobody else.

    Not ``no-referrer``: browsers then send the form without its origin, and it is refused.
    """
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
