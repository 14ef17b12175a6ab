"""What the fates of hairs, and the doubts about them, are called on screen."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

FATES: Mapping[str, object] = {
    "gained": _("Gained"),
    "lost": _("Lost"),
    "thickened": _("Thicker"),
    "thinned": _("Thinner"),
    "kept": _("Kept"),
    "growing": _("Growing"),
    "resting": _("Resting"),
    "unclear": _("Unclear"),
}

MEANINGS: Mapping[str, object] = {
    "gained": _("not in the earlier picture on looking again"),
    "lost": _("not in the later picture on looking again"),
    "thickened": _("thicker beyond the error of two measurements"),
    "thinned": _("thinner beyond the error of two measurements"),
    "kept": _("in both pictures"),
    "growing": _("longer on the later day"),
    "resting": _("as long as on the first day"),
    "unclear": _("cannot be told, and counts for nothing"),
}

DOUBTS: Mapping[str, object] = {
    "short": _("too short to be told from a loose bit of hair"),
    "hidden": _("its place is hidden by other hairs"),
    "faint": _("too faint to be told from skin"),
    "evidence": _("the evidence lies in between"),
}

KINDS: Mapping[str, object] = {
    "visits": _("Two visits compared"),
    "phototrichogram": _("Phototrichogram"),
}

TOLD: Mapping[str, object] = {
    "gained": _("%(n)d gained"),
    "lost": _("%(n)d lost"),
    "thickened": _("%(n)d thicker"),
    "thinned": _("%(n)d thinner"),
    "growing": _("%(n)d growing"),
    "resting": _("%(n)d resting"),
    "unclear": _("%(n)d unclear"),
}
"""In a list; hairs that were kept go without saying."""


def signed(value: float) -> str:
    """A change with its sign."""
    text = f"{value:+.1f}"
    return "0" if text in ("+0.0", "-0.0") else text.replace("-", "−")
