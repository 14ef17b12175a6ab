"""Document: a PDF kept with a patient, encrypted; a letter, a result, another clinic's plan."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from openmeso.gateways.document import plain_name, read_document
from openmeso.records.models import Patient, StoredFile, User
from openmeso.services import audit, permission
from openmeso.services import file as files
from openmeso.services.refusal import NotFound
from openmeso.terms.file import FileKind


def of_patient(patient: Patient) -> QuerySet[StoredFile]:
    """The patient's documents, newest first, where the reading is noted already."""
    kept = StoredFile.objects.filter(patient=patient, kind=FileKind.DOCUMENT.value)
    return kept.select_related("created_by")


@transaction.atomic
def add(*, by: User, patient: Patient, content: bytes, name: str) -> StoredFile:
    """Keep a document; DocumentError for bytes that are no PDF."""
    permission.require(by, "document.add", patient)
    media_type = read_document(content)
    kept = files.keep(
        by=by,
        patient=patient,
        content=content,
        media_type=media_type,
        kind=FileKind.DOCUMENT,
        name=plain_name(name),
    )
    audit.record(by=by, action="add_document", of=patient, details={"file": kept.pk})
    return kept


@transaction.atomic
def content(*, by: User, pk: UUID) -> tuple[bytes, StoredFile]:
    """A document to download, the read noted."""
    permission.require(by, "file.see")
    file = files.visible_to(by).filter(pk=pk, kind=FileKind.DOCUMENT.value).first()
    if file is None:
        raise NotFound("No such document in your clinic.")
    audit.record(by=by, action="download", of=file, purpose="care")
    return files.opened(file), file
