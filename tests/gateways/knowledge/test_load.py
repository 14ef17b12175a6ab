"""Loading: a good folder becomes Knowledge, a bad one is refused with every fault and its line."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from openmeso.gateways.knowledge import FOLDER, KnowledgeError, load_knowledge, survey
from openmeso.gateways.knowledge.reference import REGIONS
from openmeso.terms.check import Strength
from openmeso.terms.contraindication import Consequence
from openmeso.terms.provenance import Fact, Read, Tier
from openmeso.terms.units import DoseUnit

GOOD = Path(__file__).parents[1] / "data" / "knowledge"
Change = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "knowledge"))


@pytest.fixture
def change(folder: Path) -> Change:
    def changed(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))

    return changed


def faults(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(folder)
    return [str(fault) for fault in refused.value.faults]


def test_a_good_folder_becomes_frozen_terms() -> None:
    knowledge = load_knowledge(GOOD)

    assert knowledge.facts["F2"] == Fact(
        "F2", "Twice F1", "", Tier.JOURNAL, Read.COMPUTED, date(2026, 11, 1), ("F1",)
    )
    product = knowledge.products["minoxidil_0_5"]
    assert product.strengths[0].unit is DoseUnit.MG
    assert product.ph is not None
    assert product.ph.middle == 6.0
    assert knowledge.checks["topical_only"].strength is Strength.BLOCK
    assert knowledge.contraindications["pregnancy"].consequence is Consequence.BLOCK
    assert knowledge.adverse_events["bruising"].grades == ("Mild, local", "Widespread", "", "", "")
    assert knowledge.adverse_events["bruising"].facts == ("F1", "F2")
    assert knowledge.adverse_events["bruising"].expected is True
    assert knowledge.presets["vertex"].zones[0].polygon[2] == (0.0, 60.0)
    assert knowledge.body.scalp_area_cm2 == 500.0
    with pytest.raises(TypeError):
        knowledge.products["other"] = product  # type: ignore[index]


def test_the_version_follows_the_files(folder: Path, change: Change) -> None:
    before = load_knowledge(folder).version
    assert before == load_knowledge(GOOD).version
    assert len(before) == 12

    change("body.toml", "usual", "common")

    assert load_knowledge(folder).version != before


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("products.toml", "ampoule_ml = 10.0", 'ampoule_ml = "10"',
         "products.toml:4: product[0].ampoule_ml: expected a number, got '10'"),
        ("products.toml", "ampoule_ml = 10.0", "ampule_ml = 10.0",
         "products.toml:4: product[0].ampule_ml: is unknown; did you mean ampoule_ml?"),
        ("products.toml", "ampoule_ml = 10.0", "",
         "products.toml:1: product[0].ampoule_ml: is missing"),
        ("products.toml", "ampoule_ml = 10.0", "ampoule_ml = 0",
         "products.toml:4: product[0].ampoule_ml: expected more than 0, got 0.0"),
        ("products.toml", '"minoxidil", per_ml', '"minoxidl", per_ml',
         "products.toml:5: product[0].strengths[0].ingredient: "
         "no ingredient 'minoxidl'; did you mean minoxidil?"),
        ("products.toml", ', assumption = "no label at hand"', "",
         "products.toml:6: product[0].ph: "
         "a quantity needs facts, or must be labelled an assumption"),
        ("products.toml", "low = 5.0", "low = 8.0",
         "products.toml:6: product[0].ph: low 8.0 is above high 7.0"),
        ("products.toml", 'facts = ["F1"]', "",
         "products.toml:1: product[0].facts: "
         "the Product needs facts, or must be labelled an assumption"),
        ("products.toml", 'facts = ["F1"]', 'facts = ["F9"]',
         "products.toml:7: product[0].facts[0]: no fact 'F9' in facts/*.csv"),
        ("products.toml", 'facts = ["F1"]', 'facts = ["F3"]',
         "products.toml:7: product[0].facts: "
         "rests only on facts recalled, not read (F3): label it an assumption"),
        ("products.toml", "[[product]]", "[[products]]",
         "products.toml:1: products: is unknown; this file holds [[product]] only"),
        ("products.toml", "ampoule_ml = 10.0", "ampoule_ml = ",
         "products.toml:4: is not TOML: Invalid value (at line 4, column 14)"),
        ("techniques.toml", "default_depth_mm = 2.0", "default_depth_mm = 4.0",
         "techniques.toml:7: technique[0].default_depth_mm: "
         "4.0 lies outside depth_mm, 1.0 to 3.0"),
        ("techniques.toml", 'regions = ["scalp"]', 'regions = ["scalp", "skalp"]',
         "techniques.toml:5: technique[0].regions[1]: no region 'skalp'; did you mean scalp?"),
        ("layers.toml", "bottom_mm = 3.0", "bottom_mm = 0.1",
         "layers.toml:5: layer[0].bottom_mm: the layer ends at 0.1 and begins at 0.1"),
        ("indications.toml", '"salt"]', '"sald"]',
         "indications.toml:9: indication[0].scales[1]: no scale 'sald'; did you mean salt?"),
        ("indications.toml", '"limited"', '"limitted"',
         "indications.toml:11: indication[0].verdict: expected one of supported, limited, "
         "conflicting, none_found, negative, got 'limitted'; did you mean limited?"),
        ("indications.toml", '"hair"', '"hairs"',
         "indications.toml:4: indication[0].group: "
         "expected one of hair, skin, body, pain, got 'hairs'; did you mean hair?"),
        ("indications.toml", "evidence = [", "evidence = []#",
         "indications.toml:12: indication[0].evidence: "
         "expected at least one statement, if only that none was found"),
        ("scales.toml", 'preset = "vertex"', 'preset = "vortex"',
         "scales.toml:11: scale[0].grades[0].preset: no preset 'vortex'; did you mean vertex?"),
        ("scales.toml", 'facts = ["F1"]', "",
         "scales.toml:1: scale[0].facts: the scale needs facts, or each of its grades does"),
        ("scales.toml", "low = 0.0", "",
         "scales.toml:13: scale[1]: a scale needs grades, or a low and a high"),
        ("contraindications.toml", 'facts = ["F1"]', "facts = []",
         "contraindications.toml:6: contraindication[0].facts: the Contraindication needs facts"),
        ("protocols.toml", '"minoxidil_0_5"', '"minoxidil"',
         "protocols.toml:7: protocol[0].components[0].product: "
         "no product 'minoxidil'; did you mean minoxidil_0_5?"),
        ("protocols.toml", "sessions = 10", "sessions = 0",
         "protocols.toml:5: protocol[0].phases[0]: "
         "a phase needs at least one session and an interval of a day"),
        ("protocols.toml", '"nappage"', '"nappages"',
         "protocols.toml:6: protocol[0].technique: no technique 'nappages'; did you mean nappage?"),
        ("checks.toml", '"topical_product"', '"topical"',
         "checks.toml:1: check[0]: there is no kind of check called topical"),
        ("checks.toml", 'kind = "topical_product"',
         'kind = "ingredient_present"\nparams = { ingredients = ["buflomedil"] }',
         "checks.toml:4: check[0].params.ingredients[0]: no ingredient 'buflomedil'"),
        ("equivalents.toml", 'ingredient = "minoxidil"', 'ingredient = "minox"',
         "equivalents.toml:2: equivalent[0].ingredient: no ingredient 'minox'; "
         "did you mean minoxidil?"),
        ("maps/presets.toml", '"scalp_top"', '"scalp_tip"',
         "maps/presets.toml:7: preset[0].zones[0].view: "
         "no view 'scalp_tip'; did you mean scalp_top?"),
        ("maps/presets.toml", ", [0.0, 60.0]]", "]",
         "maps/presets.toml:8: preset[0].zones[0].polygon: a zone needs at least three points"),
        ("maps/views.toml", "[-80.0, 80.0]", "[-80.0]",
         "maps/views.toml:5: view[0].outline[3]: expected 2 values, got 1"),
        ("ingredients/minoxidil.toml", 'id = "minoxidil"', 'id = "minoxidil_5"',
         "ingredients/minoxidil.toml:1: id: the file is named minoxidil, "
         "the ingredient minoxidil_5"),
        ("ingredients/minoxidil.toml", 'mechanism = ["F1"]', 'mechanism = ["X"]',
         "ingredients/minoxidil.toml:10: mechanism[0]: no fact 'X' in facts/*.csv"),
        ("facts/small.csv", "https://example.org/one", "example.org/one",
         "facts/small.csv:2: url: expected an http(s) address, got 'example.org/one'"),
        ("facts/small.csv", "https://example.org/one,2,F", "https://example.org/one,5,F",
         "facts/small.csv:2: tier: expected one of 1, 2, 3, 4, got 5"),
        ("facts/small.csv", ",2,F,2026-11-01", ",2,Q,2026-11-01",
         "facts/small.csv:2: read: expected one of F, T, A, S, C, R, got 'Q'"),
        ("facts/small.csv", ",2,F,2026-11-01", ",2,F,1 Nov",
         "facts/small.csv:2: noted_on: expected a date such as 2026-11-30, got '1 Nov'"),
        ("facts/small.csv", ",2,C,2026-11-01,F1", ",2,C,2026-11-01,F2",
         "facts/small.csv:3: derived_from: F2 is derived from itself"),
        ("facts/small.csv", ",2,C,2026-11-01,F1", ",2,C,2026-11-01,",
         "facts/small.csv:3: derived_from: "
         "a computed fact names the facts it is computed from"),
        ("facts/small.csv", "F3,As remembered", "F1,As remembered",
         "facts/small.csv:4: id: F1 stands already in facts/small.csv, line 2"),
        ("facts/small.csv", "F3,As remembered", "F3,As,remembered",
         "facts/small.csv:4: expected 7 cells, got 8"),
        ("facts/small.csv", "id,claim", "id,claims",
         "facts/small.csv:1: expected the header id,claim,url,tier,read,noted_on,derived_from"),
        ("adverse_events.csv", ",true", ",yes",
         "adverse_events.csv:2: expected: expected true or false, got 'yes'"),
        ("body.toml", 'assumption = "a usual head"', "",
         "body.toml:1: facts: the BodyReference needs facts, or must be labelled an assumption"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_line_and_reason(
    folder: Path, change: Change, file: str, old: str, new: str, fault: str
) -> None:
    change(file, old, new)

    assert fault in faults(folder)


def test_all_faults_of_all_files_are_reported_sorted(folder: Path, change: Change) -> None:
    change("products.toml", "ampoule_ml = 10.0", "ampoule_ml = true")
    change("products.toml", 'facts = ["F1"]', "facts = 1")
    change("body.toml", "560.0", '"560"')

    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(folder)

    error = refused.value
    assert [str(fault) for fault in error.faults] == [
        "body.toml:1: head_circumference_mm: expected a number, got '560'",
        "products.toml:4: product[0].ampoule_ml: expected a number, got True",
        "products.toml:7: product[0].facts: expected a list, got 1",
    ]
    assert (error.file, error.line) == ("body.toml", 1)
    assert error.reason == "expected a number, got '560'"


def test_one_faulty_product_does_not_fault_the_protocols_that_use_it(
    folder: Path, change: Change
) -> None:
    change("products.toml", "ampoule_ml = 10.0", "ampoule_ml = true")

    assert len(faults(folder)) == 1


def test_an_id_may_not_stand_twice(folder: Path) -> None:
    file = folder / "contraindications.toml"
    file.write_text(file.read_text() * 2)

    assert faults(folder) == [
        "contraindications.toml:9: contraindication[1].id: "
        "pregnancy stands already in contraindications.toml, line 1"
    ]


def test_a_number_resting_on_memory_is_allowed_as_an_assumption(
    folder: Path, change: Change
) -> None:
    change("products.toml", 'facts = ["F1"]', 'facts = ["F3"]\nassumption = "from memory"')

    assert load_knowledge(folder).products["minoxidil_0_5"].assumption == "from memory"


def test_what_is_computed_from_memory_is_memory(folder: Path, change: Change) -> None:
    change("facts/small.csv", ",2,C,2026-11-01,F1", ",2,C,2026-11-01,F1;F3")

    assert faults(folder) == [
        "equivalents.toml:6: equivalent[0].facts: "
        "rests only on facts recalled, not read (F2): label it an assumption"
    ]


def test_missing_and_unexpected_files_are_said_once(folder: Path) -> None:
    (folder / "products.toml").rename(folder / "product.toml")
    shutil.rmtree(folder / "facts")

    found = faults(folder)

    assert "facts/:1: the file is missing" in found
    assert "products.toml:1: the file is missing" in found
    assert any(
        fault.startswith("product.toml:1: is no knowledge file; did you mean products.toml")
        for fault in found
    )
    assert not [fault for fault in found if "no product" in fault]


def test_the_forecast_s_evidence_is_left_to_its_own_reader(folder: Path) -> None:
    before = load_knowledge(folder).version
    (folder / "posterior").mkdir()
    (folder / "posterior" / "targets.csv").write_text("anything\n")
    (folder / "trials.csv").write_text("anything\n")

    assert load_knowledge(folder).version == before


def test_text_that_is_not_utf_8_is_refused_with_its_line(folder: Path) -> None:
    (folder / "body.toml").write_bytes(b'head_circumference_mm = 560.0\nassumption = "\xff"\n')

    assert faults(folder) == ["body.toml:2: is not UTF-8 text"]


def test_an_unclosed_quote_in_csv_is_refused(folder: Path, change: Change) -> None:
    change("facts/small.csv", '10 mL"', "10 mL")

    assert any("is not CSV" in fault for fault in faults(folder))


def test_a_survey_shows_what_can_be_read(folder: Path, change: Change) -> None:
    change("products.toml", "ampoule_ml = 10.0", "ampoule_ml = true")

    found = survey(folder)

    assert found.knowledge is not None
    assert found.knowledge.products == {}
    assert "nappage" in found.knowledge.techniques


def test_openmeso_s_own_knowledge_is_sound() -> None:
    knowledge = load_knowledge()

    assert len(knowledge.ingredients) == 39
    assert {layer.region for layer in knowledge.layers} <= set(REGIONS)
    assert FOLDER.name == "knowledge"
