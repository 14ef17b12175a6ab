"""What no honest program sends to the API: told with 4xx, nothing stored, never an error of ours."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.records.models import Plan
from tests.api.test_plan import MAN

BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"0",
    b'"x"',
    b"\xff\xfe",
    b"\0",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"choice": {}, "choice": {}}',
    b'{"choice": NaN}',
    b'{"choice": {}, "title": "\\ud800"}',
    b'{"choice": {}, "title": "\\u0000"}',
    b'{"choice": {"start_on": "2026-02-30"}}',
    b'{"choice": {"start_on": "9999-12-31"}}',
    b'{"choice": {"start_on": "0001-01-01"}}',
    b'{"choice": {"start_on": 1e400}}',
    b"9" * 5000,
]
VALUES = st.sampled_from(
    [
        None,
        True,
        -1,
        0,
        10**30,
        1e308,
        -1e308,
        5e-324,
        "",
        "x" * 5000,
        "NaN",
        "\0",
        "\ud800",
        [],
        {},
    ]
) | st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@pytest.fixture
def post(assessed, practitioner):
    client = Client(raise_request_exception=False)
    client.force_login(practitioner)
    addresses = ("/api/plan", f"/api/patients/{assessed.pk}/plans")

    def send(body: bytes, which: int, kind: str = "application/json") -> int:
        kept = Plan.objects.count()
        answer = client.generic("POST", addresses[which], body, content_type=kind)
        made = Plan.objects.count() - kept
        assert answer.status_code < 500, body[:2000]
        assert made == (answer.status_code == 201), body[:2000]
        assert answer["Content-Type"] == "application/json"
        answer.json()
        return answer.status_code

    return send


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_no_request_is_told(post, which):
    for body in BODIES:
        assert post(body, which) in {400, 422}, body[:100]


@pytest.mark.parametrize("which", [0, 1])
def test_a_form_is_told(post, which):
    parts = encode_multipart(BOUNDARY, {"choice": "{}"})
    assert post(parts, which, MULTIPART_CONTENT) == 422
    assert post(b"", which, MULTIPART_CONTENT) == 422
    assert post(b"choice=1", which, "application/x-www-form-urlencoded") == 422


def places(data: object, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in the data a value stands."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        yield (*before, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*before, key))


PLACES = sorted(places(MAN), key=str)


@settings(max_examples=60)
@given(place=st.sampled_from(PLACES), value=VALUES, drops=st.booleans())
def _wrong_somewhere(post, place, value, drops):
    data = copy.deepcopy(MAN)
    held = data
    for key in place[:-1]:
        held = held[key]
    if drops:
        del held[place[-1]]
    else:
        held[place[-1]] = value
    assert post(json.dumps(data).encode(), 0) in {200, 422}
    if "choice" in data:
        assert post(json.dumps({"choice": data["choice"]}).encode(), 1) in {201, 422}


def test_a_request_wrong_in_one_place_is_told_or_computed(post):
    _wrong_somewhere(post)
