"""Device: the dermoscopes and lenses of a clinic, and whose scale is offered for a picture.

A device is fixed once it is calibrated. Calibrated again it is a new one and the former is retired:
what was measured goes on citing the scale that it was measured with.
"""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from openmeso.gateways import clock
from openmeso.gateways.device import read_devices
from openmeso.records.models import Clinic, Device, Measurement, Patient, User
from openmeso.services import audit, permission
from openmeso.services.refusal import NotFound
from openmeso.terms import device as terms
from openmeso.terms.device import BASES, Basis, Calibration, CalibrationWay
from openmeso.terms.trichoscopy import Scale, ScaleSource, TrichoscopyInputError

MOST_OWN = 20
LOOKED_AT = 200
NEWEST = 5
"""So many of the newest pictures are looked at for the device used last."""
UNKNOWN_SD = 0.02


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A scale with a name: it holds for pictures of this width alone.

    ``kept`` is the row of a device of the clinic's own; None for a shipped profile, and for a scale
    that was only ever set on pictures.
    """

    name: str
    um_per_px: float
    relative_sd: float
    picture_width_px: int
    basis: Basis = Basis.CLINIC
    source: str = ""
    kept: UUID | None = None

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return (
            str(self.kept)
            if self.kept
            else f"{self.basis.value}:{self.picture_width_px}:{self.name}"
        )

    @property
    def is_own(self) -> bool:
        """Whether it is the clinic's own, however it is known."""
        return self.kept is not None or self.basis is Basis.CLINIC


def of_clinic(clinic: Clinic) -> QuerySet[Device]:
    """Every device the clinic has calibrated, those in use first, with what was measured by each."""
    return (
        Device.objects.filter(clinic=clinic)
        .select_related("clinic", "created_by", "retired_by")
        .annotate(used=Count("measurements__series", distinct=True))
        .order_by("retired_at", "name", "-created_at")
    )


def find(user: permission.Asker, pk: UUID) -> Device:
    """One of them; NotFound outside the clinic."""
    found = of_clinic(permission.own_clinic(user)).filter(pk=pk).first()
    if found is None:
        raise NotFound("No such device in your clinic.")
    return found


def in_use(clinic_id: UUID, picture_width_px: int) -> QuerySet[Device]:
    """The clinic's own whose scale holds for pictures of this width, by name."""
    return _in_use(clinic_id).filter(picture_width_px=picture_width_px)


def _in_use(clinic_id: UUID) -> QuerySet[Device]:
    return Device.objects.filter(clinic=clinic_id, retired_at__isnull=True).order_by("name")


def to_terms(record: Device) -> terms.Device:
    """The device, as a picture's scale is taken from it."""
    return terms.Device(
        id=str(record.pk),
        name=record.name,
        picture_width_px=record.picture_width_px,
        um_per_px=record.um_per_px,
        relative_sd=record.relative_sd,
        basis=BASES[CalibrationWay(record.way)],
        source=record.source,
        maker=record.maker,
        lens=record.lens,
    )


@transaction.atomic
def add(
    *,
    by: User,
    clinic: Clinic,
    device: terms.Device,
    calibration: Calibration,
    instead_of: Device | None = None,
) -> Device:
    """Keep a device of the clinic's own; the one that it is calibrated instead of is retired."""
    permission.require(by, "device.save", clinic)
    if instead_of is not None:
        retire(by=by, device=instead_of, because="calibrated again")
    record = Device(
        clinic=clinic,
        name=" ".join(device.name.split()),
        maker=device.maker.strip(),
        lens=device.lens.strip(),
        picture_width_px=device.picture_width_px,
        um_per_px=device.um_per_px,
        relative_sd=device.relative_sd,
        way=calibration.way.value,
        calibrated_on=calibration.on,
        length_px=calibration.length_px,
        length_mm=calibration.length_mm,
        source=device.source.strip(),
        created_at=clock.now(),
        created_by=by,
    )
    _check(record, calibration)
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({"name": _TAKEN}) from None
    details = {"device": record.name, "um_per_px": record.um_per_px}
    audit.record(by=by, action="save", of=record, details=details)
    return record


