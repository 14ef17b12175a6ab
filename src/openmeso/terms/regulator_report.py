"""Regulator report: what is said of a reaction besides the case itself, to whom and by whom."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MEDDRA_CODE = re.compile(r"^\d{8}$")
MEDDRA_VERSION = re.compile(r"^\d{1,2}\.\d$")


class ReportInputError(ValueError):
    """What was given cannot stand in a report; ``field`` names it, the message says what can."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class Qualification(StrEnum):
    """ICH E2B(R3) C.2.r.4: what the reporter is."""

    PHYSICIAN = "physician"
    PHARMACIST = "pharmacist"
    OTHER_HEALTH_PROFESSIONAL = "other_health_professional"

    @property
    def code(self) -> str:
        """The code of C.2.r.4."""
        return str(list(Qualification).index(self) + 1)


@dataclass(frozen=True, slots=True)
class ReportHeader:
    """Who reports a case to whom, with the coded term that the electronic standard asks for.

    Paper asks for no code: ``meddra_code`` and ``meddra_version`` may be empty there.

    ``receiver`` is the identifier that the authority gives itself. ``narrative`` is element H.1;
    ``country`` the ISO 3166-1 code of the clinic's. ``made_at`` carries its time zone. Raises
    ReportInputError naming the field.
    """

    receiver: str
    organisation: str
    country: str
    reporter_given_name: str
    reporter_family_name: str
    qualification: Qualification
    meddra_code: str
    meddra_version: str
    narrative: str
    made_at: datetime
    is_expedited: bool = False

    def __post_init__(self) -> None:
        lengths = {
            "receiver": 60,
            "organisation": 100,
            "reporter_given_name": 60,
            "reporter_family_name": 60,
            "narrative": 100_000,
        }
        for field, most in lengths.items():
            said = getattr(self, field).strip()
            if not said or len(said) > most:
                raise ReportInputError(field, f"expected 1 to {most} characters; got {len(said)}")
        if not re.fullmatch(r"[A-Z]{2}", self.country):
            raise ReportInputError("country", f"expected two letters; got {self.country!r}")
        if self.meddra_code and not MEDDRA_CODE.fullmatch(self.meddra_code):
            raise ReportInputError(
                "meddra_code", f"expected the eight digits of the term; got {self.meddra_code!r}"
            )
        if self.meddra_version and not MEDDRA_VERSION.fullmatch(self.meddra_version):
            raise ReportInputError(
                "meddra_version", f"expected a version such as 28.0; got {self.meddra_version!r}"
            )
        if self.made_at.tzinfo is None:
            raise ReportInputError("made_at", "expected a time with its zone")

    def require_code(self) -> None:
        """Raise ReportInputError where the coded term, or its version, is missing."""
        for field in ("meddra_code", "meddra_version"):
            if not getattr(self, field):
                raise ReportInputError(
                    field, "the electronic report needs it; the one on paper does not"
                )
