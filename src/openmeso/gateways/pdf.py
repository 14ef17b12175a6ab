"""PDF: the plan on paper, in the voice of the record and in the patient's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from openmeso.gateways import clock
from openmeso.gateways.plan_sheet import Sources, plan_sheet
from openmeso.gateways.words import words_ready
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan

VOICES: Mapping[str, str] = {
    "record": "plan/print_record.html",
    "patient": "plan/print_patient.html",
}
_WEB = Path(__file__).resolve().parent.parent / "web"
_STATIC = _WEB / "static"


class PdfError(RuntimeError):
    """The PDF cannot be made on this machine; the message says what is missing."""


def plan_pdf(
    plan: Plan,
    knowledge: Knowledge,
    voice: str,
    patient_label: str = "",
    **heading: object,
) -> bytes:
    """Print the plan in a voice of :data:`VOICES`.

    ``heading`` is what only a clinic knows: ``clinic``, ``practitioner``, ``title``,
    ``version``, ``status``, ``approved_by``, ``approved_on`` and ``printed_on``, all optional.
    """
    return pdf_from_html(plan_html(plan, knowledge, voice, patient_label, **heading))


def plan_html(
    plan: Plan,
    knowledge: Knowledge,
    voice: str,
    patient_label: str = "",
    **heading: object,
) -> str:
    """The page that is printed, before it becomes a PDF."""
    if voice not in VOICES:
        raise ValueError(f"the voices are {', '.join(VOICES)}, not {voice!r}")
    words_ready()  # the sheet speaks as well
    context = {
        "plan": plan,
        "sheet": plan_sheet(plan, knowledge),
        "knowledge": knowledge,
        "sources": Sources(knowledge),
        "patient_label": patient_label,
        "indication": knowledge.indications[plan.request.assessment.indication],
        "printed_on": clock.today(),
        **_leaflet(plan, knowledge),
        **heading,
    }
    return page_html(VOICES[voice], context)


def page_html(template: str, context: Mapping[str, object]) -> str:
    """A printed page from one of the web's templates."""
    words_ready()
    # Django's settings may not exist here (command line), so nothing is localised twice.
    page = engine().get_template(template)
    return str(page.render(Context(dict(context), use_l10n=False, use_tz=False)))


def pdf_from_html(html: str) -> bytes:
    """Turn a page into a tagged PDF; only fonts of our own and ``data:`` addresses are read."""
    try:
        from weasyprint import HTML, URLFetcher
    except OSError as missing:
        raise PdfError(
            "PDF needs the Pango libraries of the system "
            "(Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)."
        ) from missing

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        """Nothing on paper may call a network or read the clinic's disk."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if not url.startswith(("data:", _STATIC.as_uri() + "/")) or ".." in url:
                raise ValueError(f"not fetched: {url}")
            return super().fetch(url, headers)

    page = HTML(string=html, base_url=_STATIC.as_uri() + "/", url_fetcher=OwnFilesOnly())
    pdf: bytes = page.write_pdf(pdf_tags=True)
    return pdf


def engine() -> Engine:
    """Templates of the printed pages."""
    return Engine(
        dirs=[str(_WEB / "templates")],
        builtins=["django.templatetags.i18n", "openmeso.gateways.print_tags"],
    )


def _leaflet(plan: Plan, knowledge: Knowledge) -> dict[str, object]:
    """What a patient is told, beside the plan's own numbers."""
    sessions = [visit.on for visit in plan.visits if visit.session_number is not None]
    return {
        "texts": [each for each in knowledge.consent.values() if "patient" in each.voices],
        "event_rates": [each for each in knowledge.event_rates.values() if each.patient_wording],
        "first_on": min(sessions, default=None),
        "last_on": max(sessions, default=None),
    }
