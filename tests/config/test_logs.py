"""Logs hold no patient data."""

import json
import logging
import sys

import pytest

from openmeso.config.logs import JsonFormatter, PlainFormatter


def test_an_exception_s_message_is_withheld():
    try:
        raise ValueError("duplicate key (family_name)=(Kaya)")
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord("a", logging.ERROR, __file__, 1, "Failed", None, info)
    said = PlainFormatter().format(record)
    assert "Kaya" not in said
    assert "ValueError" in said
    assert "test_logs.py" in said


def test_a_record_s_text_names_nobody(patient):
    assert patient.family_name not in f"{patient} {patient!r}"


def test_queries_and_request_lines_are_not_logged(settings):
    loggers = settings.LOGGING["loggers"]
    assert loggers["django.db.backends"]["handlers"] == []
    assert loggers["django.server"]["level"] == "WARNING"


@pytest.fixture
def requests_said(caplog):
    caplog.set_level(logging.INFO, logger="openmeso.request")
    return lambda: [one for one in caplog.records if one.name == "openmeso.request"]


def test_a_request_is_told_by_its_route_not_its_address(
    client, practitioner, patient, requests_said
):
    client.force_login(practitioner)
    client.get(f"/patients/{patient.pk}/?q=Kaya")
    (said,) = requests_said()
    for line in (JsonFormatter().format(said), PlainFormatter().format(said)):
        assert "patient_page" in line
        assert str(patient.pk) not in line
        assert "Kaya" not in line
    told = json.loads(JsonFormatter().format(said))
    assert (told["method"], told["status"]) == ("GET", 200)
    assert told["user"] == str(practitioner.pk)
    assert told["ms"] > 0


def test_an_address_nobody_has_is_not_repeated(client, requests_said, caplog):
    client.get("/patients/Kaya/")
    assert requests_said()[0].route == "unknown"
    assert "Kaya" not in " ".join(JsonFormatter().format(one) for one in requests_said())


def test_nothing_else_tells_of_addresses(settings):
    """Django itself would log ``Not Found: /the/address``."""
    assert settings.LOGGING["loggers"]["django.request"]["level"] == "ERROR"


def test_json_withholds_an_exception_s_message_as_well():
    try:
        raise ValueError("duplicate key (family_name)=(Kaya)")
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord("a", logging.ERROR, __file__, 1, "Failed", None, info)
    assert "Kaya" not in JsonFormatter().format(record)
    assert "ValueError" in json.loads(JsonFormatter().format(record))["exception"]
