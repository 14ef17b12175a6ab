"""Bad numbers at the entries of the follicles: refused with the value and what is accepted."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.follicles.chain import after_years, evolve, generator, healthy
from openmeso.science.follicles.course import Epoch, Stratum, course, course_in_strata
from openmeso.science.follicles.effect import DrugEffect
from openmeso.science.follicles.halloy_2000 import halloy_cycle
from openmeso.science.follicles.sample import sample_counts, sample_states

CYCLE = halloy_cycle()
START = healthy(CYCLE)
DAYS = np.array([0.0, 30.0])
no_number = st.sampled_from([math.nan, math.inf, -math.inf])
negative = st.one_of(st.floats(-1e6, -1e-6), no_number)
not_positive = st.one_of(negative, st.just(0.0))
no_chance = st.one_of(negative, st.floats(1.001, 1e6))

BAD = [
    ("anagen_days", not_positive, lambda bad: replace(CYCLE, anagen_days=bad)),
    ("kenogen_exponent", no_number, lambda bad: replace(CYCLE, kenogen_exponent=bad)),
    ("p_down", no_chance, lambda bad: replace(CYCLE, p_down=bad)),
    ("sizes_um", not_positive, lambda bad: replace(CYCLE, sizes_um=(bad,))),
    ("multiplier telogen", not_positive, lambda bad: DrugEffect(telogen=bad)),
    ("exposure", no_chance, lambda bad: DrugEffect(telogen=0.5).at(bad)),
    ("years", negative, lambda bad: after_years(CYCLE, bad)),
    ("days", negative, lambda bad: evolve(START, generator(CYCLE), np.array([bad]))),
    ("shares", negative, lambda bad: evolve(START + bad, generator(CYCLE), DAYS)),
    ("follicles_per_cm2", not_positive, lambda bad: course(CYCLE, START, DAYS, (), bad)),
    ("epochs", negative, lambda bad: course(CYCLE, START, DAYS, (Epoch(bad),))),
    (
        "shares",
        no_chance,
        lambda bad: course_in_strata(CYCLE, START, DAYS, [Stratum(bad, (Epoch(0.0),))]),
    ),
    ("shares", negative, lambda bad: sample_counts(START + bad, 9, np.random.default_rng(1))),
    (
        "days",
        negative,
        lambda bad: sample_states(CYCLE, np.zeros(3, np.int64), bad, np.random.default_rng(1)),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "call"), BAD, ids=[one[0] for one in BAD])
@given(data=st.data())
def test_it_is_refused_by_name_with_what_was_got(name, values, call, data):
    bad = data.draw(values)
    with pytest.raises(ValueError, match=rf"{re.escape(name)}.*got"):
        call(bad)


def test_a_negative_number_of_follicles_is_named():
    with pytest.raises(ValueError, match="follicles must be 0 or more; got -3"):
        sample_counts(START, -3, np.random.default_rng(1))
