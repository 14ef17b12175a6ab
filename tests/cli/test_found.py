"""The first clinic of a new server, from the command line alone."""

import pytest

from openmeso.cli.main import main
from openmeso.records.models import AuditEvent, Clinic, User

pytestmark = pytest.mark.django_db
WORDS = ["found", "New", "--country", "es", "--timezone", "Europe/Madrid", "--lead", "ana"]


def test_it_opens_and_the_lead_has_a_password(capsys):
    assert main([*WORDS, "--given-name", "Ana", "--family-name", "Ruiz"]) == 0
    said = capsys.readouterr().out
    place = Clinic.objects.get().memberships.get()
    assert (place.clinic.country, place.role, place.user.name) == ("ES", "lead", "Ana Ruiz")
    password = said.split("password ")[1].split()[0]
    assert place.user.check_password(password)
    assert password not in "".join(AuditEvent.objects.values_list("details", flat=True))


def test_nobody_can_sign_in_as_the_server():
    main(WORDS)
    server = User.objects.get(username="server")
    assert not server.has_usable_password()
    main(["found", "Second", "--country", "ES", "--lead", "eva"])
    assert User.objects.filter(is_superuser=True).get() == server


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["found", "New", "--country", "Spain", "--lead", "ana"], "country"),
        (["found", "New", "--country", "ES", "--lead", "ana", "--timezone", "Mars"], "timezone"),
        (["found", "New", "--country", "ES", "--lead", "a na"], "username"),
        (["found", " ", "--country", "ES", "--lead", "ana"], "name"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_made(words, says, capsys):
    assert main(words) == 2
    assert says in capsys.readouterr().err
    assert not Clinic.objects.exists()
    assert not User.objects.filter(username="ana").exists()


def test_a_name_that_is_taken_is_refused(person, capsys):
    person("ana")
    assert main(WORDS) == 2
    assert "username" in capsys.readouterr().err
