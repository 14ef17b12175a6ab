from typing import Any

from django.core.management.base import BaseCommand, CommandError

from openmeso.services import audit


class Command(BaseCommand):
    """Walk the audit chain from its first row to its last."""

    help = "Say whether the audit trail is as it was written, and print its head to note elsewhere."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = audit.verify()
        if broken is not None:
            raise CommandError(f"The audit trail does not fit from row {broken} on.")
        seq, digest = audit.head()
        self.stdout.write(f"{seq} rows fit. Head: {seq} {digest}")
