"""Witnesses for the product file, read here without the loader."""

import csv
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from openmeso.gateways.knowledge import load_knowledge
from openmeso.terms.product import Route
from openmeso.terms.units import mg_per_ml_from_percent

ROOT = Path(__file__).resolve().parents[2] / "src" / "openmeso" / "knowledge"

REQUIRED = {
    "minoxidil_0_5",
    "minoxidil_topical_5",
    "dutasteride_0_01",
    "dutasteride_0_05",
    "dexpanthenol",
    "biotin",
    "b_complex",
    "vitamin_c_500",
    "zinc_sulfate_1",
    "zinc_chloride_1",
    "lidocaine_1",
    "lidocaine_1_epinephrine",
    "procaine_2",
    "mepivacaine_1",
    "saline_0_9",
    "triamcinolone_10",
    "buflomedil_10",
    "prp",
    "pdrn",
    "hyaluronic_acid_meso",
    "nctf_cocktail",
    "silicium",
    "pentoxifylline",
    "caffeine",
}

# product, percent weight by volume as published, fact
PERCENT = [
    ("minoxidil_0_5", 0.5, "F0512"),
    ("minoxidil_topical_5", 5.0, "F0107"),
    ("dutasteride_0_01", 0.01, "F0006"),
    ("dutasteride_0_05", 0.05, "F0517"),
    ("finasteride_0_25", 0.25, "F0405"),
    ("lidocaine_0_5", 0.5, "F0152"),
    ("lidocaine_1", 1.0, "F0152"),
    ("procaine_1", 1.0, "F0078"),
    ("procaine_2", 2.0, "F0153"),
    ("silicium", 0.1, "F0186"),
]

# product, strength per mL, fact
PER_ML = [
    ("vitamin_c_500", 500.0, "F0215"),
    ("triamcinolone_10", 10.0, "F0206"),
    ("triamcinolone_40", 40.0, "F0425"),
    ("zinc_sulfate_1", 1.0, "F0391"),
    ("zinc_chloride_1", 1.0, "F0389"),
    ("diclofenac_25", 25.0, "F0381"),
    ("dexpanthenol", 500 / 2, "F0111"),
    ("hyaluronidase_150", 150.0, "F0222"),
    ("deoxycholic_acid_10", 10.0, "F0200"),
    ("saline_0_9", 9.0, "F0352"),
]

PH = {
    "procaine_1": (3.0, 5.5),
    "procaine_2": (3.0, 5.5),
    "lidocaine_0_5": (5.0, 7.0),
    "lidocaine_1": (5.0, 7.0),
    "lidocaine_2": (5.0, 7.0),
    "lidocaine_1_epinephrine": (3.3, 5.5),
    "vitamin_c_500": (5.5, 7.0),
    "triamcinolone_10": (5.0, 7.5),
    "zinc_chloride_1": (2.0, 2.0),
    "saline_0_9_bacteriostatic": (4.5, 7.0),
}

TOPICAL = {"minoxidil_topical_5", "copper_peptide_cosmetic", "silicium_cosmetic"}

EXCIPIENTS = {
    "vitamin_c_500": "edetate",
    "lidocaine_1_epinephrine": "sodium metabisulfite",
    "triamcinolone_10": "benzyl alcohol",
    "diclofenac_25": "benzyl alcohol",
    "saline_0_9_bacteriostatic": "benzyl alcohol",
}


def _products() -> dict[str, dict[str, Any]]:
    with (ROOT / "products.toml").open("rb") as file:
        return {one["id"]: one for one in tomllib.load(file)["product"]}


def _facts() -> set[str]:
    with (ROOT / "facts" / "review.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"] for row in csv.DictReader(file)}


PRODUCTS = _products()


def _only_strength(product: str) -> dict[str, Any]:
    (strength,) = PRODUCTS[product]["strengths"]
    return dict(strength)


def test_products_that_others_name_are_there() -> None:
    assert set(PRODUCTS) >= REQUIRED


def test_every_ingredient_for_the_syringe_has_a_product() -> None:
    ingredients = {path.stem for path in (ROOT / "ingredients").glob("*.toml")}
    used = {one["ingredient"] for product in PRODUCTS.values() for one in product["strengths"]}
    assert used == ingredients - {"antiseptics"}


def test_every_cited_fact_exists() -> None:
    text = (ROOT / "products.toml").read_text(encoding="utf-8")
    assert set(re.findall(r"\bF\d{4}\b", text)) <= _facts()


@pytest.mark.parametrize(("product", "percent", "fact"), PERCENT)
def test_strength_from_a_published_percentage(product: str, percent: float, fact: str) -> None:
    strength = _only_strength(product)
    assert strength["per_ml"] == pytest.approx(mg_per_ml_from_percent(percent), rel=1e-12)
    assert strength.get("unit", "mg") == "mg"
    assert fact in PRODUCTS[product]["facts"]


@pytest.mark.parametrize(("product", "per_ml", "fact"), PER_ML)
def test_strength_as_published(product: str, per_ml: float, fact: str) -> None:
    assert _only_strength(product)["per_ml"] == per_ml
    assert fact in PRODUCTS[product]["facts"]


def test_assumed_strengths_say_so() -> None:
    """Only the strengths of the two tables are published; every other one is an assumption."""
    published = {row[0] for row in (*PERCENT, *PER_ML)} | {
        "saline_0_9_bacteriostatic",
        "phosphatidylcholine_deoxycholate",
    }
    for name in PRODUCTS.keys() - published:
        words = PRODUCTS[name]["assumption"]
        assert re.search(r"[Ss]trength|Counted in millilitres", words), name


def test_label_ph_only_where_published() -> None:
    found = {
        name: (one["ph"].get("low", one["ph"].get("value")), one["ph"].get("high", 2.0))
        for name, one in PRODUCTS.items()
        if "ph" in one
    }
    assert found == PH


def test_topical_products() -> None:
    found = {name for name, one in PRODUCTS.items() if one.get("route") == Route.TOPICAL}
    assert found == TOPICAL


def test_excipients_to_watch() -> None:
    for name, excipient in EXCIPIENTS.items():
        assert any(excipient in one for one in PRODUCTS[name]["excipients"]), name


def test_lidocaine_says_which_limit_counts() -> None:
    forms = {
        one["form"]
        for product in PRODUCTS.values()
        for one in product["strengths"]
        if one["ingredient"] == "lidocaine"
    }
    assert forms == {"plain", "with_epinephrine"}


def test_minoxidil_warns_of_its_solubility() -> None:
    product = PRODUCTS["minoxidil_0_5"]
    assert "below 1 mg/mL at 20 °C" in product["note"]
    assert "vehicle" in product["note"]
    assert "F0103" in product["facts"]


def test_strengths_are_counted_in_the_ingredients_unit() -> None:
    for name, product in PRODUCTS.items():
        for one in product["strengths"]:
            path = ROOT / "ingredients" / f"{one['ingredient']}.toml"
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            assert one.get("unit", "mg") == data["dose_unit"], name
            assert one["per_ml"] > 0
        assert product["ampoule_ml"] > 0


def test_the_loader_reads_the_same() -> None:
    loaded = load_knowledge().products
    assert list(loaded) == list(PRODUCTS)
    minoxidil = loaded["minoxidil_0_5"]
    assert minoxidil.strengths[0].per_ml == 5.0
    assert minoxidil.ph is None
