"""What every file keeps to."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 400
TEXT = (".py", ".html", ".css", ".js", ".toml", ".md")
GENERATED = ("/migrations/", "/vendor/")


def tracked() -> list[Path]:
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


FILES = tracked()
CODE = [
    path
    for path in FILES
    if path.suffix in {".py", ".html", ".css", ".js"}
    and not any(part in path.as_posix() for part in GENERATED)
]


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_runs_away(path):
    assert len(path.read_text().splitlines()) <= LONGEST


def test_no_page_loads_from_another_server():
    foreign = re.compile(r"""(?:src|href)\s*=\s*["']https?://[^"']+\.(?:js|css|woff2?)""")
    pages = [path for path in FILES if path.suffix == ".html"]
    assert not [path for path in pages if foreign.search(path.read_text())]


def test_no_script_stands_in_a_page():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\son\w+\s*=\s*[\"']"
    )
    pages = [path for path in FILES if path.suffix == ".html"]
    assert not [path for path in pages if inline.search(path.read_text())]


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"]
)
def test_a_lock_names_no_registry_and_hashes_everything(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"--(extra-)?index-url|--find-links|https?://", text)
    pinned = re.findall(r"^[a-z0-9._-]+==", text, re.MULTILINE | re.IGNORECASE)
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE | re.IGNORECASE)[1:]
    assert len(pinned) == len(blocks)
    assert all("--hash=sha256:" in block for block in blocks)


def test_every_dependency_says_what_it_is_for():
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(r'^  "[a-z][^"]*",?(.*)$', text, re.MULTILINE)
    versions = [rest for rest in listed if rest.strip()]
    assert len(versions) > 20
    for line in text.splitlines():
        if re.match(r'^  "[a-z0-9-]+(\[[a-z]+\])?(>=|==)', line):
            assert "#" in line, line


def test_scripts_can_be_run():
    for path in (ROOT / "scripts").iterdir():
        assert path.stat().st_mode & 0o111, path.name
        assert path.read_text().startswith("#!"), path.name
