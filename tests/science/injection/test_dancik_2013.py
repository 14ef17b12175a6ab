"""The dermis model against the published-constants table and its own limits."""

import pytest

from openmeso.science.injection.dancik_2013 import Solute, dermal_transport

# (molecular weight, log Kow, unbound) -> D [cm²/s], k [1/h], half-life [h], length [mm], binding;
# computed independently from the same published constants, printed to two digits
TABLE = [
    ((209.0, 1.24, 1.0), (2.1e-6, 3.7, 11 / 60, 0.45, 1.02)),
    ((372.5, 3.03, 0.10), (3.5e-7, 1.0, 0.69, 0.35, 5.0)),
    ((372.5, 3.03, 0.07), (3.0e-7, 0.79, 0.88, None, None)),
    ((528.5, 5.1, 0.01), (2.7e-8, 0.043, 16.0, 0.48, 159.0)),
    ((528.5, 6.8, 0.01), (6.8e-10, 0.0012, 23 * 24.0, 0.45, 6342.0)),
]


@pytest.mark.parametrize(("card", "expected"), TABLE)
def test_constants_of_the_field_s_drugs(card, expected) -> None:
    got = dermal_transport(Solute(*card))
    d, k, half_life, length, binding = expected
    # the table is printed to two significant digits: 5 % covers its rounding
    assert got.d_mm2_h == pytest.approx(d * 100 * 3600, rel=0.05)
    assert got.k_per_h == pytest.approx(k, rel=0.05)
    assert got.half_life_h == pytest.approx(half_life, rel=0.05)
    if length:
        assert got.decay_length_mm == pytest.approx(length, rel=0.05)
    if binding:
        assert got.binding_factor == pytest.approx(binding, rel=0.01)


def test_minoxidil_half_life_over_the_blood_flow_read() -> None:
    # 5.7 to 35.7 mL/100 g/min gives 8 to 18 min
    minutes = [
        60 * dermal_transport(Solute(209.0, 1.24), flow / 100 / 60).half_life_h
        for flow in (35.7, 5.7)
    ]
    assert minutes == pytest.approx([8, 18], abs=0.6)


def test_binding_changes_duration_not_reach() -> None:
    loose, tight = (dermal_transport(Solute(300.0, 2.0, unbound=f)) for f in (1.0, 0.5))
    assert tight.half_life_h > loose.half_life_h
    # carriage by albumin lengthens the reach a little; binding itself cancels
    assert tight.decay_length_mm == pytest.approx(loose.decay_length_mm, rel=0.02)


@pytest.mark.parametrize("wrong", [{"unbound": 0.0}, {"unionised": 1.5}])
def test_impossible_fractions_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match="must be a fraction above 0, at most 1, not"):
        Solute(300.0, 2.0, **wrong)
