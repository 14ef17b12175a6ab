"""Consent texts: no sentence changes under its version, no translation lags behind in silence."""

import shutil
from pathlib import Path

import pytest

from openmeso.gateways.knowledge import KnowledgeError, load_knowledge
from openmeso.services.knowledge import knowledge
from openmeso.terms.consent import NotTranslated, form_fingerprint, paper_in

GOOD = Path(__file__).parents[1] / "data" / "knowledge"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "knowledge"))


def faults(folder: Path, file: str, old: str, new: str) -> list[str]:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(folder)
    return [str(fault) for fault in refused.value.faults]


def test_a_changed_sentence_wants_a_new_version_and_a_new_translation(folder: Path) -> None:
    said = faults(folder, "consent.toml", "Small injections.", "Very small injections.")
    assert said[0].startswith("consent_forms.toml:6: consent_form[0].fingerprint: the words have")
    assert "translates older words" in said[1]
    assert len(said) == 2


def test_a_translation_says_as_many_sentences(folder: Path) -> None:
    said = faults(folder, "consent_translations.toml", '"Küçük', '"Bir.", "Küçük')
    assert said == [
        "consent_translations.toml:6: consent_translation[0].statements: "
        "expected 1 statements, as in consent.toml"
    ]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("consent_forms.toml", '["what_it_is"]', '["what_is_it"]'),
        ("consent_forms.toml", '["hair"]', '["hare"]'),
        ("consent_translations.toml", '"what_it_is"', '"nowhere"'),
    ],
)
def test_what_is_named_must_exist(folder: Path, file: str, old: str, new: str) -> None:
    assert any("no " in one for one in faults(folder, file, old, new))


def test_translations_may_be_missing_altogether(folder: Path) -> None:
    (folder / "consent_translations.toml").unlink()
    known = load_knowledge(folder)
    with pytest.raises(NotTranslated) as error:
        paper_in("tr", known.consent_forms["hair"], known.consent, known.consent_translations)
    assert error.value.missing == ("what_it_is",)


def test_the_words_of_a_language_are_put_together(folder: Path) -> None:
    known = load_knowledge(folder)
    form = known.consent_forms["hair"]
    paper = paper_in("tr", form, known.consent, known.consent_translations)
    assert paper.sections[0].statements == ("Küçük enjeksiyonlar.",)
    assert not paper.is_reviewed
    assert paper_in("en", form, known.consent, {}).sections[0].heading == "What it is"


def test_every_group_of_indications_has_a_form_and_every_form_is_whole() -> None:
    known = knowledge()
    groups = {one.group for one in known.indications.values()}
    assert groups == {group for form in known.consent_forms.values() for group in form.groups}
    for form in known.consent_forms.values():
        assert form.fingerprint == form_fingerprint(form, known.consent)
        assert form.sections[-1] == "declaration"
        for section in form.sections:
            assert "consent" in known.consent[section].voices
