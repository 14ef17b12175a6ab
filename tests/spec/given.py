"""What the behaviour tables say, read: a short phrase a line, and the plan it describes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from openmeso.science.formulary.check import CheckContext
from openmeso.science.formulary.dose import ingredient_doses
from openmeso.science.formulary.mixture import ph_estimate
from openmeso.terms.assessment import Assessment, ChecklistAnswer, Sex
from openmeso.terms.check import Override
from openmeso.terms.contraindication import Answer
from openmeso.terms.formula import Component, Formula, PhEstimate
from openmeso.terms.grid import Grid, GridSpec
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import PlanChoice, PlanRequest, PlanSetting, VolumeConflict, WayOut
from openmeso.terms.practitioner import Practitioner, Training
from openmeso.terms.product import Product, Strength
from openmeso.terms.provenance import Quantity
from openmeso.terms.schedule import SessionMinutes, Visit, VisitKind
from openmeso.terms.units import DoseUnit
from openmeso.terms.zone import Zone

START = date(2026, 3, 2)
ANSWERS = {"yes": Answer.YES, "no": Answer.NO, "not": Answer.NOT_ASKED}
UNKNOWN = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True)
class Given:
    """One situation: what the base patient and plan are changed to."""

    request: PlanRequest
    sessions: int = 10
    every_days: int = 7
    points: int = 40
    minutes: float | None = None
    conflict: bool = False
    base_technique: str = "point_by_point"


def base(knowledge: Knowledge) -> Given:
    """A healthy man of 40 with pattern hair loss, all questions asked, nothing to object to."""
    assessment = Assessment(
        assessed_on=START,
        indication="androgenetic_alopecia_male",
        sex=Sex.MALE,
        birth_date=date(1986, 1, 15),
        weight_kg=70.0,
        checklist=tuple(ChecklistAnswer(each, Answer.NO) for each in knowledge.contraindications),
        systolic_mmhg=125.0,
        diastolic_mmhg=80.0,
    )
    choice = PlanChoice(
        start_on=START,
        zones=(Zone("zone", "scalp_top", ((0, 0), (1, 0), (1, 1)), region="scalp"),),
        formula=Formula("given", (Component("saline_0_9", 1.0),)),
        technique="point_by_point",
        grid=GridSpec(10.0),
        volume_per_point_ml=0.05,
        depth_mm=2.0,
    )
    training = tuple(Training(each, date(2025, 1, 1)) for each in knowledge.techniques)
    setting = PlanSetting(country="GB", practitioner=Practitioner("Dr Demir", training))
    return Given(PlanRequest(assessment, choice, setting))


def read(phrases: str, knowledge: Knowledge) -> CheckContext:
    """The plan that semicolon-separated phrases describe."""
    given = base(knowledge)
    for phrase in (each.strip() for each in phrases.split(";")):
        if phrase:
            given = _apply(given, phrase)
    return _context(given, knowledge)


def _apply(given: Given, phrase: str) -> Given:
    for start, meaning in sorted(PHRASES.items(), key=lambda item: -len(item[0])):
        if phrase == start or phrase.startswith(start + " "):
            return meaning(given, phrase[len(start) :].strip())
    raise ValueError(f"no such phrase: {phrase!r}")


def _assess(given: Given, **changes: object) -> Given:
    assessment = replace(given.request.assessment, **changes)
    return replace(given, request=replace(given.request, assessment=assessment))


def _choose(given: Given, **changes: object) -> Given:
    choice = replace(given.request.choice, **changes)
    return replace(given, request=replace(given.request, choice=choice))


def _set(given: Given, **changes: object) -> Given:
    setting = replace(given.request.setting, **changes)
    return replace(given, request=replace(given.request, setting=setting))


def _formula(given: Given, words: str) -> Given:
    """``minoxidil_0_5 2 + lidocaine_1 1``: products and parts."""
    if words == "none":
        return _choose(given, formula=None)
    parts = (each.split() for each in words.split("+"))
    components = tuple(Component(name, float(part)) for name, part in parts)
    return _choose(given, formula=Formula("given", components))


def _own_product(given: Given, words: str) -> Given:
    """``x minoxidil 20``, ``x minoxidil 20 pH 9 to 10``, ``x minoxidil 20 in U``: per mL."""
    name, ingredient, per_ml, *rest = words.split()
    ph = unit = None
    if rest[:1] == ["pH"]:
        ph = Quantity("pH", low=float(rest[1]), high=float(rest[3]), assumption="own")
    elif rest:
        unit = DoseUnit(rest[1])
    strength = Strength(ingredient, float(per_ml), unit or DoseUnit.MG)
    return _add_product(given, Product(name, name, (strength,), 5.0, ph=ph, assumption="own"))


def _empty_product(given: Given, words: str) -> Given:
    return _add_product(given, Product(words, words, (), 5.0, assumption="own"))


def _add_product(given: Given, product: Product) -> Given:
    return _set(given, products=(*given.request.setting.products, product))


def _patient(given: Given, words: str) -> Given:
    """``woman`` or ``man``; a woman cannot become pregnant until the row says she can."""
    if words == "man":
        return _assess(given, sex=Sex.MALE)
    return _assess(
        given,
        sex=Sex.FEMALE,
        indication="androgenetic_alopecia_female",
        can_become_pregnant=False,
    )


def _answer(given: Given, words: str) -> Given:
    """``vaccine yes 2026-02-27``, ``keloid yes``, ``keloid not asked``."""
    name, answer, *rest = words.split()
    on = date.fromisoformat(rest[0]) if rest and rest[0][0].isdigit() else None
    kept = (e for e in given.request.assessment.checklist if e.contraindication != name)
    return _assess(given, checklist=(*kept, ChecklistAnswer(name, ANSWERS[answer], on)))


def _pressure(given: Given, words: str) -> Given:
    systolic, diastolic = (None, None) if words == "unknown" else map(float, words.split("/"))
    return _assess(given, systolic_mmhg=systolic, diastolic_mmhg=diastolic)


def _region(given: Given, words: str) -> Given:
    views = {"scalp": "scalp_top", "face": "face_front"}
    zone = replace(given.request.choice.zones[0], view=views.get(words, "body_front"), region=words)
    return _choose(given, zones=(zone,))


def _trained(given: Given, words: str) -> Given:
    """``nappage 2025-01-01 to 2026-03-20``, ``nobody``, or ``in nothing``."""
    if words == "nobody":
        return _set(given, practitioner=None)
    if words == "in nothing":
        return _set(given, practitioner=Practitioner("Dr Demir"))
    technique, start, *rest = words.split()
    until = date.fromisoformat(rest[1]) if rest else None
    training = Training(technique, date.fromisoformat(start), until)
    return _set(given, practitioner=Practitioner("Dr Demir", (training,)))


def _sessions(given: Given, words: str) -> Given:
    """``10 every 7 days``."""
    count, _, days, _ = words.split()
    return replace(given, sessions=int(count), every_days=int(days))


def _override(given: Given, words: str) -> Given:
    """``not_recommended:finasteride because …``."""
    finding, _, reason = words.partition(" because")
    overrides = (*given.request.choice.overrides, Override(finding, reason.strip()))
    return _choose(given, overrides=overrides)


PHRASES: Mapping[str, Callable[[Given, str], Given]] = {
    "formula": _formula,
    "own product": _own_product,
    "empty product": _empty_product,
    "a": _patient,
    "answer": _answer,
    "indication": lambda g, w: _assess(g, indication=w),
    "weight": lambda g, w: _assess(g, weight_kg=None if w == "unknown" else float(w.split()[0])),
    "born": lambda g, w: _assess(g, birth_date=None if w == "unknown" else date.fromisoformat(w)),
    "pressure": _pressure,
    "allergic to": lambda g, w: _assess(g, allergies=tuple(w.split(","))),
    "nerve block": lambda g, w: _assess(g, nerve_block_lidocaine_mg=float(w.split()[0])),
    "can become pregnant": lambda g, w: _assess(g, can_become_pregnant=UNKNOWN[w]),
    "contraception": lambda g, w: _assess(g, reliable_contraception=UNKNOWN[w]),
    "country": lambda g, w: _set(g, country="" if w == "unknown" else w),
    "protocol": lambda g, w: _choose(g, protocol=w),
    "technique": lambda g, w: _choose(g, technique=w),
    "depth": lambda g, w: _choose(g, depth_mm=float(w.split()[0])),
    "spacing": lambda g, w: _choose(g, grid=GridSpec(float(w.split()[0]))),
    "per point": lambda g, w: _choose(g, volume_per_point_ml=float(w.split()[0])),
    "points": lambda g, w: replace(g, points=int(w)),
    "region": _region,
    "trained": _trained,
    "sessions": _sessions,
    "minutes": lambda g, w: replace(g, minutes=float(w)),
    "volume conflict": lambda g, w: replace(g, conflict=True),
    "override": _override,
}


def _context(given: Given, knowledge: Knowledge) -> CheckContext:
    choice, setting = given.request.choice, given.request.setting
    products = {**knowledge.products, **{each.id: each for each in setting.products}}
    volume_ml = choice.volume_per_point_ml or 0.0
    formula = choice.formula
    doses = (
        ingredient_doses(formula, products, (("zone", given.points),), volume_ml, given.sessions)
        if formula
        else ()
    )
    return CheckContext(
        request=given.request,
        knowledge=knowledge,
        products=products,
        doses=doses,
        ph=ph_estimate(formula, products) if formula else PhEstimate(None, None),
        grid=Grid((), 1.0, 1.0, given.points, float(given.points)),
        volume_per_session_ml=given.points * volume_ml,
        technique=knowledge.techniques[choice.technique],
        visits=_visits(given),
        minutes=_minutes(given),
        conflict=_conflict() if given.conflict else None,
    )


def _visits(given: Given) -> Sequence[Visit]:
    return tuple(
        Visit(
            VisitKind.SESSION,
            START + timedelta(days=n * given.every_days),
            f"Session {n + 1}",
            n * given.every_days // 7,
            session_number=n + 1,
        )
        for n in range(given.sessions)
    )


def _minutes(given: Given) -> SessionMinutes | None:
    if given.minutes is None:
        return None
    return SessionMinutes(
        given.minutes, given.minutes, given.minutes, 0, 10, 40, "given", ("F0040",)
    )


def _conflict() -> VolumeConflict:
    way = WayOut("wider_spacing", "Space the points 20 mm apart.", spacing_mm=20.0)
    return VolumeConflict(
        18.75, 1.0, 2.0, 9.4, "The plan takes 9 times as much.", (way,), ("F0006",)
    )
