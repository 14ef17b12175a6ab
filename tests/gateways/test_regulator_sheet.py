"""The report on paper says what the case holds, and names only the reporter."""

from io import BytesIO

from pypdf import PdfReader

from openmeso.gateways.regulator_sheet import regulator_pdf
from tests.gateways.example_case import case, header


def said(content: bytes) -> str:
    return " ".join(
        " ".join(one.extract_text().split()) for one in PdfReader(BytesIO(content)).pages
    )


def test_the_sheet_holds_the_case():
    text = said(regulator_pdf(case(), header()))
    for each in (
        "TR-MODAHAIRSKINCLINIC-3F0C1D526C0E",
        "Localized edema",
        "10048961 (28.0)",
        "DT2604",
        "3.07 mL by nappage, 2 mm deep (dutasteride 1.535 mg), intradermal",
        "Probable",
        "× Hospitalisation E.i.3.2c",
        "Elif Demir, Physician",
        "Swelling of the forehead a day after",
    ):
        assert each in text, each
    assert "× Death" not in text


def test_without_a_suspect_it_says_so():
    assert "No product was given" in said(regulator_pdf(case(suspects=()), header()))
