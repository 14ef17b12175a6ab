"""Regulator report: a reaction told to an authority, as XML or on paper; that it was told is noted."""

from django.db import transaction

from openmeso.records.models import AdverseEvent, User
from openmeso.services import audit, permission
from openmeso.services.adverse_event_case import case_of
from openmeso.terms.adverse_event import AdverseEventCase
from openmeso.terms.regulator_report import ReportHeader

__all__ = ["case_of", "narrative_of", "pdf", "xml"]


def narrative_of(case: AdverseEventCase) -> str:
    """What the notes say, in the order in which they were written, to be read over by a person."""
    age = f"{case.age_years}-year-old " if case.age_years is not None else ""
    lines = [f"A {age}{case.sex} patient was treated for {_plain(case.indication) or 'hair loss'}."]
    for one in case.suspects:
        lines.append(
            f"On {one.given_on:%Y-%m-%d} (session {one.session_number}) {one.given_ml:.4g} mL of "
            f"{one.product_name}, lot {one.lot}, were injected by {_plain(one.technique)}."
        )
    for on, kind, state in case.history:
        said = f"{on:%Y-%m-%d}, {_plain(kind.value)}: {case.term.term}, grade {state.grade}, "
        said += f"{_plain(state.outcome.value)}."
        if state.description:
            said += f" {state.description.strip()}"
        if state.treatment:
            said += f" Treatment: {state.treatment.strip()}."
        lines.append(said)
    return "\n".join(lines)


@transaction.atomic
def xml(*, by: User, event: AdverseEvent, header: ReportHeader) -> bytes:
    """The case as ICH E2B(R3) XML; ReportInputError where the term has no code."""
    from openmeso.gateways.icsr import icsr_xml

    header.require_code()
    permission.require(by, "adverse_event.decide", event)
    case = case_of(by=by, event=event)
    audit.record(by=by, action="export", of=event, purpose="report", details=_told("xml", header))
    return icsr_xml(case, header)


@transaction.atomic
def pdf(*, by: User, event: AdverseEvent, header: ReportHeader) -> bytes:
    """The same on paper, for authorities that take a form."""
    from openmeso.gateways.regulator_sheet import regulator_pdf

    permission.require(by, "adverse_event.decide", event)
    case = case_of(by=by, event=event)
    audit.record(by=by, action="export", of=event, purpose="report", details=_told("pdf", header))
    return regulator_pdf(case, header)


def _told(kind: str, header: ReportHeader) -> dict[str, object]:
    return {"format": kind, "receiver": header.receiver}


def _plain(word: str) -> str:
    return word.replace("_", " ")
