from typing import Any

from django.core.management.base import BaseCommand

from openmeso.services.demo import SIGN_INS, build_demo_clinic


class Command(BaseCommand):
    """Fill the database with a demo clinic; safe to repeat."""

    help = "Build the demo clinic, unless it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        build_demo_clinic()
        for username, password, what in SIGN_INS:
            self.stdout.write(f"{username:<12} {password:<18} {what}")
