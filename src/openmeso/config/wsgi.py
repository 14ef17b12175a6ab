"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmeso.config.settings")
application = get_wsgi_application()

from openmeso.config import warm  # noqa: E402 (it reads the settings)

warm.start()
