"""Pictures of the hair at a session: what was measured that day, and the way to measure."""

from datetime import date
from typing import TYPE_CHECKING

from openmeso.services import measurement as measurements
from openmeso.services import permission
from openmeso.web.measurement_line import measurement_line

if TYPE_CHECKING:
    from openmeso.records.models import Session, User


def measured_at(user: "User", session: "Session", on: date) -> dict[str, object]:
    """The measurements of the session's day, and whether the asker may add one."""
    patient = session.patient
    return {
        "measured": [measurement_line(each) for each in measurements.of_day(patient, on)],
        "may_measure": permission.may(user, "measurement.save", patient),
    }
