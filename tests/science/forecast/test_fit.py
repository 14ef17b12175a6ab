"""The sampler against data made by the model it assumes."""

from dataclasses import replace

import numpy as np
import pytest

from openmeso.gateways.posterior import read_evidence, read_posterior
from openmeso.science.forecast.calibration import Effort, calibrate
from openmeso.science.forecast.feature import feature_of
from openmeso.science.forecast.fit import Example, sample_posterior
from openmeso.science.forecast.forecast import Posterior, forecast, noise
from openmeso.science.forecast.response import DOSES, Response
from tests.science.forecast.test_quantity import DESIGN

POSTERIOR, _ = read_posterior()
PLACEBO = replace(DESIGN, intervention_class="control_placebo", intervention="vehicle", arm_id="P")
TRUE = {"any_active": 15.0, "placebo": 4.0, "decline": 1.0, "study": 5.0, "arm": 2.0}


def feature(design):
    return feature_of(design, POSTERIOR.structure, POSTERIOR.priors)


def made_up(studies, random):
    """Two-arm studies of topical minoxidil whose truth is known; Student-t as assumed."""
    examples = []
    for index in range(studies):
        shift = random.normal(0, TRUE["study"])
        weight = random.gamma(2.0, 0.5) ** -0.5
        for design in (DESIGN, PLACEBO):
            one = feature(design)
            change = sum(TRUE.get(name, 0.0) * w for name, w in one.drift.items())
            change += TRUE["any_active"] * one.effect.get("any_active", 0.0)
            change += weight * (shift + random.normal(0, TRUE["arm"]))
            change += random.normal(0, one.noise_sd) * random.gamma(2.0, 0.5) ** -0.5
            examples.append(Example(one, f"study {index}", design.arm_id, change))
    return examples


def test_known_truth_is_found_and_new_studies_fall_into_the_intervals():
    random = np.random.default_rng(3)
    examples = made_up(30, random)
    draws, _ = sample_posterior(examples, POSTERIOR.priors, random, draws=200, thin=3)
    effect = draws.column("any_active") + draws.column("mechanism:minoxidil")
    effect = effect + draws.column("class:topical_minoxidil")
    assert abs(effect.mean() - TRUE["any_active"]) < 3 * effect.std()
    assert effect.std() < 3.0
    assert abs(draws.column("spread:study").mean() - TRUE["study"]) < 3.5
    posterior = Posterior(POSTERIOR.structure, draws, POSTERIOR.priors, ())
    numbers = noise(200, 4.0, np.random.default_rng(5))
    bands = {d.arm_id: forecast(d, posterior, numbers) for d in (DESIGN, PLACEBO)}
    new = made_up(1000, random)
    within = [bands[one.arm] for one in new]
    share_50 = np.mean(
        [b.low_50 <= o.change <= b.high_50 for b, o in zip(within, new, strict=True)]
    )
    share_90 = np.mean(
        [b.low_90 <= o.change <= b.high_90 for b, o in zip(within, new, strict=True)]
    )
    assert share_50 == pytest.approx(0.5, abs=0.1)
    assert share_90 == pytest.approx(0.9, abs=0.06)


def test_a_study_apart_from_all_others_is_weighed_down_not_followed():
    random = np.random.default_rng(11)
    examples = made_up(12, random)
    wild = [replace(one, study="wild", change=one.change + 90) for one in examples[:2]]
    calm, _ = sample_posterior(examples, POSTERIOR.priors, np.random.default_rng(1), 120, 3)
    stirred, weight = sample_posterior(
        examples + wild, POSTERIOR.priors, np.random.default_rng(1), 120, 3
    )
    assert weight["wild"] == min(weight.values())
    assert weight["wild"] < 0.35
    assert abs(stirred.column("placebo").mean() - calm.column("placebo").mean()) < 4.0


def test_doses_of_half_effect_grade_the_dose():
    weak = feature(replace(DESIGN, concentration_mg_ml=10.0))
    response = Response.of([weak, feature(DESIGN)], POSTERIOR.priors)
    for shift in (-1.0, 0.0, 1.0):
        phi = np.zeros(6)
        phi[DOSES.index("minoxidil_topical_pct")] = shift
        relative, link = response.at(phi)
        assert relative[0] < relative[1] == pytest.approx(1.0)
        assert list(link) == [1.0, 1.0]
    half = POSTERIOR.priors.dose["minoxidil_topical_pct"][0]
    expected = (1 / (1 + half)) / (5 / (5 + half))
    assert response.at(np.zeros(6))[0][0] == pytest.approx(expected)


def test_the_same_seed_gives_the_same_posterior_and_another_one_nearly():
    evidence = read_evidence()
    one, same = (calibrate(evidence, Effort(20, 1, 5)) for _ in range(2))
    assert np.array_equal(one.posterior.draws.values, same.posterior.draws.values)
    other = calibrate(evidence, Effort(20, 1, 6), one.follicles)
    assert not np.array_equal(one.posterior.draws.values, other.posterior.draws.values)


def test_leaving_a_study_out_leaves_out_those_of_the_same_patients():
    evidence = read_evidence()
    rest = evidence.without("Kaufman1998")
    left = {row.design.study_key for row in rest.rows} | {one.study_key for one in rest.targets}
    assert not left & {"Kaufman1998", "Finasteride5y2002", "KaufmanPlacebo2008", "Whiting1999"}
    assert {row.design.study_key for row in evidence.without("Olsen2002").rows} >= {"Kaufman1998"}
    known = {row.design.study_key for row in evidence.rows}
    assert all(group <= known for group in evidence.related)
