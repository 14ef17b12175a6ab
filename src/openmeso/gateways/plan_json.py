"""Plan as JSON: requests read with every fault named, plans written and read back exactly."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from openmeso.gateways.conversion import (
    ConversionError,
    Path,
    converter,
    nearest,
    path_text,
    structure,
)
from openmeso.gateways.plan_ids import id_problems
from openmeso.gateways.plan_problem import PlanInputProblem, PlanInputProblems, as_json, problem_of
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

SCHEMA_FILE = FilePath(__file__).parents[1] / "knowledge" / "plan_request.schema.json"


@cache
def request_schema() -> dict[str, Any]:
    """The JSON Schema of a plan request."""
    return dict(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def request_data(text: str | bytes) -> object:
    """The plain data in a request's text; raises :class:`PlanInputProblems` where it is no JSON.

    A name that stands twice is refused: JSON readers keep one of the two in silence.
    """
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        message = f"is not JSON ({place}: {error.msg})"
    except (ValueError, RecursionError) as error:
        message = f"is not JSON that can be read: {error}"
    raise PlanInputProblems([PlanInputProblem("", message, expected="a plan request as JSON")])


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
    problems = [*_schema_problems(data), *id_problems(data, knowledge)]
    if not problems:
        try:
            return structure(data, PlanRequest)
        except ConversionError as error:
            problems = [
                _problem(fault.path, fault.reason, expected="", given=_at(data, fault.path))
                for fault in error.faults
            ]
    raise PlanInputProblems(problems)


def request_to_json(request: PlanRequest) -> dict[str, Any]:
    """The request as plain data that :func:`parse_request` reads back to an equal one."""
    return dict(converter().unstructure(request, PlanRequest))


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain data that :func:`plan_from_json` reads back to an equal one."""
    return dict(converter().unstructure(plan, Plan))


def plan_from_json(data: object) -> Plan:
    """The plan that :func:`plan_to_json` wrote; raises ConversionError where it is none."""
    return structure(data, Plan)


def _schema_problems(data: object) -> Iterator[PlanInputProblem]:
    for error in _validator().iter_errors(data):
        yield from _of_error(error)


@cache
def _validator() -> Draft202012Validator:
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(request_schema(), format_checker=checker)


def _of_error(error: ValidationError) -> Iterator[PlanInputProblem]:
    path: Path = tuple(error.absolute_path)
    wanted: Any = error.validator_value
    given: Any = error.instance
    if error.validator == "required":
        # one error comes for each missing field, and names it only in its message
        name = next(n for n in wanted if error.message.startswith(f"{n!r} "))
        yield _problem((*path, name), "is missing")
    elif error.validator == "additionalProperties":
        known = tuple(property_schema(path)["properties"])
        for name in sorted(set(given) - set(known)):
            yield PlanInputProblem(
                path=path_text((*path, name)),
                message="is unknown",
                expected=f"one of {', '.join(known)}",
                given=as_json(given[name]),
                suggestions=nearest(name, known),
            )
    elif error.validator == "anyOf":
        # the alternatives are a term or null: what the term wants is the fault
        for inner in error.context or ():
            if inner.validator_value != "null":
                yield from _of_error(inner)
    else:
        yield _problem(path, _what(error), given=given)


_NOTHING = object()


def _problem(
    path: Path, message: str, *, expected: str | None = None, given: object = _NOTHING
) -> PlanInputProblem:
    schema = property_schema(path)
    examples = schema.get("examples", ())
    wanted = expected_text(schema) if expected is None else expected
    near = nearest(given, schema["enum"]) if "enum" in schema and isinstance(given, str) else ()
    return PlanInputProblem(
        path=path_text(path),
        message=message,
        expected=wanted,
        given="nothing" if given is _NOTHING else as_json(given),
        example=json.dumps(examples[0], ensure_ascii=False) if examples else "",
        suggestions=near,
    )


def _what(error: ValidationError) -> str:
    words = {
        "type": "is of the wrong kind",
        "enum": "is no known word",
        "format": "is no date",
        "minItems": "has too few items",
        "maxItems": "has too many items",
        "uniqueItems": "has the same item twice",
        "minLength": "is empty",
        "pattern": "is not written as it should be",
    }
    return words.get(str(error.validator), "is out of range")


def property_schema(path: Path) -> dict[str, Any]:
    """The part of the schema that describes ``path``, its references followed."""
    schema = _resolved(request_schema())
    for step in path:
        if isinstance(step, str):
            inner = schema.get("properties", {}).get(step, {})
        elif "prefixItems" in schema:
            inner = dict(enumerate(schema["prefixItems"])).get(step, {})
        else:
            inner = schema.get("items", {})
        schema = _resolved(inner)
    return schema


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with what its reference says; its own description and examples win."""
    for part in (schema, *schema.get("anyOf", ())):
        if "$ref" in part:
            name = part["$ref"].removeprefix("#/$defs/")
            return {**request_schema()["$defs"][name], **schema}
    return schema


_KINDS = {
    "number": "a number",
    "integer": "a whole number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def expected_text(schema: dict[str, Any]) -> str:
    """What a part of the schema wants, in words.

    >>> expected_text({"type": ["number", "null"], "minimum": 3})
    'a number or null, at least 3'
    """
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    text = " or ".join(_KINDS[kind] for kind in kinds)
    if "enum" in schema:
        text = f"one of {', '.join(schema['enum'])}"
    if schema.get("format") == "date":
        text = text.replace("text", "a date as YYYY-MM-DD")
    if "properties" in schema:
        text += f" with {', '.join(schema.get('required', ())) or 'named fields'}"
    limits = (phrase.format(schema[key]) for key, phrase in _LIMITS.items() if key in schema)
    return ", ".join([text, *limits])


_LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minLength": "not empty",
    "pattern": "matching {}",
    "uniqueItems": "each only once",
}


def _at(data: Any, path: Path) -> object:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return _NOTHING
    return data
