"""Plan requests and plans as JSON: every fault named, nothing lost on the way."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import is_dataclass
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import Phase as Phases
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.gateways.conversion import ConversionError, structure
from openmeso.gateways.knowledge import load_knowledge
from openmeso.gateways.plan_json import (
    MOST_PROBLEMS,
    PlanInputProblem,
    PlanInputProblems,
    parse_request,
    plan_from_json,
    plan_to_json,
    request_data,
    request_to_json,
)
from openmeso.science.planning.plan import compute_plan
from openmeso.terms.plan import PlanRequest
from openmeso.terms.protocol import Phase
from openmeso.terms.provenance import Quantity
from openmeso.terms.zone import Zone
from tests.gateways.example_plan import example_plan

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.json"))
KNOWLEDGE = load_knowledge()
SMALLEST = {
    "assessment": {
        "assessed_on": "2026-11-16",
        "indication": "androgenetic_alopecia_male",
        "sex": "male",
    },
    "choice": {"start_on": "2026-12-01"},
}


def changed(**parts: Mapping[str, object]) -> dict[str, object]:
    merged = {name: {**SMALLEST.get(name, {}), **more} for name, more in parts.items()}
    return {**SMALLEST, **merged}


def problems(data: object) -> tuple[PlanInputProblem, ...]:
    with pytest.raises(PlanInputProblems) as refused:
        parse_request(data, KNOWLEDGE)
    return refused.value.problems


def only(data: object) -> PlanInputProblem:
    (problem,) = problems(data)
    return problem


def test_the_smallest_request_is_read() -> None:
    request = parse_request(SMALLEST, KNOWLEDGE)

    assert request.assessment.assessed_on == date(2026, 11, 16)
    assert request.choice.phases == ()
    assert request.setting.country == ""


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_comes_back_as_it_went(file: Path) -> None:
    request = parse_request(request_data(file.read_text()), KNOWLEDGE)

    written = json.dumps(request_to_json(request))

    assert parse_request(request_data(written), KNOWLEDGE) == request


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_plan_comes_back_as_it_went(file: Path) -> None:
    plan = compute_plan(parse_request(request_data(file.read_text()), KNOWLEDGE), KNOWLEDGE)

    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan


def test_a_plan_worked_out_by_hand_comes_back() -> None:
    assert plan_from_json(json.loads(json.dumps(plan_to_json(example_plan())))) == example_plan()


def test_what_is_no_plan_is_refused() -> None:
    with pytest.raises(ConversionError, match="grid: is missing"):
        plan_from_json({"request": {}})


PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    float: st.floats(allow_nan=False, allow_infinity=False),
}


def any_term(kind: Any) -> st.SearchStrategy[Any]:
    """Anything of a type that JSON can hold: numbers are finite, and no text holds a NUL."""
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) is tuple and Ellipsis in get_args(kind):
        return st.lists(any_term(get_args(kind)[0]), max_size=2).map(tuple)
    if get_origin(kind) is tuple:
        return st.tuples(*map(any_term, get_args(kind)))
    if get_origin(kind) in (Union, UnionType):
        return st.one_of(*map(any_term, get_args(kind)))
    if kind is Quantity:
        return st.builds(Quantity, any_term(str), any_term(float), assumption=st.just("a"))
    if kind is Phase:
        return st.builds(Phase, st.integers(1, 99), st.integers(1, 99))
    if is_dataclass(kind):
        parts = {name: any_term(part) for name, part in get_type_hints(kind).items()}
        return st.builds(kind, **parts)
    return st.from_type(kind)


@settings(max_examples=40, phases=(Phases.generate, Phases.explicit, Phases.reuse))
@given(any_term(PlanRequest))
def test_any_request_comes_back_as_it_went(request: PlanRequest) -> None:
    written = json.loads(json.dumps(request_to_json(request)))

    assert structure(written, PlanRequest) == request


@pytest.mark.parametrize(
    ("data", "path", "message", "expected", "given", "suggestions"),
    [
        (changed(assessment={"sex": "mail"}), "assessment.sex", "is no known word",
         "one of female, male", '"mail"', ("male", "female")),
        (changed(assessment={"weight_kg": "70"}), "assessment.weight_kg", "is of the wrong kind",
         "a number or null, more than 1, at most 400", '"70"', ()),
        (changed(assessment={"weight_kg": True}), "assessment.weight_kg", "is of the wrong kind",
         "a number or null, more than 1, at most 400", "true", ()),
        (changed(assessment={"head_circumference_mm": 57}), "assessment.head_circumference_mm",
         "is out of range", "a number or null, at least 300, at most 800", "57", ()),
        (changed(assessment={"birth_date": "12.4.1988"}), "assessment.birth_date", "is no date",
         "a date as YYYY-MM-DD or null", '"12.4.1988"', ()),
        (changed(assessment={"weight": 70}), "assessment.weight", "is unknown", None, "70",
         ("weight_kg",)),
        (changed(choice={"start_on": "2026-02-30"}), "choice.start_on", "is no date",
         "a date as YYYY-MM-DD", '"2026-02-30"', ()),
        (changed(choice={"phases": [{"sessions": 0, "interval_days": 7}]}),
         "choice.phases[0].sessions", "is out of range",
         "a whole number, at least 1, at most 200", "0", ()),
        (changed(choice={"phases": [{"sessions": 2, "interval_days": 7, "min_interval_days": 9}]}),
         "choice.phases[0]", "the least interval lies between 1 day and the interval", "", None, ()),
        (changed(choice={"formula": {"name": "x", "components": []}}),
         "choice.formula.components", "has too few items", "a list, at least 1 items", "[]", ()),
        (changed(choice={"overrides": [{"finding": "x", "reason": "  "}]}),
         "choice.overrides[0].reason", "is not written as it should be", "text, matching \\S",
         '"  "', ()),
        (changed(choice={"zones": [{"name": "a", "view": "scalp_top",
                                    "polygon": [[0, 0], [1, 0, 2], [1, 1]]}]}),
         "choice.zones[0].polygon[1]", "has too many items", None, "[1, 0, 2]", ()),
        (changed(setting={"country": "Turkey"}), "setting.country",
         "is not written as it should be", "text, matching ^([A-Z]{2})?$", '"Turkey"', ()),
        (changed(setting={"closing_days": {"weekdays": [1, 2, 3, 4, 5, 6, 7]}}),
         "setting.closing_days.weekdays", "has too many items",
         "a list, at most 6 items, each only once", "[1, 2, 3, 4, 5, 6, 7]", ()),
    ],
)  # fmt: skip
def test_a_fault_is_named(
    data: object,
    path: str,
    message: str,
    expected: str | None,
    given: str | None,
    suggestions: tuple[str, ...],
) -> None:
    problem = only(data)

    assert (problem.path, problem.message) == (path, message)
    assert expected is None or problem.expected == expected
    assert given is None or problem.given == given
    assert problem.suggestions == suggestions


@pytest.mark.parametrize(
    ("data", "path", "noun", "suggestion"),
    [
        (changed(assessment={"indication": "androgenic_alopecia_male"}),
         "assessment.indication", "indication", "androgenetic_alopecia_male"),
        (changed(assessment={"scores": [{"scale": "norwod_hamilton", "value": "II"}]}),
         "assessment.scores[0].scale", "scale", "norwood_hamilton"),
        (changed(assessment={"checklist": [{"contraindication": "pregnency", "answer": "no"}]}),
         "assessment.checklist[0].contraindication", "contraindication", "pregnancy"),
        (changed(assessment={"allergies": ["lidocain"]}),
         "assessment.allergies[0]", "ingredient", "lidocaine"),
        (changed(choice={"protocol": "clasic_weekly_10"}),
         "choice.protocol", "protocol", "classic_weekly_10"),
        (changed(choice={"preset": "norwood_iii_vortex"}),
         "choice.preset", "preset", "norwood_iii_vertex"),
        (changed(choice={"technique": "napage"}), "choice.technique", "technique", "nappage"),
        (changed(choice={"formula": {"name": "x", "components": [
            {"product": "minoxidil_05", "parts": 1}]}}),
         "choice.formula.components[0].product", "product", "minoxidil_0_5"),
        (changed(choice={"zones": [{"name": "a", "view": "scalp_topp", "region": "scalpp",
                                    "polygon": [[0, 0], [1, 0], [1, 1]]}]}),
         "choice.zones[0].view", "view", "scalp_top"),
        (changed(setting={"practitioner": {"name": "x", "trainings": [
            {"technique": "nappages", "trained_on": "2024-01-01"}]}}),
         "setting.practitioner.trainings[0].technique", "technique", "nappage"),
    ],
)  # fmt: skip
def test_a_misspelt_id_is_named_with_what_it_may_be(
    data: object, path: str, noun: str, suggestion: str
) -> None:
    problem = next(one for one in problems(data) if one.path == path)

    assert problem.message == f"no {noun} has this id"
    assert suggestion in problem.suggestions


@pytest.mark.parametrize(
    ("scale", "value", "fits"),
    [
        ("norwood_hamilton", "III vertex", True),
        ("norwood_hamilton", "iii vertex", False),
        ("norwood_hamilton", "9", False),
        ("salt", "42.5", True),
        ("salt", "142", False),
        ("salt", "half", False),
        ("salt", "nan", False),
    ],
)
def test_a_score_lies_on_its_scale(scale: str, value: str, fits: bool) -> None:
    data = changed(assessment={"scores": [{"scale": scale, "value": value}]})

    if fits:
        assert parse_request(data, KNOWLEDGE).assessment.scores[0].value == value
    else:
        assert only(data).path == "assessment.scores[0].value"


def test_a_grade_in_small_letters_is_recognised() -> None:
    data = changed(assessment={"scores": [{"scale": "norwood_hamilton", "value": "iii vertex"}]})

    assert only(data).suggestions[0] == "III vertex"


def test_all_faults_are_collected_in_order() -> None:
    data = {
        "assessment": {"indication": "acne", "sex": "m", "checklist": [{"answer": "maybe"}]},
        "choice": {"technique": "napage"},
        "seting": {},
    }

    assert [problem.path for problem in problems(data)] == [
        "assessment.assessed_on",
        "assessment.checklist[0].answer",
        "assessment.checklist[0].contraindication",
        "assessment.indication",
        "assessment.sex",
        "choice.start_on",
        "choice.technique",
        "seting",
    ]


def test_a_fault_shows_an_example_of_what_fits() -> None:
    data = changed(assessment={"checklist": [{"contraindication": "pregnancy", "answer": "non"}]})

    assert str(only(data)) == (
        "assessment.checklist[0].answer: is no known word\n"
        "  expected: one of yes, no, not_asked\n"
        '  given:    "non"\n'
        "  did you mean: no\n"
        '  example:  "no"'
    )


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (changed(assessment={"checklist": [
            {"contraindication": "pregnancy", "answer": "no"},
            {"contraindication": "pregnancy", "answer": "yes"}]}),
         "assessment.checklist[1].contraindication"),
        (changed(choice={"formula": {"name": "x", "components": [
            {"product": "biotin", "parts": 1}, {"product": "biotin", "parts": 1}]}}),
         "choice.formula.components[1].product"),
    ],
)  # fmt: skip
def test_the_same_thing_is_not_said_twice(data: object, path: str) -> None:
    assert only(data).path == path


def test_an_own_product_cannot_pass_itself_off_as_a_known_one() -> None:
    """Else buflomedil could be brought in under a harmless ingredient's strength."""
    own = {
        "id": "buflomedil_10",
        "name": "Harmless",
        "ampoule_ml": 5,
        "strengths": [{"ingredient": "biotin", "per_ml": 5}],
        "assumption": "none",
    }

    problem = only(changed(setting={"products": [own]}))

    assert problem.path == "setting.products[0].id"
    assert problem.message == "is the id of one in the knowledge"


