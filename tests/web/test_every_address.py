"""The same questions asked of every address that Django resolves.

Whoever may is answered; a method that is not named is refused; whoever belongs to another clinic
learns nothing; a role without the right writes nothing; whoever is not signed in is sent to sign in.
Who may what stands in access.toml beside this file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse

from openmeso.gateways import clock, consent_sheet, letter, pdf, session_sheet
from openmeso.services import emergency_access, membership
from openmeso.terms.practitioner import Role
from tests.web.access import HOW_TO, PAGE, Route, page, resolved, routes, who

METHODS = ("get", "post", "put", "patch", "delete")
TURNED_AWAY = {401, 403, 404, 405}
# written by whoever asks, entitled or not: that they asked, and the browser's own session
NOTED = ("records_auditevent", "django_session")
NAMES = ("Deniz", "Kaya", "P-001")  # of the patient in conftest.py


@dataclass
class Walk:
    """Asks every address; what is asked leaves no trace in the next question."""

    rows: dict[str, Any]
    people: dict[str, Client] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: int = 0

    def begin(self) -> None:
        self.faults, self.asked = [], 0

    def let_in(self, name: str, user: Any) -> None:
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        self.people[name] = client

    def ask(
        self, person: str, route: Route, method: str, *, drawn: bool = True
    ) -> tuple[HttpResponse, list[str]]:
        """The answer, and the writing statements that it took; of a page, if it is not drawn,
        only what its view decides."""
        self.asked += 1
        sent = (route.address(self.rows), route.query(self.rows) if method == "get" else {})
        client = self.people[person]
        cookies = {key: morsel.value for key, morsel in client.cookies.items()}
        with transaction.atomic(), written() as statements, nullcontext() if drawn else undrawn():
            answer = getattr(client, method)(*sent)
            transaction.set_rollback(True)
        client.cookies.clear()
        for key, value in cookies.items():
            client.cookies[key] = value
        return answer, statements

    def expect(
        self,
        person: str,
        route: Route,
        method: str,
        right: Callable[[int], bool],
        wanted: str,
        *,
        writes: bool = False,
        drawn: bool = False,
    ) -> HttpResponse:
        answer, statements = self.ask(person, route, method, drawn=drawn)
        said = f"{route.name}: {method.upper()} as {person}"
        if not right(answer.status_code):
            self.faults.append(f"{said} is answered {answer.status_code}, not {wanted}")
        if statements and not writes:
            self.faults.append(f"{said} wrote: {statements[0][:120]}")
        return answer

    def settle(self, least: int) -> None:
        assert not self.faults, "\n" + "\n".join(self.faults)
        assert self.asked >= least, f"only {self.asked} questions were asked"


@contextmanager
def written() -> Iterator[list[str]]:
    """The writing statements of the block, but those that note who asked."""
    found: list[str] = []

    def watch(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(n in sql for n in NOTED):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


@contextmanager
def undrawn() -> Iterator[None]:
    """Drawing a page takes most of the time, and who may see it is decided before."""
    with patch.object(Template, "render", lambda page, context=None, request=None: ""):
        yield


@pytest.fixture
def walk(rows, cast, foreign, person, clinic, lead, monkeypatch) -> Walk:
    # printing takes seconds, and who may print is asked before it
    for sheet in (consent_sheet, letter, pdf, session_sheet):
        monkeypatch.setattr(sheet, "pdf_from_html", lambda page: b"%PDF-")
    made = Walk(rows)
    made.let_in("anonymous", None)
    for name, user in (vars(cast) | {f"foreign {n}": u for n, u in vars(foreign).items()}).items():
        made.let_in(name, user)
    former = person("former", clinic, Role.LEAD)
    membership.end(by=lead, membership=former.memberships.get())
    made.let_in("former lead", former)
    builder = person("builder")
    builder.is_staff = True
    builder.save()
    made.let_in("builder", builder)
    return made


def entitled(route: Route, method: str) -> Iterable[str]:
    """Who of the own clinic's cast may ask this."""
    name = dict(route.who)[method]
    # of a page that is everybody's, whoever has the least right is asked
    alone = {"builder": ["builder"], "everybody": ["outsider"], "account": ["outsider"]}
    return alone.get(name) or who()[name]


def is_no_error(status: int) -> bool:
    return status < 500 and status not in {403, 405}


def works(status: int) -> bool:
    return status < 500 and status not in TURNED_AWAY


def test_every_address_has_a_line():
    found, listed = dict(resolved()), [route.name for route in routes()]
    new = [f"{written}  ({name})" for name, written in found.items() if name not in listed]
    assert not new, f"addresses without a line: {new}" + HOW_TO.format(name="the_name")
    assert not [name for name in listed if name not in found], "lines of no address"
    twice = [name for name, count in Counter(name for name, _ in resolved()).items() if count > 1]
    assert not twice, f"two addresses of one name: the walk would ask only one of {twice}"
    assert not [route.name for route in routes() if not route.who], "lines that nobody may use"


