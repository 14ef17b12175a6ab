"""Witnesses for the review's facts, read here without the loader."""

import csv
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PATH = Path(__file__).resolve().parents[2] / "src/openmeso/knowledge/facts/review.csv"
HEADER = ["id", "claim", "url", "tier", "read", "noted_on", "derived_from"]

# the review numbers 524 rows; these five keep no address that a reader could follow
WITHOUT_ADDRESS = {"F0367", "F0496", "F0497", "F0498", "F0507"}

# typed by hand from the review: the tier and a number that the claim must hold
SPOT = [
    ("F0001", 2, "n=28"),
    ("F0009", 2, "246/541"),
    ("F0020", 2, "423"),
    ("F0025", 1, "buflomedil"),
    ("F0060", 4, "between 5 and 8"),
    ("F0071", 1, "5–300 mg"),
    ("F0072", 4, "4.5 mg/kg (about 300 mg)"),
    ("F0077", 1, "3 to 5.5"),
    ("F0119", 4, "500 cm²"),
    ("F0169", 4, "0.02–0.05 mL"),
    ("F0234", 1, "2011-382"),
    ("F0247", 1, "8 days"),
    ("F0280", 2, "2.6 to 3.8"),
    ("F0361", 4, "6 months"),
    ("F0462", 3, "10 Jan 2018"),
    ("F0467", 2, "375 cm²"),
    ("F0475", 1, "EMEA/H/A-31/1291"),
    ("F0484", 2, "14 cases"),
    ("F0516", 2, "37.5 %"),
]


def _rows() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == HEADER
        return list(reader)


ROWS = _rows()
BY_ID = {row["id"]: row for row in ROWS}


def test_every_number_of_the_review_once() -> None:
    numbers = {f"F{number:04d}" for number in range(1, 525)}
    assert len(BY_ID) == len(ROWS)
    assert set(BY_ID) == numbers - WITHOUT_ADDRESS
    assert [row["id"] for row in ROWS] == sorted(BY_ID)


def test_depth_of_reading_follows_from_the_tier() -> None:
    for row in ROWS:
        assert row["read"] == ("A" if row["tier"] in ("1", "2") else "S"), row["id"]
        assert row["tier"] in ("1", "2", "3", "4"), row["id"]


def test_every_fact_leads_to_an_address() -> None:
    for row in ROWS:
        split = urlsplit(row["url"])
        assert split.scheme in ("http", "https"), row["id"]
        assert split.netloc, row["id"]
        assert not re.search(r"\s", row["url"]), row["id"]


def test_dates_and_derivations() -> None:
    for row in ROWS:
        assert date.fromisoformat(row["noted_on"]) == date(2026, 11, 1)
        for source in filter(None, row["derived_from"].split(";")):
            assert source in BY_ID, row["id"]
    assert BY_ID["F0467"]["derived_from"] == "F0466"


def test_claims_can_be_read_alone() -> None:
    """Whole words, no telegrams: a claim is shown far from the page it was noted for."""
    jargon = re.compile(
        r"\b(AGA|NTM|FPHL|AEs?|RCTs?|vs|pts|meso)\b|->|\bsame (clinic|paper|study)\b"
    )
    for row in ROWS:
        assert row["claim"] == row["claim"].strip(), row["id"]
        assert len(row["claim"]) >= 20, row["id"]
        assert not jargon.search(row["claim"]), row["id"]


def test_claims_differ() -> None:
    assert len({row["claim"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("fact", "tier", "words"), SPOT)
def test_spot_checks(fact: str, tier: int, words: str) -> None:
    assert BY_ID[fact]["tier"] == str(tier)
    assert words in BY_ID[fact]["claim"]
