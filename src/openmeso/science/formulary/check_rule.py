"""How rules are read and findings are made: shared by all the checks."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openmeso.science.formulary.check_context import CheckContext
from openmeso.terms.check import CheckRule, Finding, Outcome, Strength
from openmeso.terms.ingredient import Ingredient

Apply = Callable[[CheckContext, CheckRule], Iterable[Finding]]

# "pH" and "mL" keep their first letter: a capital follows it.
_SENTENCE_START = re.compile(r"(^|[.!?] )([a-z])(?=[a-z])")

# Which words a rule may use for the case that data were missing.
UNKNOWN_PARAMS = ("unknown_strength", "unknown_title", "unknown_reason", "unknown_remedy")
SELECTORS = ("ingredients", "classes", "codes")


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of checking: the pure function, and the params a rule gives it."""

    apply: Apply
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


def number(rule: CheckRule, name: str) -> float:
    """A number among the rule's params.

    Raises
    ------
    ValueError
        When it is missing or not a number.
    """
    value = rule.params.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"rule {rule.id}: {name} must be a number")
    return float(value)


def optional_number(rule: CheckRule, name: str) -> float | None:
    """A number among the rule's params, or None where it is absent."""
    return number(rule, name) if name in rule.params else None


def text(rule: CheckRule, name: str, otherwise: str = "") -> str:
    """A text among the rule's params.

    Raises
    ------
    ValueError
        When it is there and not a text.
    """
    value = rule.params.get(name, otherwise)
    if not isinstance(value, str):
        raise ValueError(f"rule {rule.id}: {name} must be a text")
    return value


def texts(rule: CheckRule, name: str) -> tuple[str, ...]:
    """A list of texts among the rule's params; empty where it is absent.

    Raises
    ------
    ValueError
        When it is not a list of texts.
    """
    value = rule.params.get(name, ())
    if not isinstance(value, list | tuple):
        raise ValueError(f"rule {rule.id}: {name} must be a list")
    for each in value:
        if not isinstance(each, str):
            raise ValueError(f"rule {rule.id}: {name} must hold texts")
    return tuple(value)


def flag(rule: CheckRule, name: str, otherwise: bool = False) -> bool:
    """A true or false among the rule's params.

    Raises
    ------
    ValueError
        When it is there and neither.
    """
    value = rule.params.get(name, otherwise)
    if not isinstance(value, bool):
        raise ValueError(f"rule {rule.id}: {name} must be true or false")
    return value


def selected(context: CheckContext, rule: CheckRule) -> tuple[Ingredient, ...]:
    """Ingredients of the formula that a rule is about; a rule without selectors is about all."""
    if not any(name in rule.params for name in SELECTORS):
        return context.ingredients
    return matching(context.ingredients, rule)


def matching(ingredients: Iterable[Ingredient], rule: CheckRule) -> tuple[Ingredient, ...]:
    """Ingredients that a rule names.

    By id (``ingredients``), family (``classes``) or formulary code (``codes``): whoever matches
    any of the three.
    """
    ids, classes, codes = (texts(rule, name) for name in SELECTORS)
    return tuple(
        each
        for each in ingredients
        if each.id in ids or each.ingredient_class in classes or each.formulary_code in codes
    )


def found(
    rule: CheckRule,
    subject: str = "",
    places: Mapping[str, object] | None = None,
    facts: Iterable[str] = (),
    possible_from: date | None = None,
) -> Finding:
    """What the rule says of a subject, its {places} filled in."""
    filled = {} if places is None else places
    return Finding(
        id=_finding_id(rule, subject),
        rule=rule.id,
        strength=rule.strength,
        outcome=Outcome.FOUND,
        title=_filled(rule.title, filled),
        reason=_filled(rule.reason, filled),
        remedy=_filled(rule.remedy, filled),
        facts=tuple(dict.fromkeys((*rule.facts, *facts))),
        assumption=rule.assumption,
        possible_from=possible_from,
    )


def could_not_run(
    rule: CheckRule,
    subject: str = "",
    places: Mapping[str, object] | None = None,
    facts: Iterable[str] = (),
    strength: Strength | None = None,
) -> Finding:
    """That the rule could not be applied for want of data, in the rule's own words for it."""
    filled = {} if places is None else places
    default = Strength(text(rule, "unknown_strength", Strength.ADVISE))
    return Finding(
        id=_finding_id(rule, subject),
        rule=rule.id,
        strength=default if strength is None else strength,
        outcome=Outcome.COULD_NOT_RUN,
        title=_filled(text(rule, "unknown_title", rule.title), filled),
        reason=_filled(text(rule, "unknown_reason", rule.reason), filled),
        remedy=_filled(text(rule, "unknown_remedy", rule.remedy), filled),
        facts=tuple(dict.fromkeys((*rule.facts, *facts))),
        assumption=rule.assumption,
    )


def _filled(words: str, places: Mapping[str, object]) -> str:
    """Words with their {places} filled in, and every sentence begun with a capital."""
    return _SENTENCE_START.sub(
        lambda start: start.group(1) + start.group(2).upper(), words.format_map(places)
    )


def _finding_id(rule: CheckRule, subject: str) -> str:
    return f"{rule.id}:{subject}" if subject else rule.id


def grounds(ingredient: Ingredient) -> tuple[str, ...]:
    """Facts behind an ingredient's place in the formulary: its hard stops, else its evidence."""
    stops = tuple(fact for stop in ingredient.hard_stops for fact in stop.facts)
    return stops or (*ingredient.regulation[:2], *ingredient.evidence[:2])


def sentence(words: str) -> str:
    """Words without the full stop at their end: the rule's own text sets it."""
    return words.strip().removesuffix(".")


def called(name: str) -> str:
    """A name as it stands within a sentence: ``Vitamin A`` is called ``vitamin A``."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name


def named(ingredients: Iterable[Ingredient]) -> str:
    """Names in a row, as one reads them out within a sentence."""
    return joined(called(each.name) for each in ingredients)


def day(on: date) -> str:
    """A date as one says it: ``2 March 2026``."""
    return f"{on.day} {on:%B %Y}"


def joined(names: Iterable[str]) -> str:
    """Words in a row: ``a``, ``a and b``, ``a, b and c``."""
    *firsts, last = tuple(names) or ("",)
    return f"{', '.join(firsts)} and {last}" if firsts else last
