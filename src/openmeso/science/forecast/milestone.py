"""Milestones: the steps that the field speaks of, each as a chance with its definition."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from openmeso.science.forecast.library import STRUCTURES, Library
from openmeso.science.forecast.library_course import Array, Single
from openmeso.terms.forecast import Milestone

Yes = NDArray[np.bool_]


def milestones(
    treated: Mapping[str, Single],
    untreated: Mapping[str, Single],
    weights: Array,
    library: Library,
) -> tuple[Milestone, ...]:
    """Every milestone. They are about the hair itself: doubt of counting is left out."""
    value = library.source.priors.value
    part, gain = value["milestone.shed_change"], value["milestone.gain_per_cm2"]
    shed, first = treated["shedding"], untreated["shedding"][0]
    count, start = treated["count"], untreated["count"][0]
    half, year = count[26], count[52]
    percent = f"{100 * part:.0f} %"
    every: tuple[tuple[str, int, Yes, str], ...] = (
        (
            "First weeks: early shedding",
            8,
            shed[2:9].mean(axis=0) > (1 + part) * first,
            f"mean shedding of weeks 2 to 8 at least {percent} above that before the first session",
        ),
        (
            "First weeks: less shedding",
            8,
            shed[4:9].mean(axis=0) < (1 - part) * first,
            f"mean shedding of weeks 4 to 8 at least {percent} below that before the first session",
        ),
        (
            "2 to 3 months: shedding no more than at the start",
            13,
            shed[9:14].mean(axis=0) <= first,
            "mean shedding of weeks 9 to 13 not above that before the first session",
        ),
        (
            f"6 months: a gain of {gain:.0f} hairs/cm² or more",
            26,
            half - start >= gain,
            f"hairs above 40 µm at week 26 at least {gain:.0f}/cm² more than before",
        ),
        (
            "6 months: no worse than untreated",
            26,
            half >= untreated["count"][26],
            "hairs above 40 µm at week 26 not fewer than the same patient would have untreated",
        ),
        (
            f"12 months: a gain of {gain:.0f} hairs/cm² or more",
            52,
            year - start >= gain,
            f"hairs above 40 µm at week 52 at least {gain:.0f}/cm² more than before",
        ),
    )
    return tuple(_milestone(*one, weights, library) for one in every)


def _milestone(
    words: str, week: int, yes: Yes, definition: str, weights: Array, library: Library
) -> Milestone:
    chance = float(weights @ yes)
    by_account = [
        float(weights[here] @ yes[here] / weights[here].sum())
        for here in (library.structure == i for i in range(len(STRUCTURES)))
        if weights[here].sum() > 1e-3
    ]
    low, high = min(by_account), max(by_account)
    sentence = (
        f"{words}: {_tenths(chance)} such patients"
        f" ({100 * low:.0f} to {100 * high:.0f} % between the accounts)."
    )
    return Milestone(words, week, min(chance, 1.0), low, min(high, 1.0), sentence, definition)


def _tenths(chance: float) -> str:
    tenths = round(10 * chance)
    if tenths in (0, 10):
        return "fewer than 1 in 20" if tenths == 0 else "more than 19 in 20"
    return f"about {tenths} in 10"
