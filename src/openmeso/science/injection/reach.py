"""Reach of a plan: where each injected substance goes, whom it reaches, what the body takes up.

One session is followed from its boluses to the follicle bulbs and into the body; levels are those
of the repeated session. Only the scalp is described, as flat skin of one kind; the terminal bulbs
in fact lie in the fat below the dermis, of which no constants are known.
"""

import math

from openmeso.science.injection.exposure import Neighbours, neighbours
from openmeso.science.injection.reach_field import Release, release_of
from openmeso.science.injection.reach_level import HOURS_PER_DAY
from openmeso.science.injection.reach_site import Site, site_of
from openmeso.science.injection.reach_substance import Ask, substance_reach
from openmeso.science.injection.reach_text import unknown_sentence
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan, PlanInputError
from openmeso.terms.reach import Reach
from openmeso.terms.units import DoseUnit

NOT_SCALP = "Only the scalp is modelled: nothing is said of where the drug goes elsewhere."
NOTHING_INJECTED = "Nothing is injected, so nothing is said of where a drug goes."

# a bolus this many millimetres beyond its own edge adds nothing that matters in any case
_DOUBT_REACH_MM = 13.0
_MAP_LENGTHS = 18.0


def reach(plan: Plan, knowledge: Knowledge) -> Reach:
    """Where the substances of ``plan`` go; the same plan and knowledge always give the same.

    Raises :class:`PlanInputError` for a depth outside the scalp, a volume or a concentration
    that is no positive number, and a phase without an interval.
    """
    strengths = _strengths(plan)
    names = {key: knowledge.ingredients[key].name for key in strengths}
    if not strengths:
        return Reach((), (), NOTHING_INJECTED)
    site = site_of(plan, knowledge)
    if site is None:
        return Reach((), (), NOT_SCALP)
    known = [key for key in strengths if key in knowledge.substances]
    unknown = tuple(names[key] for key in strengths if key not in knowledge.substances)
    asks = [_ask(plan, knowledge, site, key, strengths[key]) for key in known]
    if not asks:
        return Reach((), unknown, unknown_sentence(unknown))
    near = neighbours(site.follicles, site.points, site.radius_mm + _DOUBT_REACH_MM)
    cells = _map_cells(site, [ask.release for ask in asks])
    found = tuple(substance_reach(ask, near, cells) for ask in asks)
    return Reach(found, unknown, unknown_sentence(unknown))


def _strengths(plan: Plan) -> dict[str, tuple[float, float]]:
    """Concentration [mg/mL] and session's dose [mg] of every ingredient of the formula."""
    found: dict[str, tuple[float, float]] = {}
    for dose in plan.doses:
        if not math.isfinite(dose.per_ml) or dose.per_ml < 0:
            raise PlanInputError(
                "choice.formula",
                f"{dose.ingredient} has {dose.per_ml} per mL.",
                "Expected 0 or more.",
            )
        if dose.per_ml == 0:
            continue
        per_ml, session = found.get(dose.ingredient, (0.0, 0.0))
        counted = dose.unit is DoseUnit.MG
        found[dose.ingredient] = (
            per_ml + dose.per_ml * counted,
            session + dose.per_session * counted,
        )
    return found


def _ask(
    plan: Plan, knowledge: Knowledge, site: Site, ingredient: str, strength: tuple[float, float]
) -> Ask:
    per_ml, _ = strength
    if not plan.choice.phases or not plan.choice.phases[0].interval_days > 0:
        raise PlanInputError(
            "choice.phases[0].interval_days", "is missing.", "Expected 1 day or more."
        )
    return Ask(
        release=release_of(knowledge.substances[ingredient], per_ml, site),
        dose_mg=per_ml * site.volume_ml * len(site.points),
        interval_h=plan.choice.phases[0].interval_days * HOURS_PER_DAY,
        classes=tuple(knowledge.size_classes.values()),
        equivalent=next((one for one in plan.equivalents if one.ingredient == ingredient), None),
    )


def _map_cells(site: Site, releases: list[Release]) -> Neighbours:
    farthest = max(release.length_mm for release in releases)
    return neighbours(site.cells, site.points, site.radius_mm + _MAP_LENGTHS * farthest)
