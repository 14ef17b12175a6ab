"""`openmeso demo`: an invented clinic to try OpenMeso out in."""

import argparse

from openmeso.cli import django_settings


def run(_: argparse.Namespace) -> int:
    """Bring the database up to date, fill it and say how to sign in."""
    django_settings.ready()
    from django.core.management import call_command

    from openmeso.services.demo import SIGN_INS, build_demo_clinic

    call_command("migrate", verbosity=0)
    print(f"{build_demo_clinic()} is ready. Sign in as one of:")
    for username, password, what in SIGN_INS:
        print(f"  {username:12} {password:16} {what}")
    return 0
