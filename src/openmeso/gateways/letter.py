"""Letter: texts that are data, filled in, printed one page a patient."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path

from openmeso.gateways.pdf import pdf_from_html
from openmeso.terms.recall import Letter, LetterText

TEXTS = Path(__file__).with_name("letter_texts.toml")
FALLBACK = "en"
BLANK = re.compile(r"\{(\w+)\}")

STYLE = """
@page { size: A4; margin: 25mm 22mm; }
@font-face { font-family: "Inter Ext"; font-weight: 100 900;
  src: url("openmeso/fonts/inter-latin-ext-wght-normal.woff2"); unicode-range: U+0100-02BA, U+1E00-1E9F; }
@font-face { font-family: "Inter"; font-weight: 100 900;
  src: url("openmeso/fonts/inter-latin-wght-normal.woff2"); }
html { font: 400 11pt/1.5 "Inter", "Inter Ext", "DejaVu Sans", sans-serif; color: #14232b; }
article + article { break-before: page; }
h1 { font-size: 13pt; margin: 14mm 0 6mm; }
p { margin: 0 0 4mm; white-space: pre-line; }
.from { color: #475963; font-size: 9.5pt; }
.to { min-height: 26mm; margin-top: 10mm; }
.on { text-align: end; }
"""


@cache
def letter_text(kind: str, language: str) -> LetterText:
    """The text of a kind ("letter", "email") in a language, English where there is none."""
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    found = texts.get(language.split("-")[0], texts[FALLBACK])[kind]
    return LetterText(subject=found["subject"], text=found["text"].strip())


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its {blanks} filled; a blank that nothing is known of stays to be seen."""
    return BLANK.sub(lambda match: values.get(match[1], match[0]), text)


def letters_pdf(letters: Iterable[Letter], language: str) -> bytes:
    """Every letter on a page of its own; PdfError where the system's libraries are missing."""
    pages = "".join(_page(one) for one in letters)
    return pdf_from_html(
        f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(language)}</title><style>{STYLE}</style></head><body>{pages}</body></html>"
    )


def _page(letter: Letter) -> str:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in letter.text.split("\n\n"))
    return (
        f'<article><p class="from">{escape(letter.sender)}</p>'
        f'<p class="to">{escape(letter.addressee)}</p><p class="on">{escape(letter.on)}</p>'
        f"<h1>{escape(letter.subject)}</h1>{paragraphs}</article>"
    )
