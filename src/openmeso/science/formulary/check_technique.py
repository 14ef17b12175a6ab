"""Checks of how it is injected: ranges, depth, needle, volume, who injects."""

from collections.abc import Iterator, Mapping
from datetime import date

from openmeso.science.formulary.check_context import CheckContext
from openmeso.science.formulary.check_rule import (
    UNKNOWN_PARAMS,
    Kind,
    called,
    could_not_run,
    day,
    flag,
    found,
    joined,
    text,
    texts,
)
from openmeso.terms.check import CheckRule, Finding
from openmeso.terms.provenance import Quantity


def outside_range(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That ``quantity`` lies above, or below, the range published for the technique.

    ``quantity`` is ``depth_mm``, ``volume_per_point_ml`` or ``spacing_mm``; ``side`` is
    ``above`` or ``below``.
    """
    chosen, published = _chosen_and_published(context, text(rule, "quantity"))
    if chosen is None:
        return
    above = text(rule, "side") == "above"
    if (chosen > published.upper) if above else (chosen < published.lower):
        places = {
            "technique": called(context.technique.name),
            "chosen": f"{chosen:g}",
            "low": f"{published.lower:g}",
            "high": f"{published.upper:g}",
            "unit": published.unit,
        }
        yield found(rule, "", places, published.facts)


def _chosen_and_published(context: CheckContext, quantity: str) -> tuple[float | None, Quantity]:
    choice, technique = context.choice, context.technique
    spacing_mm = choice.grid.spacing_mm if choice.grid else None
    injected = technique.injects
    volume_ml = choice.volume_per_point_ml if injected else None
    known: dict[str, tuple[float | None, Quantity]] = {
        "depth_mm": (choice.depth_mm, technique.depth_mm),
        "volume_per_point_ml": (volume_ml, technique.volume_per_point_ml),
        "spacing_mm": (spacing_mm, technique.spacing_mm),
    }
    return known[quantity]


def below_dermis(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each region where the chosen depth reaches below the layers named in ``dermis``.

    ``published_mm`` says how deep sources go there nevertheless. ``within`` asks for depths
    that keep to it; without it the rule asks for those that go beyond.
    """
    depth_mm = context.choice.depth_mm
    if depth_mm is None:
        return
    for region in context.regions:
        layers = [
            layer
            for layer in context.knowledge.layers
            if layer.region == region and layer.layer in texts(rule, "dermis")
        ]
        facts = [fact for layer in layers for fact in layer.facts]
        places = {"region": _region_name(region), "depth": f"{depth_mm:g}"}
        if not layers:
            if "unknown_reason" in rule.params:
                yield could_not_run(rule, region, places)
            continue
        bottom_mm = max(layer.bottom_mm for layer in layers)
        published_mm = _published_depth_mm(rule, region)
        published = published_mm is not None and depth_mm <= published_mm
        if depth_mm > bottom_mm and published == flag(rule, "within"):
            places |= {"bottom": f"{bottom_mm:g}", "published": f"{published_mm or bottom_mm:g}"}
            yield found(rule, region, places, facts)


def _published_depth_mm(rule: CheckRule, region: str) -> float | None:
    depths = rule.params.get("published_mm", {})
    depth_mm = depths.get(region) if isinstance(depths, Mapping) else None
    return float(depth_mm) if isinstance(depth_mm, int | float) else None


def _region_name(region: str) -> str:
    return region.replace("_", " ")


def needle_short(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the technique's needle is shorter than the chosen depth."""
    depth_mm, length_mm = context.choice.depth_mm, context.technique.needle_length_mm
    if depth_mm is not None and length_mm < depth_mm:
        places = {"depth": f"{depth_mm:g}", "length": f"{length_mm:g}"}
        yield found(rule, "", places, context.technique.needle.facts)


def technique_region(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Regions that the technique is not described for."""
    others = [each for each in context.regions if each not in context.technique.regions]
    if others:
        names = joined(_region_name(each) for each in others)
        yield found(rule, "", {"technique": called(context.technique.name), "regions": names})


def indication_region(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Regions that the indication is not treated at."""
    indication = context.indication
    if indication is None:
        return
    others = [each for each in context.regions if each not in indication.regions]
    if others:
        names = joined(_region_name(each) for each in others)
        yield found(rule, "", {"indication": called(indication.name), "regions": names})


def volume_conflict(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That points and volume per point contradict the published session volume."""
    conflict = context.conflict
    if conflict is not None:
        ways = " ".join(way.sentence for way in conflict.ways_out)
        places = {"why": conflict.sentence, "ways": ways}
        yield found(rule, "", places, conflict.facts)


def no_points(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the zones hold no injection point at all."""
    if context.grid.points == 0:
        yield found(rule)


def training(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That whoever is assigned is not trained in the technique on the first session's day."""
    practitioner = context.request.setting.practitioner
    places: dict[str, object] = {"technique": called(context.technique.name)}
    if practitioner is None:
        yield could_not_run(rule, "", places)
        return
    first = context.session_dates[0]
    if not _trained(context, first):
        places |= {"practitioner": practitioner.name, "date": day(first)}
        yield found(rule, "", places)


def training_lapses(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the training, valid on the first session's day, lapses during the course."""
    practitioner = context.request.setting.practitioner
    if practitioner is None or not _trained(context, context.session_dates[0]):
        return
    untrained = [on for on in context.session_dates if not _trained(context, on)]
    if untrained:
        places = {
            "technique": called(context.technique.name),
            "practitioner": practitioner.name,
            "date": day(untrained[0]),
        }
        yield found(rule, "", places)


def _trained(context: CheckContext, on: date) -> bool:
    practitioner = context.request.setting.practitioner
    return practitioner is not None and any(
        each.technique == context.technique.id
        and each.trained_on <= on
        and (each.valid_until is None or on <= each.valid_until)
        for each in practitioner.trainings
    )


TECHNIQUE_KINDS: Mapping[str, Kind] = {
    "outside_range": Kind(outside_range, ("quantity", "side")),
    "below_dermis": Kind(below_dermis, ("dermis", "published_mm"), ("within", *UNKNOWN_PARAMS)),
    "needle_short": Kind(needle_short),
    "technique_region": Kind(technique_region),
    "indication_region": Kind(indication_region),
    "volume_conflict": Kind(volume_conflict),
    "no_points": Kind(no_points),
    "training": Kind(training, (), UNKNOWN_PARAMS),
    "training_lapses": Kind(training_lapses),
}
