"""Django settings for the commands that need the database."""

import os


def ready() -> None:
    """Settle Django once, with OpenMeso's own settings unless others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmeso.config.settings")
    import django

    django.setup()
