"""Arguments of every command: what `--help` and the reference page show."""

import argparse
from collections.abc import Callable
from pathlib import Path

from openmeso.cli import measure_arguments

Commands = argparse._SubParsersAction  # argparse gives this type no public name

NOUNS = (
    "indications",
    "scales",
    "contraindications",
    "ingredients",
    "products",
    "protocols",
    "techniques",
    "presets",
    "views",
    "checks",
)
PLAN_CODES = (
    "Exit codes: 0 the plan can be approved; 1 it is blocked, or an override wants its reason; "
    "2 the input is refused, or a file cannot be written."
)


def _plan(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "plan",
        help="compute a plan from an assessment and a choice",
        description="Compute a plan from a JSON file with the assessment and the choice "
        "(`openmeso schema` describes it). No database is needed.",
        epilog=PLAN_CODES,
    )
    made.set_defaults(module="plan")
    made.add_argument(
        "request", metavar="ASSESSMENT.json", help="the request; - reads it from stdin"
    )
    form = made.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="print the plan as JSON (default in a pipe)"
    )
    form.add_argument(
        "--text", action="store_true", help="print it to read (default on a terminal)"
    )
    made.add_argument("--sources", action="store_true", help="print every source of every finding")
    made.add_argument("--pdf", metavar="FILE", type=Path, help="write the plan as PDF")
    made.add_argument(
        "--voice",
        choices=("record", "patient"),
        default="record",
        help="whom the PDF speaks to (default: record)",
    )
    made.add_argument(
        "--ics", metavar="FILE", type=Path, help="write the visits as a calendar file"
    )
    made.add_argument(
        "--skin",
        choices=("dermis", "dermis_on_fat"),
        default="dermis",
        help="what the hair bulbs lie in: dermis throughout, or fat below it, "
        "which is a guess (default: dermis)",
    )
    _knowledge_folder(made)


def _knowledge(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "knowledge",
        help="check the knowledge files",
        description="Work with the knowledge files.",
    )
    made.set_defaults(module="knowledge")
    deeds = made.add_subparsers(dest="deed", metavar="DEED", required=True)
    check = deeds.add_parser(
        "check",
        help="say every fault of the files",
        description="Read every file of a knowledge folder and say each fault with file, line "
        "and reason.",
        epilog="Exit codes: 0 no fault; 2 faults were found.",
    )
    check.add_argument(
        "folder", metavar="FOLDER", nargs="?", type=Path, help="default: OpenMeso's own"
    )
    listing = deeds.add_parser(
        "list",
        help="print the ids of a noun, to write in a request",
        description="Print id and name of everything of one noun.",
    )
    listing.add_argument("noun", metavar="NOUN", choices=NOUNS, help=f"one of {', '.join(NOUNS)}")


def _schema(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "schema",
        help="print the JSON Schema of a plan request",
        description="Print the JSON Schema (2020-12) that a plan request is checked against.",
    )
    made.set_defaults(module="schema")


def _serve(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "serve",
        help="serve the web pages and the API",
        description="Serve the web pages and the API with gunicorn; settings come from the "
        "environment.",
    )
    made.set_defaults(module="serve")
    made.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    made.add_argument("--port", type=int, default=8000, help="port (default: %(default)s)")
    made.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")


def _demo(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "demo",
        help="fill the database with a demo clinic",
        description="Bring the database up to date, fill it with an invented clinic and say how "
        "to sign in. `scripts/demo` does this and serves it.",
    )
    made.set_defaults(module="demo")


def _migrate(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "migrate",
        help="bring the database up to date",
        description="Apply the migrations that the database lacks. When one fails, the reason is "
        "said and the database is left exactly as it was before the first of them.",
        epilog="Exit codes: 0 up to date; 1 a migration failed, or with --check some are pending.",
    )
    made.set_defaults(module="migrate")
    made.add_argument("--check", action="store_true", help="only say what is pending")


