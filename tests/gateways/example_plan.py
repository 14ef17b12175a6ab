"""A plan worked out by hand: 40 points of 0.05 mL, minoxidil 5 mg/mL, four weekly sessions."""

from datetime import date, timedelta

from openmeso.terms.assessment import Assessment, Sex
from openmeso.terms.check import Finding, Outcome, Override, Strength
from openmeso.terms.formula import (
    Component,
    DrawUp,
    Formula,
    IngredientDose,
    PhEstimate,
    SystemicEquivalent,
)
from openmeso.terms.grid import Grid, GridSpec, ZoneGrid
from openmeso.terms.plan import Plan, PlanChoice, PlanRequest
from openmeso.terms.protocol import Phase
from openmeso.terms.schedule import SessionMinutes, Visit, VisitKind
from openmeso.terms.units import DoseUnit
from openmeso.terms.zone import Exclusion, Zone

FIRST = date(2026, 12, 7)
SQUARE = ((-30.0, -30.0), (30.0, -30.0), (30.0, 30.0), (-30.0, 30.0))


def example_plan() -> Plan:
    zone = Zone("Crown", "scalp_top", SQUARE, (Exclusion((20.0, 20.0), 4.0, "naevus"),))
    choice = PlanChoice(
        start_on=FIRST,
        zones=(zone,),
        formula=Formula("Minoxidil", (Component("minoxidil_0_5", 1.0),)),
        technique="point_by_point",
        grid=GridSpec(spacing_mm=10.0),
        volume_per_point_ml=0.05,
        depth_mm=4.0,
        phases=(Phase(4, 7),),
        overrides=(Override("anticoagulant:history", "INR 2.1 on the day"),),
    )
    request = PlanRequest(
        Assessment(FIRST - timedelta(days=14), "androgenetic_alopecia_male", Sex.MALE), choice
    )
    points = tuple((x * 10.2, y * 10.2) for x in range(-4, 4) for y in range(-2, 3))
    return Plan(
        request=request,
        choice=choice,
        grid=Grid((ZoneGrid("Crown", "scalp_top", 36.5, points, scale=1.02),), 1.02, 36.5, 40, 1.1),
        volume_per_session_ml=2.0,
        prepared_volume_ml=2.0,
        doses=(
            IngredientDose("minoxidil", "", DoseUnit.MG, 5.0, 0.25, (("Crown", 10.0),), 10.0, 40.0),
        ),
        draw_up=(DrawUp("minoxidil_0_5", "Minoxidil 0.5 %", 2.0, 2.0, 1, 0.0),),
        ph=PhEstimate(None, None, ("minoxidil_0_5",)),
        equivalents=(
            SystemicEquivalent("minoxidil", 10.0, 12.0, "mL", "As much as 12 mL of lotion.", ()),
        ),
        layers=(),
        needles=1,
        minutes=SessionMinutes(22.0, 15.0, 31.0, 0, 10.0, 40.0, "published", ()),
        visits=_visits(),
        conflict=None,
        findings=(
            Finding(
                "vitamins:advice", "vitamins", Strength.ADVISE, Outcome.FOUND, "Thin", "Why", "Mend"
            ),
            Finding(
                "anticoagulant:history",
                "anticoagulant",
                Strength.OVERRIDE,
                Outcome.FOUND,
                "Takes an anticoagulant",
                "Bleeding under the scalp",
                "Ask the prescriber",
            ),
        ),
        blocked=False,
        open_overrides=(),
        knowledge_version="test",
    )


def _visits() -> tuple[Visit, ...]:
    days = [0, 7, 15, 22]  # the third was moved by a day
    sessions = [
        Visit(
            VisitKind.SESSION,
            FIRST + timedelta(days=each),
            f"Session {number}",
            each // 7,
            number,
            FIRST + timedelta(days=14) if each == 15 else None,
        )
        for number, each in enumerate(days, 1)
    ]
    baseline = Visit(VisitKind.MEASUREMENT, FIRST, "Baseline trichoscopy", 0)
    return (baseline, *sessions)
