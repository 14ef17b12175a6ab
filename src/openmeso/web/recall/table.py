"""The recall's list as a file for a spreadsheet."""

import csv
import io

from openmeso.services.recall_trace import Trace, TracedPatient

COLUMNS = (
    "record_number", "family_name", "given_name", "birth_date", "email", "phone", "address",
    "sessions", "points", "zones", "reactions", "told",
)  # fmt: skip
# A cell that begins so is run as a formula by spreadsheets.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(trace: Trace) -> str:
    """One line a patient, UTF-8 with a mark so that spreadsheets read it as such."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in trace.patients:
        writer.writerow([_harmless(cell) for cell in _line(one)])
    return "\ufeff" + text.getvalue()


def _line(one: TracedPatient) -> list[str]:
    patient = one.patient
    zones = {zone.zone for session in one.sessions for zone in session.zones}
    reactions = {each.event: each for session in one.sessions for each in session.reactions}
    return [
        patient.record_number,
        patient.family_name,
        patient.given_name,
        patient.birth_date.isoformat() if patient.birth_date else "",
        patient.email,
        patient.phone,
        patient.address,
        " ".join(session.given_on.isoformat() for session in one.sessions),
        str(one.points),
        ", ".join(sorted(zones)),
        ", ".join(f"{each.term} {each.grade}" for each in reactions.values()),
        ", ".join(f"{each.channel} {each.created_at:%Y-%m-%d}" for each in one.notices),
    ]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
