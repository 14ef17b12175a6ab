"""Which skin layer the needle's tip reaches."""

from collections.abc import Sequence

from openmeso.terms.plan import ReachedLayer
from openmeso.terms.technique import LayerDepth


def reached_layers(
    regions: Sequence[str], depth_mm: float, layers: Sequence[LayerDepth]
) -> tuple[ReachedLayer, ...]:
    """The layer at ``depth_mm`` below the surface, for each region once, in their order.

    A tip on the border of two layers lies in the deeper one. Where a region's layers are not
    known, or end above the tip, the sentence says so and the layer is empty or ``below …``.
    """
    return tuple(_reached(region, depth_mm, layers) for region in dict.fromkeys(regions))


def _reached(region: str, depth_mm: float, layers: Sequence[LayerDepth]) -> ReachedLayer:
    here = sorted((one for one in layers if one.region == region), key=lambda one: one.top_mm)
    place = region.replace("_", " ")
    if not here:
        sentence = f"No layer depths are known for the {place}: check the depth on the patient."
        return ReachedLayer(region, "", sentence, ())
    for one in here:
        if one.top_mm <= depth_mm < one.bottom_mm:
            sentence = (
                f"At {depth_mm:g} mm the tip lies in the {_words(one.layer)} of the {place}"
                f" ({one.top_mm:g}–{one.bottom_mm:g} mm)."
            )
            return ReachedLayer(region, one.layer, sentence, one.facts, one.assumption)
    last = here[-1]
    sentence = (
        f"At {depth_mm:g} mm the tip lies below the {_words(last.layer)} of the {place},"
        f" which ends at {last.bottom_mm:g} mm."
    )
    return ReachedLayer(region, f"below_{last.layer}", sentence, last.facts, last.assumption)


def _words(layer: str) -> str:
    return layer.replace("_", " ")
