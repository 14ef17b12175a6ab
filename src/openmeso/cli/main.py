"""The `openmeso` command.

A command's module is imported when it is run, so that planning needs neither Django nor a
database.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from openmeso import __version__
from openmeso.cli import arguments


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made = argparse.ArgumentParser(
        prog="openmeso",
        description="Plan, give and measure courses of mesotherapy.",
        epilog="Decision support for trained practitioners; it does not replace judgement.",
    )
    made.add_argument("--version", action="version", version=f"openmeso {__version__}")
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for add in arguments.COMMANDS:
        add(commands)
    return made


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 done, 1 refused for what was found, 2 bad input."""
    chosen = parser().parse_args(words)
    # Products here are small: a thread of OpenBLAS, which numpy starts, would mostly be waited for.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    command = import_module(f"openmeso.cli.{chosen.module}")
    try:
        code = int(command.run(chosen))
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever reads the output (head, less) has seen enough; Python flushes once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
