"""Witnesses for the ingredient files, read here without the loader.

The tables were typed by hand from the published statements; the facts named beside each value
must hold the same number in their own words.
"""

import csv
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from openmeso.gateways.knowledge import load_knowledge
from openmeso.terms.ingredient import FormularyCode, IngredientClass, RegulatoryPosition
from openmeso.terms.units import DoseUnit

ROOT = Path(__file__).resolve().parents[2] / "src" / "openmeso" / "knowledge"

IDS = [
    "aminophylline",
    "amino_acids",
    "antioxidants",
    "antiseptics",
    "b_complex",
    "biotin",
    "botulinum",
    "buflomedil",
    "caffeine",
    "calcitonin",
    "copper_peptide",
    "dexpanthenol",
    "diclofenac",
    "dutasteride",
    "exosomes",
    "finasteride",
    "growth_factors",
    "homeopathic_mix",
    "hyaluronic_acid",
    "hyaluronidase",
    "l_carnitine",
    "lidocaine",
    "mepivacaine",
    "mesococktail",
    "mesoglycan",
    "minoxidil",
    "pcdc",
    "pdrn",
    "pentoxifylline",
    "piroxicam_ketoprofen",
    "procaine",
    "prp",
    "saline",
    "silicium",
    "thiocolchicoside",
    "triamcinolone",
    "vitamin_a",
    "vitamin_c",
    "zinc",
]

# each row: the ingredient, what is published, its unit, where
PUBLISHED: list[tuple[str, float | tuple[float, float], str, str]] = [
    ("lidocaine", 4.5, "mg/kg", "F0072"),
    ("lidocaine", 300, "mg", "F0072"),
    ("lidocaine", 300, "mg", "F0071"),
    ("lidocaine", 7, "mg/kg", "F0073"),
    ("lidocaine", 500, "mg", "F0073"),
    ("lidocaine", (3.3, 5.5), "pH", "F0443"),
    ("minoxidil", 0.5, "% w/v", "F0512"),
    ("minoxidil", 69.2, "%", "F0513"),
    ("minoxidil", 4.2, "h", "F0104"),
    ("dutasteride", 0.01, "% w/v", "F0006"),
    ("dutasteride", 0.05, "% w/v", "F0517"),
    ("dutasteride", 2, "mL", "F0003"),
    ("dutasteride", 7, "sessions", "F0003"),
    ("dutasteride", 12, "sessions", "F0005"),
    ("dutasteride", 45.5, "% of 541", "F0009"),
    ("triamcinolone", 2.5, "mg/mL", "F0518"),
    ("triamcinolone", 5, "mg/mL", "F0518"),
    ("triamcinolone", 10, "mg/mL", "F0518"),
    ("triamcinolone", (0.05, 0.1), "mL", "F0030"),
    ("triamcinolone", 74.82, "%", "F0031"),
    ("silicium", 0.1, "% w/v", "F0186"),
    ("prp", (0.05, 0.1), "mL/cm²", "F0132"),
    ("prp", (1, 1.5), "million/µL", "F0133"),
    ("pdrn", 15, "mg", "F0450"),
    ("pdrn", 2, "mL", "F0448"),
    ("mepivacaine", (1, 2.5), "mL", "F0338"),
    ("procaine", (350, 600), "mg", "F0079"),
    ("vitamin_c", 500, "mg/mL", "F0215"),
    ("vitamin_a", 5000, "U/day", "F0350"),
    ("b_complex", 1.1, "% of doses", "F0212"),
    ("b_complex", 0.093, "% of doses", "F0212"),
    ("botulinum", 150, "U", "F0140"),
    ("hyaluronidase", (50, 300), "U", "F0221"),
    ("diclofenac", 25, "mg/mL", "F0381"),
    ("diclofenac", 150, "mg", "F0380"),
    ("pcdc", 2, "mg/cm²", "F0199"),
    ("mesococktail", 56, "kinds", "F0406"),
    ("piroxicam_ketoprofen", 40, "mg", "F0229"),
    ("calcitonin", 100, "U", "F0477"),
    ("thiocolchicoside", 5, "days", "F0384"),
    ("saline", 37.5, "%", "F0516"),
    ("dexpanthenol", (20, 100), "mg", "F0110"),
    ("finasteride", 0.25, "% w/v", "F0405"),
    ("buflomedil", 600, "mg/day", "F0311"),
    ("caffeine", 0.2, "% w/v", "F0387"),
]

PH = {
    "lidocaine": (5.0, 7.0),
    "procaine": (3.0, 5.5),
    "vitamin_c": (5.5, 7.0),
    "triamcinolone": (5.0, 7.5),
    "zinc": (2.0, 2.0),
}

# the only published limits: everything else must say that none was found
CAPS = {
    ("lidocaine", "plain"): (4.5, 300.0),
    ("lidocaine", "with_epinephrine"): (7.0, 500.0),
    ("diclofenac", ""): (None, 150.0),
}

BLOCKED = {"buflomedil", "exosomes", "pcdc", "calcitonin", "mesoglycan"}

STATUSES = {
    ("buflomedil", "EU", "withdrawn", ""),
    ("buflomedil", "FR", "withdrawn", ""),
    ("prp", "FR", "prohibited", "aesthetic"),
    ("pcdc", "FR", "prohibited", "aesthetic"),
    ("pcdc", "US", "unlicensed", ""),
    ("exosomes", "US", "unlicensed", ""),
    ("calcitonin", "EU", "restricted", ""),
    ("thiocolchicoside", "EU", "restricted", ""),
    ("dutasteride", "*", "off_label", ""),
    ("antioxidants", "PH", "unlicensed", "aesthetic"),
    ("triamcinolone", "US", "licensed", ""),
    ("lidocaine", "US", "licensed", ""),
}


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


