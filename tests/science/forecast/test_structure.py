"""The hair-cycle model against the published means that it is calibrated on."""

import numpy as np
import pytest

from openmeso.gateways.posterior import read_posterior, read_priors
from openmeso.gateways.trials import read_targets, read_trials
from openmeso.science.forecast.structure import WEEKS, change, fit_follicles, predicted

POSTERIOR, _ = read_posterior()
TARGETS = read_targets()


def test_every_published_mean_is_met_within_two_of_its_deviations():
    for target in TARGETS:
        error = predicted(POSTERIOR.structure, target) - target.value
        assert abs(error) < 2 * target.sd, target.name


def test_the_mode_is_found_again_from_another_start():
    priors = read_priors()
    first = fit_follicles(TARGETS, priors)
    moved = {name: 1.15 * dict(first.parameters)[name] for name in priors.follicle}
    again = fit_follicles(TARGETS, priors, moved)
    for (name, value), (_, other) in zip(first.parameters, again.parameters, strict=True):
        assert other == pytest.approx(value, rel=0.01), name
    assert dict(first.parameters) == pytest.approx(dict(POSTERIOR.structure), rel=1e-3)


def test_targets_follow_from_the_rows_that_they_name():
    rows = {row.design.row_id: row for row in read_trials()}
    for target in TARGETS:
        assert target.derivation
        for row_id in target.rows:
            assert rows[row_id].design.study_key == target.study_key
    by_name = {target.name: target for target in TARGETS}
    kaufman = rows["R0085"].outcome
    assert by_name["net count 1 year"].value == pytest.approx(
        kaufman.change_mean / kaufman.baseline_mean, abs=5e-4
    )
    assert by_name["untreated count 5 years"].value == rows["R0091"].outcome.change_pct / 100


def test_courses_start_at_no_change_and_tablets_keep_what_would_be_lost():
    untreated = change(POSTERIOR.structure, "none", "count")
    treated = change(POSTERIOR.structure, "finasteride", "count")
    assert untreated[0] == treated[0] == 0
    assert np.all(np.diff(untreated) < 0)
    net = treated - untreated
    assert np.all(np.diff(net[WEEKS <= 260]) > 0)


def test_no_evidence_leaves_the_prior():
    priors = read_priors()
    fit = fit_follicles((), priors)
    for name, (middle, _) in priors.follicle.items():
        assert dict(fit.parameters)[name] == pytest.approx(middle)
        assert dict(fit.informed)[name] == pytest.approx(0.0, abs=1e-6)