@transaction.atomic
def retire(*, by: User, device: Device, because: str) -> Device:
    """Offer it no longer, for a recorded reason; what it measured goes on citing it."""
    permission.require(by, "device.save", device)
    because = " ".join(because.split())
    if not because:
        raise ValidationError({"because": "Say why it is retired."})
    device = (
        Device.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=device.pk)
    )
    if device.retired_at:
        return device
    device.retired_at, device.retired_by, device.retired_because = clock.now(), by, because[:400]
    device.save(update_fields=["retired_at", "retired_by", "retired_because"])
    audit.record(by=by, action="retire", of=device, details={"reason": because[:400]})
    return device


def set_on_pictures(clinic_id: UUID) -> list[KnownDevice]:
    """The named scales that the clinic's accepted pictures were measured with and no device has."""
    rows = (
        Measurement.objects.filter(
            patient__clinic=clinic_id,
            um_per_px__isnull=False,
            accepted_at__isnull=False,
            device__isnull=True,
        )
        .exclude(data__device="")
        .exclude(data__automatic__scale__source=ScaleSource.DEVICE.value)
        .order_by("-created_at")
        .values_list(
            "data__device", "um_per_px", "data__automatic__scale", "data__automatic__width_px"
        )
    )
    found: dict[tuple[str, int], KnownDevice] = {}
    for name, um_per_px, scale, width in rows[:LOOKED_AT]:
        sd = (scale or {}).get("relative_sd", UNKNOWN_SD)
        found.setdefault((name, width), KnownDevice(name, float(um_per_px or 0), sd, width))
    calibrated = Device.objects.filter(clinic=clinic_id, name__in=[name for name, _ in found])
    taken = set(calibrated.values_list("name", "picture_width_px"))
    return [one for key, one in found.items() if key not in taken][:MOST_OWN]


def offered(clinic_id: UUID, patient: Patient | None = None) -> list[KnownDevice]:
    """The clinic's own in use, what it has set on pictures, and the profiles of OpenMeso.

    The one used last stands first: on this patient, or else in the clinic.
    """
    kept = [_known(to_terms(each), each.pk) for each in _in_use(clinic_id)]
    found = [*kept, *set_on_pictures(clinic_id), *shipped()]
    used = _used_last(clinic_id, patient)
    return sorted(found, key=lambda one: one.name != used)


def _used_last(clinic_id: UUID, patient: Patient | None) -> str | None:
    """The name of the device of the last picture, the patient's before another's."""
    pictures = Measurement.objects.filter(patient__clinic=clinic_id, picture__isnull=False)
    newest = pictures.order_by("-created_at").values_list("pk", flat=True)
    looked_at = [*newest.filter(patient=patient)[:NEWEST], *newest[:NEWEST]]
    names = dict(Measurement.objects.filter(pk__in=looked_at).values_list("pk", "data__device"))
    return next((names[pk] for pk in looked_at if names[pk]), None)


def shipped() -> list[KnownDevice]:
    """The profiles that come with OpenMeso."""
    return [_known(one, None) for one in read_devices().values()]


def _known(device: terms.Device, kept: UUID | None) -> KnownDevice:
    return KnownDevice(
        device.name,
        device.um_per_px,
        device.relative_sd,
        device.picture_width_px,
        device.basis,
        device.source,
        kept,
    )


_TAKEN = "A device of this name and picture width is in use. Calibrate that one again."


def _check(record: Device, calibration: Calibration) -> None:
    try:
        Scale(record.um_per_px, record.relative_sd, ScaleSource.DEVICE)
    except TrichoscopyInputError as fault:
        raise ValidationError({"um_per_px": str(fault)}) from fault
    if not calibration.agrees(record.um_per_px):
        raise ValidationError({"um_per_px": "This is not the scale that the two lengths give."})
    if calibration.on > clock.today():
        raise ValidationError({"calibrated_on": "A calibration cannot lie in the future."})
    # uniqueness and the other constraints are the database's to refuse
    record.full_clean(validate_unique=False, validate_constraints=False)
