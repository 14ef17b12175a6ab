import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from openmeso.records import triggers
from openmeso.records.models import AuditEvent, Clinic
from openmeso.services import audit


def test_verify_audit_prints_the_head(practitioner, patient, capsys):
    audit.record(by=practitioner, action="read", of=patient)
    call_command("verify_audit")
    assert audit.head()[1] in capsys.readouterr().out


def test_verify_audit_fails_on_a_broken_chain(practitioner, patient):
    audit.record(by=practitioner, action="read", of=patient)
    triggers.remove(connection)
    AuditEvent.objects.update(action="x")
    triggers.install(connection)
    with pytest.raises(CommandError, match="row 1"):
        call_command("verify_audit")


def test_found_clinic_gives_it_a_lead(outsider, person):
    outsider.is_superuser = True
    outsider.save()
    person("first")
    call_command("found_clinic", "New", "--country", "es", "--lead", "first")
    assert Clinic.objects.get().memberships.get().user.username == "first"


def test_found_clinic_wants_accounts():
    with pytest.raises(CommandError):
        call_command("found_clinic", "New", "--country", "ES", "--lead", "nobody")
