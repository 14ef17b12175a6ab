"""Consents in every language: whole, in order, with the English text's numbers, and labelled."""

import re

import pytest
from django.conf import settings

from openmeso.gateways.consent_sheet import consent_html
from openmeso.gateways.consent_words import WORDS, consent_words, name_in
from openmeso.services.knowledge import knowledge
from openmeso.terms.consent import SOURCE_LANGUAGE, SignatureMethod, paper_in

TRANSLATED = [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]
COURSE = {
    "indication": "Hair",
    "technique_name": "Nappage",
    "sessions": 10,
    "products": [],
    "off_label": [],
}
HEADING = {
    "clinic": "Moda",
    "patient": "Deniz Kaya",
    "record_number": "P-1",
    "birth_date": None,
    "reference": "1",
}


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_section_stands_in_it_sentence_by_sentence(language):
    known = knowledge()
    for key, text in known.consent.items():
        translated = known.consent_translations[f"{language}/{key}"]
        assert translated.heading.strip()
        assert len(translated.statements) == len(text.statements)
        for said, english in zip(translated.statements, text.statements, strict=True):
            assert numbers(said) == numbers(english.text)
            assert said != english.text
            assert re.findall(r"\{\w+\}", said) == re.findall(r"\{\w+\}", english.text)
            # a sentence ends as the English one does; a much shorter one has lost something
            assert said.endswith(".") == english.text.endswith(".")
            assert 0.6 < len(said) / len(english.text) < 1.8


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_form_can_be_put_before_a_patient_and_says_that_it_wants_checking(language):
    known = knowledge()
    for form in known.consent_forms.values():
        paper = paper_in(language, form, known.consent, known.consent_translations)
        assert [one.id for one in paper.sections] == list(form.sections)
        assert not paper.is_reviewed
        page = consent_html(paper, COURSE, HEADING)
        words = consent_words(language)
        assert words["unreviewed"].replace("'", "&#x27;") in page
        assert name_in(paper) == words[form.id]
        assert f'<html lang="{language}">' in page
        english = consent_words(SOURCE_LANGUAGE)
        for key in ("unreviewed", "course", "injected", "at_home", "name_date_signature"):
            assert f">{english[key]}<" not in page


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_around_the_text_is_there_in_it(language):
    words, english = consent_words(language), consent_words(SOURCE_LANGUAGE)
    assert words.keys() == english.keys()
    assert all(one.strip() for one in words.values())
    assert {one.value for one in SignatureMethod} <= words.keys()
    assert set(knowledge().consent_forms) <= words.keys()


def test_a_language_nobody_has_written_is_english():
    assert consent_words("xx") == consent_words(SOURCE_LANGUAGE)
    assert WORDS.exists()
