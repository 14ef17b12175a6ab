"""Access log sheet: who looked at the record, in words for the patient, on paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from openmeso.gateways import clock
from openmeso.gateways.pdf import page_html, pdf_from_html
from openmeso.terms.access_log import AccessLine, Deed

DEEDS: Mapping[Deed, object] = {
    Deed.LOOKED: _("looked at"),
    Deed.WROTE: _("wrote in"),
    Deed.TOOK: _("made a copy of"),
    Deed.OPENED: _("opened in an emergency"),
}
# what is not named here is a part of the record like any other
NOUNS: Mapping[str, object] = {
    "patient": _("your details"),
    "assessment": _("your history"),
    "plan": _("your plan"),
    "course": _("your course"),
    "appointment": _("your appointments"),
    "session": _("your sessions"),
    "adverse_event": _("your reactions"),
    "measurement": _("your measurements"),
    "photo": _("your photos"),
    "consent": _("your consents"),
    "file": _("your documents"),
    "recall_notice": _("what you were told about a product"),
    "emergency_access": _("your record"),
}
PURPOSES: Mapping[str, object] = {
    "audit": _("to see who had looked"),
    "emergency": _("an emergency"),
    "print": _("to print it"),
    "recall": _("because a product was called back"),
    "reaction": _("to follow a reaction"),
    "report": _("to report a reaction"),
    "consent": _("for your consent"),
    "booking": _("to book your sessions"),
    "export": _("to hand it over"),
}
CARE = _("for your care")
ROLES: Mapping[str, object] = {
    "practitioner": _("practitioner"),
    "assistant": _("assistant"),
    "lead": _("clinic lead"),
    "researcher": _("researcher"),
    "auditor": _("auditor"),
    "": _("from another clinic"),
}


@dataclass(frozen=True, slots=True)
class AccessWords:
    """A line as it is read."""

    line: AccessLine
    hours: str
    role: object
    what: str
    why: object


def in_words(line: AccessLine) -> AccessWords:
    """A line for somebody who does not know the program."""
    nouns = dict.fromkeys(
        str(NOUNS.get(noun, _("other parts of your record"))) for noun in line.nouns
    )
    hours = f"{line.first:%H:%M}"
    if line.last > line.first and f"{line.last:%H:%M}" != hours:
        hours += f"–{line.last:%H:%M}"
    return AccessWords(
        line=line,
        hours=hours,
        role=ROLES.get(line.role, line.role) if line.who else "",
        what=f"{DEEDS[line.deed]}: {', '.join(nouns)}",
        why=line.reason or PURPOSES.get(line.purpose, CARE),
    )


def access_log_html(lines: Iterable[AccessLine], **heading: object) -> str:
    """The page that is printed; ``heading`` names clinic, patient and record number."""
    context = {"lines": [in_words(one) for one in lines], "printed_on": clock.today(), **heading}
    return page_html("patient/print_access_log.html", context)


def access_log_pdf(lines: Iterable[AccessLine], **heading: object) -> bytes:
    """The same as a PDF."""
    return pdf_from_html(access_log_html(lines, **heading))
