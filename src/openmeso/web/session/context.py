"""What the page at the chair shows: lots of the shelf, today's findings, points on the map."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from openmeso.gateways import clock
from openmeso.gateways.plan_map import draw_views, views_of
from openmeso.gateways.plan_sheet import FindingLine, plan_sheet
from openmeso.science.planning.session import asked_every_session, standing_questions
from openmeso.services import assessment as assessments
from openmeso.services import lot as lots
from openmeso.services import session as sessions
from openmeso.services import signature
from openmeso.services.knowledge import knowledge
from openmeso.services.session_reaction import asked_late, flags_of
from openmeso.services.session_refusal import MISSING
from openmeso.terms.check import Strength
from openmeso.terms.formula import DrawUp
from openmeso.terms.plan import Plan
from openmeso.terms.session import SessionEntry, SessionResult
from openmeso.web.lot.context import Shown, shown
from openmeso.web.session.forms import LOTS_A_PRODUCT, Questions, SessionForm
from openmeso.web.session.wording import difference_words

if TYPE_CHECKING:
    from django.forms import BoundField

    from openmeso.records.models import Session, User

# where on the page a missing thing is asked for
PLACES = {
    "checklist": "ask",
    "anything_new_note": "ask",
    "late_reactions": "ask",
    "late_recorded": "ask",
    "blocked": "checks",
    "override": "checks",
    "consent": "consent",
    "lots": "draw",
    "lot_refused": "draw",
    "points": "inject",
    "drawn": "vials",
    "wasted": "vials",
    "pain": "after",
    "reactions": "after",
    "aftercare": "after",
}


@dataclass(frozen=True, slots=True)
class LotRow:
    """One place for a lot of a product: its fields, and the lots to choose from."""

    n: int
    lot: "BoundField"
    drawn: "BoundField"
    syringe: "BoundField"
    despite: "BoundField"
    chosen: str
    refusal: str


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product to draw up, with the clinic's usable lots, earliest expiry first."""

    draw: DrawUp
    shelf: tuple[Shown, ...]
    rows: tuple[LotRow, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A planned point on the reference map."""

    number: int
    zone: int
    x: str
    y: str


def form_for(
    session: "Session", data: object = None, entry: SessionEntry | None = None
) -> SessionForm:
    """The form of one session, with the questions that matter to it."""
    plan, known = sessions.plan_of(session), knowledge()
    record = assessments.latest(session.patient)
    assessment = assessments.to_terms(record) if record else plan.request.assessment
    kept = sessions.entry_of(session) if entry is None else entry
    if not kept.checklist:
        kept = _with_standing(kept, plan, assessment)
    return SessionForm(
        data,  # type: ignore[arg-type]
        plan=plan,
        questions=Questions(
            asked_every_session(plan, assessment, known),
            standing_questions(plan, assessment, known),
            asked_late(session),
        ),
        reactions=tuple(known.adverse_events.values()),
        entry=kept,
    )


def _with_standing(entry: SessionEntry, plan: Plan, assessment: object) -> SessionEntry:
    """Answers that stand are shown as they stand; those asked anew begin empty."""
    from dataclasses import replace

    anew = {each.id for each in knowledge().contraindications.values() if each.every_session}
    held = getattr(assessment, "checklist", ())
    return replace(entry, checklist=tuple(a for a in held if a.contraindication not in anew))


def chair_context(session: "Session", form: SessionForm, user: "User") -> dict[str, object]:
    """What stands on the page whatever has been typed."""
    plan, known = sessions.plan_of(session), knowledge()
    sheet = plan_sheet(plan, known)
    expected = [each for each in form.terms if each.expected]
    return {
        "session": session,
        "form": form,
        "plan": plan,
        "sheet": sheet,
        "views": _views(plan),
        "products": _products(session, form, user),
        "zone_rows": [
            (zone, form[f"zone_{zone.number}"], form[f"zone_syringe_{zone.number}"])
            for zone in sheet.zones
        ],
        "expected": expected,
        "unexpected": [each for each in form.terms if not each.expected],
        "chosen_reactions": form["reactions"].value() or [],
        "aftercare": [each for each in known.consent.values() if each.id == "after"],
        "signature": signature.wanted(session.patient.clinic).value,
        "draft_key": device_key(session, user),
    }


def device_key(session: "Session", user: "User") -> str:
    """The key under which a tablet keeps what this user types in this session.

    It is given to the page only, never kept on the device: without signing in again nobody
    reads what lies there.
    """
    said = f"session-draft:{user.pk}:{session.pk}".encode()
    key = hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).digest()
    return base64.b64encode(key).decode()


def _views(plan: Plan) -> list[dict[str, object]]:
    known = knowledge()
    drawn = draw_views(views_of(plan.choice.zones, known.views), plan.choice.zones, None)
    dots: dict[str, list[Dot]] = {}
    scales: dict[str, float] = {}
    number = 0
    for n, zone in enumerate(plan.grid.zones, 1):
        scales[zone.view] = zone.scale
        for x, y in zone.points_mm:
            number += 1
            at = (f"{x / zone.scale:.2f}", f"{y / zone.scale:.2f}")
            dots.setdefault(zone.view, []).append(Dot(number, n, *at))
    return [
        {
            "view": view,
            "dots": dots[view.id],
            "scale": f"{scales[view.id]:.6f}",
            "radius": f"{0.55 * view.unit:.2f}",
        }
        for view in drawn
        if view.id in dots
    ]


def _products(session: "Session", form: SessionForm, user: "User") -> list[ProductLine]:
    today = clock.today()
    lines = []
    for draw in sessions.plan_of(session).draw_up:
        shelf = tuple(
            shown(lot, today) for lot in lots.usable(by=user, product=draw.product, on=today)
        )
        rows = tuple(_row(form, draw.product, n, shelf) for n in range(1, LOTS_A_PRODUCT + 1))
        lines.append(ProductLine(draw, shelf, rows))
    return lines


def _row(form: SessionForm, product: str, n: int, shelf: tuple[Shown, ...]) -> LotRow:
    lot, drawn, syringe, despite = (
        form[f"{kind}_{product}_{n}"] for kind in ("lot", "drawn", "syringe", "despite")
    )
    chosen = str(lot.value() or "")
    on_shelf = any(str(each.lot.pk) == chosen for each in shelf)
    refusal = "" if not chosen or on_shelf else chosen
    return LotRow(n, lot, drawn, syringe, despite, chosen, refusal)


def judged_context(
    session: "Session", entry: SessionEntry, result: SessionResult
) -> dict[str, object]:
    """Today's findings, the tally and what is missing; computed anew after every save."""
    reasons = {each.finding: each.reason for each in entry.overrides}
    plan = sessions.plan_of(session)
    before = {each.finding: each.reason for each in plan.choice.overrides}
    lines = [
        FindingLine(
            each, reasons.get(each.id, before.get(each.id, "")), each.id in result.open_overrides
        )
        for each in result.findings
    ]
    weighty = [
        line
        for line in lines
        if line.finding.strength is Strength.BLOCK
        or line.is_open
        or line.finding.id in result.new_findings
        or line.finding.id in reasons
    ]
    flags = flags_of(session, entry.reactions)
    said = [f"{line.finding.id}/{line.finding.outcome}" for line in weighty]
    return {
        "result": result,
        "flags": flags,
        "weighty": weighty,
        "same_as_plan": len(lines) - len(weighty),
        "findings_key": ",".join([*said, *(each.id for each in flags)]),
        "missing": [(code, PLACES[code], MISSING[code]) for code in result.missing],
        "differences": difference_words(result.differences),
        "thrown_ml": result.wasted_ml if entry.wasted_ml is None else entry.wasted_ml,
        "injects": bool(plan.draw_up),
        "total": plan.grid.points,
    }
