"""The schema of a plan request: described throughout, and in step with the terms."""

from dataclasses import MISSING, fields, is_dataclass
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from openmeso.gateways.plan_schema import request_schema
from openmeso.terms.plan import PlanRequest


def objects() -> list[tuple[str, dict[str, Any]]]:
    schema = request_schema()
    defs = {name: one for name, one in schema["$defs"].items() if "properties" in one}
    return [("plan_request", schema), *defs.items()]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(request_schema())


@pytest.mark.parametrize(("name", "schema"), objects(), ids=lambda value: str(value)[:20])
def test_every_property_is_described_with_examples_that_fit(
    name: str, schema: dict[str, Any]
) -> None:
    assert schema["additionalProperties"] is False
    for prop, described in schema["properties"].items():
        assert described["description"].strip(), f"{name}.{prop}"
        assert described["examples"], f"{name}.{prop}"
        validator = Draft202012Validator({**described, "$defs": request_schema()["$defs"]})
        for example in described["examples"]:
            assert not list(validator.iter_errors(example)), f"{name}.{prop}"


def terms_of_the_request() -> dict[str, type]:
    """Every dataclass that a plan request is made of, under the name of its definition."""
    found: dict[str, type] = {}
    waiting: list[Any] = [PlanRequest]
    while waiting:
        kind = waiting.pop()
        waiting += [inner for inner in get_args(kind) if inner is not NoneType]
        if is_dataclass(kind) and kind.__name__ not in found:
            found[kind.__name__] = kind  # type: ignore[assignment]
            waiting += get_type_hints(kind).values()
    return found


DEFINITIONS = {
    "PlanRequest": "plan_request",
    "Assessment": "assessment",
    "ScaleScore": "score",
    "ChecklistAnswer": "checklist_answer",
    "PlanChoice": "choice",
    "Zone": "zone",
    "Exclusion": "exclusion",
    "Formula": "formula",
    "Component": "component",
    "GridSpec": "grid",
    "Phase": "phase",
    "Override": "override",
    "PlanSetting": "setting",
    "ClosingDays": "closing_days",
    "Product": "product",
    "Quantity": "quantity",
    "Strength": "strength",
    "Protocol": "protocol",
    "Practitioner": "practitioner",
    "Training": "training",
    "RecordedLength": "recorded",
}


@pytest.mark.parametrize(("name", "kind"), terms_of_the_request().items(), ids=str)
def test_the_schema_has_the_fields_of_the_term(name: str, kind: type) -> None:
    schema = dict(objects())[DEFINITIONS[name]]

    assert set(schema["properties"]) == {field.name for field in fields(kind)}
    assert set(schema.get("required", ())) == {
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    }
