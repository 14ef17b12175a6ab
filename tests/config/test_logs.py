"""Logs hold no patient data."""

import logging
import sys

from openmeso.config.logs import PlainFormatter


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
