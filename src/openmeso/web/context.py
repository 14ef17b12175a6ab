"""What every page knows: its look, the rooms, and who is signed in where."""

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openmeso.services import patient_report as reports
from openmeso.services import permission
from openmeso.services.clinic import membership_of
from openmeso.terms.practitioner import Role

if TYPE_CHECKING:
    from openmeso.records.models import Membership

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")
PATIENT_ROLES = (Role.PRACTITIONER, Role.ASSISTANT, Role.LEAD)
AUDIT_ROLES = (Role.LEAD, Role.AUDITOR)


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor of ``base.html``."""
    known: dict[str, object] = {"theme": theme_of(request)}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return known
    membership = membership_of(user)
    return known | {
        "membership": membership,
        "account_name": user.get_full_name() or user.get_username(),
        "may_break_glass": membership is not None and membership.role in permission.DECIDE,
        "rooms": rooms(request.path, membership.role if membership else ""),
        "reports_to_take_up": partial(_reports_to_take_up, membership),
    }


def _reports_to_take_up(membership: "Membership | None") -> int:
    """How many patients' reports wait, for those who may take them up; asked where it is shown."""
    if membership is None or membership.role not in permission.ALLOWED["patient_report.take_up"]:
        return 0
    return reports.count_waiting(membership.clinic)


def theme_of(request: HttpRequest) -> str:
    """Light, dark or as the device, as chosen on it."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def rooms(path: str, role: str) -> list[dict[str, object]]:
    """The rooms of the top bar that a role may enter."""
    listed = [
        (_("Today"), "home", "today", True),
        (_("Patients"), "patient_list", "patients", role in PATIENT_ROLES),
        (_("Knowledge"), "knowledge_index", "knowledge", True),
        (_("Clinic"), "clinic_page", "clinic", bool(role) and role != Role.RESEARCHER),
        (_("Audit"), "audit_list", "lock", role in AUDIT_ROLES),
    ]
    return [
        {
            "name": name,
            "url": reverse(url_name),
            "icon": icon,
            "current": _is_current(path, reverse(url_name)),
        }
        for name, url_name, icon, may_enter in listed
        if may_enter
    ]


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
