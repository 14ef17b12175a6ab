"""Answer: JSON for every outcome, refusals included."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from openmeso.gateways.conversion import converter
from openmeso.gateways.plan_json import PlanInputProblems, problem_of
from openmeso.services.plan import NoAssessment, PlanNotApprovable
from openmeso.terms.plan import PlanInputError

View = Callable[..., HttpResponse]


def answers(*methods: str) -> Callable[[View], View]:
    """A view of the API: the methods it takes, and every refusal as JSON.

    401 not signed in, 403 not allowed, 404 not there or not yours, 405 wrong method, 409 it
    stands in the way of itself (with the findings), 422 the input is wrong (with every fault).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _refusal(401, "Sign in first.")
            if request.method not in methods:
                refused = _refusal(405, f"Only {' and '.join(methods)} is taken here.")
                refused["Allow"] = ", ".join(methods)
                return refused
            return _guarded(view, request, named)

        return answered

    return decorate


def _guarded(view: View, request: HttpRequest, named: dict[str, Any]) -> HttpResponse:
    try:
        return view(request, **named)
    except PlanInputProblems as error:
        return _problems(error)
    except PlanInputError as error:
        return _problems(PlanInputProblems([problem_of(error)]))
    except ValidationError as error:
        return _refusal(422, " ".join(error.messages))
    except PlanNotApprovable as error:
        findings = converter().unstructure(error.findings)
        return _refusal(409, str(error), reason=error.reason, findings=findings)
    except NoAssessment as error:
        return _refusal(409, str(error), reason="no_assessment")
    except Http404 as error:
        return _refusal(404, str(error))
    except PermissionDenied as error:
        return _refusal(403, str(error))


def _problems(error: PlanInputProblems) -> HttpResponse:
    problems = [converter().unstructure(problem) for problem in error.problems]
    return _refusal(422, "The request is refused.", problems=problems)


def _refusal(status: int, error: str, **more: object) -> HttpResponse:
    return JsonResponse({"error": error, **more}, status=status)
