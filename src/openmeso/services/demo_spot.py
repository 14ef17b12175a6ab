"""Demo spot: two spots of the scalp, each measured twice and compared, from rendered pictures.

One is seen at two visits, the other shaved and a few days later: a phototrichogram.
"""

from datetime import timedelta

from openmeso.gateways import clock
from openmeso.gateways.demo_picture import (
    SHAVED_DAYS,
    UM_PER_PX,
    read_demo_comparison,
    read_demo_phototrichogram,
    read_demo_picture,
)
from openmeso.records.models import Clinic, Device, Measurement, Patient, User
from openmeso.services import comparison as comparisons
from openmeso.services import device as devices
from openmeso.services import measurement as measurements
from openmeso.services.measurement import Taken
from openmeso.terms import device as terms
from openmeso.terms.comparison import ComparisonKind
from openmeso.terms.device import Basis, Calibration, CalibrationWay
from openmeso.terms.measurement import Place, Site

SITE = Site.MID_SCALP
"""Beside the spot that the forecast follows, which another maker's device has counted."""
GROWING_SITE = Site.VERTEX
DEVICE = terms.Device(
    id="",
    name="Renderer (drawn pictures)",
    picture_width_px=1200,
    um_per_px=UM_PER_PX,
    relative_sd=0.01,
    basis=Basis.CLINIC,
    source="Drawn at this scale by OpenMeso's renderer: no dermoscope took these pictures",
    maker="OpenMeso",
    lens="demo",
)
NOTE = "A rendered picture: drawn by OpenMeso to show how hair is measured. It is of no patient."


def calibrate(lead: User, clinic: Clinic) -> Device:
    """The device that the rendered pictures cite."""
    calibration = Calibration(CalibrationWay.CERTIFICATE, clock.today())
    return devices.add(by=lead, clinic=clinic, device=DEVICE, calibration=calibration)


def measure(practitioner: User, patient: Patient, name: str, site: Site = SITE) -> Measurement:
    """Measure and accept a rendered picture (of those in ``gateways.demo_picture``) today."""
    device = Device.objects.get(clinic=patient.clinic_id, name=DEVICE.name)
    shown, found = read_demo_picture(name)
    taken = Taken(
        measured_on=clock.today(),
        place=Place(site),
        scale=found.scale,
        device=device.name,
        note=NOTE,
        device_id=device.pk,
    )
    made = measurements.measure(
        by=practitioner, patient=patient, shown=shown, taken=taken, found=found
    )
    return measurements.accept(by=practitioner, measurement=made)


def compare(practitioner: User, patient: Patient) -> None:
    """Compare the two pictures of the spot; nobody has accepted it yet."""
    after, before = (one for one in measurements.of_patient(patient) if one.site == SITE)
    comparisons.compare(
        by=practitioner,
        before=before,
        after=after,
        kind=ComparisonKind.VISITS,
        found=read_demo_comparison(),
    )


def grow(practitioner: User, patient: Patient) -> None:
    """A shaved spot today and some days on, what grew in between accepted on the later day."""
    shaved = measure(practitioner, patient, "shaved", GROWING_SITE)
    with clock.as_of(clock.now() + timedelta(days=SHAVED_DAYS)):
        made = comparisons.compare(
            by=practitioner,
            before=shaved,
            after=measure(practitioner, patient, "regrown", GROWING_SITE),
            kind=ComparisonKind.PHOTOTRICHOGRAM,
            found=read_demo_phototrichogram(),
        )
        comparisons.accept(by=practitioner, comparison=made)
