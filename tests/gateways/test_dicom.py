"""DICOM: what is written is read back by pydicom, pixel for pixel, and names nobody unasked."""

import io
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
import pydicom
import pytest
from pydicom import config
from pydicom.datadict import dictionary_VR

from openmeso.gateways.dicom import DERMOSCOPIC_PHOTOGRAPHY, Exported, Named, dicom_file
from openmeso.gateways.picture import read_picture
from openmeso.terms.trichoscopy import Scale, ScaleSource
from tests.gateways.example_picture import gradient, saved

NAMED = Named("Kaya", "Deniz", "P-001", date(1988, 4, 12))
# type 1 attributes of the mandatory modules; type 2 ones must be there, and may be empty
TYPE_1 = [
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "Modality",
    "SeriesInstanceUID",
    "Manufacturer",
    "ManufacturerModelName",
    "DeviceSerialNumber",
    "SoftwareVersions",
    "SamplesPerPixel",
    "Rows",
    "Columns",
    "PhotometricInterpretation",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PlanarConfiguration",
    "PixelData",
    "ImageType",
    "LossyImageCompression",
    "AnatomicRegionSequence",
    "RecognizableVisualFeatures",
    "ICCProfile",
]
TYPE_2 = [
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "ReferringPhysicianName",
    "AccessionNumber",
    "SeriesNumber",
    "InstanceNumber",
    "PatientOrientation",
    "AcquisitionContextSequence",
    "LightSourcePolarization",
    "EmitterColorTemperature",
    "ContactMethod",
    "OpticalMagnificationFactor",
]


def exported(form: str = "PNG", size: tuple[int, int] = (121, 83), **changes: object) -> Exported:
    return Exported(
        **{
            "picture": read_picture(saved(gradient(*size), form)),
            "study": UUID(int=7),
            "instance": UUID(int=8),
            "taken_on": date(2026, 3, 14),
            "made_at": datetime(2026, 3, 15, 9, 26, tzinfo=UTC),
            "sex": "male",
            **changes,
        }
    )


@pytest.fixture(autouse=True)
def strict():
    """pydicom refuses, instead of warning of, a value that its representation forbids."""
    before = config.settings.reading_validation_mode, config.settings.writing_validation_mode
    config.settings.reading_validation_mode = config.settings.writing_validation_mode = config.RAISE
    yield
    config.settings.reading_validation_mode, config.settings.writing_validation_mode = before


def read(content: bytes) -> pydicom.FileDataset:
    return pydicom.dcmread(io.BytesIO(content))


def test_the_mandatory_attributes_are_there_and_valid():
    found = read(dicom_file(exported()))
    for name in TYPE_1:
        assert name in found, name
        assert found[name].value not in (None, ""), name
    for name in TYPE_2:
        assert name in found, name
    for element in found.iterall():  # reading each value validates it
        assert dictionary_VR(element.tag) == element.VR or element.VR in ("OB", "OW", "US")
    assert found.file_meta.MediaStorageSOPClassUID == DERMOSCOPIC_PHOTOGRAPHY
    assert found.SOPClassUID.name == "Dermoscopic Photography Image Storage"
    assert all(one.is_valid for one in (found.SOPInstanceUID, found.StudyInstanceUID))


@pytest.mark.parametrize("size", [(120, 80), (121, 83)])
def test_every_pixel_comes_back(size):
    made = exported(size=size)
    assert np.array_equal(read(dicom_file(made)).pixel_array, np.asarray(made.picture.image))


def test_nobody_is_named_unless_asked():
    content = dicom_file(exported())
    assert read(content).PatientIdentityRemoved == "YES"
    for told in (b"Kaya", b"Deniz", b"P-001", b"19880412"):
        assert told not in content
    found = read(dicom_file(exported(named=NAMED)))
    assert str(found.PatientName) == "Kaya^Deniz"
    assert (found.PatientID, found.PatientBirthDate) == ("P-001", "19880412")
    assert found.PatientIdentityRemoved == "NO"


def test_the_scale_is_the_spacing_of_the_pixels_and_says_where_it_comes_from():
    found = read(dicom_file(exported(scale=Scale(2.793, 0.01, ScaleSource.SCALE_BAR))))
    assert [float(one) for one in found.PixelSpacing] == [0.002793, 0.002793]
    assert found.PixelSpacingCalibrationType == "FIDUCIAL"
    assert "PixelSpacing" not in read(dicom_file(exported()))


def test_a_jpeg_says_that_it_lost_something():
    assert read(dicom_file(exported("JPEG"))).LossyImageCompression == "01"
    assert read(dicom_file(exported("PNG"))).LossyImageCompression == "00"
