"""What scanners send, and what must never be guessed."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openmeso.gateways.barcode import GS, BarcodeFault, read_barcode
from openmeso.terms.lot import Scan

GTIN = "08690123456789"
WHOLE = (GTIN, "AB12", date(2027, 1, 31), "S9")
PRINTED = f"(01){GTIN}(17)270131(10)AB12(21)S9"


def said(text: str) -> tuple[object, ...]:
    scan = read_barcode(text)
    return (scan.gtin, scan.number, scan.expires_on, scan.serial)


@pytest.mark.parametrize(
    "text",
    [
        f"01{GTIN}1727013110AB12{GS}21S9",
        f"]d201{GTIN}1727013110AB12{GS}21S9",
        f"]C101{GTIN}1727013110AB12{GS}21S9",
        f"]Q301{GTIN}1727013110AB12{GS}21S9",
        f"{GS}01{GTIN}1727013110AB12{GS}21S9{GS}",  # FNC1 in front, and at the end
        f"]D201{GTIN}1727013110AB12{GS}21S9",  # capitals locked
        f"  01{GTIN}1727013110AB12{GS}21S9\r\n",  # what a wedge adds
        f"01{GTIN}10AB12{GS}1727013121S9",
        f"01{GTIN}1727010010AB12{GS}21S9",  # day 00 is the month's end
        PRINTED,
        f"(01) {GTIN} (17) 270131 (10) AB12 (21) S9",
        f"https://id.gs1.org/01/{GTIN}/10/AB12/21/S9?17=270131",
    ],
)
def test_every_way_a_code_arrives(text):
    assert said(text) == WHOLE


@pytest.mark.parametrize(
    "separator", ["␝", "<GS>", "{GS}", "[GS]", "<FNC1>", "\\x1d", "^]", "|", "~", "^", "#", "@"]
)
def test_a_separator_as_scanners_write_it(separator):
    scan = read_barcode(f"01{GTIN}1727013110AB12{separator}21S9")
    assert (scan.number, scan.serial, scan.doubt) == ("AB12", "S9", "")
    assert scan.udi == PRINTED


@pytest.mark.parametrize(
    ("digits", "gtin"),
    [("8690123456789", GTIN), (GTIN, GTIN), ("96385074", "00000096385074"),
     ("]E08690123456789", GTIN), ("614141000036", "00614141000036")],
)  # fmt: skip
def test_a_product_number_alone(digits, gtin):
    assert said(digits) == (gtin, "", None, "")


def test_a_month_without_a_day_ends_with_the_month():
    assert read_barcode(f"01{GTIN}17280200").expires_on == date(2028, 2, 29)


def test_a_lost_separator_is_put_back_and_said():
    scan = read_barcode(f"01{GTIN}10AB1217270131")
    assert (scan.number, scan.expires_on) == ("AB12", date(2027, 1, 31))
    assert "label" in scan.doubt


def test_a_lot_that_looks_like_two_fields_is_left_whole_and_said():
    scan = read_barcode(f"01{GTIN}1727013110AB21S9")
    assert scan.number == "AB21S9"
    assert "label" in scan.doubt


def test_a_plain_code_raises_no_doubt():
    assert read_barcode(f"01{GTIN}1727013110AB").doubt == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "Nothing was scanned"),
        ("+A123BJC5D6E71G", "HIBC"),
        ("]d1+A123BJC5D6E71G", "HIBC"),
        ("=W00001712345600", "ISBT 128"),
        ("[)>\x1e06\x1d9N111234567842", "PPN"),
        ("01086901234567841727013110AB", "last digit is 4 where 9 belongs"),
        ("8690123456784", "last digit is 4 where 9 belongs"),
        (f"01{GTIN}1727133110AB", "no date"),
        (f"01{GTIN}17271331{GS}10AB", "no date"),
        (f"01{GTIN[:-5]}", "cannot be read to its end"),
        ("HELLO", "no GS1 code"),
        ("(99999)1", "cannot be read to its end"),
        ("àà&é\"'(-è_ç", "another keyboard"),
        ("üd20108690123456789", "another keyboard"),
        ("https://example.org/a-vial", "web address"),
        ("1" * 500, "too long"),
        # the lot may be A21B, or A with the serial number B
        (f"01{GTIN}10A21B17270131", "more than one way"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(text, word):
    with pytest.raises(BarcodeFault) as fault:
        read_barcode(text)
    assert word in fault.value.message
    assert fault.value.remedy.endswith(".")


LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789-/."
NUMBERS = st.text(LETTERS, min_size=1, max_size=20)
DATES = st.dates(date(2026, 1, 1), date(2039, 12, 31))


@given(NUMBERS, NUMBERS, DATES)
def test_with_separators_nothing_is_lost_in_any_order(number, serial, expires):
    fields = {"10": number, "21": serial, "17": f"{expires:%y%m%d}"}
    for order in (("17", "10", "21"), ("10", "17", "21"), ("21", "17", "10"), ("21", "10", "17")):
        text = f"01{GTIN}" + GS.join(f"{ai}{fields[ai]}" for ai in order)
        assert said(text) == (GTIN, number, expires, serial)
        assert read_barcode(text).doubt == ""


@given(NUMBERS, DATES)
def test_without_separators_it_is_right_or_in_doubt_or_refused(number, expires):
    try:
        scan = read_barcode(f"01{GTIN}10{number}17{expires:%y%m%d}")
    except BarcodeFault:
        return
    assert (scan.number, scan.expires_on) == (number, expires) or scan.doubt
    assert scan.doubt or len(number) == 20  # the longest lot there may be ends by itself


@given(NUMBERS, DATES)
def test_the_lot_at_the_end_needs_no_separator(number, expires):
    assert said(f"01{GTIN}17{expires:%y%m%d}10{number}") == (GTIN, number, expires, "")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text):
    with suppress(BarcodeFault):  # and nothing else
        assert isinstance(read_barcode(text), Scan)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_wrong_check_digit_is_always_noticed(payload):
    right = (10 - sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(payload))) % 10
    assume(payload[:2] not in {"00"})
    for digit in range(10):
        text = f"010{payload}{digit}17270131"
        if digit == right:
            assert read_barcode(text).gtin == f"0{payload}{digit}"
        else:
            with pytest.raises(BarcodeFault, match="broken"):
                read_barcode(text)
