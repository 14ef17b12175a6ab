"""Kept files: encrypted, in step with the transaction, and read by whom the patient allows."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404

from openmeso.gateways import vault
from openmeso.records.models import AuditEvent, StoredFile
from openmeso.services import emergency_access
from openmeso.services import file as files
from openmeso.terms.file import FileKind

CONTENT = b"%PDF-1.7 what the patient signed"


@pytest.fixture
def kept(practitioner, patient):
    return files.keep(
        by=practitioner, patient=patient, content=CONTENT, media_type="application/pdf",
        kind=FileKind.CONSENT, name="consent.pdf",
    )  # fmt: skip


def test_what_is_kept_can_be_read_and_both_are_noted(practitioner, patient, kept):
    assert files.content(by=practitioner, file=kept, purpose="care") == CONTENT
    noted = AuditEvent.objects.filter(noun="file", object_id=str(kept.pk)).order_by("seq")
    assert [(one.action, one.patient) for one in noted] == [
        ("keep", patient.pk),
        ("read", patient.pk),
    ]
    assert (kept.size_bytes, kept.clinic) == (len(CONTENT), patient.clinic)


def test_neither_folder_nor_database_holds_the_contents(kept):
    path = files.vault().path(kept.pk)
    assert CONTENT not in path.read_bytes()
    assert b"patient" not in path.read_bytes()
    assert kept.name not in str(path)


@pytest.mark.parametrize("who", ["stranger", "researcher", "auditor", "outsider"])
def test_nobody_else_reads_or_keeps(cast, patient, kept, who):
    user = getattr(cast, who)
    with pytest.raises((PermissionDenied, Http404)):
        files.content(by=user, file=kept, purpose="care")
    with pytest.raises(PermissionDenied):
        files.keep(
            by=user, patient=patient, content=b"x", media_type="image/png", kind=FileKind.PHOTO
        )
    assert StoredFile.objects.count() == 1
    assert len(list(files.vault().ids())) == 1


def test_a_stranger_does_not_learn_that_it_exists(stranger, kept):
    with pytest.raises(Http404):
        files.content(by=stranger, file=kept, purpose="care")


def test_an_emergency_opens_it_to_read(stranger, patient, kept):
    emergency_access.open_with_reason(by=stranger, pk=patient.pk, reason="Collapsed, lots unknown")
    assert files.content(by=stranger, file=kept, purpose="emergency") == CONTENT


def test_without_a_patient_it_is_the_clinics(practitioner, assistant, stranger):
    kept = files.keep(
        by=practitioner, content=b"x", media_type="application/pdf", kind=FileKind.REPORT
    )
    assert kept.clinic == practitioner.memberships.get().clinic
    assert files.content(by=assistant, file=kept, purpose="care") == b"x"
    with pytest.raises(Http404):
        files.content(by=stranger, file=kept, purpose="care")


def test_a_transaction_that_fails_keeps_nothing_and_its_file_is_found(practitioner, patient):
    kept = []

    @transaction.atomic
    def save_and_fail() -> None:
        kept.append(
            files.keep(
                by=practitioner,
                patient=patient,
                content=b"x",
                media_type="a/b",
                kind=FileKind.PHOTO,
            )
        )
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    found = files.check()
    assert (found.files, found.damaged, found.orphans) == (0, (), (kept[0].pk,))
    assert not AuditEvent.objects.filter(noun="file").exists()


def test_a_row_is_never_written_without_its_file(practitioner, patient, monkeypatch):
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("openmeso.gateways.vault_folder.VaultFolder._write", full)
    with pytest.raises(OSError, match="no space"):
        files.keep(
            by=practitioner, patient=patient, content=b"x", media_type="a/b", kind=FileKind.PHOTO
        )
    assert not StoredFile.objects.exists()


def test_a_file_without_a_type_is_refused(practitioner, patient):
    with pytest.raises(ValidationError):
        files.keep(
            by=practitioner, patient=patient, content=b"x", media_type="", kind=FileKind.PHOTO
        )


@pytest.mark.parametrize("harm", ["removed", "changed", "cut", "swapped"])
def test_harm_is_told_and_found(practitioner, patient, kept, harm):
    path = files.vault().path(kept.pk)
    data = path.read_bytes()
    other = files.keep(
        by=practitioner, patient=patient, content=CONTENT, media_type="a/b", kind=FileKind.CONSENT
    )
    if harm == "removed":
        path.unlink()
    else:
        swapped = files.vault().path(other.pk).read_bytes()
        path.write_bytes(
            {"changed": data[:-1] + bytes([data[-1] ^ 1]), "cut": data[:-1], "swapped": swapped}[
                harm
            ]
        )
    with pytest.raises(files.FileDamaged, match=str(kept.pk)):
        files.content(by=practitioner, file=kept, purpose="care")
    found = files.check()
    assert not found.is_whole
    assert [pk for pk, _ in found.damaged] == [kept.pk]


def test_rotating_moves_every_file_to_the_new_key(practitioner, kept, settings):
    old = settings.FILE_KEYS
    settings.FILE_KEYS = [vault.new_key(), *old]
    assert files.sealed_earlier() == [kept.pk]
    for pk in files.sealed_earlier():
        files.rewrap(by=None, pk=pk)
    assert files.sealed_earlier() == []
    settings.FILE_KEYS = settings.FILE_KEYS[:1]
    assert files.content(by=practitioner, file=kept, purpose="care") == CONTENT
    assert files.check().is_whole
    settings.FILE_KEYS = old
    with pytest.raises(files.FileDamaged, match="not among FILE_KEYS"):
        files.content(by=practitioner, file=kept, purpose="care")
    assert AuditEvent.objects.get(action="rewrap").by is None


@pytest.mark.django_db(transaction=True)
def test_a_rotation_whose_row_fails_can_be_run_again(practitioner, kept, settings, monkeypatch):
    settings.FILE_KEYS = [vault.new_key(), *settings.FILE_KEYS]
    with monkeypatch.context() as patched:
        patched.setattr("openmeso.services.audit.record", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            files.rewrap(by=None, pk=kept.pk)
    assert files.check().is_whole
    assert files.sealed_earlier() == [kept.pk]
    files.rewrap(by=None, pk=kept.pk)
    assert files.sealed_earlier() == []
