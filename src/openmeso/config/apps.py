from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Where the rooms are joined: commands of the server, and sign-ins led to the audit trail."""

    name = "openmeso.config"
    label = "config"

    def ready(self) -> None:
        from openmeso.config import sign_in

        sign_in.connect()
