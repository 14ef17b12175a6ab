"""The quadrature that stands for doubt: moments by hand, quantiles, and the transport check."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.injection.reach_doubt import (
    LENGTH_FACTORS,
    doubt_nodes,
    weighted_quantile,
)
from openmeso.science.injection.reach_field import release_of
from openmeso.science.injection.reach_site import Site

KNOWLEDGE = load_knowledge()


@pytest.mark.parametrize("with_solubility", [False, True])
def test_weights_are_shares_and_the_middle_is_unmoved(with_solubility: bool) -> None:
    nodes = doubt_nodes(with_solubility)
    weights = np.array([node.weight for node in nodes])
    assert weights.sum() == pytest.approx(1.0)
    assert LENGTH_FACTORS[len(LENGTH_FACTORS) // 2] == 1.0
    logs = np.log(LENGTH_FACTORS[[node.length for node in nodes]])
    assert (weights * logs).sum() == pytest.approx(0.0, abs=1e-12)
    # rare cases are left out, so the spread falls a little short of 0.6
    assert np.sqrt((weights * logs**2).sum()) == pytest.approx(0.6, abs=0.06)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0.01, 1.0))
def test_weighted_quantile_is_the_plain_one_for_equal_weights(
    values: list[float], at: float
) -> None:
    given_values = np.array(values)
    weights = np.full(len(values), 1.0 / len(values))
    found = weighted_quantile(given_values, weights, at)
    share = np.mean(given_values <= found)
    assert share >= at - 1e-9
    assert float(found) in values


@pytest.mark.parametrize(
    ("ingredient", "half_life_h", "length_mm"),
    [("minoxidil", 11 / 60, 0.45), ("finasteride", 0.69, 0.35), ("dutasteride", 16.0, 0.48)],
)
def test_cards_give_the_half_lives_and_lengths_worked_out_before(
    ingredient: str, half_life_h: float, length_mm: float
) -> None:
    nowhere = np.zeros((1, 2))
    site = Site(2.0, 2.3, 0.05, nowhere, nowhere, (), nowhere)
    release = release_of(KNOWLEDGE.substances[ingredient], 1.0, site)
    assert release.transport.half_life_h == pytest.approx(half_life_h, rel=0.03)
    assert release.length_mm == pytest.approx(length_mm, abs=0.006)
