"""Measurement: written once; a correction, a scale or a repair is a revision of its own.

Of a series of revisions the newest accepted one holds. A withdrawn series counts nowhere, and stays.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from openmeso.gateways import clock
from openmeso.gateways.conversion import converter, structure
from openmeso.gateways.picture import Picture
from openmeso.records.models import Device, Measurement, Patient, StoredFile, User
from openmeso.records.models.measurement import MeasurementStatus
from openmeso.services import audit, permission
from openmeso.services import file as files
from openmeso.services.knowledge import knowledge
from openmeso.services.measurement_outcome import measured_outcomes
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.refusal import NotFound
from openmeso.terms import measurement as terms
from openmeso.terms.file import FileKind
from openmeso.terms.measurement import MeasurementKind, Method, OutcomeValue
from openmeso.terms.trichoscopy import HairField, MeasureSetting, Scale

__all__ = [
    "MeasurementStatus",
    "Taken",
    "accept",
    "automatic_values",
    "correct",
    "dicom",
    "get",
    "measure",
    "measured_outcomes",
    "of_day",
    "of_patient",
    "picture",
    "record",
    "rescale",
    "revisions",
    "to_terms",
    "values_of",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Taken:
    """How a picture was taken: what the picture itself cannot tell."""

    measured_on: date
    place: terms.Place
    setting: MeasureSetting = field(default_factory=MeasureSetting)
    scale: Scale | None = None
    device: str = ""
    note: str = ""
    device_id: UUID | None = None  # of the clinic's own device whose profile gave the scale


def visible_to(user: permission.Asker) -> QuerySet[Measurement]:
    """Measurements of the patients somebody may open, newest first, without their hairs."""
    return (
        Measurement.objects.filter(patient__in=visible_patients(user))
        .select_related("patient__clinic", "created_by", "accepted_by", "withdrawn_by", "picture")
        .defer("data")
    )


@transaction.atomic
def get(*, by: User, pk: UUID, purpose: str) -> Measurement:
    """One revision, the read noted."""
    permission.require(by, "patient.see")
    found = visible_to(by).defer(None).filter(pk=pk).first()
    if found is None:
        raise NotFound("No such measurement in your clinic.")
    audit.record(by=by, action="read", of=found, purpose=purpose)
    return found


def of_patient(patient: Patient) -> list[Measurement]:
    """The newest revision of each of the patient's measurements, newest first."""
    newest: dict[UUID, Measurement] = {}
    rows = Measurement.objects.filter(patient=patient).select_related("created_by").defer("data")
    for each in rows.order_by("revision"):
        newest[each.series] = each
    return sorted(newest.values(), key=lambda one: (one.measured_on, one.created_at), reverse=True)


def of_day(patient: Patient, on: date) -> list[Measurement]:
    """Those of one day, each by its newest revision."""
    return [each for each in of_patient(patient) if each.measured_on == on]


def revisions(record: Measurement) -> QuerySet[Measurement]:
    """Every revision of the same measurement, the newest first."""
    return (
        Measurement.objects.filter(series=record.series)
        .select_related("created_by", "accepted_by")
        .defer("data")
        .order_by("-revision")
    )


def to_terms(record: Measurement) -> terms.Measurement:
    """The measurement as it was made."""
    return structure(record.data, terms.Measurement)


def values_of(record: Measurement) -> tuple[OutcomeValue, ...]:
    """Its numbers, without reading its hairs."""
    return tuple(structure(record.values, tuple[OutcomeValue, ...]))


@transaction.atomic
def record(*, by: User, patient: Patient, measurement: terms.Measurement) -> Measurement:
    """Keep what was typed in: another device's numbers, or a score on a scale."""
    permission.require(by, "measurement.save", patient)
    if measurement.kind is MeasurementKind.TRICHOSCOPY:
        raise ValidationError("A picture is measured, not typed in.")
    _check(patient, measurement)
    made = _new(by, patient, measurement)
    made.accepted_at, made.accepted_by = made.created_at, by
    made.save(force_insert=True)
    audit.record(by=by, action="record", of=made, details={"kind": made.kind})
    return made


