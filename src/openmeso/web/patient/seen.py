"""Seen: thumbs of a page whose reading was noted a moment ago are not noted one by one.

The page's addresses carry a mark that holds for its reader, its patient and a few minutes.
Without it a thumb is shown all the same, and noted.
"""

from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner

HOLDS_S = 15 * 60
_SIGNER = TimestampSigner(salt="openmeso.photo.seen")


def mark_for(user: UUID, patient: UUID) -> str:
    """A mark for the reader of a page that is being noted."""
    return _SIGNER.sign(f"{user.hex}.{patient.hex}").partition(".")[2]


def patient_noted(user: UUID, mark: str) -> UUID | None:
    """Whose thumbs this reader's mark still covers."""
    try:
        said = _SIGNER.unsign(f"{user.hex}.{mark}", max_age=HOLDS_S)
    except BadSignature:
        return None
    return UUID(said.partition(".")[2])