FILES = {path.stem: _read(path) for path in sorted((ROOT / "ingredients").glob("*.toml"))}


def _review() -> dict[str, dict[str, str]]:
    with (ROOT / "facts" / "review.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


FACTS = _review()


def _quantities(data: dict[str, Any]) -> list[dict[str, Any]]:
    found = [figure["quantity"] for figure in data.get("figures", [])]
    for cap in data.get("caps", []):
        found += [value for key, value in cap.items() if key != "form"]
    return found + [data[key] for key in ("ph", "molecular_weight_g_mol") if key in data]


def _numbers(text: str) -> set[float]:
    plain = text.replace(",", "") if re.search(r"\d,\d{3}\b", text) else text
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", plain)}


def test_the_39_ingredients_are_there() -> None:
    assert sorted(FILES) == sorted(IDS)
    assert all(data["id"] == name for name, data in FILES.items())


def test_enumerations_are_known() -> None:
    for data in FILES.values():
        FormularyCode(data["formulary_code"])
        IngredientClass(data["ingredient_class"])
        DoseUnit(data["dose_unit"])
        for status in data.get("statuses", []):
            RegulatoryPosition(status["position"])


def test_every_cited_fact_exists() -> None:
    for name in FILES:
        text = (ROOT / "ingredients" / f"{name}.toml").read_text(encoding="utf-8")
        missing = set(re.findall(r"\b[FGMS]\d{4}\b", text)) - set(FACTS)
        assert not missing, name


@pytest.mark.parametrize(("ingredient", "value", "unit", "fact"), PUBLISHED)
def test_published_value(
    ingredient: str, value: float | tuple[float, float], unit: str, fact: str
) -> None:
    low, high = value if isinstance(value, tuple) else (value, value)
    matching = [
        one
        for one in _quantities(FILES[ingredient])
        if one["unit"] == unit
        and fact in one["facts"]
        and (one.get("low", one.get("value")), one.get("high", one.get("value"))) == (low, high)
    ]
    assert matching, f"{ingredient}: {value} {unit} ({fact})"
    assert {float(low), float(high)} <= _numbers(FACTS[fact]["claim"])


def test_figures_stand_in_their_facts() -> None:
    """Whatever is not marked as calculated is a number that one of its facts states."""
    for name, data in FILES.items():
        for one in _quantities(data):
            if "by calculation" in one.get("note", ""):
                continue
            stated = set().union(*(_numbers(FACTS[fact]["claim"]) for fact in one["facts"]))
            wanted = {one[key] for key in ("value", "low", "high") if key in one}
            assert wanted <= stated, f"{name}: {one}"


def test_label_ph() -> None:
    found = {
        name: (data["ph"].get("low", data["ph"].get("value")), data["ph"].get("high", 2.0))
        for name, data in FILES.items()
        if "ph" in data
    }
    assert found == PH


def test_no_maximum_where_none_is_published() -> None:
    found = {
        (name, cap["form"]): (
            cap.get("max_mg_per_kg", {}).get("value"),
            cap.get("max_mg", {}).get("value"),
        )
        for name, data in FILES.items()
        for cap in data.get("caps", [])
    }
    assert found == CAPS
    for name, data in FILES.items():
        if "caps" not in data:
            assert any("maximum" in gap for gap in data.get("gaps", [])), name


def test_blocked_ingredients_and_their_reason() -> None:
    blocked = {name for name, data in FILES.items() if data["formulary_code"] == "blocked"}
    assert blocked == BLOCKED
    for name in blocked:
        assert FILES[name]["hard_stops"], name


def test_statuses_by_country() -> None:
    found = {
        (name, one["country"], one["position"], one.get("purpose", ""))
        for name, data in FILES.items()
        for one in data.get("statuses", [])
    }
    assert found >= STATUSES
    assert all(re.fullmatch(r"[A-Z]{2}|\*", country) for _, country, _, _ in found)


def test_statements_rest_on_facts() -> None:
    for name, data in FILES.items():
        for topic in ("hard_stops", "contraindications", "statuses"):
            for one in data.get(topic, []):
                assert one["facts"], f"{name}: {one['text']}"
                assert one["text"].endswith("."), f"{name}: {one['text']}"


def test_nothing_from_restricted_databases() -> None:
    """No drug-database scalars, no codes of licensed vocabularies."""
    banned = re.compile(r"drug.?bank|\bATC\b|rx.?norm|rxcui|logP\b|\bDB\d{5}\b", re.IGNORECASE)
    files = [*(ROOT / "ingredients").glob("*.toml"), ROOT / "products.toml"]
    for path in [*files, ROOT / "facts" / "review.csv"]:
        assert not banned.search(path.read_text(encoding="utf-8")), path.name


def test_the_loader_reads_the_same() -> None:
    loaded = load_knowledge().ingredients
    assert sorted(loaded) == sorted(IDS)
    plain, adrenaline = loaded["lidocaine"].caps
    assert (plain.form, adrenaline.form) == ("plain", "with_epinephrine")
    assert plain.max_mg_per_kg is not None
    assert plain.max_mg_per_kg.value == 4.5
    assert loaded["minoxidil"].caps == ()
    assert len(loaded["pcdc"].statuses) == len(FILES["pcdc"]["statuses"])
