"""Assess: the form becomes an Assessment; nothing typed is lost."""

import pytest
from django.urls import reverse

from openmeso.services import assessment as assessments
from openmeso.services.knowledge import knowledge
from openmeso.terms.assessment import ScaleScore
from openmeso.terms.contraindication import Answer

TYPED = {
    "assessed_on": "2026-01-05",
    "indication": "androgenetic_alopecia_male",
    "weight_kg": "71.5",
    "systolic_mmhg": "124",
    "diastolic_mmhg": "78",
    "scale_norwood_hamilton": "III vertex",
    "allergies": ["biotin", "procaine"],
    "q_keloid": "no",
    "q_nsaid_or_aspirin": "yes",
    "on_nsaid_or_aspirin": "2026-01-04",
    "notes": "Since the age of 30.",
}


@pytest.fixture
def address(patient):
    return reverse("assessment_add", args=[patient.pk])


def test_form_becomes_an_assessment(client, practitioner, patient, address):
    client.force_login(practitioner)
    answer = client.post(address, TYPED)
    assert answer.url == reverse("patient_page", args=[patient.pk])
    kept = assessments.to_terms(assessments.latest(patient))
    replies = {each.contraindication: each for each in kept.checklist}
    assert (kept.weight_kg, kept.systolic_mmhg, kept.allergies) == (
        71.5,
        124.0,
        ("biotin", "procaine"),
    )
    assert kept.scores == (ScaleScore("norwood_hamilton", "III vertex"),)
    assert kept.head_circumference_mm is None
    assert replies["keloid"].answer is Answer.NO
    assert replies["nsaid_or_aspirin"].on.isoformat() == "2026-01-04"


def test_what_was_not_asked_is_not_a_no(client, practitioner, patient, address):
    client.force_login(practitioner)
    client.post(address, TYPED)
    kept = assessments.to_terms(assessments.latest(patient))
    replies = {each.contraindication: each.answer for each in kept.checklist}
    assert replies["pacemaker"] is Answer.NOT_ASKED


def test_then_plan_leads_to_the_planner(client, practitioner, patient, address):
    client.force_login(practitioner)
    answer = client.post(address, TYPED | {"then_plan": "1"})
    assert answer.url == reverse("plan_new", args=[patient.pk])


def test_men_are_not_asked_what_concerns_women(client, practitioner, address):
    client.force_login(practitioner)
    page = client.get(address).content.decode()
    assert "q_pregnancy" not in page
    assert "can_become_pregnant" not in page


def test_women_are_asked_about_pregnancy_and_contraception(client, practitioner, patient, address):
    patient.sex = "female"
    patient.save()
    client.force_login(practitioner)
    typed = TYPED | {
        "indication": "androgenetic_alopecia_female",
        "can_become_pregnant": "yes",
        "reliable_contraception": "no",
        "q_pregnancy": "no",
    }
    del typed["scale_norwood_hamilton"]
    client.post(address, typed)
    kept = assessments.to_terms(assessments.latest(patient))
    assert (kept.can_become_pregnant, kept.reliable_contraception) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weight_kg": "9000"}, "weight_kg"),
        ({"assessed_on": "2999-01-01"}, "assessed_on"),
        ({"diastolic_mmhg": "140"}, "diastolic_mmhg"),
        ({"on_nsaid_or_aspirin": ""}, "on_nsaid_or_aspirin"),
        ({"on_nsaid_or_aspirin": "2999-01-01"}, "on_nsaid_or_aspirin"),
        ({"scale_norwood_hamilton": "XII"}, "scale_norwood_hamilton"),
        ({"indication": "baldness"}, "indication"),
    ],
)
def test_refusal_keeps_what_was_typed_and_leads_to_the_field(
    client, practitioner, patient, address, wrong, field
):
    client.force_login(practitioner)
    answer = client.post(address, TYPED | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}"' in page or field.startswith("scale_")
    assert "Since the age of 30." in page
    assert assessments.latest(patient) is None


def test_no_to_all_the_rest_without_scripts_answers_only_what_is_open(
    client, practitioner, patient, address
):
    client.force_login(practitioner)
    answer = client.post(address, TYPED | {"answer_rest": "general"})
    form = answer.context["form"]
    assert answer.status_code == 200
    assert form["q_pacemaker"].value() == "no"
    assert form["q_nsaid_or_aspirin"].value() == "yes"
    assert form["notes"].value() == "Since the age of 30."
    assert not form["q_g6pd_deficiency"].value()  # stands folded away, so nobody has read it
    assert assessments.latest(patient) is None


def test_special_questions_are_those_that_rules_ask_with_a_substance(client, practitioner, address):
    client.force_login(practitioner)
    form = client.get(address).context["form"]
    special = {question.about.id: question.matters_to for question in form.special_questions()}
    assert special["g6pd_deficiency"] == knowledge().ingredients["vitamin_c"].name
    assert "anticoagulant" not in special


def test_another_indication_brings_its_scales_by_htmx(client, practitioner, address):
    client.force_login(practitioner)
    answer = client.get(
        address,
        {"indication": "acute_pain"},
        headers={"HX-Request": "true", "HX-Target": "scales"},
    )
    assert b"scale_vas_pain" in answer.content
    assert b"<html" not in answer.content


def test_another_indication_without_scripts_keeps_what_was_typed(client, practitioner, address):
    client.force_login(practitioner)
    answer = client.post(address, TYPED | {"indication": "acute_pain", "show": "scales"})
    page = answer.content.decode()
    assert "scale_vas_pain" in page
    assert "Since the age of 30." in page


def test_next_assessment_starts_from_the_last_but_asks_the_checklist_again(
    client, practitioner, address
):
    client.force_login(practitioner)
    client.post(address, TYPED)
    form = client.get(address).context["form"]
    assert form["weight_kg"].value() == 71.5
    assert not form["q_keloid"].value()


def test_stranger_researcher_and_signed_out_do_not_assess(client, stranger, researcher, address):
    assert client.get(address).url.startswith(reverse("account_login"))
    client.force_login(stranger)
    assert client.post(address, TYPED).status_code == 404
    client.force_login(researcher)
    assert client.get(address).status_code == 403


def test_wrong_method_is_refused(client, practitioner, address):
    client.force_login(practitioner)
    assert client.delete(address).status_code == 405


def test_patient_page_then_shows_allergies_and_what_was_said(
    client, practitioner, patient, address
):
    client.force_login(practitioner)
    client.post(address, TYPED | {"q_keloid": "yes"})
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert "Biotin" in page
    assert "1 open block" in page


def test_an_allergy_without_its_substance_still_shows(client, practitioner, patient, address):
    client.force_login(practitioner)
    client.post(address, TYPED | {"allergies": [], "q_component_allergy": "yes"})
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert "substance not named" in page
    assert "No allergy recorded" not in page
