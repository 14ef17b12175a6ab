"""DICOM: a trichoscopic picture as a Dermoscopic Photography Image.

Clauses are those of PS3.3 (https://dicom.nema.org/medical/dicom/current/output/chtml/part03/):
the IOD stands in A.32, its modules in C.7 (patient, study, series, equipment, general image, image
pixel, acquisition context), C.8.12.1 (VL image), C.8.12.13 (dermoscopic image), C.11.15 (ICC
profile) and C.12.1 (SOP common).
"""

import io
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from PIL import ImageCms
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from openmeso import __version__
from openmeso.gateways.picture import Picture
from openmeso.terms.trichoscopy import Scale, ScaleSource
from openmeso.terms.units import UM_PER_MM

DERMOSCOPIC_PHOTOGRAPHY = UID("1.2.840.10008.5.1.4.1.1.77.1.7")
IMPLEMENTATION = UID("2.25.230413187421850317041733108271953265219")
MODALITY = "DMS"
INPUT_PROFILE = b"scnr"
CALIBRATION = {
    ScaleSource.DEVICE: "GEOMETRY",
    ScaleSource.SCALE_BAR: "FIDUCIAL",
    ScaleSource.RULER: "FIDUCIAL",
    ScaleSource.TWO_POINTS: "FIDUCIAL",
    ScaleSource.GIVEN: "GEOMETRY",
}


@dataclass(frozen=True, slots=True)
class Named:
    """Whose picture it is; left out altogether unless somebody asks for it."""

    family_name: str
    given_name: str
    record_number: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Exported:
    """A picture and what is told of it. ``study`` and ``instance`` are ids that never change."""

    picture: Picture
    study: UUID
    instance: UUID
    taken_on: date
    made_at: datetime
    sex: str
    scale: Scale | None = None
    device: str = ""
    named: Named | None = None


def dicom_file(exported: Exported) -> bytes:
    """The DICOM file's bytes (PS3.10)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DERMOSCOPIC_PHOTOGRAPHY
    meta.MediaStorageSOPInstanceUID = uid_of(exported.instance)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = IMPLEMENTATION
    meta.ImplementationVersionName = f"OPENMESO {__version__}"[:16]
    made = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    _common(made, exported)
    _patient(made, exported)
    _study_and_series(made, exported)
    _equipment(made, exported)
    _image(made, exported)
    _dermoscopic(made, exported)
    _pixels(made, exported.picture)
    out = io.BytesIO()
    made.save_as(out, enforce_file_format=True)
    return out.getvalue()


def uid_of(one: UUID) -> UID:
    """A UUID as DICOM writes it (PS3.5, B.2)."""
    return UID(f"2.25.{one.int}")


def _common(made: Dataset, exported: Exported) -> None:
    """SOP Common, C.12.1."""
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID = DERMOSCOPIC_PHOTOGRAPHY
    made.SOPInstanceUID = uid_of(exported.instance)
    made.InstanceCreationDate = f"{exported.made_at:%Y%m%d}"
    made.InstanceCreationTime = f"{exported.made_at:%H%M%S}"


def _patient(made: Dataset, exported: Exported) -> None:
    """Patient, C.7.1.1: every attribute is type 2, and empty where nobody is named."""
    named = exported.named
    made.PatientName = f"{named.family_name}^{named.given_name}" if named else ""
    made.PatientID = named.record_number if named else ""
    born = named.birth_date if named else None
    made.PatientBirthDate = f"{born:%Y%m%d}" if born else ""
    made.PatientSex = {"male": "M", "female": "F"}.get(exported.sex, "O")
    made.PatientIdentityRemoved = "NO" if named else "YES"
    if not named:
        made.DeidentificationMethod = "Name, record number and date of birth left out"


def _study_and_series(made: Dataset, exported: Exported) -> None:
    """General Study, C.7.2.1; General Series, C.7.3.1."""
    made.StudyInstanceUID = uid_of(exported.study)
    made.StudyDate = f"{exported.taken_on:%Y%m%d}"
    made.StudyTime = ""
    made.ReferringPhysicianName = ""
    made.StudyID = ""
    made.AccessionNumber = ""
    made.Modality = MODALITY
    made.SeriesInstanceUID = uid_of(uuid5(exported.study, "series"))
    made.SeriesNumber = 1
    made.Laterality = ""


def _equipment(made: Dataset, exported: Exported) -> None:
    """General and Enhanced General Equipment, C.7.5.1 and C.7.5.2."""
    made.Manufacturer = "unknown"
    made.ManufacturerModelName = exported.device[:64] or "unknown"
    made.DeviceSerialNumber = "unknown"
    made.SoftwareVersions = f"OpenMeso {__version__}"


def _image(made: Dataset, exported: Exported) -> None:
    """General Image, C.7.6.1; Acquisition Context, C.7.6.14; VL Image, C.8.12.1."""
    made.InstanceNumber = 1
    made.PatientOrientation = ""
    made.ContentDate = f"{exported.taken_on:%Y%m%d}"
    made.ContentTime = ""
    made.AcquisitionDateTime = f"{exported.taken_on:%Y%m%d}"
    made.ImageType = ["ORIGINAL", "PRIMARY"]
    # a camera's JPEG has lost something before it came here; that no PNG has cannot be known
    made.LossyImageCompression = "01" if exported.picture.kind.value == "jpeg" else "00"
    if made.LossyImageCompression == "01":
        made.LossyImageCompressionMethod = "ISO_10918_1"
        made.LossyImageCompressionRatio = 1
    made.AcquisitionContextSequence = []
    made.AnatomicRegionSequence = [_code("41695006", "SCT", "Scalp")]
    if exported.scale:
        # Basic Pixel Spacing Calibration, 10.7.1.1
        spacing_mm = round(exported.scale.um_per_px / UM_PER_MM, 7)
        made.PixelSpacing = [spacing_mm, spacing_mm]
        made.PixelSpacingCalibrationType = CALIBRATION[exported.scale.source]
        made.PixelSpacingCalibrationDescription = (
            f"{exported.scale.source}, relative sd {exported.scale.relative_sd:g}"
        )


def _dermoscopic(made: Dataset, exported: Exported) -> None:
    """Dermoscopic Image, C.8.12.13: what nobody told is empty, as type 2 allows."""
    made.RecognizableVisualFeatures = "NO"
    made.LightSourcePolarization = ""
    made.EmitterColorTemperature = None
    made.ContactMethod = ""
    made.OpticalMagnificationFactor = None
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # ICC Profile, C.11.15.1.1: the profile's class is that of an input device
    made.ICCProfile = profile[:12] + INPUT_PROFILE + profile[16:]
    made.ColorSpace = "SRGB"


def _pixels(made: Dataset, picture: Picture) -> None:
    """Image Pixel, C.7.6.3."""
    made.SamplesPerPixel = 3
    made.PhotometricInterpretation = "RGB"
    made.PlanarConfiguration = 0
    made.Rows = picture.height_px
    made.Columns = picture.width_px
    made.BitsAllocated = 8
    made.BitsStored = 8
    made.HighBit = 7
    made.PixelRepresentation = 0
    pixels = picture.image.tobytes()
    made.PixelData = pixels + b"\0" * (len(pixels) % 2)


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    made = Dataset()
    made.CodeValue = value
    made.CodingSchemeDesignator = scheme
    made.CodeMeaning = meaning
    return made
