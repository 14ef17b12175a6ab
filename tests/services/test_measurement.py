"""Measurements: kept as they were made, revised beside, accepted once, and fed to the forecast."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from openmeso.gateways import clock, trichoscopy
from openmeso.gateways.picture import read_picture
from openmeso.records.models import AuditEvent, Measurement
from openmeso.records.models.measurement import MeasurementStatus
from openmeso.services import device as devices
from openmeso.services import measurement as measurements
from openmeso.services import plan as plans
from openmeso.services.measurement import Taken
from openmeso.terms import measurement as terms
from openmeso.terms.assessment import ScaleScore
from openmeso.terms.measurement import DrawnHair, MeasurementKind, OutcomeValue, Place, Site
from openmeso.terms.trichoscopy import MeasureSetting, Scale
from tests.example_field import UM_PER_PX, field, refused_field
from tests.gateways.example_picture import gradient, saved

TODAY = clock.today()


def shown():
    return read_picture(saved(gradient(640, 480), "PNG"))


def taken(**changes) -> Taken:
    return replace(Taken(TODAY, Place(Site.VERTEX), scale=Scale(UM_PER_PX)), **changes)


def numbers(value: float = 150.0, on: date = TODAY, site: Site = Site.VERTEX, **changes):
    return terms.Measurement(
        measured_on=on,
        kind=MeasurementKind.DEVICE,
        place=Place(site),
        values=(OutcomeValue("terminal_density", value, 9.0),),
        device="Trichometer",
        **changes,
    )


@pytest.fixture(autouse=True)
def hairs_are_known(monkeypatch):
    """The reading of pictures has its own tests; here a field is laid out by hand."""
    monkeypatch.setattr(
        trichoscopy, "read_field", lambda shown, *, scale, setting: field(scale=scale)
    )


@pytest.fixture
def measured(practitioner, patient):
    return measurements.measure(by=practitioner, patient=patient, shown=shown(), taken=taken())


def drawn(record, without: int = 0):
    hairs = measurements.to_terms(record).field.hairs[without:]
    return [DrawnHair(one.path_px, (one.id,)) for one in hairs]


def test_a_picture_is_kept_with_what_was_read_from_it(practitioner, patient, measured):
    record = Measurement.objects.get(pk=measured.pk)
    made = measurements.to_terms(record)
    assert made.automatic == field()
    assert made.setting == MeasureSetting()
    assert (record.status, record.site, record.um_per_px) == ("draft", "vertex", UM_PER_PX)
    content, kind = measurements.picture(by=practitioner, measurement=record, purpose="care")
    assert kind == "image/png"
    assert read_picture(content).image.tobytes() == shown().image.tobytes()
    noted = AuditEvent.objects.filter(noun="measurement", patient=patient.pk)
    assert [one.action for one in noted.order_by("seq")] == ["measure", "read"]


def test_a_correction_is_a_revision_beside_the_automatic_result(practitioner, measured):
    after = measurements.correct(by=practitioner, measurement=measured, hairs=drawn(measured, 2))
    made = measurements.to_terms(after)
    assert (after.revision, after.series, after.is_corrected) == (2, measured.pk, True)
    assert made.automatic == field()
    assert made.field.summary.counted_hairs == 38
    assert measurements.automatic_values(made) == measurements.values_of(measured)
    assert measurements.to_terms(Measurement.objects.get(pk=measured.pk)).corrected is None
    assert [one.pk for one in measurements.of_patient(measured.patient)] == [after.pk]


def test_two_people_cannot_both_write_the_next_revision(practitioner, assistant, measured):
    measurements.correct(by=practitioner, measurement=measured, hairs=drawn(measured))
    with pytest.raises(ValidationError, match="newer revision"):
        measurements.correct(by=assistant, measurement=measured, hairs=drawn(measured, 5))
    assert Measurement.objects.count() == 2


def test_a_scale_set_afterwards_is_a_revision_measured_again(practitioner, patient):
    first = measurements.measure(
        by=practitioner, patient=patient, shown=shown(), taken=taken(scale=None)
    )
    assert first.um_per_px is None
    assert "total_density" not in {one.outcome for one in measurements.values_of(first)}
    second = measurements.rescale(
        by=practitioner, measurement=first, scale=Scale(UM_PER_PX), device="Lens A"
    )
    assert "total_density" in {one.outcome for one in measurements.values_of(second)}
    measurements.accept(by=practitioner, measurement=second)
    (known,) = devices.set_on_pictures(patient.clinic_id)
    assert (known.name, known.um_per_px, known.picture_width_px) == ("Lens A", UM_PER_PX, 640)


def test_a_refused_picture_is_kept_and_never_counts(practitioner, patient, monkeypatch):
    monkeypatch.setattr(trichoscopy, "read_field", lambda *_, **__: refused_field())
    record = measurements.measure(by=practitioner, patient=patient, shown=shown(), taken=taken())
    assert record.status is MeasurementStatus.REFUSED
    assert measurements.values_of(record) == ()
    with pytest.raises(ValidationError, match="refused"):
        measurements.accept(by=practitioner, measurement=record)
    with pytest.raises(ValidationError, match="no hairs"):
        measurements.correct(by=practitioner, measurement=record, hairs=[])


def test_accepted_once_and_withdrawn_for_a_reason(practitioner, assistant, measured):
    measurements.accept(by=assistant, measurement=measured)
    again = measurements.accept(by=practitioner, measurement=measured)
    assert again.accepted_by == assistant
    with pytest.raises(PermissionDenied):
        measurements.withdraw(by=assistant, measurement=measured, because="Wrong patient")
    with pytest.raises(ValidationError):
        measurements.withdraw(by=practitioner, measurement=measured, because=" ")
    second = measurements.correct(by=practitioner, measurement=measured, hairs=drawn(measured))
    measurements.withdraw(by=practitioner, measurement=second, because="Wrong patient")
    assert {one.status for one in Measurement.objects.all()} == {MeasurementStatus.WITHDRAWN}
    with pytest.raises(ValidationError, match="withdrawn"):
        measurements.accept(by=practitioner, measurement=second)
    with pytest.raises(ValidationError, match="withdrawn"):
        measurements.correct(by=practitioner, measurement=second, hairs=drawn(second))


def test_typed_numbers_and_scores_are_accepted_as_they_are_saved(practitioner, patient):
    record = measurements.record(by=practitioner, patient=patient, measurement=numbers())
    assert record.status is MeasurementStatus.ACCEPTED
    assert measurements.values_of(record)[0].value == 150.0
    score = terms.Measurement(
        TODAY, MeasurementKind.PHOTO, score=ScaleScore("norwood_hamilton", "III vertex")
    )
    record = measurements.record(by=practitioner, patient=patient, measurement=score)
    assert record.score == "norwood_hamilton:III vertex"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"on": TODAY + timedelta(days=1)}, "measured_on"),
        ({"on": date(1950, 1, 1)}, "measured_on"),
        ({"score": ScaleScore("norwood_hamilton", "XII")}, "score"),
        ({"score": ScaleScore("baldness", "1")}, "scale"),
    ],
)
def test_it_refuses_and_names_the_field(practitioner, patient, changes, named):
    with pytest.raises(ValidationError) as refused:
        measurements.record(by=practitioner, patient=patient, measurement=numbers(**changes))
    assert named in refused.value.message_dict
    assert not Measurement.objects.exists()


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_others_neither_write_nor_read(cast, patient, measured, who):
    asker = getattr(cast, who)
    for write in (
        lambda: measurements.measure(by=asker, patient=patient, shown=shown(), taken=taken()),
        lambda: measurements.record(by=asker, patient=patient, measurement=numbers()),
        lambda: measurements.correct(by=asker, measurement=measured, hairs=drawn(measured)),
        lambda: measurements.rescale(by=asker, measurement=measured, scale=Scale(5.0)),
        lambda: measurements.accept(by=asker, measurement=measured),
        lambda: measurements.withdraw(by=asker, measurement=measured, because="x"),
        lambda: measurements.dicom(by=asker, measurement=measured),
        lambda: measurements.picture(by=asker, measurement=measured, purpose="care"),
        lambda: measurements.get(by=asker, pk=measured.pk, purpose="care"),
    ):
        with pytest.raises((PermissionDenied, Http404)):
            write()
    assert Measurement.objects.count() == 1


def test_dicom_names_the_patient_only_when_asked(practitioner, patient, measured):
    assert b"Kaya" not in measurements.dicom(by=practitioner, measurement=measured)
    assert b"Kaya" in measurements.dicom(by=practitioner, measurement=measured, is_named=True)
    noted = AuditEvent.objects.filter(action="export").order_by("seq")
    assert [json.loads(one.details) for one in noted] == [{"named": False}, {"named": True}]


@pytest.fixture
def plan(assessed, practitioner, choice):
    """A plan whose first session was sixty days ago."""
    begun = replace(choice, start_on=TODAY - timedelta(days=60))
    made = plans.draft(by=practitioner, patient=assessed, choice=begun)
    return plans.to_terms(made)


def first_session(plan) -> date:
    return min(visit.on for visit in plan.visits if visit.session_number)


def test_the_forecast_learns_of_one_spot_in_weeks_from_the_first_session(
    practitioner, assessed, plan
):
    start = first_session(plan)

    def add(value, days, site=Site.VERTEX):
        made = numbers(value, start + timedelta(days=days), site)
        return measurements.record(by=practitioner, patient=assessed, measurement=made)

    add(140, -30)
    add(150, -2)
    add(120, -2, Site.FRONTAL)
    add(170, 0, Site.OCCIPITAL)
    add(160, 28)
    wrong = add(999, 35)
    measurements.withdraw(by=practitioner, measurement=wrong, because="Another patient's")
    add(90, -400)
    found = measurements.measured_outcomes(assessed, plan)
    assert [(one.week, one.outcome, one.value, one.sd) for one in found] == [
        (0, "count", 150, 9.0),
        (4, "count", 160, 9.0),
    ]


def test_only_the_newest_accepted_revision_is_learnt_from(practitioner, assessed, plan):
    first = measurements.measure(by=practitioner, patient=assessed, shown=shown(), taken=taken())
    assert measurements.measured_outcomes(assessed, plan) == ()
    measurements.accept(by=practitioner, measurement=first)
    second = measurements.correct(by=practitioner, measurement=first, hairs=drawn(first, 4))
    (before,) = measurements.measured_outcomes(assessed, plan)
    measurements.accept(by=practitioner, measurement=second)
    (after,) = measurements.measured_outcomes(assessed, plan)
    assert (before.method, after.method) == ("automatic", "corrected")
    assert after.value < before.value


def test_terminal_by_another_cut_is_not_what_the_forecast_counts(practitioner, assessed, plan):
    other = MeasureSetting(terminal_from_um=60.0)
    record = measurements.measure(
        by=practitioner, patient=assessed, shown=shown(), taken=taken(setting=other)
    )
    measurements.accept(by=practitioner, measurement=record)
    assert measurements.measured_outcomes(assessed, plan) == ()
