"""Plan schema: the published JSON Schema of a plan request, and what is wrong against it."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from openmeso.gateways.conversion import Path, nearest, path_text
from openmeso.gateways.plan_problem import PlanInputProblem, as_json

SCHEMA_FILE = FilePath(__file__).parents[1] / "knowledge" / "plan_request.schema.json"


@cache
def request_schema() -> dict[str, Any]:
    """The JSON Schema of a plan request."""
    return dict(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def schema_problems(data: object) -> Iterator[PlanInputProblem]:
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
        yield problem_at((*path, name), "is missing")
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
        yield problem_at(path, _what(error), given=given)


NOTHING = object()


def problem_at(
    path: Path, message: str, *, expected: str | None = None, given: object = NOTHING
) -> PlanInputProblem:
    schema = property_schema(path)
    examples = schema.get("examples", ())
    wanted = expected_text(schema) if expected is None else expected
    near = nearest(given, schema["enum"]) if "enum" in schema and isinstance(given, str) else ()
    return PlanInputProblem(
        path=path_text(path),
        message=message,
        expected=wanted,
        given="nothing" if given is NOTHING else as_json(given),
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
