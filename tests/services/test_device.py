"""Devices offered for a picture: the clinic's own, then the profiles with how they are known."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from openmeso.gateways import clock, trichoscopy
from openmeso.gateways.device import read_devices
from openmeso.gateways.picture import read_picture
from openmeso.records.models import AuditEvent, Device
from openmeso.services import device as devices
from openmeso.services import measurement as measurements
from openmeso.services import patient as patients
from openmeso.services.measurement import Taken
from openmeso.terms import device as terms
from openmeso.terms.device import Basis, Calibration, CalibrationWay
from openmeso.terms.measurement import Place, Site
from openmeso.terms.trichoscopy import Scale, ScaleSource, TrichoscopyInputError
from tests.example_field import field
from tests.gateways.example_picture import gradient, saved

OURS = terms.Device(
    "", "Chair 2", 640, 5.0, 0.01, Basis.CLINIC, "Stage micrometer 1 mm, 100 divisions",
    maker="Anybody's D-1", lens="50×",
)  # fmt: skip
RULER = Calibration(CalibrationWay.RULER, clock.today(), 400.0, 2.0)


@pytest.fixture
def ours(lead, clinic):
    return devices.add(by=lead, clinic=clinic, device=OURS, calibration=RULER)


@pytest.fixture
def measure(practitioner, patient, monkeypatch):
    """Measure a picture of its width with a device; the tracing has its own tests."""
    monkeypatch.setattr(
        trichoscopy, "read_field", lambda shown, *, scale, setting: field(scale=scale)
    )

    def made(device, scale=None):
        taken = Taken(
            clock.today(), Place(Site.VERTEX), device=device.name, device_id=device.pk,
            scale=scale or devices.to_terms(device).scale(640),
        )  # fmt: skip
        shown = read_picture(saved(gradient(640, 480), "PNG"))
        return measurements.measure(by=practitioner, patient=patient, shown=shown, taken=taken)

    return made


def test_a_clinic_without_pictures_is_offered_the_profiles(practitioner, patient):
    offered = devices.offered(patient.clinic_id)
    assert {one.name for one in offered} == {one.name for one in read_devices().values()}
    assert len({one.key for one in offered}) == len(offered)


@pytest.mark.parametrize("device", read_devices().values(), ids=lambda one: one.id)
def test_a_profile_says_what_it_rests_on(device):
    assert device.source
    assert (device.basis is Basis.FACT) == ("http" in device.source)
    # what is only recalled is doubted more than what was measured
    assert device.relative_sd >= (0.005 if device.basis is Basis.FACT else 0.05)


def test_a_scale_holds_for_whole_pictures_of_its_width():
    device = read_devices()["video_70x_1280"]
    assert device.scale(1280) == Scale(2.793, 0.01, ScaleSource.DEVICE)
    with pytest.raises(TrichoscopyInputError, match="1280 px wide, and this one has 640"):
        device.scale(640)


def test_two_scales_agree_within_their_errors():
    device = replace(read_devices()["video_70x_1280"], relative_sd=0.0)
    assert device.agrees(Scale(2.793 * 1.029, 0.0))
    assert not device.agrees(Scale(2.793 * 1.031, 0.0))
    assert device.agrees(Scale(2.793 * 1.06, 0.02))


def test_a_device_of_the_clinics_own_is_offered_first_and_gives_its_scale(ours, clinic, measure):
    assert devices.to_terms(ours) == replace(OURS, id=str(ours.pk))
    first = devices.offered(clinic.pk)[0]
    assert (first.name, first.kept, first.is_own) == ("Chair 2", ours.pk, True)
    made = measure(ours)
    assert (made.device, made.um_per_px) == (ours, 5.0)
    assert measurements.to_terms(made).field.scale == Scale(5.0, 0.01, ScaleSource.DEVICE)
    assert devices.of_clinic(clinic).get().used == 1
    assert AuditEvent.objects.get(noun="device").action == "save"


def test_what_was_corrected_goes_on_citing_it_and_another_scale_does_not(
    ours, practitioner, measure
):
    made = measure(ours)
    drawn = [measurements.terms.DrawnHair(((100, 100), (140, 120)))]
    corrected = measurements.correct(by=practitioner, measurement=made, hairs=drawn)
    assert corrected.device == ours
    other = measurements.rescale(by=practitioner, measurement=corrected, scale=Scale(6.0))
    assert other.device is None


def test_calibrated_again_the_former_is_retired_and_still_cited(ours, lead, clinic, measure):
    made = measure(ours)
    again = devices.add(
        by=lead,
        clinic=clinic,
        device=replace(OURS, um_per_px=5.1),
        calibration=replace(RULER, length_mm=2.04),
        instead_of=ours,
    )
    ours.refresh_from_db()
    made.refresh_from_db()
    assert (ours.retired_because, made.device) == ("calibrated again", ours)
    assert [one.kept for one in devices.offered(clinic.pk) if one.kept] == [again.pk]
    with pytest.raises(ValidationError, match="no longer in use"):
        measure(ours)


def test_the_device_used_last_on_the_patient_stands_first_or_else_in_the_clinic(
    ours, lead, clinic, patient, measure
):
    other = devices.add(
        by=lead, clinic=clinic, device=replace(OURS, name="Attic"), calibration=RULER
    )
    second = patients.add(by=lead, given_name="Ece", family_name="Ak", sex="female")
    assert devices.offered(clinic.pk, patient)[0].kept == other.pk  # by name
    measure(ours)
    measure(other)
    measure(ours)
    assert devices.offered(clinic.pk, patient)[0].kept == ours.pk
    assert devices.offered(clinic.pk, second)[0].kept == ours.pk
    assert {one.kept for one in devices.offered(clinic.pk, second)[:2]} == {ours.pk, other.pk}


def test_a_scale_that_is_not_the_devices_is_refused(ours, measure):
    with pytest.raises(ValidationError, match="no longer in use"):
        measure(ours, Scale(7.0))


def test_what_the_maker_states_stays_an_assumption(lead, clinic):
    stated = Calibration(CalibrationWay.STATED, clock.today(), 640.0, 3.2)
    devices.add(by=lead, clinic=clinic, device=OURS, calibration=stated)
    first = devices.offered(clinic.pk)[0]
    assert (first.basis, first.is_own) == (Basis.ASSUMPTION, True)


def test_a_scale_set_on_pictures_is_offered_until_its_device_is_calibrated(
    practitioner, patient, lead, clinic, monkeypatch
):
    monkeypatch.setattr(
        trichoscopy, "read_field", lambda shown, *, scale, setting: field(scale=scale)
    )
    taken = Taken(clock.today(), Place(Site.VERTEX), scale=Scale(5.2), device="Chair 2")
    shown = read_picture(saved(gradient(640, 480), "PNG"))
    made = measurements.measure(by=practitioner, patient=patient, shown=shown, taken=taken)
    measurements.accept(by=practitioner, measurement=made)
    (one,) = devices.set_on_pictures(clinic.pk)
    assert (one.name, one.um_per_px, one.picture_width_px) == ("Chair 2", 5.2, 640)
    devices.add(by=lead, clinic=clinic, device=OURS, calibration=RULER)
    assert devices.set_on_pictures(clinic.pk) == []


@pytest.mark.parametrize(
    ("device", "calibration", "says"),
    [
        ({"name": " "}, {}, "blank"),
        ({"source": ""}, {}, "blank"),
        ({"um_per_px": 6.0}, {}, "not the scale"),
        ({"um_per_px": 0.0}, {"way": "certificate"}, "µm a pixel"),
        ({"relative_sd": 0.9}, {}, "relative sd"),
        ({}, {"on": clock.today() + timedelta(days=1)}, "future"),
    ],
)
def test_senseless_devices_are_refused(lead, clinic, device, calibration, says):
    how = replace(RULER, **calibration) if "way" not in calibration else _certified()
    with pytest.raises(ValidationError, match=says):
        devices.add(by=lead, clinic=clinic, device=replace(OURS, **device), calibration=how)
    assert not Device.objects.exists()


def _certified():
    return Calibration(CalibrationWay.CERTIFICATE, clock.today())


@pytest.mark.parametrize("lengths", [(None, 2.0), (400.0, 0.0), (float("nan"), 2.0)])
def test_a_ruler_needs_two_lengths_and_a_certificate_none(lengths):
    with pytest.raises(TrichoscopyInputError, match="lengths above 0"):
        Calibration(CalibrationWay.RULER, clock.today(), *lengths)
    with pytest.raises(TrichoscopyInputError, match="gives the scale itself"):
        Calibration(CalibrationWay.CERTIFICATE, clock.today(), *lengths)


def test_a_name_is_in_use_once_for_a_width(ours, lead, clinic):
    with pytest.raises(ValidationError, match="is in use"):
        devices.add(by=lead, clinic=clinic, device=OURS, calibration=RULER)
    devices.retire(by=lead, device=ours, because="Broken")
    devices.add(by=lead, clinic=clinic, device=OURS, calibration=RULER)


def test_it_is_retired_once_and_for_a_reason(ours, lead):
    with pytest.raises(ValidationError, match="Say why"):
        devices.retire(by=lead, device=ours, because=" ")
    devices.retire(by=lead, device=ours, because="Broken")
    retired = devices.retire(by=lead, device=ours, because="Sold")
    assert retired.retired_because == "Broken"


@pytest.mark.parametrize("who", ["practitioner", "assistant", "researcher", "auditor", "stranger"])
def test_devices_are_the_leads(cast, ours, clinic, who):
    with pytest.raises(PermissionDenied):
        devices.add(by=getattr(cast, who), clinic=clinic, device=OURS, calibration=RULER)
    with pytest.raises(PermissionDenied):
        devices.retire(by=getattr(cast, who), device=ours, because="No")


def test_another_clinic_does_not_see_it(cast, ours):
    with pytest.raises(Http404):
        devices.find(cast.stranger, ours.pk)
