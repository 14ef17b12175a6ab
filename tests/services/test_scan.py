from datetime import date

import pytest
from django.core.exceptions import ValidationError

from openmeso.records.models import ProductCode
from openmeso.services import lot as lots
from openmeso.services import scan as scans
from openmeso.services.refusal import NotAllowed
from openmeso.terms.lot import Receipt

GTIN, OTHER = "08690123456789", "00000096385074"
PRODUCT = "dutasteride_0_05"
CODE = f"01{GTIN}1729063010A1"


def test_an_unknown_product_number_is_bound_once_and_then_known(practitioner, clinic):
    found = scans.look_up(by=practitioner, text=CODE)
    assert found.unknown_gtin
    assert (found.scan.number, found.scan.expires_on) == ("A1", date(2029, 6, 30))
    scans.bind(by=practitioner, clinic=clinic, gtin=GTIN, product=PRODUCT)
    found = scans.look_up(by=practitioner, text=CODE)
    assert (found.product.id, found.unknown_gtin, found.lot) == (PRODUCT, False, None)


def test_a_known_lot_is_found(practitioner, clinic):
    scans.bind(by=practitioner, clinic=clinic, gtin=GTIN, product=PRODUCT)
    receipt = Receipt(PRODUCT, "A1", date(2029, 6, 30), 1)
    lot = lots.receive(by=practitioner, clinic=clinic, receipt=receipt)
    assert scans.look_up(by=practitioner, text=CODE).lot == lot


def test_a_product_has_several_numbers_and_a_number_one_product(practitioner, clinic):
    for gtin in (GTIN, OTHER, GTIN):
        scans.bind(by=practitioner, clinic=clinic, gtin=gtin, product=PRODUCT)
    assert ProductCode.objects.filter(product=PRODUCT).count() == 2
    scans.bind(by=practitioner, clinic=clinic, gtin=OTHER, product="minoxidil_0_5")
    assert scans.look_up(by=practitioner, text="96385074").product.id == "minoxidil_0_5"


def test_what_one_clinic_bound_another_does_not_know(practitioner, clinic, stranger):
    scans.bind(by=practitioner, clinic=clinic, gtin=GTIN, product=PRODUCT)
    assert scans.look_up(by=stranger, text=CODE).unknown_gtin


@pytest.mark.parametrize(("gtin", "product"), [("1", PRODUCT), (GTIN, "unobtainium")])
def test_senseless_bindings_are_refused(practitioner, clinic, gtin, product):
    with pytest.raises(ValidationError):
        scans.bind(by=practitioner, clinic=clinic, gtin=gtin, product=product)


@pytest.mark.parametrize("who", ["researcher", "outsider", "stranger"])
def test_scanning_is_for_those_who_treat_here(cast, clinic, who):
    with pytest.raises(NotAllowed):
        scans.bind(by=getattr(cast, who), clinic=clinic, gtin=GTIN, product=PRODUCT)


@pytest.mark.parametrize("who", ["researcher", "outsider"])
def test_looking_a_code_up_wants_a_place_at_the_shelf(cast, who):
    with pytest.raises(NotAllowed):
        scans.look_up(by=getattr(cast, who), text=CODE)


def test_a_broken_code_says_so(practitioner):
    with pytest.raises(scans.BarcodeFault, match="HIBC"):
        scans.look_up(by=practitioner, text="+A123BJC5D6E71G")
