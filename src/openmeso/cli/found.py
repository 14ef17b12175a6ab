"""`openmeso found`: open a clinic with its first lead."""

import argparse
import sys

from openmeso.cli import django_settings


def run(chosen: argparse.Namespace) -> int:
    """Open it and say the lead's password, once."""
    django_settings.ready()
    from django.core.exceptions import ValidationError

    from openmeso.services.clinic import Place, found_with_lead

    try:
        clinic, password = found_with_lead(
            by=None,
            place=Place(chosen.name, chosen.country, chosen.timezone),
            username=chosen.lead,
            given_name=chosen.given_name,
            family_name=chosen.family_name,
        )
    except ValidationError as error:
        for field, reasons in error.message_dict.items():
            print(f"{field}: {' '.join(reasons)}", file=sys.stderr)
        return 2
    print(f"{clinic.name} is open. {chosen.lead} leads it, with the password {password}")
    print("It is said only here. Change it after the first sign-in, and add a second factor.")
    return 0
