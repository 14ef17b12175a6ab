"""Every form of every page, sent with what no browser would send: never an error of ours.

The fields are read off the pages themselves; a form on no page is listed below. Whatever is refused
is told with 4xx, leaves nothing stored and keeps on the page what was typed.
"""

import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib.messages import ERROR, get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.services import file as files
from tests.gateways.example_picture import gradient, hostile, saved
from tests.gateways.test_document import SOUND
from tests.web.access import Route, routes
from tests.web.forms_found import FormFound, forms_of
from tests.web.test_every_address import undrawn, written

# forms that the pages of an untroubled clinic do not show
ELSEWHERE = {
    "set_language": {"language": ["tr"], "next": ["/"]},
    "plan_approve": {},
    "plan_recompute": {},
    "plan_override": {"finding": ["x"], "reason": ["because"]},
    "session_start": {},
    "session_addend": {"text": ["Left side first."], "reason": ["omitted"]},
    "course_resume": {},
    "appointment_miss": {"reason": ["did not come"]},
    "lot_release": {"reason": ["found sound"]},
    "emergency_close": {},
    "adverse_event_reopen": {"reason": ["it came back"]},
}
WITHOUT_FORMS = {"Knowledge", "Signing in"}
SERIES = {"first_on": "2031-01-06", "at": "10:00"}  # a booking is shown before it is made
UPLOADS = {
    "photo_add": {"view": "vertex"},
    "measurement_add": {"site": "vertex", "mode": "clipped", "scale": "unknown"},
    "document_list": {},
}
# what was typed is kept although the signature is refused; of several pictures the sound ones are
KEEPS = {"session_sign", "measurement_add"}
NO_TEXT = re.compile("[\0\ud800-\udfff]")
HOSTILE = [
    "",
    " ",
    "\0",
    "a\0b",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ request }}",
    "../../etc/passwd",
    "😀\u202egnp",
    "\uffff\ufffe",
    "²",
    "٣",
    "-1",
    "0",
    "1e400",
    "NaN",
    "-Infinity",
    "9" * 400,
    "0." + "9" * 400,
    "1" * 5000,
    "x" * 100_000,
    "true",
    "null",
    "[]",
    "{}",
    '{"a": NaN}',
    '[{"number": 1e999}]',
    "[" * 4000,
    '[{"\\ud800": 1}]',
    '["\\ud800"]',
    '[{"x_px": "\\u0000"}]',
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "25:61",
    "00000000-0000-0000-0000-000000000000",
    "0108690123456789",
    "01" + "9" * 13 + "17ZZZZZZ10\x1d",
    "]d2\x1d\x1d\x1d",
]


@dataclass
class Target:
    """One form: where it is sent, by whom, and what it holds."""

    route: Route
    address: str
    client: Client
    form: FormFound


def fields_of(target: Target) -> list[str]:
    return sorted(target.form.values)


@pytest.fixture
def targets(rows, client_of) -> list[Target]:
    """Every form there is."""
    shown = [route for route in routes() if route.get and route.group not in WITHOUT_FORMS]
    found = _read_forms(client_of, rows, shown)
    made = [
        Target(route, _asked(route, rows), client_of, _form_of(route, found.get(address)))
        for route in _taking_forms()
        for address in [route.address(rows)]
    ]
    assert len(made) > 60
    return made


@pytest.fixture
def uploads(rows, client_of) -> list[Target]:
    """The forms that take files."""
    taking = [route for route in _taking_forms() if route.name in UPLOADS]
    found = _read_forms(client_of, rows, taking)
    return [
        Target(route, address, client_of, found[address])
        for route in taking
        for address in [route.address(rows)]
    ]


def _asked(route: Route, rows: dict[str, Any]) -> str:
    """The address with its query: what a form is about may stand there."""
    return f"{route.address(rows)}?{urlencode(route.query(rows))}"


def _taking_forms() -> list[Route]:
    return [
        route
        for route in routes()
        if route.post and not route.is_allauth and not route.name.startswith("api:")
    ]


