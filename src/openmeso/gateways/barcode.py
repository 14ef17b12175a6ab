"""Barcode: what a scanner typed, read as GS1; whatever is not GS1 is named and refused.

A scanner set up as a keyboard loses things on the way: the separator (FNC1) arrives as some
printable character or not at all, the symbology identifier (``]d2``) may stand in front or not,
and another keyboard layout swaps letters. Nothing is guessed in silence: a reading that needed
a guess says so in ``doubt``, and one that could be two things is refused.
"""

import re
from collections.abc import Iterator
from datetime import date

from biip import ParseError
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString, GS1ElementStrings
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin
from django.utils.translation import gettext as _

from openmeso.terms.lot import Scan

LONGEST = 200
GS = "\x1d"
# How scanners and people write the separator; none of the single ones may stand in GS1 data.
SEPARATORS = re.compile(
    r"\x1d|␝|<GS>|\{GS\}|\[GS\]|<FNC1>|\\x1d|\\u001d|\\F|\^\]|[|~^#@$]", re.IGNORECASE
)
SYMBOLOGY = re.compile(r"^\](?:[cdejq]\d|[ei]\d)", re.IGNORECASE)
PLAIN_GTIN = re.compile(r"^(\d{8}|\d{12}|\d{13}|\d{14})$")
GTIN, LOT, EXPIRY, SERIAL = "01", "10", "17", "21"
# What may follow a variable field whose separator was lost.
FOLLOWING = (EXPIRY, LOT, SERIAL, "11", "240", GTIN)
FOREIGN = (
    (re.compile(r"^(\][a-zA-Z]\d)?\+"), "HIBC"),
    (re.compile(r"^(\][a-zA-Z]\d)?="), "ISBT 128"),
    (re.compile(r"^(\][a-zA-Z]\d)?(\[\)>|9N)"), "IFA (PPN)"),
)


