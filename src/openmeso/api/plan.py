"""Plans over HTTP: computed from a request, or drafted and approved for a patient."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.urls import reverse

from openmeso.api.answer import answers
from openmeso.gateways import clock
from openmeso.gateways.plan_json import (
    PlanInputProblem,
    PlanInputProblems,
    parse_request,
    plan_to_json,
    request_data,
    request_schema,
    request_to_json,
)
from openmeso.gateways.reach_json import reach_to_json
from openmeso.services import forecast as forecasts
from openmeso.services import patient as patients
from openmeso.services import permission
from openmeso.services import plan as plans
from openmeso.services.knowledge import knowledge
from openmeso.terms.plan import PlanChoice
from openmeso.terms.reach import Skin

PURPOSE = "api"


@answers("POST")
def compute(request: HttpRequest) -> HttpResponse:
    """The plan of a whole request; nothing is kept. ``?skin=dermis_on_fat`` is for its reach."""
    permission.require(request.user, "plan.draft")
    asked = parse_request(_sent(request), knowledge())
    plan = plans.compute(asked)
    found = forecasts.reach_of(plan, _skin(request))
    return JsonResponse(plan_to_json(plan) | {"reach": reach_to_json(found)})


@answers("GET")
def schema(_: HttpRequest) -> HttpResponse:
    """The JSON Schema of a plan request."""
    return JsonResponse(request_schema())


@answers("GET", "POST")
def of_patient(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The patient's plans; POST drafts one from ``{"choice": {…}, "title": "…"}``."""
    record = patients.get(by=_user(request), pk=patient, purpose=PURPOSE)
    if request.method == "GET":
        listed = [_summary(one) for one in plans.of_patient(record)]
        return JsonResponse({"plans": listed})
    permission.require(request.user, "plan.draft", record)
    body = _draft_body(request)
    choice = _choice(request, record, body["choice"])
    drafted = plans.draft(
        by=_user(request), patient=record, choice=choice, title=body.get("title", "")
    )
    answer = JsonResponse(_whole(drafted), status=201)
    answer["Location"] = reverse("api:plan", args=[drafted.pk])
    return answer


@answers("GET")
def one(request: HttpRequest, plan: UUID) -> HttpResponse:
    """One plan with all that was computed."""
    return JsonResponse(_whole(plans.get(by=_user(request), pk=plan, purpose=PURPOSE)))


@answers("POST")
def approve(request: HttpRequest, plan: UUID) -> HttpResponse:
    """Approve a draft; 409 with the findings where something stands in the way."""
    record = plans.get(by=_user(request), pk=plan, purpose=PURPOSE)
    return JsonResponse(_whole(plans.approve(by=_user(request), plan=record)))


def _skin(request: HttpRequest) -> Skin:
    asked = request.GET.get("skin", Skin.DERMIS.value)
    if asked not in set(Skin):
        wanted = " or ".join(Skin)
        raise PlanInputProblems([PlanInputProblem("skin", f"is {asked!r}", expected=wanted)])
    return Skin(asked)


def _user(request: HttpRequest) -> Any:
    """Whoever is signed in; :func:`answers` lets nobody else through."""
    return request.user


def _sent(request: HttpRequest) -> Any:
    try:
        return request_data(request.body)
    except RawPostDataException:  # its parts were read, as those of a form are
        problem = PlanInputProblem("", "is sent as a form of several parts", expected="JSON")
        raise PlanInputProblems([problem]) from None


def _draft_body(request: HttpRequest) -> Mapping[str, Any]:
    body = _sent(request)
    title = body.get("title", "") if isinstance(body, dict) else None
    if not isinstance(body, dict) or "choice" not in body or not isinstance(title, str):
        wanted = 'an object with "choice" and, if wished, "title"'
        raise PlanInputProblems([PlanInputProblem("", "is no draft", expected=wanted)])
    for name in sorted(body.keys() - {"choice", "title"}):
        raise PlanInputProblems([PlanInputProblem(name, "is unknown", expected="choice, title")])
    return body


def _choice(request: HttpRequest, patient: Any, choice: object) -> PlanChoice:
    """The choice, checked against the patient's assessment and the clinic's own products."""
    empty = PlanChoice(start_on=clock.today())
    known = request_to_json(plans.request_for(by=_user(request), patient=patient, choice=empty))
    return parse_request({**known, "choice": choice}, knowledge()).choice


def _summary(record: Any) -> dict[str, object]:
    return {
        "id": str(record.pk),
        "title": record.title,
        "status": record.status,
        "version": record.version,
        "start_on": record.start_on.isoformat(),
        "knowledge_version": record.knowledge_version,
        "approved_at": record.approved_at.isoformat() if record.approved_at else None,
    }


def _whole(record: Any) -> dict[str, object]:
    computed = plans.to_terms(record)
    return {
        **_summary(record),
        "can_be_approved": computed.can_be_approved,
        "plan": plan_to_json(computed),
    }
