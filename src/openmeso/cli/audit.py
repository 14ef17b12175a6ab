"""`openmeso audit verify`: whether the audit trail is whole."""

import argparse

from openmeso.cli import django_settings


def run(_: argparse.Namespace) -> int:
    """Verify the chain and print its head."""
    django_settings.ready()
    from openmeso.services import audit

    broken = audit.verify()
    if broken is not None:
        print(f"The audit trail is broken at row {broken}.")
        return 1
    number, last_hash = audit.head()
    print(f"The audit trail holds: {number} rows, last hash {last_hash or 'none'}.")
    return 0
