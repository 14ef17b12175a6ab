"""Session sheet: a session's points, doses and answers in words and figures, page and paper."""

from dataclasses import dataclass

from django.template import Context

from openmeso.gateways import clock
from openmeso.gateways.pdf import engine, pdf_from_html
from openmeso.gateways.plan_sheet import figure
from openmeso.gateways.words import words_ready
from openmeso.terms.contraindication import Answer
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan
from openmeso.terms.session import PointState, SessionEntry, SessionResult


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """What became of a zone."""

    name: str
    given: int
    skipped: int
    moved: int
    volume_ml: str
    depth_mm: str


@dataclass(frozen=True, slots=True)
class SessionSheet:
    """A session as it is read."""

    plan: Plan
    entry: SessionEntry
    result: SessionResult
    technique: str
    zones: tuple[ZoneLine, ...]
    doses: tuple[tuple[str, str], ...]  # ingredient, amount with its unit
    yes: tuple[tuple[str, str], ...]  # question, note
    asked: int
    reactions: tuple[str, ...]
    overrides: tuple[tuple[str, str], ...]  # finding, reason
    volume_ml: str
    drawn_ml: str
    wasted_ml: str


def session_sheet(
    plan: Plan, entry: SessionEntry, result: SessionResult | None, knowledge: Knowledge
) -> SessionSheet:
    """Put the session into words and figures; without a result nothing was given."""
    words_ready()
    result = result or SessionResult()
    titles = {each.id: each.title for each in result.findings}
    questions, terms = knowledge.contraindications, knowledge.adverse_events
    return SessionSheet(
        plan=plan,
        entry=entry,
        result=result,
        technique=knowledge.techniques[plan.choice.technique].name,
        zones=_zones(result),
        doses=tuple(
            (knowledge.ingredients[ingredient].name, f"{figure(amount)} {unit}")
            for ingredient, amount, unit in result.doses
        ),
        yes=tuple(
            (questions[each.contraindication].question, _note(each.on, each.note))
            for each in entry.checklist
            if each.answer is Answer.YES and each.contraindication in questions
        ),
        asked=sum(each.answer is not Answer.NOT_ASKED for each in entry.checklist),
        reactions=tuple(terms[each.term].term for each in entry.reactions if each.term in terms),
        overrides=tuple(
            (titles.get(each.finding, each.finding), each.reason) for each in entry.overrides
        ),
        volume_ml=figure(result.volume_ml),
        drawn_ml=figure(result.drawn_ml),
        wasted_ml=figure(result.wasted_ml),
    )


def _note(on: object, note: str) -> str:
    return " ".join(str(each) for each in (on, note) if each)


def _zones(result: SessionResult) -> tuple[ZoneLine, ...]:
    lines = []
    for name in dict.fromkeys(each.zone for each in result.points):
        points = [each for each in result.points if each.zone == name]
        used = [each for each in points if each.state is not PointState.SKIPPED]
        depths = sorted({each.depth_mm for each in used})
        lines.append(
            ZoneLine(
                name=name,
                given=len(used),
                skipped=len(points) - len(used),
                moved=sum(each.state is PointState.MOVED for each in used),
                volume_ml=figure(sum(each.volume_ml for each in used)),
                depth_mm="–".join(figure(each) for each in dict.fromkeys(depths[:1] + depths[-1:])),
            )
        )
    return tuple(lines)


def session_pdf(**context: object) -> bytes:
    """The signed session on paper, with every lot and its expiry."""
    words_ready()
    page = engine().get_template("session/print.html")
    said = Context(context | {"printed_on": clock.today()}, use_l10n=False, use_tz=True)
    return pdf_from_html(str(page.render(said)))
