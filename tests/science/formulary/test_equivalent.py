"""Systemic equivalents, against the worked examples of the literature notes."""

import pytest

from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.formulary.equivalent import in_words, systemic_equivalents
from openmeso.terms.formula import EquivalentRule, IngredientDose
from openmeso.terms.units import DoseUnit

MINOXIDIL = EquivalentRule(
    ingredient="minoxidil",
    reference_unit="mL of 5 % lotion",
    systemic_mg_per_unit=0.85,
    sentence="{dose} mg: as much as about {equivalent} mL of the 5 % lotion",
    facts=("S0001",),
)


def dose(ingredient, mg, unit=DoseUnit.MG, form=""):
    return IngredientDose(ingredient, form, unit, 1.0, 1.0, (), mg, mg)


def test_10_mg_of_minoxidil_is_about_12_ml_of_the_lotion():
    (found,) = systemic_equivalents((dose("minoxidil", 10.0),), (MINOXIDIL,))
    assert found.equivalent == pytest.approx(11.7647, abs=1e-4)
    assert found.sentence == "10 mg: as much as about 12 mL of the 5 % lotion"
    assert found.dose_mg == 10.0
    assert found.facts == ("S0001",)


def test_forms_of_one_ingredient_are_added_up():
    doses = (dose("minoxidil", 4.25, form="a"), dose("minoxidil", 4.25, form="b"))
    (found,) = systemic_equivalents(doses, (MINOXIDIL,))
    assert found.equivalent == pytest.approx(10.0)


@pytest.mark.parametrize(
    "doses",
    [
        (),
        (dose("lidocaine", 50.0),),
        (dose("minoxidil", 0.0),),
        (dose("minoxidil", 10.0, DoseUnit.UNITS),),
    ],
)
def test_nothing_to_say(doses):
    assert systemic_equivalents(doses, (MINOXIDIL,)) == ()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (0.003456, "0.0035"),
        (0.0999, "0.1"),
        (0.5, "0.5"),
        (0.9, "0.9"),
        (1.0, "1"),
        (1.25, "1.3"),
        (0.95, "0.95"),
        (0.996, "1"),
        (9.96, "10"),
        (11.76, "12"),
        (99.6, "100"),
        (123.4, "120"),
        (1234.0, "1,200"),
    ],
)
def test_in_words(value, words):
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("ingredient", "dose_mg", "equivalent", "words"),
    [
        # 2 mL of 0.5 %: 10 / 0.85 = 11.76
        ("minoxidil", 10.0, 11.76, "about 12 mL of the 5 % lotion, and within about an hour"),
        # 36 x 0.05 mL x 0.5 mg/mL at a bioavailability of 65 %: 0.9 / 0.65 = 1.38
        ("finasteride", 0.9, 1.38, "about 1.4 × the 1 mg tablet"),
        # 2 mL of 0.05 %: two capsules
        ("dutasteride", 1.0, 2.0, "about 2 × the 0.5 mg capsule"),
    ],
)
def test_the_delivered_rules_give_the_worked_examples(ingredient, dose_mg, equivalent, words):
    rules = load_knowledge().equivalents
    (found,) = systemic_equivalents((dose(ingredient, dose_mg),), rules)
    assert found.equivalent == pytest.approx(equivalent, abs=0.01)
    assert words in found.sentence
    assert found.facts


def test_nothing_is_said_of_a_local_anaesthetic():
    assert systemic_equivalents((dose("lidocaine", 50.0),), load_knowledge().equivalents) == ()