def test_the_page_says_what_the_table_says():
    assert PAGE.read_text() == page(), "run scripts/docs"


def whoever_may_is_answered(walk: Walk) -> None:
    """Every page is drawn for one of them; from route to route another's turn comes."""
    for turn, route in enumerate(routes()):
        for method, _ in route.who:
            people = list(entitled(route, method))
            for person in people:
                how = {"writes": True, "drawn": person == people[turn % len(people)]}
                if route.is_allauth:
                    walk.expect(person, route, method, is_no_error, "no error", **how)
                elif method == "get":
                    right = {route.shows}.__contains__
                    walk.expect(person, route, method, right, str(route.shows), **how)
                else:
                    walk.expect(person, route, method, works, "answered", **how)
    walk.settle(least=380)


def a_method_that_is_not_named_is_refused(walk: Walk) -> None:
    for route in routes():
        if route.is_allauth:  # its views answer PUT as POST, behind the same token
            continue
        taken, _ = route.who[0]
        for method in METHODS:
            if method not in dict(route.who):
                person = next(iter(entitled(route, taken)))
                walk.expect(person, route, method, {405}.__contains__, "405")
    walk.settle(least=450)


def another_clinic_learns_nothing(walk: Walk) -> None:
    for route in routes():
        for method, named in route.who:
            # beside the roles that could do it at home, one that could not
            for role in (*who()[named], "researcher") if route.of else ():
                hidden = {404} if role in who()[named] else {403, 404}
                walk.expect(f"foreign {role}", route, method, hidden.__contains__, "404")
    walk.settle(least=350)


def a_role_without_the_right_is_refused(walk: Walk) -> None:
    people = [*who()["account"], "former lead"]
    for route in routes():
        for method, named in route.who:
            if route.is_allauth or named in ("everybody", "account"):
                continue
            refusals = {404} if named == "builder" else {403}
            for person in people:
                if person not in who()[named]:
                    walk.expect(person, route, method, refusals.__contains__, "403")
    walk.settle(least=600)


def whoever_is_not_signed_in_is_sent_to_sign_in(walk: Walk) -> None:
    sign_in = reverse("account_login")
    for route in routes():
        for method, named in route.who:
            if named == "everybody":
                right = is_no_error if route.is_allauth else works
                how = {"writes": True, "drawn": True}
                walk.expect("anonymous", route, method, right, "answered", **how)
            elif route.name.startswith("api:"):
                walk.expect("anonymous", route, method, {401}.__contains__, "401")
            else:
                answer = walk.expect("anonymous", route, method, {302}.__contains__, "302")
                if not answer.get("Location", "").startswith(sign_in):
                    walk.faults.append(f"{route.name}: {method} leads elsewhere than to sign in")
    walk.settle(least=150)


def no_page_of_another_clinic_names_our_patient(walk: Walk) -> None:
    for route in routes():
        if route.get and not route.of and route.get != "account":
            for person in ("foreign lead", "foreign auditor"):
                answer, _ = walk.ask(person, route, "get")
                said = answer.content.decode() if not answer.streaming else ""
                assert not [name for name in NAMES if name in said], route.name
    walk.settle(least=60)


QUESTIONS = (
    whoever_may_is_answered,
    a_method_that_is_not_named_is_refused,
    another_clinic_learns_nothing,
    a_role_without_the_right_is_refused,
    whoever_is_not_signed_in_is_sent_to_sign_in,
    no_page_of_another_clinic_names_our_patient,
)


def test_every_question(walk, subtests):
    """One clinic serves all the questions: none leaves a trace."""
    for question in QUESTIONS:
        with subtests.test(question.__name__):
            walk.begin()
            question(walk)


def test_an_emergency_reads_but_does_not_write(walk, stranger, patient):
    emergency_access.open_with_reason(by=stranger, pk=patient.pk, reason="Collapsed in our clinic")
    for route in routes():
        if route.of and route.post and route.name != "emergency_close":
            walk.expect("stranger", route, "post", {403, 404}.__contains__, "403 or 404")
    walk.settle(least=40)


def test_the_walk_sees_a_write(patient):
    """Else nothing above could fail: the watch is put to the test itself."""
    with written() as statements:
        patient.given_name = "Derya"
        patient.save(update_fields=["given_name"])
    assert len(statements) == 1
    with written() as statements:
        emergency_access.EmergencyAccess.objects.filter(until__lt=clock.now()).exists()
    assert not statements
