"""`openmeso migrate`: bring the database up to date, or leave it as it was."""

import argparse
import sys

from openmeso.cli import django_settings


def run(chosen: argparse.Namespace) -> int:
    """Apply what is pending, or only say it."""
    django_settings.ready()
    from openmeso.gateways.migration import MigrationFailed, migrate, pending

    if chosen.check:
        waiting = pending()
        print("\n".join(waiting) if waiting else "The database is up to date.")
        return 1 if waiting else 0
    try:
        applied = migrate()
    except MigrationFailed as reason:
        print(f"Nothing was changed. {reason}", file=sys.stderr)
        return 1
    print("\n".join([*applied, "The database is up to date."]))
    return 0
