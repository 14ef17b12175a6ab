"""Words: lets gettext and templates work where Django has not been set up (the command line)."""

import os

from django.conf import settings


def words_ready() -> None:
    """Speak English where nobody chose a language, instead of asking for settings.

    With ``DJANGO_SETTINGS_MODULE`` in the environment the settings are the web's own, and are
    left to load themselves.
    """
    if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        settings.configure(USE_I18N=False)
