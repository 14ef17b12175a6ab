"""Substances and size classes: what the loader refuses, and on which line."""

import shutil
from pathlib import Path

import pytest

from openmeso.gateways.knowledge import load_knowledge, survey

GOOD = Path(__file__).parents[1] / "data" / "knowledge"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("substances.toml", 'ingredient = "minoxidil"', 'ingredient = "minoxidile"', "no ingredient 'minoxidile'"),
        ("substances.toml", "value = 209.0", "value = 0.0", "expected more than 0, got 0.0"),
        ("substances.toml", "value = 1.0,", "value = 1.5,", "expected a fraction above 0, at most 1"),
        ("substances.toml", "[[substance]]", '[[substance]]\ndeposit = "depot"', "range of its solubility"),
        ("substances.toml", "threshold_ng_ml", "systemic_half_life_h", "either inactivation_per_nm_h or"),
        ("substances.toml", "reference_mg_per_cm2_day", "systemic_half_life_h", "needs a reference exposure"),
        ("size_classes.toml", "value = 1.2", "value = 6.0", "the bulge lies above the bulb"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    file: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(GOOD, tmp_path / "knowledge"))
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    assert any(said in fault.reason and fault.file == file for fault in survey(folder).faults)


def test_substances_are_found_by_their_ingredient() -> None:
    knowledge = load_knowledge()
    assert all(key == one.ingredient for key, one in knowledge.substances.items())
    assert list(knowledge.size_classes) == ["terminal", "intermediate", "miniaturised"]
