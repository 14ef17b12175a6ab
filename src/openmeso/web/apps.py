"""The face of OpenMeso in a browser."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "openmeso.web"
    label = "web"
