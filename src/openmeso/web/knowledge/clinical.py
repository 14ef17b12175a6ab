"""Techniques, indications, scales and protocols."""

from collections.abc import Mapping
from typing import TypeVar

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmeso.services import protocol as protocol_service
from openmeso.services.clinic import membership_of
from openmeso.services.knowledge import knowledge
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.protocol import Protocol
from openmeso.terms.technique import Technique
from openmeso.web.knowledge import drawing
from openmeso.web.requests import Request

Term = TypeVar("Term")
INDICATION_GROUPS = ("hair", "skin", "body", "pain")


def one_of(known: Mapping[str, Term], pk: str) -> Term:
    if pk not in known:
        raise Http404("not in the knowledge")
    return known[pk]


def those(known: Mapping[str, Term], ids: tuple[str, ...]) -> list[Term]:
    return [known[each] for each in ids if each in known]


@login_required
@require_safe
def techniques(request: HttpRequest) -> HttpResponse:
    return render(
        request, "knowledge/techniques.html", {"techniques": knowledge().techniques.values()}
    )


@login_required
@require_safe
def technique(request: HttpRequest, pk: str) -> HttpResponse:
    known = knowledge()
    shown = one_of(known.techniques, pk)
    context = {
        "technique": shown,
        "diagram": drawing.depth_diagram(shown, known.layers),
        "protocols": [each for each in known.protocols.values() if each.technique == pk],
    }
    return render(request, "knowledge/technique.html", context)


@login_required
@require_safe
def indications(request: HttpRequest) -> HttpResponse:
    every = list(knowledge().indications.values())
    groups = [
        (group, [each for each in every if each.group == group]) for group in INDICATION_GROUPS
    ]
    return render(request, "knowledge/indications.html", {"groups": groups, "count": len(every)})


@login_required
@require_safe
def indication(request: HttpRequest, pk: str) -> HttpResponse:
    known = knowledge()
    shown = one_of(known.indications, pk)
    context = {
        "indication": shown,
        "scales": those(known.scales, shown.scales),
        "ingredients": those(known.ingredients, shown.ingredients),
        "protocols": [each for each in known.protocols.values() if pk in each.indications],
    }
    return render(request, "knowledge/indication.html", context)


@login_required
@require_safe
def scales(request: HttpRequest) -> HttpResponse:
    return render(request, "knowledge/scales.html", {"scales": knowledge().scales.values()})


@login_required
@require_safe
def scale(request: HttpRequest, pk: str) -> HttpResponse:
    known = knowledge()
    shown = one_of(known.scales, pk)
    context = {
        "scale": shown,
        "indications": [each for each in known.indications.values() if pk in each.scales],
        "presets": known.presets,
    }
    return render(request, "knowledge/scale.html", context)


@login_required
@require_safe
def protocols(request: Request) -> HttpResponse:
    known = knowledge()
    place = membership_of(request.user)
    own = protocol_service.terms_of(place.clinic) if place else ()
    context = {
        "groups": [
            (is_own, [_course(each, known) for each in courses])
            for is_own, courses in ((False, known.protocols.values()), (True, own))
        ],
    }
    return render(request, "knowledge/protocols.html", context)


def _course(
    each: Protocol, known: Knowledge
) -> tuple[Protocol, Technique | None, drawing.Timeline]:
    return each, known.techniques.get(each.technique), drawing.timeline(each)


@login_required
@require_safe
def protocol(request: HttpRequest, pk: str) -> HttpResponse:
    known = knowledge()
    shown = one_of(known.protocols, pk)
    context = {
        "protocol": shown,
        "technique": known.techniques.get(shown.technique),
        "timeline": drawing.timeline(shown),
        "components": [(each, known.products.get(each.product)) for each in shown.components],
        "indications": those(known.indications, shown.indications),
    }
    return render(request, "knowledge/protocol.html", context)
