"""Witnesses for adverse-event terms, rates, red flags and consent."""

import pytest

from tests.knowledge.files import Raw, csv_rows

# term and code as printed in CTCAE version 5, typed by hand
CTCAE = {
    "injection_site_reaction": ("Injection site reaction", "10022095"),
    "pain": ("Pain", "10033371"),
    "bruising": ("Bruising", "10006504"),
    "pruritus": ("Pruritus", "10037087"),
    "headache": ("Headache", "10019211"),
    "nausea": ("Nausea", "10028813"),
    "anaphylaxis": ("Anaphylaxis", "10002218"),
    "alopecia": ("Alopecia", "10001760"),
    "skin_infection": ("Skin infection", "10040872"),
    "hypotension": ("Hypotension", "10021097"),
    "paresthesia": ("Paresthesia", "10033987"),
}
# wording of the consequence: headings whose absence would make consent void
HEADINGS = {
    "what_it_is",
    "how_it_acts",
    "what_to_expect",
    "evidence",
    "off_label",
    "side_effects",
    "serious_side_effects",
    "red_flags",
    "before",
    "after",
    "alternatives",
    "costs",
    "follow_up",
    "traceability",
    "data",
}


@pytest.fixture(scope="module")
def terms() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in csv_rows("adverse_events.csv")}


@pytest.mark.parametrize(("name", "printed"), CTCAE.items())
def test_terms_and_codes_are_as_printed(
    terms: dict[str, dict[str, str]], name: str, printed: tuple[str, str]
) -> None:
    assert (terms[name]["term"], terms[name]["meddra_code"]) == printed


def test_all_terms_of_the_review_are_there(terms: dict[str, dict[str, str]]) -> None:
    ctcae = [row for row in terms.values() if not row["assumption"]]
    assert len(ctcae) == 46
    assert all(row["facts"] == "G0001" and row["meddra_code"] for row in ctcae)


def test_our_own_words_say_so_and_borrow_no_code(terms: dict[str, dict[str, str]]) -> None:
    own = {name: row for name, row in terms.items() if row["assumption"]}
    assert {"sensitivity", "scar", "nodule", "abscess", "patchy_alopecia"} <= set(own)
    assert not any(row["facts"] or row["meddra_code"] for row in own.values())


def test_death_is_grade_five_or_the_grade_does_not_exist(terms: dict[str, dict[str, str]]) -> None:
    assert {row["grade_5"] for row in terms.values()} == {"", "Death"}


def test_the_usual_passing_reactions_are_expected(terms: dict[str, dict[str, str]]) -> None:
    expected = {name for name, row in terms.items() if row["expected"] == "true"}
    assert {"pain", "bruising", "pruritus", "nausea", "headache"} <= expected
    assert {"injection_site_reaction", "localized_edema", "edema_face"} <= expected
    assert not expected & {"anaphylaxis", "skin_infection", "alopecia", "syncope"}


def test_no_patient_reads_a_bare_percentage(raw: Raw) -> None:
    for rate in raw("event_rates").values():
        assert "%" not in rate.get("patient_wording", "")


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("dutasteride_pain", "246 of 541 (45.5 %)"),
        ("dutasteride_serious_or_sexual", "0 of 541"),
        ("microneedling_serious", "0 of 657"),
        ("mycobacteria", "423 patients in 30 articles, no denominator"),
        ("frontal_oedema", "14 cases, no denominator"),
    ],
)
def test_rates_carry_their_denominator(raw: Raw, rate: str, said: str) -> None:
    assert raw("event_rates")[rate]["rate"] == said


def test_the_share_with_pain_is_the_quotient() -> None:
    assert round(100 * 246 / 541, 1) == 45.5


def test_eight_red_flags_each_with_an_action(raw: Raw) -> None:
    flags = raw("red_flags")
    assert len(flags) == 8
    assert all(one["action"] and one["think_of"] and one["facts"] for one in flags.values())


def test_consent_has_every_heading(raw: Raw) -> None:
    assert set(raw("consent")) >= HEADINGS


def test_consent_names_the_disagreement_about_the_first_wash(raw: Raw) -> None:
    first = raw("consent")["after"]["statements"][0]
    assert set(first["facts"]) == {"F0171", "F0016", "F0163", "F0379"}
    assert "disagree" in first["text"]


def test_both_ways_of_acting_are_told(raw: Raw) -> None:
    told = [one["text"].split(",")[0] for one in raw("consent")["how_it_acts"]["statements"]]
    assert told == ["Chemically", "Mechanically"]


def test_consent_is_spoken_to_both_voices(raw: Raw) -> None:
    for one in raw("consent").values():
        assert set(one.get("voices", ["consent", "patient"])) <= {"consent", "patient"}
    assert raw("consent")["off_label"].get("voices") is None


def test_every_term_has_one_window_and_late_ones_are_asked_for(
    raw: Raw, terms: dict[str, dict[str, str]]
) -> None:
    windows = raw("reaction_windows")
    named = [term for one in windows.values() for term in one.get("terms", [])]
    assert len(named) == len(set(named))
    assert set(named) <= set(terms)
    assert [name for name, one in windows.items() if not one.get("terms")] == ["otherwise"]
    asked = {name: one for name, one in windows.items() if one.get("question")}
    # 1 to 12 weeks (F0021), up to a year (F0067)
    assert (asked["infection"]["ask_from_days"], asked["infection"]["to_days"]) == (7, 12 * 7)
    assert asked["late_hair_loss"]["to_days"] == 365


def test_a_link_from_term_to_red_flag_is_labelled(raw: Raw) -> None:
    for flag in raw("red_flags").values():
        assert flag["terms"]
        assert "own reading" in flag["link_assumption"]
