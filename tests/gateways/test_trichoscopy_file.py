"""Files of pictures: whatever their bytes are, one answer each, and never an exception."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmeso.gateways.trichoscopy_file import (
    Reading,
    overlay_paths,
    picture_files,
    read_file,
    read_files,
)
from openmeso.terms.trichoscopy import Scale
from tests.gateways.example_picture import gradient, saved

SOUND = {
    form: saved(gradient(96, 64), form) for form in ("JPEG", "PNG", "WEBP", "TIFF")
}  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    form=st.sampled_from(sorted(SOUND)),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    kept=st.floats(0.05, 1.0),
    um=st.one_of(st.none(), st.floats(0.2, 100.0)),
)
def test_spoilt_pictures_end_in_a_field_or_in_words(
    tmp_path: Path, form: str, changes: list[tuple[float, int]], kept: float, um: float | None
) -> None:
    content = bytearray(SOUND[form][: int(kept * len(SOUND[form]))])
    for at, value in changes:
        content[int(at * len(content))] = value
    file = tmp_path / "picture"
    file.write_bytes(content)
    found = read_file(Reading(None if um is None else Scale(um)), file, tmp_path / "drawn.png")
    assert (found.field is None) == bool(found.error)


def test_a_picture_whose_overlay_cannot_be_written_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(SOUND["PNG"])
    found = read_file(Reading(), file, tmp_path / "none" / "a.png")
    assert found.error.startswith("No such file or directory")
    assert found.error.endswith("none/a.png.")


def test_folders_are_searched_by_name_and_every_file_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.JPG", "1.png", "notes.txt", "b/.hidden"):
        (tmp_path / name).write_bytes(b"")
    found = picture_files([tmp_path, tmp_path / "1.png", tmp_path / "notes.txt"])
    assert [one.name for one in found] == ["1.png", "2.JPG", "notes.txt"]


def test_files_of_one_name_do_not_overwrite_each_other() -> None:
    paths = overlay_paths([Path("a/x.jpg"), Path("b/x.png"), Path("y.png")], Path("out"))
    assert [one.name for one in paths] == ["x.png", "x-2.png", "y.png"]


@pytest.mark.parametrize("workers", [None, 1])
def test_no_files_are_no_work(workers: int | None) -> None:
    assert list(read_files([], Reading(), [], workers)) == []
