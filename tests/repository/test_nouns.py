"""The same noun has the same file name on every floor."""

from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "openmeso"
TESTS = Path(__file__).parents[1]
STORED = sorted(
    path.stem
    for path in (SOURCE / "records" / "models").glob("*.py")
    if path.stem not in {"__init__", "base"}
)
# What is stored under one word and served under another, and why.
ELSEWHERE = {
    "audit_event": "audit",  # the deed, not the row: services.audit.record
    "user": "membership",  # an account is only ever added with its place
}


@pytest.mark.parametrize("noun", STORED)
def test_what_is_stored_has_a_service_and_its_test(noun):
    service = ELSEWHERE.get(noun, noun)
    assert (SOURCE / "services" / f"{service}.py").exists()
    assert (TESTS / "services" / f"test_{service}.py").exists()


@pytest.mark.parametrize("noun", [noun for noun in STORED if noun not in {
    "audit_event", "user", "clinic", "membership", "patient", "emergency_access", "session_length",
}])  # fmt: skip
def test_clinical_words_stored_are_words(noun):
    assert (SOURCE / "terms" / f"{noun}.py").exists()
