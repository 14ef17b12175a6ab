"""A smaller library of virtual patients and two plans, shared by the forecast's tests."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from openmeso.cli.plan import computed
from openmeso.gateways.forecast_library import library_source
from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.forecast.library import make_library

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


@pytest.fixture(scope="session")
def source():
    return library_source()


def of_size(source, averages, patients):
    value = {
        **source.priors.value,
        "draws.parameters": averages,
        "draws.patients": patients,
    }
    return replace(source, priors=replace(source.priors, value=value))


@pytest.fixture(scope="session")
def library(source):
    """1,000 virtual men with moderate thinning."""
    return make_library(of_size(source, 50, 5), np.random.default_rng(7), "moderate", False)


@pytest.fixture(scope="session")
def others(source):
    """300 other virtual men, drawn apart."""
    return make_library(of_size(source, 75, 1), np.random.default_rng(11), "moderate", False)


def request_of(name):
    return json.loads((EXAMPLES / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def made_plan():
    """A plan from the example of minoxidil by nappage, its choice changed."""
    knowledge = load_knowledge()

    def make(**choice):
        data = request_of("man-norwood-iii-vertex")
        data["choice"] |= choice
        return computed(data, knowledge)

    return make


@pytest.fixture(scope="session")
def plan(made_plan):
    return made_plan()
