"""Checks of the patient: pregnancy, allergy, the checklist, blood pressure, age."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from openmeso.science.formulary.check_context import CheckContext
from openmeso.science.formulary.check_rule import (
    SELECTORS,
    UNKNOWN_PARAMS,
    Kind,
    called,
    could_not_run,
    day,
    flag,
    found,
    joined,
    matching,
    named,
    number,
    optional_number,
    selected,
    text,
    texts,
)
from openmeso.terms.assessment import Assessment, Sex
from openmeso.terms.check import CheckRule, Finding
from openmeso.terms.contraindication import Answer, Consequence, Contraindication
from openmeso.terms.ingredient import Ingredient
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.product import Product


def asked_only_with(rules: Iterable[CheckRule]) -> dict[str, list[CheckRule]]:
    """Contraindications that matter to certain formulas only, with the rules that say so."""
    special: dict[str, list[CheckRule]] = {}
    for rule in rules:
        if flag(rule, "only_then"):
            for contraindication in texts(rule, "contraindications"):
                special.setdefault(contraindication, []).append(rule)
    return special


def questions_for(
    assessment: Assessment,
    mixed: Sequence[Product],
    knowledge: Knowledge,
    rules: Iterable[CheckRule] | None = None,
) -> tuple[Contraindication, ...]:
    """Checklist questions that matter to a patient and the products mixed, in file order.

    Those that concern one ingredient are asked only when it is there. ``rules`` are the
    knowledge's own unless given.
    """
    special = asked_only_with(knowledge.checks.values() if rules is None else rules)
    return tuple(
        each
        for each in knowledge.contraindications.values()
        if assessment.sex in each.sexes
        and (
            each.id not in special
            or any(_concerned(assessment, mixed, knowledge, rule) for rule in special[each.id])
        )
    )


def _concerned(
    assessment: Assessment, mixed: Sequence[Product], knowledge: Knowledge, rule: CheckRule
) -> str:
    """Names of what makes a contraindication matter to these products; empty where nothing."""
    ids = dict.fromkeys(strength.ingredient for each in mixed for strength in each.strengths)
    known = [knowledge.ingredients[each] for each in ids if each in knowledge.ingredients]
    present = [called(each.name) for each in matching(known, rule)]
    excipient = text(rule, "excipient").lower()
    if excipient:
        present += [
            product.name
            for product in mixed
            if any(excipient in each.lower() for each in product.excipients)
        ]
    if flag(rule, "nerve_block") and assessment.nerve_block_lidocaine_mg > 0:
        present.append("the nerve block")
    return joined(present)


def contraindication_with(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each of ``contraindications`` answered *yes* while the formula holds what it forbids."""
    concerned = _concerned(context.assessment, context.mixed, context.knowledge, rule)
    if not concerned:
        return
    for each in _known(context, texts(rule, "contraindications")):
        # A deferral is judged by its date, in another rule.
        if context.answer(each.id) is Answer.YES and each.consequence is not Consequence.DEFER:
            places = {"ingredients": concerned, "why": each.reason, "remedy": each.remedy}
            yield found(rule, each.id, places, each.facts)


def _known(context: CheckContext, ids: Sequence[str]) -> list[Contraindication]:
    known = context.knowledge.contraindications
    return [known[each] for each in ids if each in known]


