"""A trained practitioner, a choice, its draft, and a signed-in browser."""

import pytest

from openmeso.gateways import clock
from openmeso.services import plan as plans
from openmeso.services import practitioner as practitioners
from openmeso.terms.plan import PlanChoice


@pytest.fixture
def trained(practitioner, lead, assessed):
    for technique in ("point_by_point", "nappage"):
        practitioners.record_training(
            by=lead, user=practitioner, technique=technique, trained_on=clock.today()
        )
    return practitioner


@pytest.fixture
def choice():
    return PlanChoice(start_on=clock.today(), protocol="classic_weekly_10")


@pytest.fixture
def draft(trained, patient, choice):
    return plans.draft(by=trained, patient=patient, choice=choice, title="Ten weeks")


@pytest.fixture
def page(client, trained):
    client.force_login(trained)
    return client
