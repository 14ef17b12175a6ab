"""What the patient page says of photos and documents."""

from typing import TYPE_CHECKING

from openmeso.services import document as documents
from openmeso.services import permission
from openmeso.services import photo as photos
from openmeso.services.knowledge import knowledge
from openmeso.web.patient import seen

if TYPE_CHECKING:
    from openmeso.records.models import Patient, User

LATEST = 6


def photos_on_patient(user: "User", patient: "Patient") -> dict[str, object]:
    """The newest photos, and how many there are."""
    held = photos.of_patient(patient)
    return {
        "latest_photos": held[:LATEST],
        "photo_count": held.count(),
        "document_count": documents.of_patient(patient).count(),
        "seen": seen.mark_for(user.pk, patient.pk),
        "photo_views": knowledge().photo_views,
        "may_add_photo": permission.may(user, "photo.add", patient),
    }
