"""Consent sheet: the text on paper, unsigned to take home or signed for the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from openmeso.gateways.consent_words import consent_words, name_in
from openmeso.gateways.pdf import page_html, pdf_from_html
from openmeso.terms.consent import (
    PAD_HEIGHT,
    PAD_WIDTH,
    ConsentPaper,
    Signature,
    SignatureMethod,
    Stroke,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """What only a signed sheet holds; times are the clinic's own."""

    signature: Signature
    signed_at: datetime
    handed_over_at: datetime
    taken_by: str
    questions: str = ""
    same_day: bool = False


def consent_pdf(
    paper: ConsentPaper,
    course: Mapping[str, object],
    heading: Mapping[str, object],
    signed: Signed | None = None,
) -> bytes:
    """Print it. ``heading`` holds ``clinic``, ``patient``, ``record_number``, ``birth_date``."""
    return pdf_from_html(consent_html(paper, course, heading, signed))


def consent_html(
    paper: ConsentPaper,
    course: Mapping[str, object],
    heading: Mapping[str, object],
    signed: Signed | None = None,
) -> str:
    """The page that is printed."""
    drawn = signed is not None and signed.signature.method is SignatureMethod.DRAWN
    context = {
        "paper": paper,
        "name": name_in(paper),
        "words": consent_words(paper.language),
        "language": paper.language,
        "course": course,
        "signed": signed,
        "strokes": stroke_paths(signed.signature.strokes) if signed and drawn else (),
        "pad": f"0 0 {PAD_WIDTH:.0f} {PAD_HEIGHT:.0f}",
        **heading,
    }
    with translation.override(paper.language):
        return page_html("consent/print.html", context)


def stroke_paths(strokes: Sequence[Stroke]) -> tuple[str, ...]:
    """Each stroke as the path of an SVG."""
    return tuple(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in stroke) for stroke in strokes if stroke
    )
