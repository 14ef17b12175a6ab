"""The other commands, and the reference page that must not lag behind them."""

import argparse
import json
from pathlib import Path

import pytest

from openmeso.cli.main import main, parser
from openmeso.cli.serve import server_words
from openmeso.gateways.plan_json import request_schema
from tests.cli.reference import cli_reference, plan_request_reference

ROOT = Path(__file__).parents[2]
BAD = "The page lags behind the code: run `python -m tests.cli.reference`"

Captured = pytest.CaptureFixture[str]


def test_sound_knowledge_is_counted(capsys: Captured) -> None:
    assert main(["knowledge", "check"]) == 0
    assert "39 ingredients" in capsys.readouterr().out


def test_faulty_knowledge_is_said_with_file_line_and_reason(
    tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "body.toml").write_text('head_circumference_mm = "560"\n')

    assert main(["knowledge", "check", str(tmp_path)]) == 2

    said = capsys.readouterr().err
    assert "body.toml:1: head_circumference_mm: expected a number, got '560'" in said
    assert said.splitlines()[-1].startswith("Faults: ")


def test_a_missing_folder_is_said(tmp_path: Path, capsys: Captured) -> None:
    assert main(["knowledge", "check", str(tmp_path / "none")]) == 2
    assert "is no folder" in capsys.readouterr().err


@pytest.mark.parametrize("noun", ["contraindications", "products", "checks", "views"])
def test_ids_are_listed(noun: str, capsys: Captured) -> None:
    assert main(["knowledge", "list", noun]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 5


def test_the_schema_is_printed(capsys: Captured) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == request_schema()


def test_the_server_is_gunicorn() -> None:
    chosen = argparse.Namespace(host="127.0.0.1", port=8001, workers=3)

    assert server_words(chosen)[1:] == [
        "-m", "gunicorn", "openmeso.config.wsgi",
        "--bind", "127.0.0.1:8001", "--workers", "3", "--threads", "4",
    ]  # fmt: skip


@pytest.mark.parametrize("words", [[], ["plant"], ["plan"], ["knowledge"], ["audit"], ["files"]])
def test_a_wrong_command_ends_with_two(words: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 2
    assert "usage: openmeso" in capsys.readouterr().err


@pytest.mark.django_db
def test_an_untouched_audit_trail_holds(practitioner, patient, capsys: Captured) -> None:
    from openmeso.services import audit

    audit.record(by=practitioner, action="read", of=patient, purpose="care")

    assert main(["audit", "verify"]) == 0
    number, last_hash = audit.head()
    assert f"{number} rows, last hash {last_hash}" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_broken_audit_trail_is_told(
    practitioner, patient, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openmeso.services import audit

    monkeypatch.setattr(audit, "verify", lambda: 7)

    assert main(["audit", "verify"]) == 1
    assert "broken at row 7" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.slow
def test_the_demo_clinic_is_built_and_says_how_to_sign_in(capsys: Captured) -> None:
    assert main(["demo"]) == 0
    assert "meso-demo-2026" in capsys.readouterr().out


def test_the_command_reference_is_up_to_date() -> None:
    assert (ROOT / "docs/reference/cli.md").read_text() == cli_reference(parser()), BAD


def test_the_request_reference_is_up_to_date() -> None:
    page = (ROOT / "docs/reference/plan-request.md").read_text()

    assert page == plan_request_reference(request_schema()), BAD
