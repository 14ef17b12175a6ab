"""The plan on paper: the same numbers, two voices, no network, no Django needed."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from openmeso.gateways.knowledge import load_knowledge
from openmeso.gateways.pdf import pdf_from_html, plan_html, plan_pdf
from tests.gateways.example_plan import example_plan


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def record() -> str:
    return text_of(plan_pdf(example_plan(), load_knowledge(), "record", "Deniz Kaya", version=3))


@pytest.fixture(scope="module")
def leaflet() -> str:
    return text_of(plan_pdf(example_plan(), load_knowledge(), "patient", "Deniz Kaya"))


@pytest.mark.parametrize(
    "words",
    [
        "Deniz Kaya",
        "Version 3",
        "36.5",  # cm²
        "0.25 mg",  # per point
        "10 mg",  # per session
        "40 mg",  # per course
        "Takes an anticoagulant",
        "INR 2.1 on the day",
        "1 × 2 mL",
        "no published maximum",
        "Tue 22 Dec 2026",
    ],
)
def test_the_record_says(record, words):
    assert words in record


@pytest.mark.parametrize(
    "words",
    [
        "4 sessions of about 22 minutes each (15–31).",
        "about 40 tiny injections",
        "Minoxidil: 10 mg each session",
        "As much as 12 mL of lotion.",
        "How it is meant to act",
        "Mechanically",
        "What to expect, and when",
        "Before each session",
        "Call us at once",
        "Off-label use",
        "Mon 7 Dec 2026",
    ],
)
def test_the_leaflet_says(leaflet, words):
    assert words in leaflet


def test_every_consent_text_for_the_patient_is_in_the_leaflet(leaflet):
    headings = [
        each.heading for each in load_knowledge().consent.values() if "patient" in each.voices
    ]
    assert headings
    assert not [each for each in headings if each not in leaflet]


def test_the_leaflet_leaves_the_clinicians_findings_out(leaflet):
    assert "anticoagulant" not in leaflet.lower().replace("anticoagulants", "")


def test_without_a_label_nobody_is_named():
    assert "Deniz" not in plan_html(example_plan(), load_knowledge(), "patient")


def test_names_are_escaped():
    html = plan_html(example_plan(), load_knowledge(), "record", "<script>alert(1)</script>")
    assert "<script>" not in html


def test_an_unknown_voice_is_refused():
    with pytest.raises(ValueError, match="record, patient"):
        plan_html(example_plan(), load_knowledge(), "poem")


@pytest.mark.parametrize(
    "address", ["https://example.org/x.png", "file:///etc/hostname", "../../../etc/hostname"]
)
def test_nothing_is_fetched(address, caplog):
    pdf = pdf_from_html(f'<p>still printed</p><img src="{address}" alt="">')
    assert "still printed" in text_of(pdf)
    assert any("not fetched" in each.getMessage() for each in caplog.records)


def test_it_prints_where_django_is_not_set_up():
    code = (
        "from openmeso.gateways.knowledge import load_knowledge\n"
        "from openmeso.gateways.pdf import plan_pdf\n"
        "from tests.gateways.example_plan import example_plan\n"
        "print(plan_pdf(example_plan(), load_knowledge(), 'record')[:5].decode())\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code],
        cwd=root,
        env={"PYTHONPATH": f"{root / 'src'}:{root}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "%PDF-"
