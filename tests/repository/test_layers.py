"""The rooms stay in their order."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_data_flows_one_way():
    lint = Path(sys.executable).parent / "lint-imports"
    ran = subprocess.run(  # noqa: S603 (the project's own tool)
        [lint, "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout


def test_knowledge_holds_no_code():
    assert not list((ROOT / "src/openmeso/knowledge").rglob("*.py"))


def test_there_is_no_catch_all_room():
    rooms = {path.stem for path in (ROOT / "src").rglob("*.py")} | {
        path.name for path in (ROOT / "src").rglob("*") if path.is_dir()
    }
    assert not rooms & {"utils", "util", "helpers", "common", "misc", "extras", "lib"}
    assert not [room for room in rooms if room.endswith(("_v2", "_old", "_new", "_utils"))]
