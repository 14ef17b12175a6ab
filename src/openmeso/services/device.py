"""Device: whose scale is offered for a picture: the clinic's own first, then the known profiles."""

from dataclasses import dataclass
from uuid import UUID

from openmeso.gateways.device import read_devices
from openmeso.records.models import Measurement
from openmeso.terms.device import Basis

MOST_OWN = 20
LOOKED_AT = 200
UNKNOWN_SD = 0.02


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A scale with a name: it holds for pictures of this width alone."""

    name: str
    um_per_px: float
    relative_sd: float
    picture_width_px: int
    basis: Basis = Basis.CLINIC
    source: str = ""

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f"{self.basis.value}:{self.picture_width_px}:{self.name}"


def own(clinic_id: UUID) -> list[KnownDevice]:
    """The scales that the clinic's accepted pictures were measured with, the latest first."""
    rows = (
        Measurement.objects.filter(
            patient__clinic=clinic_id, um_per_px__isnull=False, accepted_at__isnull=False
        )
        .exclude(data__device="")
        .order_by("-created_at")
        .values_list(
            "data__device", "um_per_px", "data__automatic__scale", "data__automatic__width_px"
        )
    )
    found: dict[str, KnownDevice] = {}
    for name, um_per_px, scale, width in rows[:LOOKED_AT]:
        sd = (scale or {}).get("relative_sd", UNKNOWN_SD)
        one = KnownDevice(name, float(um_per_px or 0), sd, width)
        found.setdefault(one.key, one)
    return list(found.values())[:MOST_OWN]


def offered(clinic_id: UUID) -> list[KnownDevice]:
    """The clinic's own, and the profiles that come with OpenMeso."""
    profiles = [
        KnownDevice(
            one.name, one.um_per_px, one.relative_sd, one.picture_width_px, one.basis, one.source
        )
        for one in read_devices().values()
    ]
    return [*own(clinic_id), *profiles]
