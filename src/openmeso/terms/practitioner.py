"""Practitioner: roles, and who has been trained in what."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do in a clinic."""

    PRACTITIONER = "practitioner"
    ASSISTANT = "assistant"
    LEAD = "lead"
    RESEARCHER = "researcher"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Training:
    """Training in one technique, until it lapses."""

    technique: str
    trained_on: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Who is to give the sessions."""

    name: str
    trainings: tuple[Training, ...] = ()
