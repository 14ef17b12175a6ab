"""Consent: forms and translations that have fallen behind their texts."""

from collections.abc import Iterator, Sequence

from openmeso.gateways.knowledge.fault import Fault
from openmeso.gateways.knowledge.term import Placed
from openmeso.terms.consent import (
    ConsentForm,
    ConsentText,
    ConsentTranslation,
    form_fingerprint,
    section_fingerprint,
)


def consent_faults(placed: Sequence[Placed]) -> Iterator[Fault]:
    """Every form whose words changed under its version, and every translation of older words."""
    texts = {one.term.id: one.term for one in placed if isinstance(one.term, ConsentText)}
    for one in placed:
        if isinstance(one.term, ConsentForm):
            yield from _form(one, one.term, texts)
        elif isinstance(one.term, ConsentTranslation) and one.term.section in texts:
            yield from _translation(one, one.term, texts[one.term.section])


def _form(placed: Placed, form: ConsentForm, texts: dict[str, ConsentText]) -> Iterator[Fault]:
    now = form_fingerprint(form, texts)
    if form.fingerprint != now:
        said = f"the words have changed: raise the version, and write {now} here"
        yield placed.fault(("fingerprint",), said)


def _translation(
    placed: Placed, translation: ConsentTranslation, text: ConsentText
) -> Iterator[Fault]:
    now = section_fingerprint(text)
    if translation.source != now:
        said = f"translates older words: translate anew, and write {now} here"
        yield placed.fault(("source",), said)
    if len(translation.statements) != len(text.statements):
        said = f"expected {len(text.statements)} statements, as in consent.toml"
        yield placed.fault(("statements",), said)
