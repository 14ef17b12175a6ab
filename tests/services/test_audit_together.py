"""Many at once: the chain has no gap, no fork and no lost row."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from openmeso.records.models import AuditEvent
from openmeso.services import audit

WRITERS, ROWS = 4, 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="the test database in memory is one connection"
)
def test_writers_at_once_keep_one_chain(practitioner, patient):
    def write(_):
        try:
            for _ in range(ROWS):
                audit.record(by=practitioner, action="read", of=patient)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(WRITERS)))
    assert AuditEvent.objects.count() == WRITERS * ROWS
    assert audit.verify() is None
