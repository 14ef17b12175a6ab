from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from openmeso.services import clinic


class Command(BaseCommand):
    """Open a clinic with its first lead."""

    help = "Open a clinic; the lead's account must exist (createsuperuser makes the first one)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--country", required=True, help="two letters, such as TR")
        parser.add_argument("--timezone", default="UTC", help="such as Europe/Istanbul")
        parser.add_argument("--lead", required=True, help="username of the first lead")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        lead = users.filter(username=options["lead"]).first()
        runner = users.filter(is_superuser=True, is_active=True).first()
        if lead is None or runner is None:
            raise CommandError("Make an account first: manage.py createsuperuser")
        clinic.found(
            by=runner,
            name=options["name"],
            country=options["country"],
            timezone=options["timezone"],
            lead=lead,
        )
        self.stdout.write(f"{options['name']} is open; {lead.username} leads it.")
