"""`openmeso plan`: a plan from a JSON request, as text, JSON, PDF or calendar."""

import argparse
import hashlib
import json
import sys
from pathlib import Path

from openmeso.cli.plan_text import plan_text
from openmeso.gateways.knowledge import KnowledgeError, load_knowledge
from openmeso.gateways.plan_json import (
    PlanInputProblems,
    parse_request,
    plan_to_json,
    problem_of,
    request_data,
    request_to_json,
)
from openmeso.gateways.reach_json import reach_to_json
from openmeso.science.injection.reach import reach
from openmeso.science.planning.plan import compute_plan
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan, PlanInputError
from openmeso.terms.reach import Reach, Skin

BAD_INPUT = 2


def run(chosen: argparse.Namespace) -> int:
    """Compute, print and write what was asked for."""
    try:
        knowledge = load_knowledge(chosen.knowledge)
        plan = computed(_read(chosen.request), knowledge)
        found = reached(plan, knowledge, Skin(chosen.skin))
    except (KnowledgeError, PlanInputProblems, OSError) as refused:
        print(refused, file=sys.stderr)
        return BAD_INPUT
    as_text = chosen.text or (sys.stdout.isatty() and not chosen.json)
    if as_text:
        print(plan_text(plan, knowledge, found, sources_in_full=chosen.sources))
    else:
        data = plan_to_json(plan) | {"reach": reach_to_json(found)}
        print(json.dumps(data, ensure_ascii=False, indent=2))
    code = 0 if plan.can_be_approved else 1
    return max(code, _write(chosen, plan, knowledge, found))


def computed(data: object, knowledge: Knowledge) -> Plan:
    """The plan that a request's plain data leads to; raises PlanInputProblems."""
    request = parse_request(data, knowledge)
    try:
        return compute_plan(request, knowledge)
    except PlanInputError as error:
        raise PlanInputProblems([problem_of(error)]) from error


def reached(plan: Plan, knowledge: Knowledge, skin: Skin) -> Reach:
    """Where the plan's substances go; raises PlanInputProblems for a depth that is no scalp's."""
    try:
        return reach(plan, knowledge, skin)
    except PlanInputError as error:
        raise PlanInputProblems([problem_of(error)]) from error


def _read(name: str) -> object:
    return request_data(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())


def _write(chosen: argparse.Namespace, plan: Plan, knowledge: Knowledge, found: Reach) -> int:
    """Write the files asked for; what would go out to a patient wants a plan without a block."""
    handed_out = chosen.ics or (chosen.pdf and chosen.voice == "patient")
    if handed_out and not plan.can_be_approved:
        print("No leaflet or calendar: the plan cannot be approved as it is.", file=sys.stderr)
        return 1
    try:
        if chosen.pdf:
            chosen.pdf.write_bytes(_pdf(chosen.voice, plan, knowledge, found))
        if chosen.ics:
            chosen.ics.write_bytes(_calendar(plan, knowledge))
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return 0


def _pdf(voice: str, plan: Plan, knowledge: Knowledge, found: Reach) -> bytes:
    """The plan on paper; only the record says where the substances go."""
    from openmeso.gateways.pdf import plan_pdf
    from openmeso.gateways.reach_sheet import reach_sheet

    told = voice == "record" and (found.substances or found.unknown)
    return plan_pdf(
        plan, knowledge, voice, reach=reach_sheet(found, plan, knowledge) if told else None
    )


def _calendar(plan: Plan, knowledge: Knowledge) -> bytes:
    """Events that keep their ids when the same request is planned again."""
    from openmeso.gateways.calendar import plan_calendar

    request = json.dumps(request_to_json(plan.request), sort_keys=True)
    name = knowledge.indications[plan.request.assessment.indication].name
    return plan_calendar(plan, name, hashlib.sha256(request.encode()).hexdigest())