def _found(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "found",
        help="open a clinic with its first lead",
        description="Open a clinic and make an account for its lead, who adds everybody else in "
        "the pages. The password is printed once.",
        epilog="Exit codes: 0 open; 2 something given is refused, and nothing was made.",
    )
    made.set_defaults(module="found")
    made.add_argument("name", metavar="NAME", help="of the clinic")
    made.add_argument("--country", required=True, help="two letters, such as TR")
    made.add_argument("--timezone", default="UTC", help="such as Europe/Istanbul")
    made.add_argument("--lead", required=True, metavar="USERNAME", help="of the first lead")
    made.add_argument("--given-name", default="", help="of the lead")
    made.add_argument("--family-name", default="", help="of the lead")


def _backup(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "backup",
        help="seal database and files in one file",
        description="Write the database and all files into one encrypted file, while the server "
        "runs. It appears under its name only when it is whole.",
        epilog="Exit codes: 0 written; 1 not written, and why; 2 no key is given.",
    )
    made.set_defaults(module="backup", deed="backup")
    made.add_argument("file", metavar="FILE", type=Path, help="to write")
    _key_file(made)


def _restore(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "restore",
        help="bring a backup back, and verify it",
        description="Fill an empty database and an empty folder of files from a backup, then "
        "verify the audit trail, count the rows and open every file.",
        epilog="Exit codes: 0 restored or whole; 1 not, and why; 2 no key is given.",
    )
    made.set_defaults(module="backup", deed="restore")
    made.add_argument("file", metavar="FILE", type=Path, help="a backup")
    made.add_argument("--check", action="store_true", help="only open it all; change nothing")
    _key_file(made)


def _key_file(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--key-file", metavar="FILE", type=Path, help="with the key (default: BACKUP_KEYS)"
    )


def _audit(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "audit",
        help="verify the audit trail",
        description="Work with the audit trail.",
    )
    made.set_defaults(module="audit")
    deeds = made.add_subparsers(dest="deed", metavar="DEED", required=True)
    deeds.add_parser(
        "verify",
        help="verify the chain of hashes",
        description="Verify that no row of the audit trail was changed, removed or put in, and "
        "print the last row's number and hash: note them elsewhere, for only against them does "
        "it show that rows were cut off the end.",
        epilog="Exit codes: 0 the chain holds; 1 it is broken.",
    )


def _files(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "files",
        help="check and rotate the encrypted files",
        description="Work with the encrypted photos, consents and documents.",
    )
    made.set_defaults(module="files")
    deeds = made.add_subparsers(dest="deed", metavar="DEED", required=True)
    deeds.add_parser(
        "new-key",
        help="print a new master key",
        description="Print a new master key. Put it first in FILE_KEYS and keep the earlier ones "
        "behind it, separated by commas; then run `openmeso files rotate`.",
    )
    deeds.add_parser(
        "check",
        help="open every file and look for litter",
        description="Open every encrypted file and say which are gone, changed or sealed with a "
        "key that is not held; list sealed files that no row tells of. Nothing is changed.",
        epilog="Exit codes: 0 every file opens; 1 some do not.",
    )
    deeds.add_parser(
        "rotate",
        help="wrap every file by the current master key",
        description="Wrap the secret of every file by the first key of FILE_KEYS. The contents are "
        "not encrypted anew. Stopped half-way, it goes on where it stopped.",
        epilog="Exit codes: 0 done; 1 stopped at a file that does not open.",
    )


def _backtest(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "backtest",
        help="forecast published trial arms and score the forecasts",
        description="Forecast the change of every forecastable row of a trials file from its "
        "design columns, and score it where an outcome stands, beside two naive forecasters. "
        "Outcome columns may be blank.",
        epilog="Exit codes: 0 done, with the rows that could not be read or forecast listed; "
        "2 the file is refused.",
    )
    made.set_defaults(module="backtest")
    made.add_argument("trials", metavar="TRIALS.csv", type=Path, help="published study arms")
    made.add_argument("--json", action="store_true", help="print scores and rows as JSON")


