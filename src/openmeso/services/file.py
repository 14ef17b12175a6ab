"""File: kept encrypted outside the database, in step with the transaction that tells of it.

The sealed file is on the disk before its row is written. When the transaction fails afterwards
nothing refers to the file: an orphan, unreadable without its row, which :func:`check` finds.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from openmeso.gateways import clock
from openmeso.gateways.vault import VaultError, key_ring
from openmeso.gateways.vault_folder import VaultFolder
from openmeso.records.models import Patient, StoredFile, User
from openmeso.services import audit, permission
from openmeso.services.member import membership_of
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.refusal import NotFound
from openmeso.terms.file import FileKind

LONGEST_NAME = 160


class FileDamaged(Exception):
    """The sealed file is gone, was changed, or its master key is not held."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a walk through rows and folder found; ``damaged`` says of each what is wrong."""

    files: int
    damaged: tuple[tuple[UUID, str], ...]
    orphans: tuple[UUID, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every file opens; orphans are litter, not loss."""
        return not self.damaged


def vault() -> VaultFolder:
    """The folder and keys that the settings name."""
    return VaultFolder(settings.FILES_DIR, key_ring(settings.FILE_KEYS))


def visible_to(user: permission.Asker) -> QuerySet[StoredFile]:
    """Files of the patients somebody may open, and of their own clinic without a patient."""
    place = membership_of(user)
    if place is None or place.role not in permission.CARE:
        return StoredFile.objects.none()
    return StoredFile.objects.filter(
        Q(patient__in=visible_patients(user)) | Q(patient__isnull=True, clinic=place.clinic_id)
    ).select_related("clinic", "patient__clinic")


@transaction.atomic
def keep(
    *,
    by: User,
    content: bytes,
    media_type: str,
    kind: FileKind,
    patient: Patient | None = None,
    name: str = "",
) -> StoredFile:
    """Encrypt and keep; of a patient, or of the asker's clinic. Who checked the contents is ours."""
    permission.require(by, "file.keep", patient)
    file = StoredFile(
        clinic=patient.clinic if patient else permission.own_clinic(by),
        patient=patient,
        kind=kind.value,
        media_type=media_type,
        size_bytes=len(content),
        name=name[:LONGEST_NAME],
        created_at=clock.now(),
        created_by=by,
    )
    sealed = vault().put(file.pk, content)
    file.digest, file.key_id = sealed.digest, sealed.key_id
    file.full_clean()
    file.save(force_insert=True)
    audit.record(by=by, action="keep", of=file, details={"kind": kind.value})
    return file


@transaction.atomic
def content(*, by: User, file: StoredFile, purpose: str) -> bytes:
    """The file's contents, the read noted; NotFound for whoever may not see its patient."""
    permission.require(by, "file.see")
    if not visible_to(by).filter(pk=file.pk).exists():
        raise NotFound("No such file in your clinic.")
    audit.record(by=by, action="read", of=file, purpose=purpose, details={"kind": file.kind})
    return opened(file)


def opened(file: StoredFile) -> bytes:
    """The contents of a file whose reading the caller has allowed and noted."""
    try:
        return vault().get(file.pk, file.digest)
    except VaultError as error:
        raise FileDamaged(f"File {file.pk} cannot be opened: {error}.") from None


def check() -> Inventory:
    """Open every file, and look for sealed ones that no row tells of; for whoever runs the server."""
    folder, count, damaged = vault(), 0, []
    known = set()
    for pk, digest in StoredFile.objects.values_list("pk", "digest").iterator(chunk_size=1000):
        count += 1
        known.add(pk)
        try:
            folder.get(pk, digest)
        except VaultError as error:
            damaged.append((pk, str(error)))
    orphans = tuple(one for one in folder.ids() if one not in known)
    return Inventory(count, tuple(damaged), orphans)


def sealed_earlier() -> list[UUID]:
    """The files still sealed with an earlier master key."""
    earlier = StoredFile.objects.exclude(key_id=vault().keys.current.id)
    return list(earlier.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def rewrap(*, by: User | None, pk: UUID) -> StoredFile:
    """Wrap one file's secret by the current master key; for whoever runs the server.

    The earlier keys must be held until every file is done. Stopped in between, the file opens with
    either key, and wrapping it again does no harm.
    """
    file = StoredFile.objects.select_related("clinic").get(pk=pk)
    before = file.key_id
    file.key_id = vault().rewrap(file.pk)
    file.save(update_fields=["key_id"])
    audit.record(by=by, action="rewrap", of=file, details={"from": before, "to": file.key_id})
    return file