def test_an_own_product_can_be_planned_with() -> None:
    own = {
        "id": "own_biotin",
        "name": "Own biotin",
        "ampoule_ml": 5,
        "strengths": [{"ingredient": "biotin", "per_ml": 5}],
        "assumption": "our label",
    }
    formula = {"name": "own", "components": [{"product": "own_biotin", "parts": 1}]}

    data = changed(setting={"products": [own]}, choice={"formula": formula})

    assert parse_request(data, KNOWLEDGE).setting.products[0].ampoule_ml == 5.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON (line 1, column 2: "),
        ("", "is not JSON (line 1, column 1: "),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"weight_kg": NaN}', "NaN is no number"),
        ("[" * 100_000, "is not JSON that can be read"),
        (b"\xff\xfe{", "is not JSON that can be read"),
    ],
)
def test_text_that_is_no_json_is_refused(text: str | bytes, says: str) -> None:
    with pytest.raises(PlanInputProblems) as refused:
        request_data(text)

    assert says in refused.value.problems[0].message


@pytest.mark.parametrize("data", [None, [], "x", 3, {}, {"assessment": None, "choice": []}])
def test_any_other_data_is_refused_without_breaking(data: object) -> None:
    assert problems(data)


def test_a_flood_of_faults_is_cut_short() -> None:
    zone = {"name": "a", "view": "scalp_top", "polygon": [["x"]] * 100_000}

    assert len(problems(changed(choice={"zones": [zone]}))) <= MOST_PROBLEMS


def test_data_nested_too_deeply_is_refused() -> None:
    zones: list[object] = []
    for _ in range(5000):
        zones = [zones]

    assert only(changed(choice={"zones": zones})).message == "is nested too deeply"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["assessment", "choice", "setting", "zones", "scores", "scale", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(JSON)
def test_no_data_breaks_the_reader(data: object) -> None:
    """Hardly any of it is a request; whatever is none is refused, and nothing else happens."""
    with suppress(PlanInputProblems):
        parse_request(data, KNOWLEDGE)


@pytest.mark.parametrize("broken", ["a\0b", "\ud800"])
def test_text_that_no_database_keeps_is_refused(broken):
    with pytest.raises(ConversionError, match="no text may hold"):
        structure(broken, str)
    with pytest.raises(ConversionError) as refused:
        structure({broken: 1}, Zone)
    str(refused.value).encode()