def _calibrate(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "calibrate",
        help="learn from the published trials",
        description="Calibrate the forecast on OpenMeso's own trials and write the posterior. "
        "The same seed gives the same file.",
    )
    made.set_defaults(module="calibrate")
    made.add_argument("--out", metavar="FILE", type=Path, help="default: OpenMeso's own")
    made.add_argument(
        "--leave-one-study-out",
        action="store_true",
        help="write no posterior, but the scores where --out is given; forecast each study by a calibration that never saw it",
    )
    made.add_argument("--draws", type=int, default=400, help="draws kept (default: %(default)s)")
    made.add_argument("--thin", type=int, default=8, help="rounds per draw (default: %(default)s)")
    made.add_argument("--seed", type=int, default=20261122, help="default: %(default)s")


def _validate(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "validate",
        help="run the checks of the science and report what was observed",
        description="Run every check of the science against exact solutions, solvers and "
        "published results, and print the observed error beside its tolerance.",
        epilog="Exit codes: 0 every check passed; 1 a check failed; 2 an artefact is missing or "
        "stale, or a file cannot be written.",
    )
    made.set_defaults(module="validate")
    form = made.add_argument_group("forms")
    form.add_argument("--html", metavar="FILE", type=Path, help="write the report with figures")
    form.add_argument("--pdf", metavar="FILE", type=Path, help="write the same as PDF")
    form.add_argument("--json", action="store_true", help="print everything as JSON")
    made.add_argument(
        "--full",
        action="store_true",
        help="forecast the studies left out anew (minutes) instead of reading the stored run",
    )


def _forecast(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "forecast",
        help="forecast twelve months of a patient's hair under a plan",
        description="Forecast hair counts and more for twelve months, treated and untreated, with "
        "the doubt of each, from the same JSON request as `openmeso plan`.",
        epilog="Exit codes: 0 done; 1 no forecast is made for this patient or plan; 2 the input "
        "is refused.",
    )
    made.set_defaults(module="forecast")
    made.add_argument(
        "request", metavar="ASSESSMENT.json", help="the request; - reads it from stdin"
    )
    made.add_argument(
        "--measurements",
        metavar="FILE",
        type=Path,
        help="the patient's own measurements: a JSON list of week, outcome, value, and sd or "
        "method (automatic, corrected, matched)",
    )
    made.add_argument("--json", action="store_true", help="print everything as JSON")
    _knowledge_folder(made)


def _virtual_trial(commands: "Commands[argparse.ArgumentParser]") -> None:
    made = commands.add_parser(
        "virtual-trial",
        help="plan a study: what it would find in virtual patients",
        description="Treat half of many virtual patients by a plan and none of the others, count "
        "their hair with the error of a count, and print arms, difference and the size that a "
        "study would need. The same seed gives the same numbers on any number of workers.",
        epilog="Exit codes: 0 done; 1 no forecast is made for this patient or plan; 2 the input "
        "is refused.",
    )
    made.set_defaults(module="virtual_trial")
    made.add_argument(
        "request", metavar="ASSESSMENT.json", help="the request; - reads it from stdin"
    )
    made.add_argument("--patients", type=int, default=2000, help="default: %(default)s")
    made.add_argument("--week", type=int, default=26, help="of the count (default: %(default)s)")
    made.add_argument("--seed", type=int, default=20261125, help="default: %(default)s")
    made.add_argument("--workers", type=int, help="processes (default: every core)")
    made.add_argument("--json", action="store_true", help="print the result as JSON")
    _knowledge_folder(made)


def _knowledge_folder(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--knowledge",
        metavar="FOLDER",
        type=Path,
        help="knowledge files to plan with (default: OpenMeso's own)",
    )


COMMANDS: tuple[Callable[["Commands[argparse.ArgumentParser]"], None], ...] = (
    _plan,
    _knowledge,
    _schema,
    _serve,
    _demo,
    _migrate,
    _found,
    _backup,
    _restore,
    _audit,
    _files,
    _backtest,
    _calibrate,
    _forecast,
    _validate,
    _virtual_trial,
    measure_arguments.add,
)
