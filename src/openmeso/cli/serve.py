"""`openmeso serve`: the web pages and the API."""

import argparse
import os
import sys

from openmeso.cli import django_settings


def run(chosen: argparse.Namespace) -> int:
    """Become the server, or say why it would not be a good one."""
    refusal = prepare()
    if not refusal:
        os.execv(sys.executable, server_words(chosen))  # noqa: S606 (our own words, no shell)
    print(refusal, file=sys.stderr)
    return 1


def prepare() -> str:
    """What stands in the way of serving, in words; static files are collected where needed."""
    from django.core.exceptions import ImproperlyConfigured

    try:
        django_settings.ready()
    except ImproperlyConfigured as reason:
        return f"Not served: {reason}"
    from django.conf import settings
    from django.core.management import call_command

    from openmeso.gateways.migration import pending

    waiting = pending()
    if waiting:
        return f"Not served: the database lacks {waiting[0]}. Run `openmeso migrate` first."
    if not settings.LOCAL:
        # beyond this machine the pages name their files by hashes, which are made here
        call_command("collectstatic", interactive=False, verbosity=0)
    return ""


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
