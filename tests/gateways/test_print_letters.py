"""Letters beyond English are printed from the font that has them, and as themselves.

Two files under one family name made one font of the PDF: the ş of a Turkish consent came out as an
arrow, while the text copied out of it was right.
"""

import io

import pytest
from pypdf import PdfReader

from openmeso.gateways.consent_sheet import consent_pdf
from openmeso.gateways.letter import letters_pdf
from openmeso.services.knowledge import knowledge
from openmeso.terms.consent import paper_in
from openmeso.terms.recall import Letter

HEADING = {
    "clinic": "Moda", "patient": "Ayşe Çağrı", "record_number": "1", "birth_date": None,
    "reference": "1",
}  # fmt: skip
COURSE = {"indication": "", "technique_name": "", "sessions": 1, "products": [], "off_label": []}


def fonts(content: bytes) -> set[str]:
    pages = PdfReader(io.BytesIO(content)).pages
    return {
        str(font.get_object()["/BaseFont"]).rpartition("+")[2]
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }


@pytest.mark.parametrize("kind", ["consent", "letter"])
def test_turkish_letters_come_from_a_font_of_their_own(kind):
    if kind == "consent":
        known = knowledge()
        form = known.consent_forms["hair_mesotherapy"]
        paper = paper_in("tr", form, known.consent, known.consent_translations)
        content = consent_pdf(paper, COURSE, HEADING)
    else:
        letter = Letter("Moda", "Ayşe Çağrı", "1 Ocak", "Geri çağırma", "Değişiklik, ışık, İş")
        content = letters_pdf([letter], "tr")
    found = fonts(content)
    assert {"Inter", "Inter-Ext"} <= found
    assert not [name for name in found if "Inter" not in name]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "ş" in text
