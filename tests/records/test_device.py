"""A clinic's device: fixed once calibrated, retired once, and in use once by its name."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from openmeso.gateways import clock
from openmeso.records.models import Device, Measurement


def calibrated(clinic, **changes) -> Device:
    kept = {
        "clinic": clinic, "name": "Chair 1", "picture_width_px": 1280, "um_per_px": 2.793,
        "relative_sd": 0.01, "way": "ruler", "calibrated_on": date(2026, 11, 1), "length_px": 358,
        "length_mm": 1, "source": "Micrometer", "created_at": clock.now(),
    }  # fmt: skip
    return Device.objects.create(**kept | changes)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE records_device SET um_per_px = 3.0",
        "UPDATE records_device SET source = 'another'",
        "DELETE FROM records_device",
    ],
)
def test_a_device_stays_as_it_was_calibrated(clinic, change):
    calibrated(clinic)
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        connection.cursor().execute(change)


def test_it_is_retired_once(clinic, practitioner):
    one = calibrated(clinic)
    one.retired_at, one.retired_by, one.retired_because = clock.now(), practitioner, "Broken"
    one.save()
    one.retired_because = "Sold"
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        one.save()


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("device_is_named_and_says_its_source", {"name": ""}),
        ("device_is_named_and_says_its_source", {"source": ""}),
        ("device_way_is_known", {"way": "guess"}),
        ("device_scale_is_one", {"um_per_px": 0.1}),
        ("device_scale_is_one", {"relative_sd": 0.0}),
        ("device_scale_is_one", {"picture_width_px": 0}),
        ("device_certificate_alone_has_no_lengths", {"way": "certificate"}),
        ("device_certificate_alone_has_no_lengths", {"length_mm": None}),
        ("device_retired_at_by_and_why_together", {"retired_because": "No"}),
    ],
)
def test_a_device_that_contradicts_itself_is_refused(clinic, constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        calibrated(clinic, **values)


def test_a_name_is_in_use_once(clinic, other_clinic):
    calibrated(clinic)
    calibrated(clinic, picture_width_px=1920)
    calibrated(other_clinic)
    with pytest.raises(IntegrityError), transaction.atomic():
        calibrated(clinic)


def test_what_a_measurement_cites_is_never_deleted(clinic):
    related = Measurement._meta.get_field("device").remote_field
    assert related.on_delete.__name__ == "PROTECT"
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        calibrated(clinic).delete()