def checklist(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each general question answered *yes* whose consequence is ``consequence``."""
    consequence = Consequence(text(rule, "consequence"))
    for each in context.questions:
        if (
            each.consequence is consequence
            and each.id not in context.special_questions
            and context.answer(each.id) is Answer.YES
        ):
            places = {"question": each.question, "why": each.reason, "remedy": each.remedy}
            yield found(rule, each.id, places, each.facts)


def deferred(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each event too close before a session, with the date from which one is possible."""
    for each in context.questions:
        if each.consequence is not Consequence.DEFER or context.answer(each.id) is not Answer.YES:
            continue
        finding = _deferral(context, rule, each)
        if finding is not None:
            yield finding


def _deferral(context: CheckContext, rule: CheckRule, each: Contraindication) -> Finding | None:
    happened_on = context.answers[each.id].on
    places: dict[str, object] = {"why": each.reason, "remedy": each.remedy}
    if happened_on is None or each.defer_days is None:
        return could_not_run(rule, each.id, {**places, "question": each.question}, each.facts)
    # The working value where one is given; the widest of a range where none is.
    days = round(each.defer_days.upper if each.defer_days.value is None else each.defer_days.value)
    possible_from = happened_on.fromordinal(happened_on.toordinal() + days)
    early = [on for on in context.session_dates if happened_on <= on < possible_from]
    if not early:
        return None
    places |= {"days": days, "date": day(possible_from), "session": day(early[0])}
    return found(rule, each.id, places, each.facts, possible_from)


def unasked(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """One finding that lists the relevant questions nobody asked.

    ``only`` narrows it to the essential ones; ``besides`` leaves those out.
    """
    only, besides = texts(rule, "only"), texts(rule, "besides")
    missing = [
        each
        for each in context.questions
        if (not only or each.id in only) and each.id not in besides
        if context.answer(each.id) is Answer.NOT_ASKED
        if not _known_otherwise(context.assessment, each.id)
    ]
    if missing:
        questions = " ".join(each.question for each in missing)
        places = {"count": len(missing), "questions": questions}
        facts = (fact for each in missing for fact in each.facts)
        yield could_not_run(rule, "", places, facts)


def _known_otherwise(assessment: Assessment, contraindication: str) -> bool:
    """Whether the assessment answers the question without its having been asked."""
    if contraindication == "pregnancy":
        return assessment.can_become_pregnant is False
    return contraindication == "component_allergy" and bool(assessment.allergies)


def childbearing(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That a woman who can become pregnant would get one of the chosen ingredients.

    With ``contraception_suffices`` reliable contraception lifts it.
    """
    present = selected(context, rule)
    assessment = context.assessment
    if not present or assessment.sex is not Sex.FEMALE or assessment.can_become_pregnant is False:
        return
    protected: bool | None = False
    if flag(rule, "contraception_suffices"):
        protected = assessment.reliable_contraception
    if protected:
        return
    places = {"ingredients": named(present)}
    if assessment.can_become_pregnant is None or protected is None:
        yield could_not_run(rule, "", places)
    else:
        yield found(rule, "", places)


def allergy(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each ingredient, product or excipient of the formula that the patient is allergic to."""
    allergies = _allergies(context)
    for each in context.ingredients:
        if _names(each) & allergies:
            yield found(rule, each.id, {"substance": called(each.name)})
    for product in context.mixed:
        if {_plain(product.id), _plain(product.name)} & allergies:
            yield found(rule, product.id, {"substance": product.name})
        for excipient in product.excipients:
            if any(each and each in _plain(excipient) for each in allergies):
                yield found(rule, f"{product.id}_excipient", {"substance": excipient})


def allergy_unknown(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each allergy to something that neither the knowledge nor the shelf has a name for."""
    if not context.assessment.allergies:
        return
    known = {name for each in context.knowledge.ingredients.values() for name in _names(each)}
    known |= {_plain(name) for each in context.products.values() for name in (each.id, each.name)}
    excipients = " ".join(_plain(e) for p in context.products.values() for e in p.excipients)
    for each in sorted(_allergies(context)):
        if each not in known and each not in excipients:
            yield could_not_run(rule, each.replace(" ", "_"), {"substance": each})


def allergy_in_mixture(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That a patient with any allergy would get a mixture whose contents are not known."""
    mixtures = selected(context, rule)
    if mixtures and context.assessment.allergies:
        places = {"ingredients": named(mixtures), "allergy": joined(sorted(_allergies(context)))}
        yield found(rule, "", places)


def _allergies(context: CheckContext) -> set[str]:
    return {_plain(each) for each in context.assessment.allergies} - {""}


def _names(ingredient: Ingredient) -> set[str]:
    return {_plain(each) for each in (ingredient.id, ingredient.name, *ingredient.synonyms)}


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", " ")


def cross_allergy(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each ingredient of the family ``ingredients`` while another of it is an allergy."""
    known = context.knowledge.ingredients
    family = [known[each] for each in texts(rule, "ingredients") if each in known]
    allergic_to = [each for each in family if _names(each) & _allergies(context)]
    for each in selected(context, rule):
        if allergic_to and each not in allergic_to:
            places = {"ingredient": called(each.name), "allergy": named(allergic_to)}
            yield found(rule, each.id, places)


def blood_pressure(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the blood pressure is out of bounds [mmHg], or was not measured.

    With ``ingredients`` the rule is about formulas that hold one of them. Without
    ``unknown_reason`` a missing measurement is passed over.
    """
    if any(name in rule.params for name in SELECTORS) and not selected(context, rule):
        return
    systolic, diastolic = context.assessment.systolic_mmhg, context.assessment.diastolic_mmhg
    if systolic is None or diastolic is None:
        if "unknown_reason" in rule.params:
            yield could_not_run(rule)
        return
    low = systolic < (optional_number(rule, "min_systolic_mmhg") or 0) or diastolic < (
        optional_number(rule, "min_diastolic_mmhg") or 0
    )
    top_systolic = optional_number(rule, "below_systolic_mmhg")
    top_diastolic = optional_number(rule, "below_diastolic_mmhg")
    high = (top_systolic is not None and systolic >= top_systolic) or (
        top_diastolic is not None and diastolic >= top_diastolic
    )
    if low or high:
        yield found(rule, "", {"systolic": f"{systolic:g}", "diastolic": f"{diastolic:g}"})


def age(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the patient is younger than ``min_years`` at the first session, or of unknown age."""
    born = context.assessment.birth_date
    if born is None:
        yield could_not_run(rule)
        return
    on = context.session_dates[0]
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if years < number(rule, "min_years"):
        yield found(rule, "", {"years": years})


PATIENT_KINDS: Mapping[str, Kind] = {
    "contraindication_with": Kind(
        contraindication_with,
        ("contraindications",),
        (*SELECTORS, "excipient", "nerve_block", "only_then"),
    ),
    "checklist": Kind(checklist, ("consequence",)),
    "deferred": Kind(deferred, (), UNKNOWN_PARAMS),
    "unasked": Kind(unasked, (), ("only", "besides", *UNKNOWN_PARAMS)),
    "childbearing": Kind(childbearing, (), (*SELECTORS, "contraception_suffices", *UNKNOWN_PARAMS)),
    "allergy": Kind(allergy),
    "allergy_unknown": Kind(allergy_unknown, (), UNKNOWN_PARAMS),
    "allergy_in_mixture": Kind(allergy_in_mixture, (), SELECTORS),
    "cross_allergy": Kind(cross_allergy, ("ingredients",)),
    "blood_pressure": Kind(
        blood_pressure,
        (),
        (
            *SELECTORS,
            *UNKNOWN_PARAMS,
            "min_systolic_mmhg",
            "min_diastolic_mmhg",
            "below_systolic_mmhg",
            "below_diastolic_mmhg",
        ),
    ),
    "age": Kind(age, ("min_years",), UNKNOWN_PARAMS),
}
