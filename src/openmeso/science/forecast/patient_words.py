"""What a forecast says in words: its sentence, what it extrapolates, what it assumes."""

from collections.abc import Sequence

import numpy as np

from openmeso.science.forecast.doubt import drawn
from openmeso.science.forecast.library import Library
from openmeso.science.forecast.library_course import Array, Single
from openmeso.science.forecast.library_prior import PatientPriors
from openmeso.science.forecast.patient_effect import modelled
from openmeso.terms.forecast import Exposure
from openmeso.terms.plan import Plan
from openmeso.terms.provenance import Statement

PARAMETERS = {
    "anagen_days": "how long the thickest hairs grow",
    "anagen_exponent": "how much sooner thin hairs stop growing",
    "kenogen_days": "how long follicles stay empty",
    "kenogen_exponent": "how much longer thin follicles stay empty",
    "p_down": "how fast follicles miniaturise",
    "p_up": "how often follicles recover by themselves",
    "history_years": "how long the hair has been thinning",
    "follicles": "how many follicles a square centimetre holds",
    "response": "how strongly this patient responds",
    "delivery": "how well the sessions reach this patient's follicles",
    "reach": "how far the drug spreads from each point",
    "responder": "whether the follicles activate minoxidil",
    "perforation": "whether the perforations themselves do anything",
    "stay": "how long the drug stays at the follicle",
    "regrowth": "whether dormant follicles wake or thin ones thicken",
}
UZEL = ("F0280", "F0513", "F0516")
"""The placebo-controlled trial of injected minoxidil, and its saline arm."""


def extrapolation(plan: Plan, priors: PatientPriors) -> Statement:
    """Which part of the forecast was never seen with injections."""
    names = modelled(plan, priors)
    if not names:
        return Statement(
            "No controlled hair count was found for what this plan injects: its effect is centred"
            " on nothing, in doubt on both sides. What is forecast is mainly the untreated course.",
            (),
            "effect of substances without a trial",
        )
    lent = "; ".join(f"{name}: {priors.ingredient[name].words}" for name in names)
    text = (
        f"Sizes of effect are borrowed from other trials ({lent}); that a session brings a part of"
        " the same effect to the follicle is an extrapolation."
    )
    if "minoxidil" in names:
        text += (
            " One placebo-controlled trial injected minoxidil, in 50 women, and counted no density."
        )
        return Statement(text, UZEL)
    return Statement(text, (), "effects at full exposure carried over to injections")


def sentence(on: Single, off: Single, weights: Array, plan: Plan, library: Library) -> str:
    """The forecast of the count at 6 and 12 months in one breath, without counting doubt."""
    chosen = drawn(weights)
    parts = []
    for months, week in ((6, 26), (12, 52)):
        net = np.quantile((on[week] - off[week])[chosen], (0.05, 0.5, 0.95))
        change = np.quantile((on[week] - on[0])[chosen], (0.05, 0.5, 0.95))
        parts.append(
            f"at {months} months {_signed(change[1])} hairs/cm² against the start (nine in ten"
            f" {_signed(change[0])} to {_signed(change[2])}), {_signed(net[1])} against untreated"
        )
    first = "" if modelled(plan, library.source.priors) else "Nothing here has a counted effect: "
    return f"{first}expected are {'; '.join(parts)}.".capitalize()


def _signed(number: float) -> str:
    rounded = round(float(number))
    return f"{rounded:+d}".replace("-", "−") if rounded else "0"


def facts_of(plan: Plan, exposed: Sequence[Exposure]) -> tuple[str, ...]:
    """Facts behind the forecast's statements."""
    found = [fact for one in exposed for fact in one.basis.facts]
    if any(dose.ingredient == "minoxidil" for dose in plan.doses):
        found += UZEL
    return tuple(dict.fromkeys(found))


def assumptions(
    plan: Plan, exposed: Sequence[Exposure], library: Library, graded: bool
) -> tuple[str, ...]:
    """What a reader must know was assumed."""
    priors = library.source.priors
    severity = f"Thinning taken as {library.severity}"
    said = [
        f"{severity} by the assessed grade." if graded else f"{severity}: no grade says it.",
        "How much patients differ is assumed, not measured.",
        "Response to being in a study is left out: it describes reports, not patients.",
        "Bands show what a hand-corrected count of 1 cm² would find, unless a method is named.",
        "Terminal:vellus follows the count as under finasteride.",
    ]
    said += [one.basis.text for one in exposed if one.basis.assumption]
    if plan.choice.technique in priors.devices:
        said.append("Perforating devices are given the effect of their trials, in wide doubt.")
    else:
        said.append("Injection needles by themselves are given no effect, in doubt on both sides.")
    if len(modelled(plan, priors)) > 1:
        said.append("Net effects of several drugs are added up.")
    if library.female:
        said.append("Women are taken to lose hair half as fast as men.")
    return tuple(dict.fromkeys(said))
