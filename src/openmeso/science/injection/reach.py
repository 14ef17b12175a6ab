"""Reach of a plan: where each injected substance goes, whom it reaches, what the body takes up.

One session is followed from its boluses to the follicle bulbs and into the body; levels are those
of the repeated session. Only the scalp is described, as flat skin of one kind; the terminal bulbs
in fact lie in the fat below the dermis, of which no constants are known.
"""

import math

from openmeso.science.injection.exposure import Neighbours, neighbours
from openmeso.science.injection.reach_field import Release, Spread, release_of, spreading
from openmeso.science.injection.reach_level import HOURS_PER_DAY, bulb_depths, bulge_depths
from openmeso.science.injection.reach_site import SCALP, Site, site_of
from openmeso.science.injection.reach_substance import Ask, substance_reach
from openmeso.science.injection.reach_text import unknown_sentence
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan, PlanInputError
from openmeso.terms.reach import Reach, Skin
from openmeso.terms.units import DoseUnit

NOT_SCALP = "Only the scalp is modelled: nothing is said of where the drug goes elsewhere."
NOTHING_INJECTED = "Nothing is injected, so nothing is said of where a drug goes."

# a bolus this many millimetres beyond its own edge adds nothing that matters in any case
_DOUBT_REACH_MM = 13.0
_MAP_LENGTHS = 18.0


def reach(plan: Plan, knowledge: Knowledge, skin: Skin = Skin.DERMIS) -> Reach:
    """Where the substances of ``plan`` go; the same plan and knowledge always give the same.

    ``skin`` is dermis throughout, or dermis on fat: a guess, to see how much hangs on it.

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
    known = [key for key in strengths if key in knowledge.substances and strengths[key] > 0]
    unknown = tuple(names[key] for key in strengths if key not in known)
    if not known:
        return Reach((), unknown, unknown_sentence(unknown))
    near = neighbours(site.follicles, site.points, site.radius_mm + _DOUBT_REACH_MM)
    classes = tuple(knowledge.size_classes.values())
    both = spreading(site, near, [*bulb_depths(classes), *bulge_depths(classes)])
    spreads = both.of(slice(len(classes))), both.of(slice(len(classes), None))
    border = _border_mm(knowledge) if skin is Skin.DERMIS_ON_FAT else None
    releases = (
        release_of(knowledge.substances[key], strengths[key], site, border) for key in known
    )
    asks = [
        _ask(plan, knowledge, strengths[release.substance.ingredient], release, spreads)
        for release in releases
    ]
    cells = _map_cells(site, [ask.release for ask in asks])
    found = tuple(substance_reach(ask, near, cells) for ask in asks)
    return Reach(found, unknown, unknown_sentence(unknown), skin)


def _border_mm(knowledge: Knowledge) -> float:
    """Where the scalp's dermis ends [mm]."""
    return next(
        one.bottom_mm for one in knowledge.layers if (one.region, one.layer) == (SCALP, "dermis")
    )


def _strengths(plan: Plan) -> dict[str, float]:
    """Concentration [mg/mL] of every ingredient of the formula; 0 where not counted in mg."""
    found: dict[str, float] = {}
    for dose in plan.doses:
        if not math.isfinite(dose.per_ml) or dose.per_ml < 0:
            raise PlanInputError(
                "choice.formula",
                f"{dose.ingredient} has {dose.per_ml} per mL.",
                "Expected 0 or more.",
            )
        if dose.per_ml > 0:
            mg_per_ml = dose.per_ml if dose.unit is DoseUnit.MG else 0.0
            found[dose.ingredient] = found.get(dose.ingredient, 0.0) + mg_per_ml
    return found


def _interval_h(plan: Plan) -> float:
    days = plan.choice.phases[0].interval_days if plan.choice.phases else 0
    if not days > 0:
        raise PlanInputError(
            "choice.phases[0].interval_days", f"is {days}.", "Expected 1 day or more."
        )
    return days * HOURS_PER_DAY


def _ask(
    plan: Plan,
    knowledge: Knowledge,
    mg_per_ml: float,
    release: Release,
    spreads: tuple[Spread, Spread],
) -> Ask:
    site, ingredient = release.site, release.substance.ingredient
    return Ask(
        release=release,
        dose_mg=mg_per_ml * site.volume_ml * len(site.points),
        interval_h=_interval_h(plan),
        classes=tuple(knowledge.size_classes.values()),
        equivalent=next((one for one in plan.equivalents if one.ingredient == ingredient), None),
        at_bulbs=spreads[0],
        at_bulges=spreads[1],
    )


def _map_cells(site: Site, releases: list[Release]) -> Neighbours:
    farthest = max(release.length_mm for release in releases)
    return neighbours(site.cells, site.points, site.radius_mm + _MAP_LENGTHS * farthest)
