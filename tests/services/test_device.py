"""Devices offered for a picture: the clinic's own, then the profiles with how they are known."""

from dataclasses import replace

import pytest

from openmeso.gateways.device import read_devices
from openmeso.services import device as devices
from openmeso.terms.device import Basis
from openmeso.terms.trichoscopy import Scale, ScaleSource, TrichoscopyInputError


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