@transaction.atomic
def measure(
    *, by: User, patient: Patient, shown: Picture, taken: Taken, found: HairField | None = None
) -> Measurement:
    """Keep a picture and what is read from it, or was ``found``; it counts once it is accepted."""
    permission.require(by, "measurement.save", patient)
    made_of = _measured(shown, taken, found)
    _check(patient, made_of)
    kept = shown.whole()
    file = files.keep(
        by=by,
        patient=patient,
        content=kept.content,
        media_type=kept.media_type,
        kind=FileKind.TRICHOSCOPY,
    )
    made = _new(by, patient, made_of, file)
    made.device = _device_of(patient, taken)
    made.save(force_insert=True)
    audit.record(by=by, action="measure", of=made, details={"refused": made.is_refused})
    return made


@transaction.atomic
def correct(*, by: User, measurement: Measurement, hairs: Iterable[terms.DrawnHair]) -> Measurement:
    """A revision whose hairs are those drawn; what the software read stays beside them."""
    from openmeso.science.trichoscopy.correction import corrected_field

    permission.require(by, "measurement.save", measurement)
    before = to_terms(measurement)
    if before.field is None or before.refused:
        raise ValidationError("There are no hairs to correct.")
    drawn = tuple(hairs)
    by_hand = corrected_field(before.field, drawn, before.setting or MeasureSetting())
    after = replace(before, corrected=by_hand, values=_values(by_hand, Method.CORRECTED))
    made = _following(by, measurement, after, measurement.device)
    audit.record(by=by, action="correct", of=made, details={"revision": made.revision})
    return made


@transaction.atomic
def rescale(
    *,
    by: User,
    measurement: Measurement,
    scale: Scale,
    device: str = "",
    device_id: UUID | None = None,
) -> Measurement:
    """A revision measured again with this scale; hairs corrected by hand are corrected again."""
    permission.require(by, "measurement.save", measurement)
    before = to_terms(measurement)
    if before.place is None or measurement.picture is None:
        raise ValidationError("Only a picture has a scale.")
    taken = Taken(
        measured_on=before.measured_on,
        place=before.place,
        setting=before.setting or MeasureSetting(),
        scale=scale,
        device=device.strip() or before.device,
        note=before.note,
        device_id=device_id,
    )
    own = _device_of(measurement.patient, taken)
    made = _following(by, measurement, _measured(_shown(measurement.picture), taken), own)
    audit.record(by=by, action="rescale", of=made, details={"revision": made.revision})
    return made


@transaction.atomic
def accept(*, by: User, measurement: Measurement) -> Measurement:
    """Let it count: in the charts and in the forecast."""
    permission.require(by, "measurement.accept", measurement)
    measurement = _locked(measurement)
    if measurement.status is MeasurementStatus.ACCEPTED:
        return measurement
    if measurement.status is not MeasurementStatus.DRAFT:
        raise ValidationError(f"A {measurement.status} measurement cannot be accepted.")
    measurement.accepted_at, measurement.accepted_by = clock.now(), by
    measurement.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(by=by, action="accept", of=measurement)
    return measurement


@transaction.atomic
def withdraw(*, by: User, measurement: Measurement, because: str) -> Measurement:
    """Let every revision count no more, for a recorded reason; they stay to be read."""
    permission.require(by, "measurement.withdraw", measurement)
    because = " ".join(because.split())
    if not because:
        raise ValidationError({"because": "Say why it is withdrawn."})
    _locked(measurement)
    Measurement.objects.filter(series=measurement.series, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now(), withdrawn_by=by, withdrawn_because=because[:400]
    )
    measurement.refresh_from_db()
    audit.record(by=by, action="withdraw", of=measurement, details={"reason": because[:400]})
    return measurement


@transaction.atomic
def picture(*, by: User, measurement: Measurement, purpose: str) -> tuple[bytes, str]:
    """The picture's contents and media type, the read noted; NotFound where there is none."""
    if measurement.picture is None:
        raise NotFound("This measurement has no picture.")
    audit.record(by=by, action="read", of=measurement, purpose=purpose)
    content = files.content(by=by, file=measurement.picture, purpose=purpose)
    return content, measurement.picture.media_type


