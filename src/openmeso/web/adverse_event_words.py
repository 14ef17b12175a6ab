"""What the codes of a reaction are called on screen."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from openmeso.terms.adverse_event import Causality, Outcome, Seriousness, Trend

OUTCOMES: Mapping[Outcome, object] = {
    Outcome.NOT_RESOLVED: _("Not resolved"),
    Outcome.RESOLVING: _("Resolving"),
    Outcome.RESOLVED: _("Resolved"),
    Outcome.RESOLVED_WITH_SEQUELAE: _("Resolved with sequelae"),
    Outcome.FATAL: _("Fatal"),
    Outcome.UNKNOWN: _("Unknown"),
}
TRENDS: Mapping[Trend, object] = {
    Trend.IMPROVING: _("Improving"),
    Trend.UNCHANGED: _("Unchanged"),
    Trend.WORSENING: _("Worsening"),
}
# The WHO-UMC criteria in short; the category is a judgement, not a sum of points.
CAUSALITIES: Mapping[Causality, object] = {
    Causality.CERTAIN: _(
        "Certain: fits in time, nothing else explains it, returns when given again"
    ),
    Causality.PROBABLE: _("Probable: fits in time, hardly anything else explains it"),
    Causality.POSSIBLE: _("Possible: fits in time, something else may explain it"),
    Causality.UNLIKELY: _("Unlikely: hardly fits in time, something else explains it"),
    Causality.CONDITIONAL: _("Conditional: more data are awaited"),
    Causality.UNASSESSABLE: _("Unassessable: the account is not enough"),
}
SERIOUSNESS: Mapping[Seriousness, object] = {
    Seriousness.DEATH: _("Death"),
    Seriousness.LIFE_THREATENING: _("Life-threatening"),
    Seriousness.HOSPITALISATION: _("Hospital stay, or a longer one"),
    Seriousness.DISABILITY: _("Disability or incapacity"),
    Seriousness.CONGENITAL_ANOMALY: _("Congenital anomaly"),
    Seriousness.MEDICALLY_IMPORTANT: _("Medically important otherwise"),
}
KINDS: Mapping[str, object] = {
    "recorded": _("Recorded"),
    "followed_up": _("Followed up"),
    "corrected": _("Corrected"),
    "closed": _("Closed"),
    "reopened": _("Reopened"),
    "withdrawn": _("Recorded in error"),
}


def short(causality: Causality | None) -> str:
    """The category alone."""
    return str(CAUSALITIES[causality]).partition(":")[0] if causality else ""
