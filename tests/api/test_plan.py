"""Plans over HTTP: the numbers of the command line, and the same questions of every address."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openmeso.api.urls import urlpatterns
from openmeso.gateways.knowledge import load_knowledge
from openmeso.gateways.plan_json import parse_request, plan_from_json, request_schema
from openmeso.science.planning.plan import compute_plan
from openmeso.services import assessment as assessments
from openmeso.services import plan as plans
from openmeso.terms.plan import PlanRequest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
MAN = json.loads((EXAMPLES / "man-norwood-iii-vertex.json").read_text())
BLOCKED = ("buflomedil", "dutasteride-in-pregnancy", "lidocaine-5-mg-per-kg", "topical-ampoule")

Api = Callable[..., Any]


@pytest.fixture
def api(client: Client) -> Api:
    def call(user: object, address: str, body: object = None, method: str = "") -> Any:
        if user is not None:
            client.force_login(user)
        method = method or ("GET" if body is None else "POST")
        text = body if isinstance(body, str) else json.dumps(body if body is not None else {})
        return client.generic(method, f"/api/{address}", text, content_type="application/json")

    return call


def request_of(data: dict[str, Any]) -> PlanRequest:
    return parse_request(data, load_knowledge())


@pytest.fixture
def assessed(patient, practitioner):
    """The man of the example, as a patient with an assessment."""
    assessments.save(by=practitioner, patient=patient, assessment=request_of(MAN).assessment)
    return patient


@pytest.fixture
def drafted(api: Api, assessed, practitioner):
    def draft(choice: dict[str, Any]) -> dict[str, Any]:
        answer = api(practitioner, f"patients/{assessed.pk}/plans", {"choice": choice})
        assert answer.status_code == 201, answer.content
        return dict(answer.json())

    return draft


def test_a_request_gives_the_numbers_of_the_command_line(api: Api, practitioner) -> None:
    answer = api(practitioner, "plan", MAN)

    assert answer.status_code == 200
    assert plan_from_json(answer.json()) == compute_plan(request_of(MAN), load_knowledge())


@pytest.mark.parametrize("name", BLOCKED)
def test_a_forbidden_request_is_computed_as_blocked(api: Api, practitioner, name: str) -> None:
    data = json.loads((EXAMPLES / f"blocked-{name}.json").read_text())

    plan = api(practitioner, "plan", data).json()

    blocks = [one for one in plan["findings"] if one["strength"] == "block"]
    assert plan["blocked"]
    assert all(one["reason"] and one["facts"] for one in blocks)


def test_bad_input_is_refused_with_every_fault(api: Api, practitioner) -> None:
    data = {"assessment": {**MAN["assessment"], "sex": "m"}, "choice": {"technique": "napage"}}

    answer = api(practitioner, "plan", data)

    assert answer.status_code == 422
    assert [problem["path"] for problem in answer.json()["problems"]] == [
        "assessment.sex",
        "choice.start_on",
        "choice.technique",
    ]
    assert answer.json()["problems"][2] == {
        "path": "choice.technique",
        "message": "no technique has this id",
        "expected": answer.json()["problems"][2]["expected"],
        "given": '"napage"',
        "example": '"intraepidermal"',
        "suggestions": ["nappage"],
    }


@pytest.mark.parametrize("text", ["", "{", '{"a": 1, "a": 2}', "[1]", "null"])
def test_a_body_that_is_no_request_is_refused(api: Api, practitioner, text: str) -> None:
    assert api(practitioner, "plan", text).status_code == 422


def test_what_the_science_refuses_is_named(api: Api, practitioner) -> None:
    bow_tie = [[-20, 20], [20, 60], [20, 20], [-20, 60]]
    zone = {"name": "a", "view": "scalp_top", "polygon": bow_tie}

    answer = api(practitioner, "plan", {**MAN, "choice": {**MAN["choice"], "zones": [zone]}})

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"].startswith("choice.zones[0]")


def test_a_plan_is_drafted_listed_read_and_approved(api: Api, drafted, assessed, practitioner):
    draft = drafted(MAN["choice"])
    assert draft["can_be_approved"]

    listed = api(practitioner, f"patients/{assessed.pk}/plans").json()["plans"]
    read = api(practitioner, f"plans/{draft['id']}").json()
    approved = api(practitioner, f"plans/{draft['id']}/approve", {}).json()

    assert [one["id"] for one in listed] == [draft["id"]]
    assert read == draft
    assert (draft["status"], approved["status"]) == ("draft", "approved")
    assert approved["approved_at"]


def test_the_clinic_s_setting_counts_and_not_the_asker_s(drafted, clinic) -> None:
    setting = drafted(MAN["choice"])["plan"]["request"]["setting"]

    assert setting["country"] == clinic.country
    assert setting["closing_days"]["weekdays"] == clinic.closing_weekdays


@pytest.mark.parametrize(
    ("product", "finding"),
    [
        ("buflomedil_10", "blocked_ingredient:buflomedil"),
        ("minoxidil_topical_5", "topical_product:minoxidil_topical_5"),
    ],
)
def test_a_blocked_plan_is_never_approved(
    api: Api, drafted, practitioner, product: str, finding: str
) -> None:
    formula = {"name": "x", "components": [{"product": product, "parts": 1}]}
    reasons = [{"finding": finding, "reason": "the patient insists on it"}]
    draft = drafted({**MAN["choice"], "formula": formula, "overrides": reasons})

    answer = api(practitioner, f"plans/{draft['id']}/approve", {})

    assert answer.status_code == 409
    assert answer.json()["reason"] == "findings"
    assert finding in [one["id"] for one in answer.json()["findings"]]
    assert api(practitioner, f"plans/{draft['id']}").json()["status"] == "draft"


def test_an_approved_plan_is_not_approved_again(api: Api, drafted, practitioner) -> None:
    draft = drafted(MAN["choice"])
    api(practitioner, f"plans/{draft['id']}/approve", {})

    answer = api(practitioner, f"plans/{draft['id']}/approve", {})

    assert (answer.status_code, answer.json()["reason"]) == (409, "fixed")


def test_a_patient_without_assessment_cannot_be_planned(api: Api, patient, practitioner) -> None:
    answer = api(practitioner, f"patients/{patient.pk}/plans", {"choice": MAN["choice"]})

    assert (answer.status_code, answer.json()["reason"]) == (409, "no_assessment")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, ""),
        ([], ""),
        ({"choice": MAN["choice"], "title": 3}, ""),
        ({"choice": MAN["choice"], "patient": "other"}, "patient"),
        ({"choice": {"start_on": "soon"}}, "choice.start_on"),
        ({"choice": {**MAN["choice"], "technique": "x"}}, "choice.technique"),
    ],
)
def test_a_bad_draft_is_refused(api: Api, assessed, practitioner, body: object, path: str) -> None:
    answer = api(practitioner, f"patients/{assessed.pk}/plans", body)

    assert answer.status_code == 422
    assert path in [problem["path"] for problem in answer.json()["problems"]]
    assert not plans.of_patient(assessed)


def test_the_schema_is_served(api: Api, assistant) -> None:
    assert api(assistant, "plan/schema").json() == request_schema()


def addresses(patient_id: object, plan_id: object) -> list[tuple[str, str]]:
    return [
        ("POST", "plan"),
        ("GET", "plan/schema"),
        ("GET", f"patients/{patient_id}/plans"),
        ("POST", f"patients/{patient_id}/plans"),
        ("GET", f"plans/{plan_id}"),
        ("POST", f"plans/{plan_id}/approve"),
    ]


def test_nobody_gets_anything_without_signing_in(api: Api, client: Client, drafted, assessed):
    ids = assessed.pk, drafted(MAN["choice"])["id"]
    client.logout()

    for method, address in addresses(*ids):
        answer = api(None, address, MAN if method == "POST" else None)
        assert (answer.status_code, answer.json()) == (401, {"error": "Sign in first."}), address


def test_a_stranger_learns_nothing(api: Api, drafted, assessed, stranger) -> None:
    for method, address in addresses(assessed.pk, drafted(MAN["choice"])["id"])[2:]:
        answer = api(stranger, address, MAN if method == "POST" else None)
        assert answer.status_code == 404, address


@pytest.mark.parametrize("role", ["researcher", "auditor", "outsider"])
def test_who_gives_no_care_plans_nothing(api: Api, cast, drafted, assessed, role: str) -> None:
    user = getattr(cast, role)
    for method, address in addresses(assessed.pk, drafted(MAN["choice"])["id"]):
        if address != "plan/schema":
            answer = api(user, address, MAN if method == "POST" else None)
            assert answer.status_code == 403, address


def test_an_assistant_drafts_and_does_not_approve(api: Api, drafted, assistant) -> None:
    draft = drafted(MAN["choice"])

    assert api(assistant, f"plans/{draft['id']}/approve", {}).status_code == 403


def test_other_methods_are_refused(api: Api, drafted, assessed, practitioner) -> None:
    taken = addresses(assessed.pk, drafted(MAN["choice"])["id"])
    for address in {address for _, address in taken}:
        answer = api(practitioner, address, {}, "DELETE")
        assert answer.status_code == 405
        assert set(answer["Allow"].split(", ")) == {how for how, at in taken if at == address}


def test_what_does_not_exist_is_not_found(api: Api, practitioner) -> None:
    assert api(practitioner, f"plans/{uuid4()}").status_code == 404
    assert api(practitioner, f"patients/{uuid4()}/plans").status_code == 404


def test_a_post_without_csrf_token_is_refused(practitioner) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(practitioner)

    answer = client.post("/api/plan", json.dumps(MAN), content_type="application/json")

    assert answer.status_code == 403


def test_the_reference_names_every_address() -> None:
    page = (EXAMPLES.parent / "reference" / "api.md").read_text()

    for pattern in urlpatterns:
        assert f"`/api/{pattern.pattern}`" in page


def test_the_answer_says_where_the_substances_go(api: Api, practitioner) -> None:
    found = api(practitioner, "plan", MAN).json()["reach"]
    assert found["substances"][0]["blood"]["sentence"]


@pytest.mark.parametrize(
    ("field", "bad"), [("depth_mm", 8.5), ("depth_mm", -1.0), ("depth_mm", 0.0)]
)
def test_a_depth_that_no_scalp_has_is_refused(
    api: Api, practitioner, field: str, bad: float
) -> None:
    answer = api(practitioner, "plan", {**MAN, "choice": {**MAN["choice"], field: bad}})
    assert answer.status_code == 422
    problem = answer.json()["problems"][0]
    assert problem["path"] == f"choice.{field}"
    assert str(bad) in f"{problem['message']} {problem['given']}"


def test_a_read_asks_the_database_few_things(client, practitioner, assessed):
    """Who asks, the patient, the note with its chain, the plans; each is one question."""
    client.force_login(practitioner)
    address = reverse("api:patient-plans", args=[assessed.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    asked = [one["sql"] for one in made if "SAVEPOINT" not in one["sql"]]
    assert len(asked) <= 7, asked
