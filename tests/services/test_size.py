"""With ten thousand patients the same few queries are asked as with one."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmeso.gateways import clock
from openmeso.records.models import Patient
from openmeso.services import patient as patients
from openmeso.services import plan as plans

MANY = 10_000
PAGE = 25


def fill(clinic, number_of_patients: int) -> None:
    numbers = count(Patient.objects.count())
    Patient.objects.bulk_create(
        Patient(
            clinic=clinic, record_number=f"N-{next(numbers)}", given_name=f"Given{i % 97}",
            family_name=f"Family{i % 499}", sex="female", created_at=clock.now(),
        )
        for i in range(number_of_patients)
    )  # fmt: skip


def queries(ask) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask()
    return len(asked)


@pytest.mark.slow
def test_queries_do_not_grow_with_the_clinic(clinic, practitioner, assessed, choice, other_clinic):
    def list_page():
        found = patients.search(by=practitioner, text="family")
        assert found.count() >= 0
        return [(one.name, one.clinic.name) for one in found[:PAGE]]

    def plan_for_one():
        patient = patients.get(by=practitioner, pk=assessed.pk, purpose="plan")
        plans.compute(plans.request_for(by=practitioner, patient=patient, choice=choice))
        return plans.draft(by=practitioner, patient=patient, choice=choice)

    def plan_list():
        return [(one.patient.name, one.created_by.name) for one in plans.visible_to(practitioner)]

    asks = (list_page, plan_for_one, plan_list)
    few = [queries(ask) for ask in asks]
    fill(clinic, MANY)
    fill(other_clinic, 100)
    for _ in range(5):
        plan_for_one()
    many = [queries(ask) for ask in asks]
    assert few == many
    assert max(many) <= 35
