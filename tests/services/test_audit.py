import pytest
from django.db import connection

from openmeso.records import triggers
from openmeso.records.models import AuditEvent
from openmeso.services import audit
from openmeso.services import patient as patients
from openmeso.services.refusal import NotAllowed


@pytest.fixture
def chain(practitioner, patient):
    for purpose in ("care", "plan", "print", "care", "plan"):
        audit.record(by=practitioner, action="read", of=patient, purpose=purpose)


@pytest.fixture
def without_triggers():
    """Somebody who owns the database can take the triggers away; the chain then tells."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


def test_an_untouched_chain_fits(chain):
    assert audit.verify() is None
    assert audit.head()[0] == 5


def test_an_empty_chain_fits():
    assert audit.verify() is None
    assert audit.head() == (0, "")


@pytest.mark.parametrize(
    "change",
    [
        {"action": "nothing"}, {"purpose": "research"}, {"patient": None}, {"by": None},
        {"clinic": None}, {"details": "{}"}, {"object_id": ""}, {"hash": "0" * 64},
        {"previous_hash": "0" * 64}, {"noun": "plan"},
    ],
)  # fmt: skip
def test_a_change_shows_at_its_row(chain, without_triggers, change):
    AuditEvent.objects.filter(seq=3).update(**change)
    assert audit.verify() == 3


def test_a_changed_moment_shows(chain, without_triggers):
    event = AuditEvent.objects.get(seq=2)
    AuditEvent.objects.filter(seq=2).update(at=event.at.replace(year=2020))
    assert audit.verify() == 2


@pytest.mark.parametrize("seq", [1, 3])
def test_a_removal_shows(chain, without_triggers, seq):
    AuditEvent.objects.filter(seq=seq).delete()
    assert audit.verify() == seq


def test_swapped_rows_show(chain, without_triggers):
    AuditEvent.objects.filter(seq=2).update(seq=99)
    AuditEvent.objects.filter(seq=3).update(seq=2)
    AuditEvent.objects.filter(seq=99).update(seq=3)
    assert audit.verify() == 2


def test_rows_cut_off_the_end_show_against_a_noted_head(chain, without_triggers):
    noted = audit.head()
    AuditEvent.objects.filter(seq=5).delete()
    assert audit.verify() is None
    assert audit.head() != noted


def test_with_a_key_a_chain_recomputed_without_it_does_not_fit(chain, settings):
    settings.AUDIT_KEY = "a key that stands outside the database"
    assert audit.verify() == 1


def test_a_patient_s_trail_is_for_lead_and_auditor_and_is_noted(cast, chain, patient):
    for reader in (cast.lead, cast.auditor):
        trail = list(audit.of_patient(by=reader, patient=patient))
        assert trail[0].action == "read_audit"
        assert audit.names(trail)[cast.practitioner.pk] == cast.practitioner.name


@pytest.mark.parametrize("who", ["practitioner", "assistant", "researcher", "stranger", "outsider"])
def test_nobody_else_reads_the_trail(cast, patient, who):
    with pytest.raises(NotAllowed):
        audit.of_patient(by=getattr(cast, who), patient=patient)
    with pytest.raises(NotAllowed):
        audit.of_clinic(by=getattr(cast, who))


def test_a_clinic_sees_its_own_trail_only(cast, chain, stranger, foreign_patient):
    patients.get(by=stranger, pk=foreign_patient.pk, purpose="care")
    assert not audit.of_clinic(by=cast.auditor).filter(patient=foreign_patient.pk).exists()


def test_a_read_that_cannot_be_noted_is_not_given(practitioner, patient, monkeypatch):
    def fail(**_):
        raise RuntimeError("the trail is full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        patients.get(by=practitioner, pk=patient.pk, purpose="care")
