"""Plan sheet: a computed plan put into words and figures, once, for page and paper alike."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from openmeso.gateways.plan_map import ViewDrawing, draw_views, views_of
from openmeso.gateways.words import words_ready
from openmeso.terms.check import Finding, Outcome, Strength
from openmeso.terms.formula import DrawUp, IngredientDose
from openmeso.terms.ingredient import DoseCap
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan
from openmeso.terms.product import Product
from openmeso.terms.provenance import Fact, Quantity
from openmeso.terms.technique import Technique
from openmeso.terms.zone import MapView

SIGNIFICANT_FIGURES = 3
# Findings are read in this order: what stops, what wants a reason, what is worth knowing.
STRENGTHS = (Strength.BLOCK, Strength.OVERRIDE, Strength.ADVISE)


def figure(value: float, digits: int = SIGNIFICANT_FIGURES) -> str:
    """A number for a syringe label: a zero before the point, never one after the last digit.

    >>> figure(0.5), figure(12.0), figure(1234.5)
    ('0.5', '12', '1234')
    """
    if value == 0:
        return "0"
    from_left = digits - len(str(int(abs(value)))) if abs(value) >= 1 else None
    if from_left is None:
        return f"{float(f'{value:.{digits}g}'):.10f}".rstrip("0").rstrip(".")
    return (
        f"{value:.{max(0, from_left)}f}".rstrip("0").rstrip(".")
        if from_left > 0
        else f"{value:.0f}"
    )


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """One zone with its share of the session."""

    number: int
    name: str
    view: str
    area_cm2: str
    points: int
    volume_ml: str
    outside_cm2: str


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One ingredient's amounts as text, and the published limit they stand against."""

    ingredient: str
    name: str
    unit: str
    per_ml: str
    per_point: str
    per_zone: tuple[tuple[str, str], ...]
    per_session: str
    per_course: str
    maximum: str
    maximum_facts: tuple[str, ...]
    share: float | None  # of the published maximum for this patient

    @property
    def share_text(self) -> str:
        """The share in per cent."""
        return "" if self.share is None else f"{figure(100 * self.share, 2)} %"


@dataclass(frozen=True, slots=True)
class DrawLine:
    """One product to draw from for a session."""

    product: str
    name: str
    volume_ml: str
    ampoules: int
    ampoule_ml: str
    waste_ml: str


