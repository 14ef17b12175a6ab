"""Where a session left its plan, in words."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from openmeso.services.knowledge import knowledge
from openmeso.terms.session import Difference

ABOUT: Mapping[str, object] = {
    "depth": _("Depth"),
    "volume_per_point": _("Volume per point"),
    "volume": _("Volume of the session"),
    "zone": _("Zone"),
    "drawn": _("Drawn"),
    "points_skipped": _("Points skipped"),
    "points_moved": _("Points moved"),
    "points_other_volume": _("Points with another volume"),
    "points_other_depth": _("Points at another depth"),
}


def difference_words(differences: Iterable[Difference]) -> list[tuple[str, str, str]]:
    """What differs, what was planned and what was given."""
    return [(_about(each.about), each.planned, each.given) for each in differences]


def _about(about: str) -> str:
    kind, _colon, subject = about.partition(":")
    product = knowledge().products.get(subject)
    named = product.name if product else subject
    return f"{ABOUT.get(kind, kind)} {named}".strip()
