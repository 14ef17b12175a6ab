"""`openmeso serve`: the web pages and the API."""

import argparse
import os
import sys


def run(chosen: argparse.Namespace) -> int:
    """Become the server; this process does not come back."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmeso.config.settings")
    os.execv(sys.executable, server_words(chosen))  # noqa: S606 (our own interpreter, no shell)


def server_words(chosen: argparse.Namespace) -> list[str]:
    """The server's command line."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "openmeso.config.wsgi",
        "--bind",
        f"{chosen.host}:{chosen.port}",
        "--workers",
        str(chosen.workers),
        "--threads",
        "4",
    ]
