"""Regulator sheet: a reaction on paper, in the order of the CIOMS I form; nobody is named but the
reporter.
"""

from django.template import Context

from openmeso.gateways.icsr import case_number
from openmeso.gateways.icsr_drug import dosage_text
from openmeso.gateways.pdf import engine, pdf_from_html
from openmeso.gateways.words import words_ready
from openmeso.terms.adverse_event import AdverseEventCase, Outcome, Seriousness
from openmeso.terms.regulator_report import ReportHeader


def regulator_pdf(case: AdverseEventCase, header: ReportHeader) -> bytes:
    """One page or more, A4; PdfError where the system's libraries are missing."""
    words_ready()
    said = {
        "case": case,
        "header": header,
        "number": case_number(case, header.organisation),
        "criteria": [
            (one.element, _plain(one.value), one in case.state.seriousness) for one in Seriousness
        ],
        "outcomes": [(one.code, _plain(one.value), one is case.state.outcome) for one in Outcome],
        "suspects": [(one, dosage_text(one)) for one in case.suspects],
        "causality": _plain(case.state.causality.value) if case.state.causality else "",
        "indication": _plain(case.indication),
        "qualification": _plain(header.qualification.value),
    }
    page = engine().get_template("adverse_event/report_print.html")
    return pdf_from_html(str(page.render(Context(said, use_l10n=False, use_tz=False))))


def _plain(word: str) -> str:
    return word.replace("_", " ").capitalize()
