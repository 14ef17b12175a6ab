"""A server starts only when it is safe and its database is up to date; then it answers."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from openmeso.gateways.vault import new_key

ROOT = Path(__file__).parents[2]
KEY = "k" * 64


def environment(var_dir: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "VAR_DIR": str(var_dir),
            **more}  # fmt: skip


def openmeso(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (this interpreter, our own words)
        [sys.executable, "-m", "openmeso.cli.main", *words],
        env=env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture
def port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def test_an_unsafe_server_does_not_start(tmp_path: Path) -> None:
    ran = openmeso(environment(tmp_path, ALLOWED_HOSTS="meso.example"), "serve")
    assert ran.returncode == 1
    assert "SECRET_KEY" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_database_that_lags_behind_is_not_served(tmp_path: Path) -> None:
    ran = openmeso(environment(tmp_path), "serve")
    assert ran.returncode == 1
    assert "Run `openmeso migrate` first" in ran.stderr


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[int]:
    env = environment(
        tmp_path,
        ALLOWED_HOSTS="meso.example",
        SECRET_KEY=KEY,
        BEHIND_PROXY="yes",
        FILE_KEYS=new_key(),
    )
    migrated = openmeso(env, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    process = subprocess.Popen(  # noqa: S603 (this interpreter, our own words)
        [sys.executable, "-m", "openmeso.cli.main", "serve", "--port", str(port), "--workers", "1"],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield port
    process.terminate()
    process.wait(timeout=20)


def ask(port: int, path: str) -> tuple[int, str]:
    headers = {"Host": "meso.example", "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, ""
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


@pytest.mark.slow
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.enable_socket
def test_a_safe_server_answers_with_its_own_styles(server: int) -> None:
    assert ask(server, "/healthz") == (200, "ok\n")
    status, page = ask(server, "/accounts/login/")
    assert status == 200
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert ask(server, sheet)[0] == 200
