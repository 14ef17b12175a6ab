"""Plan as JSON: requests read with every fault named, plans written and read back exactly."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from openmeso.gateways.conversion import (
    ConversionError,
    Path,
    converter,
    structure,
)
from openmeso.gateways.plan_ids import id_problems
from openmeso.gateways.plan_problem import PlanInputProblem, PlanInputProblems, problem_of
from openmeso.gateways.plan_schema import NOTHING, problem_at, request_schema, schema_problems
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan, PlanRequest

__all__ = [
    "PlanInputProblem",
    "PlanInputProblems",
    "parse_request",
    "plan_from_json",
    "plan_to_json",
    "problem_of",
    "request_data",
    "request_schema",
    "request_to_json",
]

# a list of a million wrong points must not keep the server busy describing each
MOST_PROBLEMS = 500


def request_data(text: str | bytes) -> object:
    """The plain data in a request's text; raises :class:`PlanInputProblems` where it is no JSON.

    A name that stands twice is refused: JSON readers keep one of the two in silence.
    """
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        _all_text_can_be_kept(data)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        message = f"is not JSON ({place}: {error.msg})"
    except (ValueError, RecursionError) as error:
        message = f"is not JSON that can be read: {error}"
    else:
        return data
    raise PlanInputProblems([PlanInputProblem("", message, expected="a plan request as JSON")])


def _all_text_can_be_kept(data: object) -> None:
    """JSON may spell a NUL or half a character, which no database keeps; ValueError for those."""
    if isinstance(data, dict):
        for name, value in data.items():
            _all_text_can_be_kept(name)
            _all_text_can_be_kept(value)
    elif isinstance(data, list):
        for value in data:
            _all_text_can_be_kept(value)
    elif isinstance(data, str) and any(one == "\0" or "\ud800" <= one <= "\udfff" for one in data):
        raise ValueError("a text holds a NUL or half a character")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice in one object")
    return data


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


def parse_request(data: object, knowledge: Knowledge) -> PlanRequest:
    """The request that ``data`` describes.

    Raises :class:`PlanInputProblems` with everything that is wrong: against the schema, against
    the terms, and every id that the knowledge does not have.
    """
    try:
        problems = list(islice(_problems(data, knowledge), MOST_PROBLEMS))
    except RecursionError:
        problems = [PlanInputProblem("", "is nested too deeply", expected="a plan request")]
    if problems:
        raise PlanInputProblems(problems)
    try:
        return structure(data, PlanRequest)
    except ConversionError as error:
        raise PlanInputProblems(
            problem_at(fault.path, fault.reason, expected="", given=_at(data, fault.path))
            for fault in error.faults
        ) from error


def _problems(data: object, knowledge: Knowledge) -> Iterator[PlanInputProblem]:
    yield from schema_problems(data)
    yield from id_problems(data, knowledge)


def request_to_json(request: PlanRequest) -> dict[str, Any]:
    """The request as plain data that :func:`parse_request` reads back to an equal one."""
    return dict(converter().unstructure(request, PlanRequest))


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain data that :func:`plan_from_json` reads back to an equal one."""
    return dict(converter().unstructure(plan, Plan))


def plan_from_json(data: object) -> Plan:
    """The plan that :func:`plan_to_json` wrote; raises ConversionError where it is none.

    The ``reach`` that stands beside a plan that was asked for follows from it and is passed over.
    """
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if name != "reach"}
    return structure(data, Plan)


def _at(data: Any, path: Path) -> object:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return NOTHING
    return data
