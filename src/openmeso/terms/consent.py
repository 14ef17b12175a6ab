"""Consent: what a patient is told and signs before the first needle."""

import hashlib
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import hypot

from openmeso.terms.provenance import Statement

SOURCE_LANGUAGE = "en"
FINGERPRINT_DIGITS = 12
PAD_WIDTH = 1000.0  # units of the signature pad, whatever its size on the screen
PAD_HEIGHT = 400.0
MOST_POINTS = 20_000
LEAST_LENGTH = 80.0  # of all strokes together: a dot or a slip is no signature


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One heading of the consent, or of the patient's leaflet, with its statements."""

    id: str
    heading: str
    statements: tuple[Statement, ...]
    voices: tuple[str, ...] = ("consent", "patient")


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """The text for one procedure: which sections, and in which version.

    ``groups`` are the groups of indications that it is for. ``fingerprint`` is of the sections'
    words: a sentence cannot change without the version being thought of.
    """

    id: str
    name: str
    groups: tuple[str, ...]
    version: str
    fingerprint: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentTranslation:
    """One section in another language; ``source`` is the fingerprint of what was translated."""

    language: str  # BCP 47, such as "tr"
    section: str
    source: str
    heading: str
    statements: tuple[str, ...]
    reviewed_by: str = ""  # who, besides the translator, has compared it

    @property
    def id(self) -> str:
        """Language and section."""
        return f"{self.language}/{self.section}"


@dataclass(frozen=True, slots=True)
class ConsentSection:
    """A section as it is read, in one language."""

    id: str
    heading: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentPaper:
    """What is put before a patient: the words, their version and their language."""

    form: str
    name: str
    version: str
    language: str
    sections: tuple[ConsentSection, ...]
    is_reviewed: bool = True


class NotTranslated(LookupError):
    """The form, or a part of it, does not exist in the language asked for."""

    def __init__(self, language: str, missing: tuple[str, ...]) -> None:
        super().__init__(f"not translated into {language}: {', '.join(missing)}")
        self.language = language
        self.missing = missing


class ConsentStanding(StrEnum):
    """How a patient's consent to a plan stands."""

    VALID = "valid"
    MISSING = "missing"
    HANDED_OVER = "handed_over"
    OUTDATED = "outdated"
    OTHER_COURSE = "other_course"
    WITHDRAWN = "withdrawn"


class SignatureMethod(StrEnum):
    """How it was signed."""

    DRAWN = "drawn"
    TYPED = "typed"


Stroke = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and how; strokes in pad units, y downwards. ValueError for what is none."""

    method: SignatureMethod
    name: str
    relation: str = ""  # to the patient, where somebody else signs for them
    strokes: tuple[Stroke, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a signature needs the signer's name")
        if self.method is SignatureMethod.DRAWN:
            _refuse_no_drawing(self.strokes)


def fingerprint(texts: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Twelve hex digits of headings and sentences, in their order."""
    digest = hashlib.sha256()
    for heading, sentences in texts:
        for part in (heading, *sentences, ""):
            digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()[:FINGERPRINT_DIGITS]


def section_fingerprint(text: ConsentText) -> str:
    """Of one section, as a translation names it."""
    return fingerprint([(text.heading, [one.text for one in text.statements])])


def form_fingerprint(form: ConsentForm, texts: Mapping[str, ConsentText]) -> str:
    """Of a whole form; sections that do not exist are left out."""
    held = [texts[each] for each in form.sections if each in texts]
    return fingerprint((one.heading, [each.text for each in one.statements]) for one in held)


def paper_in(
    language: str,
    form: ConsentForm,
    texts: Mapping[str, ConsentText],
    translations: Mapping[str, ConsentTranslation],
) -> ConsentPaper:
    """The form in a language; NotTranslated, naming the sections, unless all of it exists there."""
    if language == SOURCE_LANGUAGE:
        sections = tuple(_as_written(texts[each]) for each in form.sections)
        return ConsentPaper(form.id, form.name, form.version, language, sections)
    found = {each: translations.get(f"{language}/{each}") for each in form.sections}
    current = {
        key: one
        for key, one in found.items()
        if one is not None and one.source == section_fingerprint(texts[key])
    }
    missing = tuple(each for each in form.sections if each not in current)
    if missing:
        raise NotTranslated(language, missing)
    return ConsentPaper(
        form.id,
        form.name,
        form.version,
        language,
        tuple(ConsentSection(key, one.heading, one.statements) for key, one in current.items()),
        is_reviewed=all(one.reviewed_by for one in current.values()),
    )


def _as_written(text: ConsentText) -> ConsentSection:
    return ConsentSection(text.id, text.heading, tuple(one.text for one in text.statements))


def _refuse_no_drawing(strokes: tuple[Stroke, ...]) -> None:
    points = [point for stroke in strokes for point in stroke]
    if len(points) > MOST_POINTS:
        raise ValueError("a signature has too many points")
    if any(not (0 <= x <= PAD_WIDTH and 0 <= y <= PAD_HEIGHT) for x, y in points):
        raise ValueError("a signature lies within its pad")
    length = sum(
        hypot(b[0] - a[0], b[1] - a[1]) for stroke in strokes for a, b in itertools.pairwise(stroke)
    )
    if length < LEAST_LENGTH:
        raise ValueError("a signature needs more than a dot")
