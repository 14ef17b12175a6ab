"""Docs fail when they lag behind the code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text()
SETTINGS = (ROOT / "src/openmeso/config/settings.py").read_text()


def test_every_setting_read_from_the_environment_is_explained():
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
    assert len(names) > 8
    assert not [name for name in names if f"`{name}`" not in SECURITY]


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:src|tests|scripts)/[^`: ]+)", SECURITY)))
)
def test_what_a_promise_points_to_exists(path):
    assert (ROOT / path).exists()


def test_every_promise_has_a_place_and_a_test():
    promises = re.findall(r"^### (\d+)\. .*?(?=^### |^## |\Z)", SECURITY, re.MULTILINE | re.DOTALL)
    assert [int(number) for number in promises] == list(range(1, len(promises) + 1))
    bodies = re.split(r"^### \d+\. ", SECURITY, flags=re.MULTILINE)[1:]
    for body in bodies:
        assert "Lives in" in body
        assert "`tests/" in body


@pytest.mark.parametrize("room", ["terms", "science", "records", "services", "gateways", "config"])
def test_the_map_names_every_room(room):
    assert f"`{room}" in (ROOT / "ARCHITECTURE.md").read_text()
