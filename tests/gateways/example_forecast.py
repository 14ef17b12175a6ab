"""A reach and a forecast of round numbers, for what only shows them."""

from openmeso.terms.forecast import (
    Band,
    DoubtShares,
    Forecast,
    Influence,
    Milestone,
    OutcomeCourse,
    StructureMedian,
)
from openmeso.terms.provenance import Statement
from openmeso.terms.reach import (
    ClassReach,
    CoursePoint,
    MapReach,
    Reach,
    Reading,
    SubstanceReach,
)
from openmeso.terms.substance import Deposit

WEEKS = tuple(range(53))
STRATA = (0.1, 0.4, 0.6, 0.8, 0.9)


def example_reach(view: str = "scalp_top") -> Reach:
    across = tuple(float(x) for x in range(-60, 61, 2))
    values = tuple(
        tuple(max(0.0, 1.0 - ((x % 15 - 7.5) ** 2 + (y % 15 - 7.5) ** 2) / 60.0) for x in across)
        for y in across
    )
    classes = (
        ClassReach("Terminal", 5.0, 0.62, 0.31, 0.88, 310.0, 820.0, 1.4, 1.25, 0.55, STRATA),
        ClassReach("Half miniaturised", 3.5, 0.87, 0.6, 0.96, 900.0, 2100.0, 2.1, 1.0, 0.5, STRATA),
        ClassReach(
            "Miniaturised",
            2.0,
            0.7,
            0.4,
            0.9,
            500.0,
            1500.0,
            None,
            0.75,
            0.4,
            STRATA,
            (CoursePoint(1.0, 5.0, 1.0, 9.0),),
        ),
    )
    minoxidil = SubstanceReach(
        ingredient="minoxidil",
        mode=Deposit.SOLUTION,
        half_life_h=0.17,
        decay_length_mm=1.7,
        dose_mg=0.9,
        reached_when="Reached: free minoxidil stays above 1,000 ng/mL at some time.",
        size_classes=classes,
        curve_of="cmax",
        coverage_curve=((100.0, 0.9), (1000.0, 0.6)),
        absorbed=((0.0, 0.0), (1.0, 0.45), (2.0, 0.9)),
        peak_rate_mg_h=0.9,
        plasma=((0.0, 0.0), (2.0, 0.7)),
        equivalent=None,
        systemic_sentence="The body takes up 0.9 mg within the day, as from 1 mL of 5 % lotion.",
        strata=STRATA,
        readings=(Reading("exposure", STRATA, STRATA, STRATA, "Read as mean exposure."),),
        maps=(MapReach(view, "terminal", across, across, values),),
        depot=None,
        sentence="About 6 in 10 terminal follicles of the zone are reached.",
        facts=("F0124",),
        assumptions=("Diffusivity was estimated from molecular weight.",),
    )
    return Reach((minoxidil,), ("biotin",), "Of biotin too little is known to say where it goes.")


def example_forecast() -> Forecast:
    gain = [12.0 * min(week, 26) / 26 for week in WEEKS]
    return Forecast(
        weeks=WEEKS,
        outcomes=(
            _outcome("count", "Hair count", "hairs/cm²", 150.0, gain),
            _outcome("mean_diameter", "Mean diameter", "µm", 52.0, [each / 4 for each in gain]),
        ),
        milestones=(
            Milestone(
                "Less shedding",
                12,
                0.42,
                0.3,
                0.5,
                "By week 12 fewer hairs are shed.",
                "Shed hairs a day below those of week 0.",
            ),
            Milestone("Denser", 26, 0.7, 0.7, 0.7, "By week 26 it is denser.", "Count + 5."),
        ),
        extrapolation=Statement("The effect is that of the lotion's trials.", ("F0124",)),
        influential=(
            Influence("effect", 0.4, "How large the drug's full effect is", False),
            Influence("D", 0.2, "How fast it spreads through skin", True),
            Influence("spread", 0.1, "How patients differ", False),
            Influence("more", 0.05, "What is left out", False),
        ),
        exposures=(),
        update=None,
        sentence="By six months 12 hairs/cm² more; nine in ten: 8 fewer to 32 more.",
        facts=("F0124",),
        assumptions=("The patient is like those of the trials.",),
    )


def _outcome(name: str, label: str, unit: str, start: float, gain: list[float]) -> OutcomeCourse:
    def off(by: float) -> tuple[float, ...]:
        return tuple(start + each + by * (week / 26) ** 0.5 for week, each in enumerate(gain))

    untreated = tuple(start - 0.1 * week for week in WEEKS)
    even = tuple(0.25 for _ in WEEKS)
    treated = Band(off(-20.0), off(-8.0), off(0.0), off(8.0), off(20.0))
    return OutcomeCourse(
        name=name,
        label=label,
        unit=unit,
        treated=treated,
        untreated=Band(untreated, untreated, untreated, untreated, untreated),
        doubt=DoubtShares(
            tuple(0.1 for _ in WEEKS),
            tuple(0.5 for _ in WEEKS),
            even,
            tuple(0.15 for _ in WEEKS),
        ),
        structures=(
            StructureMedian("a", "It acts while dissolved.", 0.5, treated.p50, untreated),
            StructureMedian("b", "It acts from a store.", 0.5, treated.p50, untreated),
        ),
    )
