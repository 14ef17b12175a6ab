"""A write is one transaction, says who asks by keyword, and leaves a note."""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import openmeso.services

FOLDER = Path(openmeso.services.__file__).parent
# these work on what the caller has opened already, and that reading is noted
NOT_WRITES = {("plan_request", "request_for")}
# of a plan, and measurements, whose read has been noted already
NOT_WRITES |= {("forecast", "of_plan"), ("forecast", "of_measured_plan")}
# what stands on the shelf is nobody's record
NOT_WRITES |= {("lot", "usable"), ("scan", "look_up")}
# what the typing comes to, on a page whose reading is noted
NOT_WRITES |= {("session", "judge"), ("session", "todays_request")}
# part of a signature, which notes it
NOT_WRITES |= {("session_parts", "write_parts")}
# each is noted by adverse_event.record
NOT_WRITES |= {("session_reaction", "record_immediate")}
# each mail is noted by recall.tell the moment it has gone
NOT_WRITES |= {("recall_message", "emails")}
# notes it in every clinic
NOT_WRITES |= {("backup", "take"), ("backup", "bring_back")}
# their one write is the note, a transaction by itself: whoever looks holds up no writer
ONLY_NOTED = {("patient", "get"), ("plan", "get"), ("session", "get")}
# the letter goes out first: no writer waits for a mail server, and what did not go is not noted
ONLY_NOTED |= {("patient_report", "send_link")}
MODULES = [module.name for module in pkgutil.iter_modules([str(FOLDER)])]


def asked_by_somebody():
    for name in MODULES:
        tree = ast.parse((FOLDER / f"{name}.py").read_text())
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = [argument.arg for argument in node.args.kwonlyargs]
                positional = [argument.arg for argument in node.args.args]
                if "by" in arguments + positional:
                    yield pytest.param(name, node, positional, id=f"{name}.{node.name}")


ASKED = list(asked_by_somebody())


def test_there_are_functions_to_ask_about():
    assert len(ASKED) > 25


@pytest.mark.parametrize(("module", "node", "positional"), ASKED)
def test_by_is_a_keyword_and_nothing_is_positional(module, node, positional):
    assert positional == []


@pytest.mark.parametrize(("module", "node", "positional"), ASKED)
def test_it_is_noted_or_asks_something_that_is(module, node, positional):
    if (module, node.name) in NOT_WRITES or module == "audit":
        return
    text = ast.unparse(node)
    assert "audit.record(" in text or "join(" in text


@pytest.mark.parametrize(("module", "node", "positional"), ASKED)
def test_it_is_one_transaction(module, node, positional):
    saves = any(
        word in ast.unparse(node) for word in ("audit.record", ".save(", ".create(", "join(")
    )
    if module == "audit" or not saves or (module, node.name) in ONLY_NOTED:
        return
    assert "transaction.atomic" in [ast.unparse(one) for one in node.decorator_list]


def test_saving_happens_nowhere_else():
    """A function that saves takes ``by``, or is a private part of one that does."""
    for name in MODULES:
        tree = ast.parse((FOLDER / f"{name}.py").read_text())
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = [argument.arg for argument in node.args.kwonlyargs]
                saves = ".save(" in ast.unparse(node) or ".objects.create(" in ast.unparse(node)
                assert not saves or "by" in arguments or name == "demo", f"{name}.{node.name}"


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is_for(name):
    assert inspect.getdoc(importlib.import_module(f"openmeso.services.{name}"))