@transaction.atomic
def dicom(*, by: User, measurement: Measurement, is_named: bool = False) -> bytes:
    """The picture as a DICOM file, naming the patient only where that is asked; noted."""
    from openmeso.gateways.dicom import Exported, Named, dicom_file

    if measurement.picture is None:
        raise NotFound("This measurement has no picture.")
    permission.require(by, "patient.see", measurement)
    patient, made = measurement.patient, to_terms(measurement)
    audit.record(by=by, action="export", of=measurement, details={"named": is_named})
    named = Named(
        patient.family_name, patient.given_name, patient.record_number, patient.birth_date
    )
    return dicom_file(
        Exported(
            picture=_shown(measurement.picture),
            study=measurement.series,
            instance=measurement.picture.pk,
            taken_on=measurement.measured_on,
            made_at=measurement.created_at,
            sex=patient.sex,
            scale=made.field.scale if made.field else None,
            device=made.device,
            named=named if is_named else None,
        )
    )


def _measured(shown: Picture, taken: Taken, found: HairField | None = None) -> terms.Measurement:
    from openmeso.gateways.trichoscopy import read_field

    found = found or read_field(shown, scale=taken.scale, setting=taken.setting)
    return terms.Measurement(
        measured_on=taken.measured_on,
        kind=MeasurementKind.TRICHOSCOPY,
        place=taken.place,
        values=_values(found, Method.AUTOMATIC),
        device=taken.device.strip(),
        note=taken.note.strip(),
        setting=taken.setting,
        automatic=found,
    )


def automatic_values(made: terms.Measurement) -> tuple[OutcomeValue, ...]:
    """What the software had read before anybody corrected it."""
    return _values(made.automatic, Method.AUTOMATIC) if made.automatic else ()


def _values(found: HairField, method: Method) -> tuple[OutcomeValue, ...]:
    from openmeso.science.trichoscopy.outcome import outcome_values

    return outcome_values(found, method)


def _shown(file: StoredFile) -> Picture:
    from openmeso.gateways.picture import read_picture

    return read_picture(files.opened(file))


def _device_of(patient: Patient, taken: Taken) -> Device | None:
    """The device that gave the scale; ValidationError unless it is one in use, and its scale."""
    if taken.device_id is None:
        return None
    found = Device.objects.filter(
        pk=taken.device_id, clinic=patient.clinic_id, retired_at__isnull=True
    ).first()
    if found is None or taken.scale is None or found.um_per_px != taken.scale.um_per_px:
        raise ValidationError("This device is no longer in use. Choose another way to the scale.")
    return found


def _following(
    by: User, before: Measurement, after: terms.Measurement, device: Device | None = None
) -> Measurement:
    """The next revision of a series; refused where somebody wrote one in the meantime."""
    before = _locked(before)
    if before.withdrawn_at:
        raise ValidationError("A withdrawn measurement cannot be changed.")
    made = _new(by, before.patient, after, before.picture)
    made.series, made.revision, made.device = before.series, before.revision + 1, device
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(
            "Somebody has written a newer revision. Open it, and change that one."
        ) from None
    return made


def _new(
    by: User, patient: Patient, made: terms.Measurement, file: StoredFile | None = None
) -> Measurement:
    pk = uuid4()
    scale = made.automatic.scale if made.automatic else None
    plain: Callable[[object], object] = converter().unstructure
    return Measurement(
        pk=pk,
        series=pk,
        patient=patient,
        measured_on=made.measured_on,
        kind=made.kind.value,
        site=made.place.site.value if made.place else "",
        picture=file,
        um_per_px=scale.um_per_px if scale else None,
        is_refused=made.refused,
        is_corrected=made.corrected is not None,
        score=f"{made.score.scale}:{made.score.value}" if made.score else "",
        values=plain(made.values),
        data=plain(made),
        created_at=clock.now(),
        created_by=by,
    )


def _locked(measurement: Measurement) -> Measurement:
    return (
        Measurement.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "picture")
        .get(pk=measurement.pk)
    )


def _check(patient: Patient, made: terms.Measurement) -> None:
    if made.measured_on > clock.today():
        raise ValidationError({"measured_on": "A measurement cannot lie in the future."})
    if patient.birth_date and made.measured_on < patient.birth_date:
        raise ValidationError({"measured_on": "The patient was not born then."})
    if made.score is None:
        return
    scale = knowledge().scales.get(made.score.scale)
    if scale is None:
        raise ValidationError({"scale": f"Unknown scale {made.score.scale}."})
    if scale.grades and made.score.value not in {grade.code for grade in scale.grades}:
        raise ValidationError({"score": f"{scale.name} has no grade {made.score.value}."})
