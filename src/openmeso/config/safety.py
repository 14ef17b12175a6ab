"""What makes a deployment safe enough to start."""

from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "testserver")
LEAST_KEY_LENGTH = 50


def is_local(hosts: Sequence[str]) -> bool:
    """Whether only this machine can ask for pages."""
    return all(host in LOCAL_HOSTS for host in hosts)


def refuse_unsafe(*, debug: bool, secret_key: str, hosts: Sequence[str]) -> None:
    """Raise ImproperlyConfigured, saying what to set, unless the settings are safe to serve."""
    if is_local(hosts):
        return
    if debug:
        raise ImproperlyConfigured(
            f"DEBUG shows patient data to whoever meets an error, and ALLOWED_HOSTS ({', '.join(hosts)}) "
            "reaches beyond this machine. Unset DEBUG, or leave ALLOWED_HOSTS at its default."
        )
    if len(secret_key) < LEAST_KEY_LENGTH:
        raise ImproperlyConfigured(
            f"ALLOWED_HOSTS reaches beyond this machine, so SECRET_KEY needs at least {LEAST_KEY_LENGTH} "
            'characters. Make one: python -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
    if "*" in hosts:
        raise ImproperlyConfigured("Name the hosts in ALLOWED_HOSTS; * lets any name in.")
