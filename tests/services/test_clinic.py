from datetime import date

import pytest
from django.core.exceptions import ValidationError

from openmeso.records.models import AuditEvent, Clinic
from openmeso.services import clinic as clinics
from openmeso.services.refusal import NotAllowed
from openmeso.terms.schedule import ClosingDays

NOT_LEADS = ["practitioner", "assistant", "researcher", "auditor", "stranger", "outsider"]


def test_closing_days_are_kept_in_order_and_noted(lead, clinic):
    new_year, labour = date(2027, 1, 1), date(2027, 5, 1)
    clinics.set_closing_days(by=lead, clinic=clinic, weekdays=[7, 3, 7], dates=[labour, new_year])
    clinic.refresh_from_db()
    assert clinics.closing_days(clinic) == ClosingDays((3, 7), (new_year, labour))
    assert AuditEvent.objects.last().action == "set_closing_days"


@pytest.mark.parametrize("weekdays", [[0], [8], [1, 2, 3, 4, 5, 6, 7]])
def test_senseless_weekdays_are_refused(lead, clinic, weekdays):
    with pytest.raises(ValidationError):
        clinics.set_closing_days(by=lead, clinic=clinic, weekdays=weekdays, dates=[])


@pytest.mark.parametrize("who", NOT_LEADS)
def test_managing_is_for_the_lead(cast, clinic, who):
    asker = getattr(cast, who)
    with pytest.raises(NotAllowed):
        clinics.set_closing_days(by=asker, clinic=clinic, weekdays=[], dates=[])
    with pytest.raises(NotAllowed):
        clinics.change(by=asker, clinic=clinic, name="X", country="FR", timezone="UTC")


def test_particulars_are_checked(lead, clinic):
    clinics.change(by=lead, clinic=clinic, name="Y", country="fr", timezone="Europe/Paris")
    clinic.refresh_from_db()
    assert clinic.country == "FR"
    with pytest.raises(ValidationError):
        clinics.change(by=lead, clinic=clinic, name="Y", country="FR", timezone="Mars/Olympus")
    with pytest.raises(ValidationError):
        clinics.change(by=lead, clinic=clinic, name="", country="FR", timezone="UTC")


def test_a_clinic_is_opened_by_whoever_runs_the_server(outsider, lead, person):
    first = person("first")
    values = {"name": "New", "country": "ES", "timezone": "Europe/Madrid", "lead": first}
    with pytest.raises(NotAllowed):
        clinics.found(by=lead, **values)
    outsider.is_superuser = True
    clinic = clinics.found(by=outsider, **values)
    assert clinics.membership_of(first).clinic == clinic
    assert Clinic.objects.count() == 2
