"""Reach with fat below the dermis: an option that says it is a guess and changes what it must."""

from functools import cache

import numpy as np
import pytest

from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.injection.dancik_2013 import Solute, dermal_transport
from openmeso.science.injection.fat import ASSUMPTION, dermis_on_fat
from openmeso.science.injection.reach import reach
from openmeso.science.injection.reach_layers import Layers
from openmeso.science.injection.reach_site import Site
from openmeso.terms.reach import Reach, Skin
from tests.science.injection.test_reach import plan_of

KNOWLEDGE = load_knowledge()
FATTY = Solute(372.55, 3.03, 0.1)
NONE = np.zeros((0, 2))


@cache
def found(product: str, skin: Skin) -> Reach:
    return reach(plan_of((product,)), KNOWLEDGE, skin)


@pytest.mark.parametrize("product", ["minoxidil_0_5", "finasteride_0_05", "dutasteride_0_01"])
def test_it_is_said_to_be_a_guess_and_what_dermis_would_give(product: str) -> None:
    plain, on_fat = (found(product, one).substances[0] for one in Skin)
    assert ASSUMPTION in on_fat.assumptions
    assert ASSUMPTION not in plain.assumptions
    assert "With dermis throughout it would be" in on_fat.sentence
    for one, other in zip(plain.size_classes, on_fat.size_classes, strict=True):
        assert one.reached_in_dermis is None
        assert other.reached_in_dermis == one.reached_fraction


def test_bulbs_in_the_fat_are_reached_far_less_and_bulges_in_the_dermis_as_before() -> None:
    for product in ("minoxidil_0_5", "finasteride_0_05"):
        plain, on_fat = (found(product, one).substances[0].size_classes for one in Skin)
        assert on_fat[0].bulb_depth_mm > 2.6 > on_fat[2].bulb_depth_mm
        assert on_fat[0].reached_fraction < 0.5 * plain[0].reached_fraction
        assert on_fat[2].reached_fraction == pytest.approx(plain[2].reached_fraction, abs=0.06)
        for one, other in zip(plain, on_fat, strict=True):
            assert other.bulge_reached_fraction == pytest.approx(
                one.bulge_reached_fraction, abs=0.03
            )


def test_what_the_body_takes_up_and_the_doubt_are_told_as_ever() -> None:
    plain, on_fat = (found("finasteride_0_05", one).substances[0] for one in Skin)
    assert on_fat.absorbed == plain.absorbed
    assert on_fat.blood == plain.blood
    for one in on_fat.size_classes:
        assert 0 <= one.reached_low <= one.reached_fraction <= one.reached_high <= 1
        assert all(0 <= at.low <= at.middle <= at.high for at in one.course)


def test_exposure_at_the_bulbs_is_the_integral_of_their_course() -> None:
    (one,) = found("minoxidil_0_5", Skin.DERMIS_ON_FAT).substances
    for each in one.size_classes:
        assert each.bulge is not None
        hours = [at.hour for at in each.bulge.course]
        summed = np.trapezoid([at.middle for at in each.bulge.course], hours)
        # a median of integrals against an integral of medians
        assert summed == pytest.approx(each.bulge.auc, rel=0.15)


def test_layers_alike_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = dermal_transport(FATTY)
    site = Site(2.0, 2.3, 0.05, NONE, NONE, (), NONE)
    layers = Layers(FATTY, transport, site, 2.6)
    dermis, _ = dermis_on_fat(FATTY, transport, 2.6, 0.4)
    monkeypatch.setattr(layers, "_pair", lambda _length: (dermis, type(dermis)(1e3, 1.0, dermis.k_per_h, dermis.partition)))  # fmt: skip
    ratios = layers.ratios(np.linspace(0.0, 6.0, 50), [1.0, 3.0, 5.0], 0.4)
    assert ratios == pytest.approx(np.ones_like(ratios), rel=1e-6)


def test_fat_holds_a_fatty_drug_and_lets_it_go_slowly() -> None:
    transport = dermal_transport(FATTY)
    dermis, fat = dermis_on_fat(FATTY, transport, 2.6, transport.decay_length_mm)
    assert dermis.k_per_h * transport.d_mm2_h == pytest.approx(transport.k_per_h)
    assert fat.partition > 100 * dermis.partition
    assert fat.k_per_h < 0.01 * dermis.k_per_h
    assert fat.length_mm == pytest.approx(0.5 * dermis.length_mm, rel=0.2)
