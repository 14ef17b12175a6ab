"""Where the keys of the encrypted files come from."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from openmeso.config.safety import file_keys
from openmeso.gateways.vault import new_key


def keys(tmp_path: Path, *, written=(), key_file: str = "", local: bool = True) -> list[str]:
    made = tmp_path / "var" / "file.keys"
    return file_keys(written=list(written), key_file=key_file, local_file=made, local=local)


def test_on_one_machine_a_key_is_made_once_for_its_owner_alone(tmp_path):
    made = keys(tmp_path)
    assert made == keys(tmp_path)
    path = tmp_path / "var" / "file.keys"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["file.keys"]


def test_beyond_it_the_server_does_not_start_without(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="openmeso files new-key"):
        keys(tmp_path, local=False)
    assert not (tmp_path / "var").exists()


def test_they_are_read_from_the_environment_or_a_file(tmp_path):
    one, two = new_key(), new_key()
    assert keys(tmp_path, written=[one, two], local=False) == [one, two]
    path = tmp_path / "keys"
    path.write_text(f"# current first\n{two}\n\n{one}\n")
    assert keys(tmp_path, key_file=str(path), local=False) == [two, one]


@pytest.mark.parametrize("bad", ["secret-but-short", "é"])
def test_a_bad_key_is_refused_and_not_quoted(tmp_path, bad):
    with pytest.raises(ImproperlyConfigured) as error:
        keys(tmp_path, written=[new_key(), bad])
    assert bad not in str(error.value)
    assert "key 2" in str(error.value)


def test_a_key_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        keys(tmp_path, key_file=str(tmp_path / "nowhere"), local=False)
