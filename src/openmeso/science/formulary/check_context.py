"""CheckContext: all that a check may look at, and the questions rules ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from openmeso.science.formulary.dose import volume_shares
from openmeso.terms.assessment import Assessment, ChecklistAnswer
from openmeso.terms.contraindication import Answer, Contraindication
from openmeso.terms.formula import IngredientDose, PhEstimate
from openmeso.terms.grid import Grid
from openmeso.terms.indication import Indication
from openmeso.terms.ingredient import Ingredient
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import PlanChoice, PlanRequest, VolumeConflict
from openmeso.terms.product import Product
from openmeso.terms.schedule import SessionMinutes, Visit
from openmeso.terms.technique import Technique


@dataclass(frozen=True)
class CheckContext:
    """A plan on its way to being judged.

    ``request`` holds the choice with every default filled in. ``products`` are the published
    ones and the clinic's own. ``questions`` and ``special_questions`` are filled in by
    ``run_checks``: those that matter to this plan, and the ids of those that matter to certain
    formulas only.
    """

    request: PlanRequest
    knowledge: Knowledge
    products: Mapping[str, Product]
    doses: tuple[IngredientDose, ...]
    ph: PhEstimate
    grid: Grid
    volume_per_session_ml: float
    technique: Technique
    visits: tuple[Visit, ...] = ()
    minutes: SessionMinutes | None = None
    conflict: VolumeConflict | None = None
    questions: tuple[Contraindication, ...] = ()
    special_questions: frozenset[str] = frozenset()

    @property
    def assessment(self) -> Assessment:
        """What is known of the patient."""
        return self.request.assessment

    @property
    def choice(self) -> PlanChoice:
        """What was chosen, defaults filled in."""
        return self.request.choice

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """Share of each product in the mixture [mL per mL]; empty without a formula."""
        formula = self.choice.formula
        return volume_shares(formula) if formula and formula.components else {}

    @cached_property
    def mixed(self) -> tuple[Product, ...]:
        """Products of the formula, each once, in formula order."""
        return tuple(self.products[product] for product in self.shares)

    @cached_property
    def ingredient_ids(self) -> tuple[str, ...]:
        """Ids of all that is in the formula, each once, in formula order."""
        return tuple(
            dict.fromkeys(
                strength.ingredient for product in self.mixed for strength in product.strengths
            )
        )

    @cached_property
    def ingredients(self) -> tuple[Ingredient, ...]:
        """Ingredients of the formula that the knowledge knows."""
        known = self.knowledge.ingredients
        return tuple(known[each] for each in self.ingredient_ids if each in known)

    @cached_property
    def indication(self) -> Indication | None:
        """What the course is for, or None where the knowledge lacks it."""
        return self.knowledge.indications.get(self.assessment.indication)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Body regions of the zones, each once; a drawing of the whole body names none."""
        views = self.knowledge.views
        named = (
            zone.region or (views[zone.view].region if zone.view in views else "")
            for zone in self.choice.zones
        )
        return tuple(dict.fromkeys(region for region in named if region not in ("", "body")))

    @cached_property
    def session_dates(self) -> tuple[date, ...]:
        """Dates of the sessions, in order; the chosen start where none is scheduled yet."""
        dated = sorted(visit.on for visit in self.visits if visit.session_number is not None)
        return tuple(dated) or (self.choice.start_on,)

    @cached_property
    def answers(self) -> Mapping[str, ChecklistAnswer]:
        """Replies to the checklist by contraindication."""
        return {each.contraindication: each for each in self.assessment.checklist}

    def answer(self, contraindication: str) -> Answer:
        """Reply to one question; a question without a reply was not asked."""
        given = self.answers.get(contraindication)
        return given.answer if given else Answer.NOT_ASKED

    def dose_mg(self, ingredient: str) -> float:
        """Injected dose per session of an ingredient [mg], all its forms together."""
        return sum(
            dose.per_session
            for dose in self.doses
            if dose.ingredient == ingredient and dose.unit == "mg"
        )
