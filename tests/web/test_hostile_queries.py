"""Every page, asked with a query that no link of ours holds: told or ignored, never an error of ours.

The names are those that the views look up, read off their source, and those of the pages' own forms.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction

from tests.web.access import Route, routes
from tests.web.forms_found import forms_of
from tests.web.test_every_address import written

SOURCE = Path(__file__).parents[2] / "src" / "openmeso"
LOOKED_UP = re.compile(r"""GET(?:\.get\(|\.getlist\(|\[)"(\w+)"|"(\w+)" in request\.GET""")
HOSTILE = [
    "",
    " ",
    "-1",
    "0",
    "9" * 400,
    "1e400",
    "NaN",
    "²",
    "٣",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../etc/passwd",
    "😀\u202egnp",
    "\uffff",
    "[" * 2000,
    "x" * 20_000,
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "0000-00-00/..",
    "00000000-0000-0000-0000-000000000000",
    "%00%ff",
]


@cache
def names() -> tuple[str, ...]:
    """Every name of a query that some view looks up."""
    found = (one for path in SOURCE.rglob("*.py") for one in LOOKED_UP.findall(path.read_text()))
    return tuple(sorted({a or b for a, b in found}))


def _asked(client: Any, route: Route, rows: dict[str, Any], query: str) -> tuple[int, list[str]]:
    with transaction.atomic(), written() as statements:
        answer = client.get(f"{route.address(rows)}?{query}")
        transaction.set_rollback(True)
    return answer.status_code, statements


def _own_names(client: Any, route: Route, rows: dict[str, Any]) -> list[str]:
    """The fields of the forms that the page sends to itself as a query."""
    answer = client.get(route.address(rows), route.query(rows))
    if "html" not in answer.get("Content-Type", "") or not answer.content:
        return []
    return [
        name
        for method, _, form in forms_of(answer.content, route.address(rows))
        if method == "get"
        for name in form.values
    ]


def _queries(turn: int, asked: list[str]) -> list[str]:
    """One value for all names; each name twice with another value; the names as bytes of no text."""
    mixed = [(name, HOSTILE[(turn + n) % len(HOSTILE)]) for n, name in enumerate(asked)]
    return [
        urlencode(dict.fromkeys(asked, HOSTILE[turn % len(HOSTILE)])),
        urlencode([*mixed, *reversed(mixed)]),
        "&".join(f"{name}=%ff%fe" for name in asked) + "&%ff=1&=&&;" + "a" * 3000,
    ]


@pytest.fixture
def shown() -> list[Route]:
    found = [route for route in routes() if route.get and not route.is_allauth]
    assert len(found) > 80
    return found


def test_every_query(rows, client_of, shown):
    faults, asked = [], {"page", "session", "term", "verify", "indication"}
    assert asked <= set(names())
    for turn, route in enumerate(shown):
        every = [*names(), *_own_names(client_of, route, rows)]
        for query in _queries(turn, every):
            status, statements = _asked(client_of, route, rows, query)
            if status >= 500 or status in {401, 403, 405}:
                faults.append(f"{route.name}: {status} for ?{query[:300]}")
            if statements:
                faults.append(f"{route.name}: ?{query[:300]} wrote {statements[0][:100]}")
    assert not faults, "\n".join(faults)


def test_a_query_with_nul_is_refused_everywhere(rows, client_of, shown):
    for route in shown:
        assert _asked(client_of, route, rows, "q=a%00b")[0] == 400, route.name
        assert _asked(client_of, route, rows, "%00=1")[0] == 400, route.name
