"""A server that reaches beyond this machine does not start unsafe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from openmeso.config.safety import LOCAL_HOSTS, is_local, refuse_unsafe
from openmeso.gateways.vault import new_key

KEY = "k" * 50
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"debug": True, "secret_key": KEY, "hosts": ["meso.example"]}, "DEBUG"),
        ({"debug": False, "secret_key": "", "hosts": ["meso.example"]}, "SECRET_KEY"),
        ({"debug": False, "secret_key": "k" * 49, "hosts": ["meso.example"]}, "SECRET_KEY"),
        ({"debug": False, "secret_key": KEY, "hosts": ["*"]}, "ALLOWED_HOSTS"),
        ({"debug": True, "secret_key": "", "hosts": ["localhost", "meso.example"]}, "DEBUG"),
    ],
)
def test_it_refuses_and_says_what_to_set(values, says):
    with pytest.raises(ImproperlyConfigured, match=says):
        refuse_unsafe(**values)


def test_it_starts_when_safe():
    refuse_unsafe(debug=False, secret_key=KEY, hosts=["meso.example"])
    refuse_unsafe(debug=True, secret_key="", hosts=list(LOCAL_HOSTS))
    assert is_local(LOCAL_HOSTS)
    assert not is_local(["127.0.0.1", "meso.example"])


def settings_of(tmp_path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (this interpreter, our own words)
        [sys.executable, "-c", f"import openmeso.config.settings as s; {code}"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"),
             "VAR_DIR": str(tmp_path), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_real_server_uses_https_only(tmp_path):
    code = (
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS > 0, s.DEBUG, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"
    )
    ran = settings_of(
        tmp_path, code, ALLOWED_HOSTS="meso.example", SECRET_KEY=KEY, FILE_KEYS=new_key()
    )
    assert ran.stdout.split() == ["True", "True", "True", "True", "False", "False"]


def test_a_real_server_without_a_key_does_not_start(tmp_path):
    ran = settings_of(tmp_path, "pass", ALLOWED_HOSTS="meso.example")
    assert ran.returncode != 0
    assert "ImproperlyConfigured" in ran.stderr


def test_nor_without_keys_for_its_files(tmp_path):
    ran = settings_of(tmp_path, "pass", ALLOWED_HOSTS="meso.example", SECRET_KEY=KEY)
    assert ran.returncode != 0
    assert "FILE_KEYS" in ran.stderr


def test_sqlite_is_set_to_lose_nothing(tmp_path):
    code = "print(s.DATABASES['default']['OPTIONS'])"
    said = settings_of(tmp_path, code).stdout
    for word in ("IMMEDIATE", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert word in said


def test_other_accounts_of_the_machine_cannot_look_in(tmp_path):
    folder = tmp_path / "var"
    assert settings_of(folder, "pass").returncode == 0
    assert folder.stat().st_mode & 0o077 == 0
