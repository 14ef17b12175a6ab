"""Every fenced Python and console example in the documentation runs and says what it shows."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from openmeso.cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(?P<kind>python|console)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(kind: str) -> list[tuple[str, str]]:
    """(page, body) of every fenced block of a kind that shows a prompt."""
    prompt = ">>> " if kind == "python" else "$ openmeso"
    return [
        (f"{page.relative_to(ROOT)}:{page.read_text()[: found.start()].count(chr(10)) + 1}", body)
        for page in PAGES
        for found in FENCE.finditer(page.read_text())
        if found["kind"] == kind and prompt in (body := found["body"])
    ]


@pytest.mark.parametrize(("place", "body"), examples("python"), ids=lambda value: value[:60])
def test_python_example(place: str, body: str) -> None:
    test = doctest.DocTestParser().get_doctest(body, {}, place, place, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    said: list[str] = []
    runner.run(test, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


@pytest.mark.parametrize(("place", "body"), examples("console"), ids=lambda value: value[:60])
def test_console_example(
    place: str, body: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines after ``$ openmeso …`` must stand in the output; ``...`` stands for any lines."""
    monkeypatch.chdir(ROOT)
    for call in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, expected = call.partition("\n")
        words = shlex.split(command)
        if words[0] != "openmeso":
            continue
        code = main(words[1:])
        assert code in (0, 1), f"{place}: {command} ended with {code}"
        said = capsys.readouterr().out
        for line in filter(None, map(str.strip, expected.splitlines())):
            assert line == "..." or line in said, f"{place}: {line!r} is not in the output"
