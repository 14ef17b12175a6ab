"""The posterior artefact: whole, fresh, and refused when it is not."""

import json

import numpy as np
import pytest

from openmeso.gateways import posterior as gateway
from openmeso.gateways.posterior import (
    POSTERIOR,
    PosteriorError,
    read_evidence,
    read_posterior,
    read_priors,
    write_posterior,
)
from openmeso.science.forecast.calibration import Effort, calibrate


def test_the_artefact_was_made_from_the_present_evidence_and_says_how():
    posterior, provenance = read_posterior()
    assert provenance["sha256"] == gateway.evidence_hashes()
    assert set(provenance) >= {"openmeso", "seed", "draws", "thin", "command"}
    assert len(posterior.draws.values) == provenance["draws"]
    assert np.isfinite(posterior.draws.values).all()
    assert "Olsen2002" in posterior.studies


def test_written_and_read_again(tmp_path):
    effort = Effort(12, 1)
    made = calibrate(read_evidence(), effort)
    path, again = tmp_path / "one.json", tmp_path / "two.json"
    write_posterior(made, effort, path)
    write_posterior(made, effort, again)
    assert path.read_bytes() == again.read_bytes()
    posterior, _ = read_posterior(path)
    assert posterior.draws.names == made.posterior.draws.names
    assert posterior.draws.values == pytest.approx(made.posterior.draws.values, rel=1e-4)
    assert dict(posterior.structure) == pytest.approx(dict(made.posterior.structure), rel=1e-4)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schema": 0}, "has another schema"),
        ({"provenance": {"sha256": dict.fromkeys(gateway.evidence_hashes(), "0")}}, "was made"),
    ],
)
def test_a_stale_artefact_is_refused(tmp_path, change, reason):
    data = json.loads(POSTERIOR.read_text()) | change
    path = tmp_path / "old.json"
    path.write_text(json.dumps(data))
    with pytest.raises(PosteriorError, match=reason):
        read_posterior(path)


def test_a_missing_artefact_says_what_to_do(tmp_path):
    with pytest.raises(PosteriorError, match="run openmeso calibrate"):
        read_posterior(tmp_path / "none.json")


def test_every_prior_has_a_unit_and_a_basis():
    import tomllib

    tables = tomllib.loads(gateway.PRIORS.read_text())
    for table in tables.values():
        for one in table.values():
            assert one["unit"]
            assert one["basis"]
    assert read_priors().fixed["student_df"] == tables["fixed"]["student_df"]["value"]
