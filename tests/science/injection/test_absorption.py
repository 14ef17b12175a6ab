"""What the body takes up: mass is kept, and one compartment solves its equation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from openmeso.science.injection.absorption import absorbed_mg, body_mg, peak_rate_mg_h, site_mg


@given(
    st.floats(1e-3, 1e3), st.floats(1e-4, 10), st.floats(0, 1e4), st.sampled_from([0.0, 5.0, 1e3])
)
def test_dose_is_site_plus_absorbed(dose: float, k: float, t: float, lasting: float) -> None:
    total = absorbed_mg(t, dose, k, lasting) + site_mg(t, dose, k, lasting)
    assert float(total) == pytest.approx(dose, rel=1e-9)


@pytest.mark.parametrize(("k", "half_life", "lasting"), [(3.7, 4.2, 0), (0.1, 2, 0), (1, 6, 48)])
def test_body_solves_its_equation(k: float, half_life: float, lasting: float) -> None:
    out = np.log(2) / half_life

    def rate(t: float) -> float:
        if lasting:
            return 10 / lasting if t < lasting else 0.0
        return float(10 * k * np.exp(-k * t))

    hours = np.linspace(0, 100, 41)
    solved = solve_ivp(
        lambda t, y: [rate(t) - out * y[0]],
        (0, 100), [0.0], t_eval=hours, rtol=1e-9, atol=1e-11, max_step=0.25,
    )  # fmt: skip
    assert body_mg(hours, 10, k, half_life, lasting) == pytest.approx(solved.y[0], abs=2e-3)


def test_equal_rates_are_the_limit() -> None:
    k = np.log(2) / 4.0
    near = body_mg(3.0, 1.0, k * (1 + 1e-6), 4.0)
    assert float(body_mg(3.0, 1.0, k, 4.0)) == pytest.approx(float(near), rel=1e-5)


def test_fastest_uptake() -> None:
    assert peak_rate_mg_h(10.0, 3.7) == pytest.approx(37.0)
    assert peak_rate_mg_h(10.0, 3.7, 50.0) == pytest.approx(0.2)
    with pytest.raises(ValueError, match="half_life_h must be a finite number above 0, not 0"):
        body_mg(1.0, 1.0, 1.0, 0.0)
