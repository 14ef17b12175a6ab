"""Seen: pictures of a page whose reading was noted a moment ago are not noted once more.

The page's addresses carry a mark that holds for its reader, for what was noted (a patient's
gallery, or one photo) and a few minutes. Without it a picture is shown all the same, and noted.
"""

from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner

HOLDS_S = 15 * 60
_SIGNER = TimestampSigner(salt="openmeso.photo.seen")


def mark_for(user: UUID, noted: UUID) -> str:
    """A mark for the reader of a page that is being noted."""
    return _SIGNER.sign(f"{user.hex}.{noted.hex}").partition(".")[2]


def noted_by(user: UUID, mark: str) -> UUID | None:
    """The patient or the photo that this reader's mark still covers."""
    try:
        said = _SIGNER.unsign(f"{user.hex}.{mark}", max_age=HOLDS_S)
    except BadSignature:
        return None
    return UUID(said.partition(".")[2])
