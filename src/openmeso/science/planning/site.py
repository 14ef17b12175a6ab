"""Where is injected: zones from the choice, the preset or the grade, and their regions."""

from collections.abc import Mapping
from dataclasses import replace

from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import PlanInputError, PlanRequest
from openmeso.terms.zone import XY, MapView, Zone


def choose_zones(request: PlanRequest, knowledge: Knowledge) -> tuple[Zone, ...]:
    """The drawn zones, else the preset's, else those of the assessment's grade.

    Each zone names its region: its own, its view's, or on a view of the whole body that of
    the nearest preset zone there, the indication's regions first.
    """
    zones = request.choice.zones or _preset_zones(request, knowledge)
    indication = knowledge.indications[request.assessment.indication]
    return tuple(
        zone if zone.region else replace(zone, region=_region(zone, indication.regions, knowledge))
        for zone in zones
    )


def zone_regions(zones: tuple[Zone, ...], views: Mapping[str, MapView]) -> tuple[str, ...]:
    """Regions of the zones, each once."""
    return tuple(dict.fromkeys(zone.region or views[zone.view].region for zone in zones))


def grade_preset(request: PlanRequest, knowledge: Knowledge) -> str:
    """Preset of the assessment's grade, the indication's own scales first; empty if none."""
    indication = knowledge.indications[request.assessment.indication]
    scores = sorted(
        request.assessment.scores, key=lambda score: score.scale not in indication.scales
    )
    for score in scores:
        scale = knowledge.scales.get(score.scale)
        for grade in scale.grades if scale else ():
            if grade.code == score.value and grade.preset:
                return grade.preset
    return ""


def _preset_zones(request: PlanRequest, knowledge: Knowledge) -> tuple[Zone, ...]:
    preset = request.choice.preset or grade_preset(request, knowledge)
    if not preset:
        raise PlanInputError(
            "choice.zones",
            "No zone is drawn, and the assessment's grade suggests none.",
            f"Draw a zone, or choose a preset: {', '.join(knowledge.presets)}.",
        )
    if preset not in knowledge.presets:
        raise PlanInputError(
            "choice.preset",
            f"There is no {preset!r}.",
            f"Choose one of {', '.join(knowledge.presets)}.",
        )
    return knowledge.presets[preset].zones


def _region(zone: Zone, preferred: tuple[str, ...], knowledge: Knowledge) -> str:
    placed = [
        other
        for preset in knowledge.presets.values()
        for other in preset.zones
        if other.view == zone.view and other.region
    ]
    view = knowledge.views.get(zone.view)
    if view is None or not placed:
        return view.region if view else ""
    placed = [other for other in placed if other.region in preferred] or placed
    x, y = _middle(zone.polygon)
    nearest = min(placed, key=lambda other: _distance2((x, y), _middle(other.polygon)))
    return nearest.region


def _middle(polygon: tuple[XY, ...]) -> XY:
    corners = max(len(polygon), 1)
    return sum(x for x, _ in polygon) / corners, sum(y for _, y in polygon) / corners


def _distance2(a: XY, b: XY) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
