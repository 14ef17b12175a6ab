"""Documents: kept encrypted, handed out to whom the patient allows."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from openmeso.gateways.document import DocumentError
from openmeso.records.models import AuditEvent, StoredFile
from openmeso.services import document as documents
from tests.gateways.test_document import SOUND


@pytest.fixture
def kept(assistant, patient):
    return documents.add(by=assistant, patient=patient, content=SOUND, name="../blood test.pdf")


def test_it_comes_back_as_it_was_and_both_are_noted(practitioner, patient, kept):
    content, file = documents.content(by=practitioner, pk=kept.pk)
    assert (content, file.name, file.media_type) == (SOUND, "blood test.pdf", "application/pdf")
    assert list(documents.of_patient(patient)) == [kept]
    actions = list(AuditEvent.objects.filter(patient=patient.pk).values_list("action", flat=True))
    assert sorted(actions) == ["add_document", "download", "keep"]


def test_what_is_no_pdf_is_not_kept(practitioner, patient):
    with pytest.raises(DocumentError):
        documents.add(by=practitioner, patient=patient, content=b"<html>", name="a.pdf")
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "researcher", "auditor", "outsider"])
def test_nobody_else_gets_it(cast, patient, kept, who):
    user = getattr(cast, who)
    with pytest.raises((PermissionDenied, Http404)):
        documents.content(by=user, pk=kept.pk)
    with pytest.raises(PermissionDenied):
        documents.add(by=user, patient=patient, content=SOUND, name="a.pdf")


def test_only_documents_are_handed_out_here(practitioner, patient):
    from openmeso.services import file as files
    from openmeso.terms.file import FileKind

    consent = files.keep(
        by=practitioner, patient=patient, content=SOUND, media_type="application/pdf",
        kind=FileKind.CONSENT,
    )  # fmt: skip
    with pytest.raises(Http404):
        documents.content(by=practitioner, pk=consent.pk)
