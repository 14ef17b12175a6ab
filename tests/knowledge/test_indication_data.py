"""Witnesses for the indications: honest verdicts, and codes from public lists only."""

import re

import pytest

from tests.knowledge.files import Raw

VERDICTS = {
    "androgenetic_alopecia_male": "conflicting",
    "androgenetic_alopecia_female": "limited",
    "telogen_effluvium": "none_found",
    "alopecia_areata": "supported",
    "scarring_alopecia": "negative",
    "anti_ageing": "conflicting",
    "skin_resurfacing": "conflicting",
    "regional_slimming": "negative",
    "stretch_marks": "none_found",
    "cellulite": "conflicting",
    "scars": "none_found",
    "acute_pain": "limited",
    "chronic_pain": "limited",
    "exercise_injury": "conflicting",
}
# from the WHO list and the public SNOMED CT lists, typed by hand
ICD10 = {
    "androgenetic_alopecia_male": "L64.9",
    "telogen_effluvium": "L65.0",
    "alopecia_areata": "L63.9",
    "scarring_alopecia": "L66.9",
    "stretch_marks": "L90.6",
    "scars": "L90.5",
    "regional_slimming": "E65",
    "anti_ageing": "L57.4",
    "acute_pain": "M54.5",
    "chronic_pain": "R52.2",
    "exercise_injury": "M76.6",
}
SNOMED = {
    "androgenetic_alopecia_male": "87872006",
    "androgenetic_alopecia_female": "1108009",
    "alopecia_areata": "68225006",
    "scarring_alopecia": "400088006",
}


def test_every_claimed_indication_has_its_verdict(raw: Raw) -> None:
    assert {name: one["verdict"] for name, one in raw("indications").items()} == VERDICTS


@pytest.mark.parametrize(("indication", "code"), ICD10.items())
def test_icd10_codes(raw: Raw, indication: str, code: str) -> None:
    assert code in raw("indications")[indication]["icd10"]


@pytest.mark.parametrize(("indication", "code"), SNOMED.items())
def test_snomed_codes(raw: Raw, indication: str, code: str) -> None:
    assert code in raw("indications")[indication]["snomed"]


def test_codes_are_well_formed(raw: Raw) -> None:
    for one in raw("indications").values():
        assert all(re.fullmatch(r"[A-Z]\d\d(\.\d)?", code) for code in one["icd10"])
        assert all(re.fullmatch(r"\d{6,18}", code) for code in one["snomed"])


def test_snomed_check_digits_are_right(raw: Raw) -> None:
    for one in raw("indications").values():
        for code in one["snomed"]:
            assert verhoeff(code) == 0, code


def test_no_evidence_and_contrary_evidence_are_said_in_words(raw: Raw) -> None:
    plain = {"none_found": r"[Nn]o (controlled )?trial", "negative": r"no difference|No trial"}
    for one in raw("indications").values():
        if one["verdict"] in plain:
            said = " ".join(statement["text"] for statement in one["evidence"])
            assert re.search(plain[one["verdict"]], said), one["id"]


def test_hair_indications_name_the_licensed_treatment_first(raw: Raw) -> None:
    for one in raw("indications").values():
        assert one["evidence"]
        if one["group"] == "hair":
            assert one["first_line"]["text"]


def test_the_excluded_indication_offers_no_ingredient(raw: Raw) -> None:
    assert raw("indications")["scarring_alopecia"]["ingredients"] == []


def verhoeff(code: str) -> int:
    """Check sum of a SNOMED CT identifier; 0 when its last digit is right."""
    permuted = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    for _ in range(6):
        permuted.append([permuted[-1][one] for one in permuted[1]])
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = dihedral(check, permuted[place % 8][int(digit)])
    return check


def dihedral(left: int, right: int) -> int:
    """Product in the dihedral group of order ten."""
    turned = (left + right) % 5 if left < 5 else (left - right) % 5
    return turned + (5 if (left < 5) != (right < 5) else 0)
