"""What makes a deployment safe enough to start."""

import os
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from openmeso.gateways import vault

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


def refuse_unsafe_mail(*, local: bool, backend: str, sender: str) -> None:
    """Raise ImproperlyConfigured where mail to patients would end in the log, or come from nobody."""
    if local or backend.endswith((".dummy.EmailBackend", ".locmem.EmailBackend")):
        return
    if not backend.endswith(".smtp.EmailBackend"):
        raise ImproperlyConfigured(
            "EMAIL_URL names no mail server: what is written to patients would be printed or filed "
            "where others read it. Name one, as smtp+tls://user:password@host:587, or leave it out."
        )
    if "@" not in sender:
        raise ImproperlyConfigured(
            "EMAIL_URL is set, so EMAIL_FROM needs the clinic's address: without it mail servers "
            "take the message for spam. Such as EMAIL_FROM=clinic@meso.example"
        )


def file_keys(*, written: Sequence[str], key_file: str, local_file: Path, local: bool) -> list[str]:
    """The master keys of the encrypted files, the current one first.

    They come from FILE_KEYS or from the file that FILE_KEYS_FILE names. On one machine only, a key
    is made and kept beside the data; beyond it, ImproperlyConfigured says how to make one.
    """
    keys = list(written) or (_lines(Path(key_file)) if key_file else [])
    if not keys and local:
        keys = _lines(_made(local_file))
    try:
        vault.key_ring(keys)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"Photos, consents and documents are encrypted with the keys in FILE_KEYS (or the file "
            f"that FILE_KEYS_FILE names, one key a line), but {error}. Make one with: openmeso files "
            "new-key. Keep it away from the database and its backups; without it no file can be read."
        ) from None
    return keys


def _lines(path: Path) -> list[str]:
    try:
        written = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(f"The file of keys {path} cannot be read.") from None
    return vault.keys_in(written)


def _made(path: Path) -> Path:
    """The key file, made for its owner alone unless it is there; two starting at once make one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{vault.new_key()}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            pass  # another process was quicker: its key holds
        finally:
            part.unlink()
    return path
