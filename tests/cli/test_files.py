"""`openmeso files`."""

import pytest

from openmeso.cli.main import main
from openmeso.gateways import vault
from openmeso.terms.file import FileKind

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def kept(practitioner, patient):
    from openmeso.services import file as files

    return files.keep(
        by=practitioner, patient=patient, content=b"x", media_type="a/b", kind=FileKind.PHOTO
    )


def test_a_new_key_is_a_key(capsys: Captured) -> None:
    assert main(["files", "new-key"]) == 0
    assert vault.key_ring([capsys.readouterr().out]).current


def test_whole_files_are_counted(kept, capsys: Captured) -> None:
    assert main(["files", "check"]) == 0
    assert "1 of 1 files open." in capsys.readouterr().out


def test_a_lost_file_and_litter_are_told(kept, capsys: Captured) -> None:
    from openmeso.services import file as files

    path = files.vault().path(kept.pk)
    litter = path.with_name(path.name.replace(str(kept.pk)[-4:], "0000"))
    path.rename(litter)
    assert main(["files", "check"]) == 1
    said = capsys.readouterr().out
    assert f"{kept.pk}: the sealed file is not in its folder" in said
    assert str(litter) in said


def test_rotation_is_counted_and_repeats_harmlessly(kept, settings, capsys: Captured) -> None:
    settings.FILE_KEYS = [vault.new_key(), *settings.FILE_KEYS]
    for done in (1, 0):
        assert main(["files", "rotate"]) == 0
        assert f"{done} files wrapped" in capsys.readouterr().out


def test_rotation_without_the_earlier_key_stops(kept, settings, capsys: Captured) -> None:
    settings.FILE_KEYS = [vault.new_key()]
    assert main(["files", "rotate"]) == 1
    assert "not among FILE_KEYS" in capsys.readouterr().err