def _read_forms(client: Client, rows: dict[str, Any], shown: list[Route]) -> dict[str, FormFound]:
    found = {}
    for route in shown:
        query = SERIES if route.name == "course_book" else route.query(rows)
        answer = client.get(route.address(rows), query)
        if "html" in answer.get("Content-Type", "") and answer.status_code == 200:
            for method, address, form in forms_of(answer.content, route.address(rows)):
                if method == "post":
                    found[address] = form
    return found


def _form_of(route: Route, found: FormFound | None) -> FormFound:
    if found is None:
        assert route.name in ELSEWHERE, (
            f"no page shows the form of {route.name}: list its fields in ELSEWHERE of {__file__}"
        )
        values = dict(ELSEWHERE[route.name])
        return FormFound(values, texts={"reason", "text"} & values.keys())
    return found


@pytest.fixture
def refusing_nul(monkeypatch):
    """PostgreSQL takes neither NUL nor half a pair of surrogates, in a text or in JSON.

    SQLite does: refuse it here as well.
    """
    adapt = connection.ops.adapt_json_value

    def adapted(value, encoder):
        if any(NO_TEXT.search(text) for text in _texts(value)):
            raise ValueError("unsupported Unicode escape sequence")
        return adapt(value, encoder)

    monkeypatch.setattr(connection.ops, "adapt_json_value", adapted)

    def watch(execute, sql, params, many, context):
        if any(isinstance(one, str) and NO_TEXT.search(one) for one in params or ()):
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def _texts(value: object) -> Iterator[str]:
    """Every text in plain data, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _texts(list(pair))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)


def stored() -> dict[str, list[Any]]:
    """All that is kept, but the notes of who asked; and the files."""
    kept = {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("records").get_models()
        if model.__name__ != "AuditEvent"
    }
    folder = files.vault().folder
    kept["files"] = sorted(str(one) for one in folder.rglob("*")) if folder.exists() else []
    return kept


class Sender:
    """Sends forms, and says which are answered by an error of ours or leave something behind."""

    def __init__(self) -> None:
        self.before = stored()
        self.sent = 0
        self.refused = 0
        self.faults: list[str] = []

    def settle(self) -> None:
        assert not self.faults, "\n".join(self.faults)

    def send(self, target: Target, values: dict[str, Any], *, drawn: bool = True) -> int:
        self.sent += 1
        with transaction.atomic(), written() as statements, nullcontext() if drawn else undrawn():
            answer = target.client.post(target.address, values)
            status = answer.status_code
            typed = any(text for name in target.form.texts for text in values.get(name, ()))
            if typed and 300 <= status < 400 and not statements and _is_refused(answer):
                self.faults.append(f"{target.route.name}: refused and lost {told(values)}")
            self.refused += 400 <= status < 500
            left = status >= 400 and statements and target.route.name not in KEEPS
            if status >= 500:
                self.faults.append(f"{target.route.name}: {status} for {told(values)}")
            elif left and stored() != self.before:
                self.faults.append(f"{target.route.name}: {status} kept {told(values)}")
            transaction.set_rollback(True)
        self.answer = answer
        return status


def _is_refused(answer: HttpResponse) -> bool:
    return any(one.level >= ERROR for one in get_messages(answer.wsgi_request))


def told(values: dict[str, Any]) -> str:
    return repr({key: str(value)[:60] for key, value in values.items()})[:1500]


def every_field(targets: list[Target]) -> None:
    """Each field once with a hostile value of its turn, every second time with the page that says so
    drawn; every form with one value everywhere."""
    sender, turn = Sender(), 0
    for target in targets:
        names = fields_of(target)
        for name in names[:: max(1, len(names) // 6)]:
            turn += 1
            wrong = HOSTILE[turn % len(HOSTILE)]
            spoilt = {**target.form.values, name: [wrong, wrong]}
            sender.send(target, spoilt, drawn=turn % 2 == 0)
        for value in HOSTILE[turn % 13 :: 13]:
            sender.send(target, dict.fromkeys([*names, "unknown"], value))
    sender.settle()
    assert sender.sent > 350
    assert sender.refused > 150


@settings(max_examples=60)
@given(data=st.data())
def _hostile(targets, sender, data):
    target = data.draw(st.sampled_from(targets))
    text = st.sampled_from(HOSTILE) | st.text(max_size=80) | st.integers().map(str)
    names = fields_of(target) or ["unknown"]
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
    values: dict[str, Any] = dict(target.form.values)
    for name in chosen:
        values[name] = data.draw(st.lists(text, max_size=3))
    sender.send(target, values)
    sender.settle()


def whatever_is_typed_at_random(targets: list[Target]) -> None:
    _hostile(targets, Sender())


def text_of_no_database_in_json(targets: list[Target]) -> None:
    """Of a field that holds JSON, every text in it: once a NUL, once half a pair of surrogates."""
    sender = Sender()
    for target in targets:
        for name, held in target.form.values.items():
            for broken in ("a\0b", "\ud800"):
                spoilt = _spoilt(held[0] if held else "", broken)
                if spoilt:
                    sender.send(target, {**target.form.values, name: [spoilt], "save": ["1"]})
    sender.settle()
    assert sender.sent > 3


def _spoilt(text: str, broken: str) -> str:
    """The JSON with every text in it replaced, but those that name a kind of thing; else nothing."""
    try:
        read = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(read, list) or not read or not isinstance(read[0], dict):
        return ""
    return json.dumps([{**read[0], "name": broken, "id": broken}, *read[1:]])


def a_refusal_keeps_what_was_typed(targets: list[Target]) -> None:
    """Every text of a form, each with a mark of its own: short, and longer than any field takes."""
    sender, kept = Sender(), 0
    for target in targets:
        texts = sorted(target.form.texts - {"csrfmiddlewaretoken"})
        for tail in ("", " and more" * 900):
            marks = {name: f"kept{n}kept" for n, name in enumerate(texts)}
            typed = {name: [mark + tail] for name, mark in marks.items()}
            if texts and 400 <= sender.send(target, {**target.form.values, **typed}) < 500:
                shown = sender.answer.content.decode()
                lost = [name for name, mark in marks.items() if mark not in shown]
                sender.faults += [f"{target.route.name}: {lost} lost"] if lost else []
                kept += 1
    sender.settle()
    assert kept > 40


def another_clinic_s_ids(targets: list[Target], ids: list[str]) -> None:
    """Every field that holds an id, with an id of the other clinic in it: nothing is accepted."""
    sender = Sender()
    for target in targets:
        for name in fields_of(target):
            if name in ("practitioner", "session", "product") or name.startswith("lot_"):
                for pk in ids:
                    sender.send(target, {**target.form.values, name: [pk]}, drawn=False)
    sender.settle()


def test_every_form(targets, refusing_nul, foreign_patient, stranger, other_clinic, subtests):
    """The forms are read once: whatever is sent is taken back."""
    ids = sorted(str(one.pk) for one in (foreign_patient, stranger, other_clinic))
    for question in (
        every_field,
        whatever_is_typed_at_random,
        text_of_no_database_in_json,
        a_refusal_keeps_what_was_typed,
    ):
        with subtests.test(question.__name__):
            question(targets)
    with subtests.test("another clinic's ids"):
        another_clinic_s_ids(targets, ids)


def test_hostile_files_are_refused_and_nothing_is_stored(uploads):
    contents = {key: content or b"\0" for key, (content, _fault) in hostile().items()}
    contents |= {
        "pdf and page": SOUND[:9] + b"<html><script>alert(1)</script>" + SOUND[9:-20],
        "page as jpg": b"<html><script>alert(1)</script></html>",
    }
    sender = Sender()
    assert {target.route.name for target in uploads} == UPLOADS.keys()
    for target in uploads:
        assert target.form.files
        for field in sorted(target.form.files):
            for key, content in contents.items():
                file = SimpleUploadedFile("x.jpg", content, "image/jpeg")
                status = sender.send(
                    target, target.form.values | UPLOADS[target.route.name] | {field: file}
                )
                assert status == 422, f"{target.route.name}: {key} is answered {status}"
    assert not sender.faults, "\n".join(sender.faults)
    assert stored() == sender.before


def test_a_sound_picture_would_have_been_kept(uploads):
    """Else the test above could refuse for another reason."""
    target = next(one for one in uploads if one.route.name == "photo_add")
    sound = SimpleUploadedFile("x.jpg", saved(gradient(400, 300), "JPEG"), "image/jpeg")
    values = {**target.form.values, "view": "vertex", "chosen": sound}
    assert Sender().send(target, values) == 302
