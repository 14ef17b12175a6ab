"""The behaviour tables, run against the knowledge that is delivered."""

from dataclasses import replace

import pytest

from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.formulary.check import (
    KINDS,
    asked_only_with,
    questions_for,
    rule_problems,
    run_checks,
    split_findings,
)
from openmeso.terms.check import Outcome, Strength
from tests.spec.given import read
from tests.spec.page import page
from tests.spec.table import rows

ROWS = tuple(rows())
PAGE = "docs/reference/checks.md"


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


def findings_of(given, knowledge):
    context = read(given, knowledge)
    return context, run_checks(context, tuple(knowledge.checks.values()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"line {row.line} {row.situation}")
def test_row(row, knowledge):
    _, findings = findings_of(row.given, knowledge)
    by_id = {finding.id: finding for finding in findings}
    seen = sorted(f"{f.strength} {f.id}" for f in findings)
    for expected in row.expected:
        if expected.strength == "no":
            present = [each for each in by_id if each.split(":")[0] == expected.id]
            assert expected.id not in by_id, seen
            assert ":" in expected.id or not present, seen
            continue
        assert expected.id in by_id, seen
        finding = by_id[expected.id]
        assert finding.strength == expected.strength
        assert (finding.outcome is Outcome.COULD_NOT_RUN) == expected.could_not_run
        assert str(finding.possible_from or "") == expected.possible_from
        assert split_findings(findings, ()).blocked == any(
            each.strength is Strength.BLOCK for each in findings
        )


def test_there_are_enough_rows_and_every_rule_has_one(knowledge):
    assert len(ROWS) >= 60
    named = {
        each.id.split(":")[0] for row in ROWS for each in row.expected if each.strength != "no"
    }
    assert set(knowledge.checks) - named == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"line {row.line}")
def test_whatever_is_found_is_worded_and_sourced(row, knowledge):
    _, findings = findings_of(row.given, knowledge)
    ids = [finding.id for finding in findings]
    assert len(ids) == len(set(ids))
    for finding in findings:
        assert finding.facts or finding.assumption
        assert all(fact in knowledge.facts for fact in finding.facts)
        for words in (finding.title, finding.reason, finding.remedy):
            assert words.strip(), finding.id
            assert "{" not in words, finding.id
            assert "  " not in words, finding.id
            assert ".." not in words, finding.id


@pytest.mark.parametrize(
    "order", [str.upper, lambda rule: rule[::-1], lambda rule: (len(rule), rule), hash]
)
def test_the_order_of_the_rules_does_not_matter(order, knowledge):
    rules = tuple(knowledge.checks.values())
    given = "formula minoxidil_0_5 2 + dutasteride_0_05 1 + lidocaine_1 1; answer keloid yes"
    context = read(given, knowledge)
    shuffled = sorted(rules, key=lambda rule: order(rule.id))
    assert run_checks(context, shuffled) == run_checks(context, rules)


def test_every_rule_is_well_formed(knowledge):
    problems = {rule.id: rule_problems(rule) for rule in knowledge.checks.values()}
    assert not {rule: told for rule, told in problems.items() if told}


def test_a_rule_without_source_kind_or_param_is_told(knowledge):
    rule = knowledge.checks["dose_cap"]
    bad = replace(rule, facts=(), assumption="", params={"light_kg": 40})
    assert rule_problems(bad) == (
        "it has neither facts nor an assumption",
        "light_adult_kg is missing",
        "light_kg is not a param of dose_cap",
    )
    assert rule_problems(replace(rule, kind="guess")) == ("there is no kind of check called guess",)
    with pytest.raises(ValueError, match="no kind of check called guess"):
        run_checks(read("", knowledge), (replace(rule, kind="guess"),))


@pytest.mark.parametrize(
    ("rule", "params", "words"),
    [
        ("too_many_products", {"max_products": "three"}, "must be a number"),
        ("too_many_products", {"max_products": True}, "must be a number"),
        ("blocked_ingredient", {"codes": "blocked"}, "must be a list"),
        ("blocked_ingredient", {"codes": [3]}, "must hold texts"),
        ("training", {"unknown_title": 3}, "must be a text"),
        ("contraception_5ari", {"contraception_suffices": "yes"}, "must be true or false"),
    ],
)
def test_a_param_of_the_wrong_kind_is_told(rule, params, words, knowledge):
    given = "a woman; can become pregnant yes; formula dutasteride_0_05 1; trained nobody"
    changed = replace(knowledge.checks[rule], params={**knowledge.checks[rule].params, **params})
    with pytest.raises(ValueError, match=words):
        run_checks(read(given, knowledge), (changed,))


def test_every_kind_is_used(knowledge):
    assert set(KINDS) == {rule.kind for rule in knowledge.checks.values()} - {"override_review"}


def test_every_contraindication_reaches_a_rule(knowledge):
    """Whatever the checklist asks, a yes to it does something: alone, or with its ingredient."""
    special = asked_only_with(knowledge.checks.values())
    for each in knowledge.contraindications.values():
        patient = "a woman" if each.sexes == ("female",) else "a man"
        given = f"{patient}; answer {each.id} yes 2026-03-01"
        if each.id not in special:
            effects = effects_of(given, each.id, knowledge)
            assert any(finding.rule.startswith("checklist") for finding in effects), each.id
            continue
        with_it = (f"{given}; formula {product} 1" for product in knowledge.products)
        assert not effects_of(given, each.id, knowledge), each.id
        assert any(effects_of(words, each.id, knowledge) for words in with_it), each.id


def effects_of(given, question, knowledge):
    _, findings = findings_of(given, knowledge)
    return [finding for finding in findings if finding.id.endswith(f":{question}")]


def test_questions_of_one_ingredient_are_asked_with_it_only(knowledge):
    with_it, _ = findings_of("formula dutasteride_0_05 1", knowledge)
    without, _ = findings_of("formula minoxidil_0_5 1", knowledge)
    asked = {each.id for each in relevant_questions_of(with_it, knowledge)}
    assert "blood_donor" in asked
    assert "blood_donor" not in {each.id for each in relevant_questions_of(without, knowledge)}
    assert "pregnancy" not in asked


def relevant_questions_of(context, knowledge):
    return questions_for(context.assessment, context.mixed, knowledge)


def test_nothing_lifts_a_block(knowledge):
    given = "formula buflomedil_10 1; override blocked_ingredient:buflomedil because I insist on it"
    context, findings = findings_of(given, knowledge)
    split = split_findings(findings, context.choice.overrides)
    assert split.blocked


@pytest.mark.parametrize(
    ("reason", "still_open"),
    [
        ("", True),
        ("        ", True),
        ("as asked", True),
        ("He had it before, and did well.", False),
    ],
)
def test_a_reason_closes_an_override_unless_it_is_too_short(reason, still_open, knowledge):
    given = f"formula finasteride_0_05 1; override not_recommended:finasteride because {reason}"
    context, findings = findings_of(given, knowledge)
    split = split_findings(findings, context.choice.overrides)
    assert ("not_recommended:finasteride" in split.open_overrides) == still_open


def test_advice_wants_no_reason(knowledge):
    _, findings = findings_of("formula biotin 1", knowledge)
    advice = {finding.id for finding in findings if finding.strength is Strength.ADVISE}
    assert advice
    assert not advice & set(split_findings(findings, ()).open_overrides)


def test_the_printed_page_is_up_to_date(knowledge, request):
    printed = (request.config.rootpath / PAGE).read_text()
    assert printed == page(knowledge), "run scripts/docs"
