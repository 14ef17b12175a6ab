"""What the database itself keeps of measurements and of what was compared, whoever asks it."""

import uuid
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openmeso.gateways import clock
from openmeso.records.models import Comparison, Measurement
from openmeso.services import file as files
from openmeso.terms.file import FileKind


@pytest.fixture
def picture(practitioner, patient):
    return files.keep(
        by=practitioner, patient=patient, content=b"picture", media_type="image/png",
        kind=FileKind.TRICHOSCOPY,
    )  # fmt: skip


def measured(patient, picture=None, **values) -> Measurement:
    pk = uuid.uuid4()
    kept = {
        "pk": pk, "series": pk, "patient": patient, "measured_on": date(2026, 11, 1),
        "kind": "trichoscopy" if picture else "device", "picture": picture, "site": "vertex",
        "values": [], "data": {}, "created_at": clock.now(),
    }  # fmt: skip
    return Measurement.objects.create(**kept | values)


@pytest.fixture
def pair(patient, picture):
    return measured(patient, picture), measured(patient, picture)


@pytest.fixture
def compared(patient, pair):
    return Comparison.objects.create(
        patient=patient, kind="visits", before=pair[0], after=pair[1], software="openmeso 0",
        data={}, created_at=clock.now(),
    )  # fmt: skip


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE records_measurement SET measured_on = '2030-01-01'",
        "UPDATE records_measurement SET data = '{\"a\": 1}'",
        "UPDATE records_measurement SET um_per_px = 4.0",
        "UPDATE records_measurement SET revision = revision + 1, series = created_by_id",
        "DELETE FROM records_measurement",
        "UPDATE records_comparison SET data = '{\"a\": 1}'",
        "UPDATE records_comparison SET software = 'another'",
        "UPDATE records_comparison SET before_id = after_id",
        "DELETE FROM records_comparison",
    ],
)
def test_what_was_measured_and_compared_stays(compared, change):
    refused(change)
    assert Comparison.objects.get().software == "openmeso 0"
    assert Measurement.objects.filter(measured_on=date(2026, 11, 1)).count() == 2


@pytest.mark.parametrize("model", [Measurement, Comparison])
def test_acceptance_and_withdrawal_are_filled_in_once(compared, practitioner, assistant, model):
    rows = model.objects.all()
    rows.update(accepted_at=clock.now(), accepted_by=practitioner)
    rows.update(
        withdrawn_at=clock.now(), withdrawn_by=practitioner, withdrawn_because="Another spot"
    )
    for change in (
        {"accepted_by": assistant},
        {"withdrawn_because": "Another word"},
        {"accepted_at": None, "accepted_by": None},
    ):
        with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
            rows.update(**change)
    assert {row.accepted_by for row in model.objects.all()} == {practitioner}


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("measurement_kind_is_known", {"kind": "guess"}),
        ("measurement_site_is_known", {"site": "knee"}),
        ("measurement_by_trichoscopy_has_its_picture", {"kind": "trichoscopy"}),
        ("measurement_by_trichoscopy_has_its_picture", {"um_per_px": 5.0}),
        ("measurement_revision_counts_from_one", {"series": uuid.UUID(int=1)}),
        ("measurement_accepted_at_and_by_together", {"accepted_at": clock.now()}),
        ("measurement_withdrawn_at_by_and_why_together", {"withdrawn_because": "No"}),
    ],
)
def test_a_measurement_that_contradicts_itself_is_refused(patient, constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        measured(patient, **values)


def test_a_refused_picture_is_never_accepted_and_its_scale_is_above_nothing(
    patient, picture, practitioner
):
    accepted = {"accepted_at": clock.now(), "accepted_by": practitioner}
    with pytest.raises(IntegrityError, match="refused_is_never_accepted"), transaction.atomic():
        measured(patient, picture, is_refused=True, **accepted)
    with pytest.raises(IntegrityError, match="scale_is_above_nothing"), transaction.atomic():
        measured(patient, picture, um_per_px=0.0)


def test_a_revision_stands_once_in_its_series(patient, picture):
    first = measured(patient, picture)
    measured(patient, picture, series=first.pk, revision=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        measured(patient, picture, series=first.pk, revision=2)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("comparison_kind_is_known", {"kind": "guess"}),
        ("comparison_says_what_made_it", {"software": ""}),
        ("comparison_accepted_at_and_by_together", {"accepted_at": clock.now()}),
        ("comparison_withdrawn_at_by_and_why_together", {"withdrawn_because": "No"}),
    ],
)
def test_a_comparison_that_contradicts_itself_is_refused(patient, pair, constraint, values):
    kept = {
        "patient": patient, "kind": "visits", "before": pair[0], "after": pair[1],
        "software": "openmeso 0", "data": {}, "created_at": clock.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Comparison.objects.create(**kept | values)
    with pytest.raises(IntegrityError, match="comparison_is_of_two"), transaction.atomic():
        Comparison.objects.create(**kept | {"after": pair[0]})
