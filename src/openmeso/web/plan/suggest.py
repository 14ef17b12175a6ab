"""What the planner proposes when it opens, so that a plan exists before anything is chosen."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from openmeso.terms.assessment import Assessment
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import PlanChoice
from openmeso.terms.protocol import Protocol
from openmeso.terms.schedule import ClosingDays
from openmeso.terms.technique import Technique
from openmeso.terms.zone import MapPreset, MapView


def first_choice(
    assessment: Assessment, protocols: Iterable[Protocol], knowledge: Knowledge, first_on: date
) -> PlanChoice:
    """The first protocol for the indication with a formula, on the zones of the grade."""
    fitting = protocols_for(assessment.indication, protocols)
    with_formula = [each for each in fitting if each.components] or fitting
    return PlanChoice(
        start_on=first_on,
        protocol=with_formula[0].id if with_formula else "",
        technique="" if with_formula else _technique_for(assessment, knowledge),
        preset=preset_for(assessment, knowledge),
    )


def protocols_for(indication: str, protocols: Iterable[Protocol]) -> list[Protocol]:
    """Protocols published or saved for the indication."""
    return [each for each in protocols if indication in each.indications]


def preset_for(assessment: Assessment, knowledge: Knowledge) -> str:
    """The preset of the graded pattern, else the first that lies in the indication's region."""
    for score in assessment.scores:
        scale = knowledge.scales.get(score.scale)
        for grade in scale.grades if scale else ():
            if grade.code == score.value and grade.preset:
                return grade.preset
    own = presets_for(assessment.indication, knowledge)
    return next(iter(own), "")


def presets_for(indication: str, knowledge: Knowledge) -> Mapping[str, MapPreset]:
    """Presets whose zones all lie in the regions of the indication."""
    regions = set(knowledge.indications[indication].regions)
    return {
        key: preset
        for key, preset in knowledge.presets.items()
        if all(_region(zone.region, knowledge.views[zone.view]) in regions for zone in preset.zones)
    }


def _region(region: str, view: MapView) -> str:
    return region or view.region


def techniques_for(indication: str, knowledge: Knowledge) -> list[Technique]:
    """Techniques used in any of the indication's regions."""
    regions = set(knowledge.indications[indication].regions)
    fitting = [each for each in knowledge.techniques.values() if regions & set(each.regions)]
    return fitting or list(knowledge.techniques.values())


def _technique_for(assessment: Assessment, knowledge: Knowledge) -> str:
    injecting = [each for each in techniques_for(assessment.indication, knowledge) if each.injects]
    return injecting[0].id if injecting else ""


def next_open_day(after: date, closing: ClosingDays) -> date:
    """The first day after the date on which the clinic is open."""
    day = after + timedelta(days=1)
    for _try in range(366):
        if day.isoweekday() not in closing.weekdays and day not in closing.dates:
            return day
        day += timedelta(days=1)
    return after + timedelta(days=1)
