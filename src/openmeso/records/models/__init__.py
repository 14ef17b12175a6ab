"""One module a noun."""

from openmeso.records.models.adverse_event import (
    AdverseEvent,
    AdverseEventLot,
    AdverseEventNote,
)
from openmeso.records.models.assessment import Assessment
from openmeso.records.models.audit_event import AuditEvent
from openmeso.records.models.clinic import Clinic
from openmeso.records.models.comparison import Comparison
from openmeso.records.models.consent import Consent
from openmeso.records.models.course import Appointment, Course
from openmeso.records.models.device import Device
from openmeso.records.models.emergency_access import EmergencyAccess
from openmeso.records.models.file import StoredFile
from openmeso.records.models.lot import Lot, ProductCode, StockMove
from openmeso.records.models.measurement import Measurement
from openmeso.records.models.membership import Membership
from openmeso.records.models.patient import Patient
from openmeso.records.models.patient_report import PatientReport, ReportLink
from openmeso.records.models.photo import Photo
from openmeso.records.models.plan import Plan
from openmeso.records.models.practitioner import Training
from openmeso.records.models.product import Product
from openmeso.records.models.protocol import Protocol
from openmeso.records.models.recall import RecallNotice
from openmeso.records.models.session import (
    Addendum,
    Session,
    SessionLot,
    SessionPoint,
    SessionZone,
)
from openmeso.records.models.session_length import SessionLength
from openmeso.records.models.user import User

__all__ = [
    "Addendum",
    "AdverseEvent",
    "AdverseEventLot",
    "AdverseEventNote",
    "Appointment",
    "Assessment",
    "AuditEvent",
    "Clinic",
    "Comparison",
    "Consent",
    "Course",
    "Device",
    "EmergencyAccess",
    "Lot",
    "Measurement",
    "Membership",
    "Patient",
    "PatientReport",
    "Photo",
    "Plan",
    "Product",
    "ProductCode",
    "Protocol",
    "RecallNotice",
    "ReportLink",
    "Session",
    "SessionLength",
    "SessionLot",
    "SessionPoint",
    "SessionZone",
    "StockMove",
    "StoredFile",
    "Training",
    "User",
]
