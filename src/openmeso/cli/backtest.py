"""`openmeso backtest`: forecast published trial arms from their design and score the forecasts."""

import argparse
import json
import sys

import numpy as np

from openmeso.cli.backtest_text import backtest_data, backtest_text
from openmeso.gateways.knowledge import KnowledgeError
from openmeso.gateways.posterior import PosteriorError, read_posterior
from openmeso.gateways.trials import read_trials, survey_trials
from openmeso.science.forecast.backtest import backtest
from openmeso.science.forecast.forecast import noise


def run(chosen: argparse.Namespace) -> int:
    """Print the scores and every row."""
    try:
        posterior, provenance = read_posterior()
        reading = survey_trials(chosen.trials)
    except (KnowledgeError, PosteriorError, OSError) as refused:
        print(refused, file=sys.stderr)
        return 2
    draws = len(posterior.draws.values)
    random = np.random.default_rng(provenance["seed"])
    numbers = noise(draws, posterior.priors.fixed["student_df"], random)
    made = backtest(reading.rows, posterior, numbers, read_trials())
    for fault in reading.faults:
        print(fault, file=sys.stderr)
    if chosen.json:
        data = backtest_data(made)
        data["not_forecast"] += [
            {"row_id": None, "line": fault.line, "reason": f"{fault.path}: {fault.reason}"}
            for fault in reading.faults
        ]
        data["calibration"] = dict(provenance)
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(backtest_text(made))
    return 0
