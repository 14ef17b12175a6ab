"""Score a comparison against a rendered pair, whose gains and losses are known."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from openmeso.science.trichoscopy.render import RenderedField
from openmeso.science.trichoscopy.render_pair import RenderedPair
from openmeso.science.trichoscopy.render_shaft import TrueHair
from openmeso.science.trichoscopy.scoring import match_lines
from openmeso.science.trichoscopy.spot import Spot, View
from openmeso.terms.comparison import Comparison, Fate
from openmeso.terms.trichoscopy import HairField


@dataclass(frozen=True, slots=True)
class PairScore:
    """``hairs`` that can be seen on the common skin at the first visit; of those lost and gained how
    many there truly are, how many are called, and how many of the called are neither (``wrong``).

    ``width_steps_um`` are (true factor, first width, change) of hairs measured at both visits.
    """

    hairs: int
    lost: int
    gained: int
    called_lost: int
    called_gained: int
    wrong_lost: int
    wrong_gained: int
    width_steps_um: tuple[tuple[float, float, float], ...]

    @property
    def loss_error(self) -> float:
        """Losses called less true ones, over the hairs [1]."""
        return (self.called_lost - self.lost) / self.hairs if self.hairs else 0.0

    @property
    def gain_error(self) -> float:
        """Gains called less true ones, over the hairs [1]."""
        return (self.called_gained - self.gained) / self.hairs if self.hairs else 0.0


def true_ids(rendered: RenderedField, field: HairField) -> dict[int, int]:
    """Id of the true hair that each traced hair follows."""
    true = [hair for hair in rendered.hairs if hair.own_px > 0]
    pairs = match_lines(
        [hair.path_px for hair in true],
        [hair.mean_diameter_um for hair in true],
        [np.asarray(hair.path_px, float) for hair in field.hairs],
        rendered.um_per_px,
        (field.width_px, field.height_px),
    )
    return {field.hairs[j].id: true[i].id for i, j in pairs}


def score_pair(
    pair: RenderedPair, before: HairField, after: HairField, made: Comparison
) -> PairScore:
    """Score what was made of a rendered pair."""
    spot = Spot(View(pair.first.image, before), View(pair.second.image, after), made.registration)
    first, second = true_ids(pair.first, before), true_ids(pair.second, after)
    there = _visible(pair.first.hairs, spot, 0)
    lost = [first.get(hair.before or 0) for hair in made.hairs if hair.fate is Fate.LOST]
    gained = [second.get(hair.after or 0) for hair in made.hairs if hair.fate is Fate.GAINED]
    steps = tuple(
        (
            pair.thicker_by if first[hair.before] in pair.thickened else 1.0,
            hair.before_um,
            hair.after_um - hair.before_um,
        )
        for hair in made.hairs
        if hair.before in first
        and hair.before_um is not None
        and hair.after_um is not None
        and first[hair.before] == second.get(hair.after or 0)
    )
    return PairScore(
        hairs=len(there),
        lost=len(there & pair.lost),
        gained=len(_visible(pair.second.hairs, spot, 1) & pair.gained),
        called_lost=len(lost),
        called_gained=len(gained),
        wrong_lost=sum(one not in pair.lost for one in lost),
        wrong_gained=sum(one not in pair.gained for one in gained),
        width_steps_um=steps,
    )


def _visible(hairs: Iterable[TrueHair], spot: Spot, which: int) -> set[int]:
    seen = [hair for hair in hairs if hair.visible]
    roots = np.array([hair.root_px for hair in seen]).reshape(-1, 2)
    return {hair.id for hair, held in zip(seen, spot.is_common(roots, which), strict=True) if held}
