"""A score is said by code and name; what a scale has no place for stays as text."""

from dataclasses import replace

import pytest
from django.urls import reverse

from openmeso.services import assessment as assessments
from openmeso.services.demo_cast import CASES
from openmeso.services.knowledge import knowledge
from openmeso.terms.assessment import ScaleScore
from openmeso.web.score import fits_form, in_words

PULL = ScaleScore("hair_pull", "negative")


@pytest.fixture
def address(patient):
    return reverse("assessment_add", args=[patient.pk])


@pytest.fixture
def unfit(practitioner, patient, assessment):
    """An assessment from before the hair pull test was counted in hairs."""
    scores = (*assessment.scores, PULL)
    return assessments.save(
        by=practitioner, patient=patient, assessment=replace(assessment, scores=scores)
    )


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (
            ScaleScore("norwood_hamilton", "III vertex"),
            "Norwood-Hamilton III vertex — Vertex thinning",
        ),
        (ScaleScore("ludwig", "II"), "Ludwig II — Scalp shows"),
        (ScaleScore("salt", "S2"), "SALT (Severity of Alopecia Tool) S2 — 25 to 49 %"),
        (ScaleScore("salt", "8"), "SALT (Severity of Alopecia Tool) 8 %"),
        (ScaleScore("hair_pull", "3"), "Hair pull test 3 hairs"),
        (PULL, "Hair pull test negative"),
        (ScaleScore("gone", "4"), "gone 4"),
    ],
)
def test_a_score_in_words(score, words):
    assert in_words(score, knowledge()) == words


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.given_name)
def test_the_demo_clinics_scores_are_on_their_scales(case):
    scales = knowledge().scales
    assert all(fits_form(scales[each.scale], each.value) for each in case.scale_scores)


def test_cards_and_patient_page_show_code_and_name(client, practitioner, assessed):
    client.force_login(practitioner)
    form = client.get(reverse("assessment_add", args=[assessed.pk])).content.decode()
    assert '<span class="choice__code">III vertex</span> — Vertex thinning' in form
    page = client.get(reverse("patient_page", args=[assessed.pk])).content.decode()
    assert "Norwood-Hamilton III vertex — Vertex thinning" in page


def _typed(**changes: str) -> dict[str, str]:
    return {"assessed_on": "2026-01-05", "indication": "androgenetic_alopecia_male", **changes}


def _pull_of(patient) -> list[str]:
    kept = assessments.to_terms(assessments.latest(patient))
    return [each.value for each in kept.scores if each.scale == "hair_pull"]


def test_a_value_without_a_place_is_shown_as_text(client, practitioner, unfit, address):
    client.force_login(practitioner)
    page = client.get(address).content.decode()
    assert "“negative”" in page
    assert 'value="negative"' not in page
    assert 'name="keep_hair_pull"' in page


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ({"keep_hair_pull": "on"}, ["negative"]),
        ({}, []),
        ({"keep_hair_pull": "on", "scale_hair_pull": "4"}, ["4"]),
    ],
)
def test_it_is_kept_dropped_or_replaced(client, practitioner, patient, unfit, address, typed, then):
    client.force_login(practitioner)
    assert client.post(address, _typed(**typed)).status_code == 302
    assert _pull_of(patient) == then


def test_nobody_smuggles_text_onto_a_numeric_scale(client, practitioner, patient, address):
    client.force_login(practitioner)
    assert client.post(address, _typed(scale_hair_pull="negative")).status_code == 422
    client.post(address, _typed(keep_hair_pull="on"))
    assert _pull_of(patient) == []
