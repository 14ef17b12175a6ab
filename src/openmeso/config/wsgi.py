"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmeso.config.settings")
# Products here are small, and workers are many: a thread of OpenBLAS would mostly be waited for.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
application = get_wsgi_application()

# every page is imported before anybody asks, not while the first who does is waiting
import openmeso.config.urls  # noqa: E402, F401 (it reads the settings)
from openmeso.config import warm  # noqa: E402 (it reads the settings)

warm.start()
