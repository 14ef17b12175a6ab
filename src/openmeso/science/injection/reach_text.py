"""Reach in plain words."""

from openmeso.science.formulary.equivalent import in_words
from openmeso.science.injection.reach_level import MARK
from openmeso.terms.formula import SystemicEquivalent
from openmeso.terms.reach import ClassReach, DepotLife
from openmeso.terms.substance import Substance

_HOURS_PER_DAY = 24.0
_DAYS_PER_YEAR = 365.0


def in_ten(fraction: float) -> str:
    """A share of follicles as one says it.

    >>> in_ten(0.93), in_ten(0.004), in_ten(1.0)
    ('about 9 in 10', 'almost none', 'nearly all')
    """
    if fraction < 0.02:
        return "almost none"
    if fraction < 0.075:
        return f"about {max(1, round(fraction * 20))} in 20"
    if fraction > 0.965:
        return "nearly all"
    return f"about {min(9, max(1, round(fraction * 10)))} in 10"


def duration(hours: float) -> str:
    """A time as one says it.

    >>> duration(0.19), duration(16.0), duration(1390.0)
    ('11 minutes', '16 hours', '58 days')
    """
    if hours < 1.5:
        return f"{in_words(hours * 60)} minutes"
    if hours < 2 * _HOURS_PER_DAY:
        return f"{in_words(hours)} hours"
    if hours < 2 * _DAYS_PER_YEAR * _HOURS_PER_DAY:
        return f"{in_words(hours / _HOURS_PER_DAY)} days"
    return f"{in_words(hours / _HOURS_PER_DAY / _DAYS_PER_YEAR)} years"


def reached_when(substance: Substance) -> str:
    """What "reached" means for one substance."""
    if substance.threshold_ng_ml is not None:
        level = in_words(substance.threshold_ng_ml.middle / 1000.0)
        return f"more than {level} µg/mL of free drug at some time after a session"
    return f"at least {MARK:.0%} of the enzyme inactivated by one session"


def coverage_sentence(classes: tuple[ClassReach, ...], when: str) -> str:
    """How many bulbs of each size are reached, with the doubt."""
    parts = [
        f"{in_ten(one.reached_fraction)} {one.name.lower()} follicles"
        f" (anywhere from {one.reached_low:.0%} to {one.reached_high:.0%})"
        for one in classes
    ]
    said = f"Reached at the bulb: {'; '.join(parts)}. Reached means {when}."
    plain = [
        f"{in_ten(one.reached_in_dermis)} {one.name.lower()}"
        for one in classes
        if one.reached_in_dermis is not None
    ]
    if plain:
        said += f" With dermis throughout it would be {', '.join(plain)}."
    return said


def absorbed_sentence(dose_mg: float, k_half_life_h: float, depot: DepotLife | None) -> str:
    """What the body takes up of one session's dose, and how fast."""
    dose = in_words(dose_mg, 3)
    if depot is not None and depot.longest_days > 0:
        return f"{dose} mg is injected in a session; all of it reaches the body. {depot.sentence}"
    most = duration(k_half_life_h * 5)
    return (
        f"{dose} mg is injected in a session, and all of it reaches the body:"
        f" half within {duration(k_half_life_h)}, nearly all within {most}."
    )


def systemic_sentence(said: str, equivalent: SystemicEquivalent | None) -> str:
    """The absorbed dose, and what it amounts to in everyday terms where that is known."""
    return f"{said} {equivalent.sentence}" if equivalent else said


def blood_sentence(
    peaks_ng_ml: tuple[float, float, float],
    hour: float,
    half_lives_h: tuple[float, float],
    is_depot: bool,
) -> str:
    """The highest level in the blood (low, middle, high), when, and how it leaves."""
    low, middle, high = (in_words(one) for one in peaks_ng_ml)
    slow = half_lives_h[1] > 1.01 * half_lives_h[0]
    leaving = f"half of it leaves the blood in {duration(half_lives_h[0])}"
    if slow:
        leaving += f" at low levels, in up to {duration(half_lives_h[1])} at high ones"
    if is_depot:
        return (
            f"Its level in the blood hangs on how fast the solid dissolves: at most {low} to {high}"
            f" ng/mL after one session; {leaving}."
        )
    return (
        f"In the blood at most about {middle} ng/mL (anywhere from {low} to {high}) after one"
        f" session, {duration(hour)} after it; {leaving}."
    )


def responder_sentence(substance: Substance) -> str:
    """Who responds at all, where a share of people is known to lack what activates the drug."""
    share, others = substance.responder_share, substance.others_part
    if share is None or others is None:
        return ""
    return (
        f"{substance.ingredient.capitalize()} must be activated in the follicle by an enzyme"
        " (sulfotransferase), of which people differ. About"
        f" {10 * share.middle:.0f} in 10 ({share.lower:.0%} to {share.upper:.0%}) have enough and"
        f" get the full effect; the others are taken to get {others.middle:.0%} of it, which is an"
        " assumption. The forecast mixes both; who is who shows in a test of plucked hairs or in"
        " the months of treatment."
    )


def depot_sentence(longest_h: float, shortest_h: float) -> str:
    """How long a depot may last: always the range, never one number."""
    if shortest_h <= 0:
        return (
            "If it stays solid, it dissolves over an unknown time, up to"
            f" {duration(longest_h)}; it may also be dissolved from the start."
        )
    return (
        f"It dissolves over anything from {duration(shortest_h)} to {duration(longest_h)}:"
        " its solubility in skin is not known."
    )


def reading_sentence(reading: str, strata: tuple[float, ...]) -> str:
    """What the levels of the least and best reached fifth say."""
    low, high = strata[0], strata[-1]
    if reading == "inhibition":
        return (
            f"Over the course the enzyme is inhibited by {low:.0%} on average in the fifth of"
            f" follicles reached least and by {high:.0%} in the fifth reached best."
        )
    if reading == "exposure":
        return (
            f"If average exposure counts, sessions are worth {_of_lotion(low)} the daily lotion's"
            f" in the fifth of follicles reached least and {_of_lotion(high)} in the fifth"
            " reached best."
        )
    return (
        "If concentration at each moment counts, the drug is there too briefly: the level is"
        f" {low:.1%} to {high:.1%}, where the lotion has 50 %."
    )


def _of_lotion(level: float) -> str:
    """Exposure over the reference's from a level that is one half there."""
    return f"{in_words(level / (1.0 - level))} times" if level < 0.999 else "over 999 times"


def unknown_sentence(names: tuple[str, ...]) -> str:
    """Which ingredients nothing is known of."""
    if not names:
        return ""
    return f"Nothing is known of where these go in the skin: {', '.join(names)}."
