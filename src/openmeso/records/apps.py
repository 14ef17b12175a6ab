from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    """The stored nouns, their constraints and triggers."""

    name = "openmeso.records"
    label = "records"

    def ready(self) -> None:
        post_migrate.connect(install_triggers, sender=self)


def install_triggers(using: str, **_: Any) -> None:
    # SQLite drops a table's triggers whenever a migration rebuilds the table, so they are laid
    # again after every migrate, not only in the migration that first made them.
    from openmeso.records import triggers

    triggers.install(connections[using])
