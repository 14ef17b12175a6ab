"""Every form of every page, sent with what no browser would send: never an error of ours.

The fields are read off the pages themselves; a form on no page is listed below. Whatever is refused
is told with 4xx and leaves nothing stored.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from openmeso.gateways import consent_sheet, letter, pdf, session_sheet
from openmeso.services import file as files
from tests.gateways.example_picture import gradient, hostile, saved
from tests.gateways.test_document import SOUND
from tests.web.access import Route, routes
from tests.web.forms_found import FormFound, forms_of
from tests.web.test_every_address import written

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
def client_of(rows, lead, monkeypatch) -> Client:
    """A lead, who may fill in every form, with printing made quick."""
    for sheet in (consent_sheet, letter, pdf, session_sheet):
        monkeypatch.setattr(sheet, "pdf_from_html", lambda page: b"%PDF-")
    client = Client(raise_request_exception=False)
    client.force_login(lead)
    return client


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
        return FormFound(dict(ELSEWHERE[route.name]))
    return found


@pytest.fixture
def refusing_nul():
    """PostgreSQL takes no NUL in a text, SQLite does: refuse it here as well."""

    def watch(execute, sql, params, many, context):
        texts = [one for one in params or () if isinstance(one, str)]
        if any("\0" in one for one in texts):
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


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

    def send(self, target: Target, values: dict[str, Any]) -> int:
        self.sent += 1
        with transaction.atomic(), written() as statements:
            answer = target.client.post(target.address, values)
            status = answer.status_code
            self.refused += 400 <= status < 500
            left = status >= 400 and statements and target.route.name not in KEEPS
            if status >= 500:
                self.faults.append(f"{target.route.name}: {status} for {told(values)}")
            elif left and stored() != self.before:
                self.faults.append(f"{target.route.name}: {status} kept {told(values)}")
            transaction.set_rollback(True)
        return status


def told(values: dict[str, Any]) -> str:
    return repr({key: str(value)[:60] for key, value in values.items()})[:1500]


def one_field_wrong(target: Target, value: str) -> list[dict[str, Any]]:
    """The form as it stands, with a hostile value in one field after the other."""
    return [{**target.form.values, name: [value]} for name in fields_of(target)]


def test_every_field_of_every_form(targets, refusing_nul):
    """Each field once with a hostile value of its turn; every form with one value everywhere."""
    sender, turn = Sender(), 0
    for target in targets:
        names = fields_of(target)
        for name in names[:: max(1, len(names) // 6)]:
            turn += 1
            wrong = HOSTILE[turn % len(HOSTILE)]
            sender.send(target, {**target.form.values, name: [wrong, wrong]})
        for value in HOSTILE[turn % 13 :: 13]:
            sender.send(target, dict.fromkeys([*names, "unknown"], value))
    assert not sender.faults, "\n".join(sender.faults)
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
    assert not sender.faults, sender.faults


def test_whatever_is_typed_at_random(targets, refusing_nul):
    _hostile(targets, Sender())


def test_another_clinic_s_ids_are_not_taken(targets, foreign_patient, stranger, other_clinic):
    """Every field that holds an id, with an id of the other clinic in it: nothing is accepted."""
    sender = Sender()
    ids = {str(foreign_patient.pk), str(stranger.pk), str(other_clinic.pk)}
    for target in targets:
        for name in fields_of(target):
            if name in ("practitioner", "session", "product") or name.startswith("lot_"):
                for pk in sorted(ids):
                    sender.send(target, {**target.form.values, name: [pk]})
    assert not sender.faults, "\n".join(sender.faults)


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
