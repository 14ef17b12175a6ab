"""What holds of the checks for any plan, not for the rows of the tables alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.formulary.check import (
    asked_only_with,
    questions_for,
    run_checks,
    split_findings,
)
from openmeso.terms.assessment import Sex
from openmeso.terms.check import Outcome, Override, Strength
from openmeso.terms.contraindication import Answer
from openmeso.terms.plan import PlanSetting
from openmeso.terms.zone import Zone
from tests.spec.given import START, read

KNOWLEDGE = load_knowledge()
RULES = tuple(KNOWLEDGE.checks.values())
NEVER = ("buflomedil_10", "exosomes", "calcitonin_100", "mesoglycan", "deoxycholic_acid_10")
TOPICAL = tuple(each.id for each in KNOWLEDGE.products.values() if each.route == "topical")
PRODUCTS = st.sampled_from(sorted(KNOWLEDGE.products))
FORMULAS = st.lists(st.tuples(PRODUCTS, st.floats(0.1, 9)), min_size=1, max_size=5)


def phrase(parts):
    return "formula " + " + ".join(f"{product} {part:.3f}" for product, part in parts)


def findings_of(phrases):
    return {each.id: each for each in run_checks(read(phrases, KNOWLEDGE), RULES)}


@given(
    weight_kg=st.floats(30, 150),
    points=st.integers(0, 900),
    block_mg=st.floats(0, 400),
    per_ml=st.floats(1, 20),
)
def test_plain_lidocaine_is_blocked_above_its_cap_and_not_below(
    weight_kg, points, block_mg, per_ml
):
    found = findings_of(
        f"weight {weight_kg!r}; points {points}; per point 0.05 mL; nerve block {block_mg!r} mg;"
        f" own product anaesthetic lidocaine {per_ml!r}; formula anaesthetic 1"
    )
    total_mg = points * 0.05 * per_ml + block_mg
    cap_mg = min(300.0, 4.5 * weight_kg)
    if abs(total_mg - cap_mg) > 1e-6:
        assert ("dose_cap:lidocaine" in found) == (total_mg > cap_mg)


@given(
    points=st.integers(1, 900),
    light=st.floats(20, 60),
    more=st.floats(0, 100),
    per_ml=st.floats(1, 20),
)
def test_a_heavier_patient_is_never_blocked_where_a_lighter_one_is_not(points, light, more, per_ml):
    words = f"points {points}; own product anaesthetic lidocaine {per_ml!r}; formula anaesthetic 1"
    if "dose_cap:lidocaine" in findings_of(f"{words}; weight {light + more!r}"):
        assert "dose_cap:lidocaine" in findings_of(f"{words}; weight {light!r}")


@given(FORMULAS, st.sampled_from((*NEVER, *TOPICAL)), st.floats(0.01, 9))
def test_no_company_makes_a_forbidden_product_allowed(parts, forbidden, part):
    found = findings_of(phrase([*parts, (forbidden, part)]))
    assert any(each.strength is Strength.BLOCK for each in found.values())


@given(
    FORMULAS,
    st.sampled_from(("dutasteride_0_01", "dutasteride_0_05", "finasteride_0_05")),
    st.sampled_from(("yes", "not asked")),
    st.sampled_from(("yes", "no", "unknown")),
)
def test_a_5_alpha_reductase_inhibitor_never_reaches_a_possible_pregnancy(
    parts, product, answer, contraception
):
    found = findings_of(
        f"a woman; can become pregnant yes; contraception {contraception};"
        f" answer pregnancy {answer}; {phrase([*parts, (product, 1.0)])}"
    )
    assert any(each.strength is Strength.BLOCK for each in found.values())


@given(FORMULAS, st.text(max_size=60))
def test_no_words_lift_a_block_or_close_what_they_do_not_name(parts, words):
    findings = run_checks(read(phrase(parts), KNOWLEDGE), RULES)
    reasons = [Override(each.id, words) for each in findings]
    context = read(phrase(parts), KNOWLEDGE)
    choice = replace(context.choice, overrides=tuple(reasons))
    context = replace(context, request=replace(context.request, choice=choice))
    reviewed = run_checks(context, RULES)
    split = split_findings(reviewed, reasons)
    blocks = [each for each in findings if each.strength is Strength.BLOCK]
    assert split.blocked == bool(blocks)
    refused = {each.id for each in reviewed if each.rule == "override_refused"}
    assert refused == {f"override_refused:{each.id}" for each in blocks}
    if len(words.strip()) >= 10:
        assert split.open_overrides == ()
    else:
        overrides = {each.id for each in findings if each.strength is Strength.OVERRIDE}
        assert set(split.open_overrides) == overrides


@given(
    st.sampled_from(("nsaid_or_aspirin", "vaccine", "antibiotic")),
    st.integers(-120, 120),
    st.integers(1, 12),
    st.integers(6, 30),
)
def test_a_deferral_is_found_when_a_session_falls_into_it(event, offset, sessions, every_days):
    happened_on = START + timedelta(days=offset)
    found = findings_of(
        f"answer {event} yes {happened_on.isoformat()}; sessions {sessions} every {every_days} days"
    )
    wait = KNOWLEDGE.contraindications[event].defer_days.value
    days = [(START + timedelta(days=n * every_days) - happened_on).days for n in range(sessions)]
    finding = found.get(f"checklist_defer:{event}")
    assert (finding is not None) == any(0 <= each < wait for each in days)
    if finding is not None:
        assert finding.possible_from == happened_on + timedelta(days=wait)


@given(FORMULAS, st.sampled_from(sorted(KNOWLEDGE.contraindications)), st.booleans())
def test_a_no_never_finds_more_than_a_question_not_asked(parts, question, woman):
    words = f"a {'woman' if woman else 'man'}; {phrase(parts)}"
    asked = set(findings_of(f"{words}; answer {question} no"))
    assert asked <= set(findings_of(f"{words}; answer {question} not asked"))


def test_questions_of_a_formula_without_a_plan():
    context = read("a woman; formula dutasteride_0_05 1", KNOWLEDGE)
    dutasteride = KNOWLEDGE.products["dutasteride_0_05"]
    asked = {each.id for each in questions_for(context.assessment, (dutasteride,), KNOWLEDGE)}
    bare = {each.id for each in questions_for(context.assessment, (), KNOWLEDGE)}
    assert {"pregnancy", "blood_donor", "cyp3a4_inhibitor"} <= asked
    assert asked - bare == {"blood_donor", "cyp3a4_inhibitor"}
    man = replace(context.assessment, sex=Sex.MALE)
    assert "pregnancy" not in {each.id for each in questions_for(man, (), KNOWLEDGE)}


def test_every_special_question_names_its_rules():
    special = asked_only_with(RULES)
    assert set(special) <= set(KNOWLEDGE.contraindications)
    assert "pregnancy" not in special


def changed(context, **changes):
    return replace(context, request=replace(context.request, **changes))


def test_a_depth_or_volume_not_chosen_is_not_judged():
    context = read("", KNOWLEDGE)
    choice = replace(context.choice, depth_mm=None, volume_per_point_ml=None, grid=None)
    found = {each.rule for each in run_checks(changed(context, choice=choice), RULES)}
    assert not found & {"depth_above", "depth_below", "below_dermis", "needle_short"}
    assert not found & {"volume_above", "volume_below", "spacing_above", "spacing_below"}


def test_skin_of_unknown_depth_is_reviewed_by_hand():
    context = replace(read("", KNOWLEDGE), knowledge=replace(KNOWLEDGE, layers=()))
    found = {each.id: each for each in run_checks(context, RULES)}
    assert found["below_dermis:scalp"].outcome is Outcome.COULD_NOT_RUN
    assert "below_dermis_published:scalp" not in found


def test_a_drawing_of_the_whole_body_names_no_region():
    context = read("", KNOWLEDGE)
    zone = Zone("zone", "body_front", ((0, 0), (1, 0), (1, 1)))
    context = changed(context, choice=replace(context.choice, zones=(zone,)))
    assert context.regions == ()
    scalp = replace(zone, view="scalp_left")
    context = changed(context, choice=replace(context.choice, zones=(zone, scalp)))
    assert context.regions == ("scalp",)


def test_an_indication_nobody_knows_is_not_judged():
    found = {each.rule for each in run_checks(read("indication hiccups", KNOWLEDGE), RULES)}
    assert not found & {
        "evidence_weak",
        "indication_sex",
        "indication_region",
        "unusual_ingredient",
    }


def test_without_visits_the_chosen_start_counts():
    context = replace(read("answer vaccine yes 2026-02-27", KNOWLEDGE), visits=())
    found = {each.id: each for each in run_checks(context, RULES)}
    assert found["checklist_defer:vaccine"].possible_from == date(2026, 3, 6)


def test_a_plan_without_a_setting_says_what_could_not_run():
    found = {
        each.id: each
        for each in run_checks(changed(read("", KNOWLEDGE), setting=PlanSetting()), RULES)
    }
    assert found["training"].outcome is Outcome.COULD_NOT_RUN


def test_a_last_reply_to_a_question_counts():
    context = read("answer keloid no; answer keloid yes", KNOWLEDGE)
    assert context.answer("keloid") is Answer.YES


@pytest.mark.parametrize("product", sorted(KNOWLEDGE.products))
def test_every_product_can_be_judged(product):
    for finding in findings_of(f"formula {product} 1").values():
        assert finding.facts or finding.assumption
