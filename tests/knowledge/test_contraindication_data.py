"""Witnesses for the checklist."""

import pytest

from tests.knowledge.files import Raw

# what a "yes" does, typed from the review's checklist
CONSEQUENCES = {
    "pregnancy": "block",
    "breastfeeding": "block",
    "component_allergy": "block",
    "local_anaesthetic_reaction": "block",
    "thiamine_reaction": "block",
    "coagulation_disorder": "prescriber_decision",
    "anticoagulant": "prescriber_decision",
    "infection_in_zone": "block",
    "keloid": "block",
    "autoimmune_or_immunosuppression": "prescriber_decision",
    "cancer": "block",
    "diabetes": "prescriber_decision",
    "cardiovascular": "prescriber_decision",
    "nsaid_or_aspirin": "defer",
    "vaccine": "defer",
    "antibiotic": "defer",
    "phaeochromocytoma": "block",
    "haemophilia": "block",
    "g6pd_deficiency": "block",
    "blood_donor": "block",
    "platelet_dysfunction_or_sepsis": "block",
}
DEFER_DAYS = {"nsaid_or_aspirin": 2, "vaccine": 7, "antibiotic": 14}


@pytest.mark.parametrize(("question", "consequence"), CONSEQUENCES.items())
def test_a_yes_does_what_the_checklist_says(raw: Raw, question: str, consequence: str) -> None:
    assert raw("contraindications")[question]["consequence"] == consequence


@pytest.mark.parametrize(("question", "days"), DEFER_DAYS.items())
def test_a_session_is_deferred_by_the_published_days(raw: Raw, question: str, days: int) -> None:
    assert raw("contraindications")[question]["defer_days"]["value"] == days


def test_only_deferring_questions_have_days(raw: Raw) -> None:
    for entry in raw("contraindications").values():
        assert ("defer_days" in entry) == (entry["consequence"] == "defer"), entry["id"]


def test_each_question_can_be_read_aloud_and_says_what_to_do(raw: Raw) -> None:
    for entry in raw("contraindications").values():
        assert entry["question"].endswith("?")
        assert entry["reason"]
        assert entry["remedy"]
        assert entry["facts"]


def test_pregnancy_and_breastfeeding_are_asked_of_women_only(raw: Raw) -> None:
    limited = {one["id"] for one in raw("contraindications").values() if "sexes" in one}
    assert limited == {"pregnancy", "breastfeeding"}