def page_key(finding: str) -> str:
    """A finding's id as a page may use it: letters, digits and hyphens."""
    return re.sub(r"[^A-Za-z0-9]+", "-", finding)


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with the reason given for going on despite it."""

    finding: Finding
    override: str
    is_open: bool

    @property
    def key(self) -> str:
        """The finding's id as a page may use it: letters, digits and hyphens."""
        return page_key(self.finding.id)

    @property
    def could_not_run(self) -> bool:
        """Whether the check wants to be done by hand."""
        return self.finding.outcome is Outcome.COULD_NOT_RUN


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One dated visit."""

    on: date
    number: int | None
    label: str
    week: int
    moved_from: date | None
    days_since: int | None


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """Everything that is read off a plan, in the order in which it is read."""

    plan: Plan
    indication: str
    verdict: str
    protocol: str
    technique: Technique
    formula: str
    map_views: tuple[MapView, ...]
    zones: tuple[ZoneLine, ...]
    doses: tuple[DoseLine, ...]
    draw_up: tuple[DrawLine, ...]
    findings: tuple[FindingLine, ...]
    visits: tuple[VisitLine, ...]
    area_cm2: str
    points: int
    perforations_per_cm2: str
    spacing_mm: str
    lattice: str
    depth_mm: str
    volume_per_point_ml: str
    volume_ml: str
    prepared_ml: str
    dead_space_ml: str
    ph: str
    ph_unknown: tuple[str, ...]
    minutes: str
    minutes_range: str
    published_minutes: str
    off_label: tuple[tuple[str, str], ...]

    @property
    def views(self) -> tuple[ViewDrawing, ...]:
        """The views with zones, drawn when asked for: hundreds of points take their time."""
        return draw_views(self.map_views, self.plan.choice.zones, self.plan.grid)

    def of_strength(self, strength: str) -> tuple[FindingLine, ...]:
        """The findings of one strength."""
        return tuple(line for line in self.findings if line.finding.strength == strength)

    @property
    def weighty(self) -> tuple[FindingLine, ...]:
        """What is more than advice: it blocks, wants a reason, or wants a look by hand."""
        return tuple(line for line in self.findings if line not in self.advice)

    @property
    def advice(self) -> tuple[FindingLine, ...]:
        """What is only worth knowing; a check that could not be run is more than that."""
        return tuple(line for line in self.of_strength(Strength.ADVISE) if not line.could_not_run)

    @property
    def blocks(self) -> int:
        """How many findings block."""
        return len(self.of_strength(Strength.BLOCK))

    @property
    def open_overrides(self) -> int:
        """How many findings still want a reason."""
        return sum(line.is_open for line in self.findings)


def plan_sheet(plan: Plan, knowledge: Knowledge) -> PlanSheet:
    """Put the plan into words and figures."""
    words_ready()
    choice, grid = plan.choice, plan.grid
    indication = knowledge.indications[plan.request.assessment.indication]
    spec = choice.grid
    return PlanSheet(
        plan=plan,
        indication=indication.name,
        verdict=indication.verdict.value,
        protocol=_protocol_name(plan, knowledge),
        technique=knowledge.techniques[choice.technique],
        formula=choice.formula.name if choice.formula else "",
        map_views=views_of(choice.zones, knowledge.views),
        zones=_zones(plan, knowledge),
        doses=tuple(_dose(dose, plan, knowledge) for dose in plan.doses),
        draw_up=tuple(_draw(line) for line in plan.draw_up),
        findings=_findings(plan),
        visits=_visits(plan),
        area_cm2=figure(grid.area_cm2),
        points=grid.points,
        perforations_per_cm2=figure(grid.perforations_per_cm2),
        spacing_mm=figure(spec.spacing_mm) if spec else "",
        lattice=_lattice(spec.lattice.value) if spec else "",
        depth_mm=figure(choice.depth_mm or 0),
        volume_per_point_ml=figure(choice.volume_per_point_ml or 0),
        volume_ml=figure(plan.volume_per_session_ml),
        prepared_ml=figure(plan.prepared_volume_ml),
        dead_space_ml=figure(choice.dead_space_ml),
        ph=_ph(plan),
        ph_unknown=tuple(_product_name(each, plan, knowledge) for each in plan.ph.unknown),
        minutes=f"{plan.minutes.minutes:.0f}",
        minutes_range=f"{plan.minutes.low:.0f}–{plan.minutes.high:.0f}",
        published_minutes=f"{plan.minutes.published_low:.0f}–{plan.minutes.published_high:.0f}",
        off_label=_off_label(plan, knowledge),
    )


def product_of(product: str, plan: Plan, knowledge: Knowledge) -> Product | None:
    """A product by its id, the clinic's own before the knowledge's."""
    own = {each.id: each for each in plan.request.setting.products}
    return own.get(product) or knowledge.products.get(product)


def _product_name(product: str, plan: Plan, knowledge: Knowledge) -> str:
    found = product_of(product, plan, knowledge)
    return found.name if found else product


def _protocol_name(plan: Plan, knowledge: Knowledge) -> str:
    own = {each.id: each for each in plan.request.setting.protocols}
    found = own.get(plan.choice.protocol) or knowledge.protocols.get(plan.choice.protocol)
    return found.name if found else ""


def _lattice(lattice: str) -> str:
    return {"square": _("square"), "hexagonal": _("hexagonal")}[lattice]


def _zones(plan: Plan, knowledge: Knowledge) -> tuple[ZoneLine, ...]:
    per_point = plan.choice.volume_per_point_ml or 0.0
    return tuple(
        ZoneLine(
            number=number,
            name=zone.zone,
            view=knowledge.views[zone.view].name,
            area_cm2=figure(zone.area_cm2),
            points=len(zone.points_mm),
            volume_ml=figure(len(zone.points_mm) * per_point),
            outside_cm2=figure(zone.outside_cm2) if zone.outside_cm2 >= 0.05 else "",
        )
        for number, zone in enumerate(plan.grid.zones, 1)
    )


def _dose(dose: IngredientDose, plan: Plan, knowledge: Knowledge) -> DoseLine:
    ingredient = knowledge.ingredients[dose.ingredient]
    form = dose.form.replace("_", " ")
    cap = next((each for each in ingredient.caps if each.form in (dose.form, "")), None)
    limit = _limit(cap, plan.request.assessment.weight_kg)
    text, facts = _maximum(cap)
    return DoseLine(
        ingredient=dose.ingredient,
        name=f"{ingredient.name} ({form})" if form else ingredient.name,
        unit=dose.unit.value,
        per_ml=figure(dose.per_ml),
        per_point=figure(dose.per_point),
        per_zone=tuple((zone, figure(amount)) for zone, amount in dose.per_zone),
        per_session=figure(dose.per_session),
        per_course=figure(dose.per_course),
        maximum=text,
        maximum_facts=facts,
        share=dose.per_session / limit if limit else None,
    )


def _limit(cap: DoseCap | None, weight_kg: float | None) -> float | None:
    if cap is None:
        return None
    limits = [cap.max_mg.upper] if cap.max_mg else []
    if cap.max_mg_per_kg and weight_kg:
        limits.append(cap.max_mg_per_kg.upper * weight_kg)
    return min(limits) if limits else None


def _maximum(cap: DoseCap | None) -> tuple[str, tuple[str, ...]]:
    quantities = [each for each in (cap.max_mg_per_kg, cap.max_mg) if each] if cap else []
    if not quantities:
        return _("no published maximum"), ()
    text = _(" and ").join(f"{_range(each)} {each.unit}" for each in quantities)
    return text, tuple(dict.fromkeys(fact for each in quantities for fact in each.facts))


def _range(quantity: Quantity) -> str:
    if quantity.low is None or quantity.high is None:
        return figure(quantity.middle)
    return f"{figure(quantity.low)}–{figure(quantity.high)}"


def _draw(line: DrawUp) -> DrawLine:
    return DrawLine(
        product=line.product,
        name=line.product_name,
        volume_ml=figure(line.volume_ml),
        ampoules=line.ampoules,
        ampoule_ml=figure(line.ampoule_ml),
        waste_ml=figure(line.waste_ml),
    )


def _findings(plan: Plan) -> tuple[FindingLine, ...]:
    reasons = {each.finding: each.reason for each in plan.choice.overrides}
    ordered = sorted(plan.findings, key=lambda each: STRENGTHS.index(each.strength))
    return tuple(
        FindingLine(each, reasons.get(each.id, ""), each.id in plan.open_overrides)
        for each in ordered
    )


def _visits(plan: Plan) -> tuple[VisitLine, ...]:
    lines: list[VisitLine] = []
    last_session: date | None = None
    for visit in plan.visits:
        is_session = visit.session_number is not None
        since = (visit.on - last_session).days if is_session and last_session else None
        lines.append(
            VisitLine(
                visit.on, visit.session_number, visit.label, visit.week, visit.moved_from, since
            )
        )
        last_session = visit.on if is_session else last_session
    return tuple(lines)


def _ph(plan: Plan) -> str:
    if plan.ph.low is None or plan.ph.high is None:
        return ""
    return f"{figure(plan.ph.low)}–{figure(plan.ph.high)}"


def _off_label(plan: Plan, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    found = (knowledge.ingredients[dose.ingredient] for dose in plan.doses)
    return tuple(
        {each.id: (each.name, each.off_label) for each in found if each.off_label}.values()
    )


class Sources:
    """Numbers the facts of a printed page in the order in which they are cited."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._facts = knowledge.facts
        self._numbers: dict[str, int] = {}

    def cite(self, facts: Iterable[str]) -> str:
        """The footnote numbers of the facts, for instance ``1,4``."""
        known = [each for each in facts if each in self._facts]
        return ",".join(
            str(self._numbers.setdefault(each, len(self._numbers) + 1)) for each in known
        )

    @property
    def notes(self) -> Sequence[tuple[int, Fact]]:
        """Every fact cited so far, by its number."""
        return [(number, self._facts[each]) for each, number in self._numbers.items()]