class BarcodeFault(ValueError):
    """The code cannot be read; says what is wrong, and what to do instead."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy


def read_barcode(text: str) -> Scan:
    """What the code says of product, lot, expiry and serial number; BarcodeFault if it is none."""
    text = text.strip("\r\n\t \x00\x02\x03")
    _refuse_strange(text)
    if text.lower().startswith(("http://", "https://")):
        return _scan(_digital_link(text))
    if text.startswith("("):
        return _scan(_printed(text))
    body = SEPARATORS.sub(GS, SYMBOLOGY.sub("", text)).strip(GS)
    if PLAIN_GTIN.match(body):
        plain = _plain_gtin(body)
        if plain is not None:
            return plain
    return _message(body)


def _refuse_strange(text: str) -> None:
    by_hand = _("Type product, lot and expiry from the label instead.")
    if not text:
        raise BarcodeFault(_("Nothing was scanned."), _("Scan the code on the box or vial."))
    if len(text) > LONGEST:
        raise BarcodeFault(_("This is too long for a code on a product."), by_hand)
    for pattern, name in FOREIGN:
        if pattern.match(text):
            raise BarcodeFault(
                _("This is an %s code, which OpenMeso does not read; it reads GS1 codes.") % name,
                _("Look for a second code on the box, or type product, lot and expiry."),
            )
    if any(ord(letter) > 126 and letter != "␝" for letter in text):
        raise BarcodeFault(
            _("The scanner types for another keyboard: letters arrived that no code holds."),
            _("Set the scanner's keyboard country to this computer's, or type the label by hand."),
        )


def _plain_gtin(digits: str) -> Scan | None:
    try:
        return Scan(gtin=Gtin.parse(digits).as_gtin_14())
    except ParseError as error:
        # Eight or fourteen digits may also be a short message, such as a lone expiry date.
        if digits[:2] in FOLLOWING and len(digits) == 8:
            return None
        raise _wrong_digit(str(error)) from None


def _wrong_digit(said: str) -> BarcodeFault:
    expected = re.search(r"Expected (\d), got (\d)", said)
    message = _("The product number (GTIN) is broken.")
    if expected:
        message = _(
            "The product number (GTIN) is broken: its last digit is %(got)s where %(expected)s "
            "belongs."
        ) % {"got": expected[2], "expected": expected[1]}
    return BarcodeFault(message, _("Scan again; if it stays so, type the label and check it."))


def _digital_link(text: str) -> GS1ElementStrings:
    try:
        return GS1DigitalLinkURI.parse(text).element_strings
    except (ParseError, ValueError):
        raise BarcodeFault(
            _("This is a web address, not a product's code."),
            _("Look for the square or striped code beside it."),
        ) from None


def _printed(text: str) -> GS1ElementStrings:
    try:
        return GS1Message.parse_hri(text).element_strings
    except ParseError as error:
        raise _unreadable(text, str(error)) from None


def _unreadable(text: str, said: str) -> BarcodeFault:
    if "AI (17)" in said or "date" in said:
        return BarcodeFault(
            _("The expiry date in the code is no date."),
            _("Type the expiry from the label, and tell the supplier."),
        )
    if re.match(r"^[\d(]", text) is None:
        message = _("This is no GS1 code: those begin with digits.")
    else:
        message = _("The code cannot be read to its end; part of it may be missing.")
    return BarcodeFault(message, _("Scan again, or type product, lot and expiry from the label."))


def _message(body: str) -> Scan:
    try:
        whole: GS1ElementStrings | None = GS1Message.parse(body).element_strings
        said = ""
    except (ParseError, ValueError) as error:
        whole, said = None, str(error)
    if GS in body:
        if whole is None:
            raise _unreadable(body, said)
        return _scan(whole)
    others = [one for one in _splits(body, frozenset()) if one != whole]
    if whole is not None and (_says_all(whole) or not any(map(_says_all, others))):
        # Only now and then does a lot number look like two fields, and then the label decides.
        return _scan(whole, doubt=_label_decides() if others and whole.get(ai=LOT) else "")
    likely = [one for one in others if _says_all(one)]
    if len(likely) == 1:
        return _scan(likely[0], doubt=_label_decides())
    if likely:
        raise BarcodeFault(
            _("The scanner lost the separators, and the code can be read in more than one way."),
            _("Type lot and expiry from the label; set the scanner to send FNC1 as GS."),
        )
    raise _unreadable(body, said)


def _label_decides() -> str:
    return _("The scanner sent no separators: compare lot and expiry with the label.")


def _says_all(elements: GS1ElementStrings) -> bool:
    return all(any(one.ai.ai == ai for one in elements) for ai in (LOT, EXPIRY))


def _splits(rest: str, used: frozenset[str]) -> Iterator[GS1ElementStrings]:
    """Every way to read a message without separators, each field at most once."""
    if not rest:
        yield GS1ElementStrings()
        return
    try:
        first = GS1ElementString.extract(rest)
    except (ParseError, ValueError):
        return
    if first.ai.ai in used:
        return
    shortest = 1 if first.ai.separator_required else len(first.value)
    for length in range(len(first.value), shortest - 1, -1):
        after = rest[len(first.ai.ai) + length :]
        if after and not after.startswith(FOLLOWING):
            continue
        try:
            cut = GS1ElementString.parse(rest[: len(first.ai.ai) + length])
        except (ParseError, ValueError):
            continue
        for following in _splits(after, used | {first.ai.ai}):
            yield GS1ElementStrings([cut, *following])


def _scan(elements: GS1ElementStrings, doubt: str = "") -> Scan:
    by_ai = {one.ai.ai: one for one in reversed(elements)}
    product = by_ai.get(GTIN)
    if product is not None and product.gtin is None:
        raise _wrong_digit(product.gtin_error or "")
    return Scan(
        gtin=product.gtin.as_gtin_14() if product is not None and product.gtin else "",
        number=_value(by_ai.get(LOT)),
        expires_on=_date(by_ai.get(EXPIRY)),
        serial=_value(by_ai.get(SERIAL)),
        udi=GS1Message.from_element_strings(elements).as_hri() if product is not None else "",
        doubt=doubt,
    )


def _value(element: GS1ElementString | None) -> str:
    return element.value if element is not None else ""


def _date(element: GS1ElementString | None) -> date | None:
    return element.date if element is not None else None
