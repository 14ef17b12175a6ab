"""Consent words: what stands around a consent's text, in the language of the text."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from openmeso.terms.consent import SOURCE_LANGUAGE, ConsentPaper

WORDS = Path(__file__).with_name("consent_words.toml")


@cache
def consent_words(language: str) -> Mapping[str, str]:
    """By key, the words of a language; English where nobody has written them."""
    words: dict[str, dict[str, str]] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return words.get(language, words[SOURCE_LANGUAGE])


def name_in(paper: ConsentPaper) -> str:
    """What the form is called in the paper's language."""
    return consent_words(paper.language).get(paper.form, paper.name)
