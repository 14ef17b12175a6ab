"""Sealed files on the disk: whole or not there."""

import os
import stat
import uuid

import pytest

from openmeso.gateways import vault
from openmeso.gateways.vault import VaultError
from openmeso.gateways.vault_folder import VaultFolder

FILE = uuid.uuid4()


@pytest.fixture
def folder(tmp_path):
    return VaultFolder(tmp_path / "files", vault.key_ring([vault.new_key()]))


def test_what_is_put_can_be_got(folder):
    sealed = folder.put(FILE, b"contents")
    assert folder.get(FILE, sealed.digest) == b"contents"
    assert list(folder.ids()) == [FILE]
    assert folder.key_id(FILE) == sealed.key_id
    assert b"contents" not in folder.path(FILE).read_bytes()


def test_other_accounts_may_not_even_look(folder):
    folder.put(FILE, b"contents")
    path = folder.path(FILE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for above in (path.parent, folder.folder):
        assert stat.S_IMODE(above.stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_nothing(folder, monkeypatch):
    def broken(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="no space"):
        folder.put(FILE, b"contents")
    assert [path for path in folder.folder.rglob("*") if path.is_file()] == []


def test_contents_sealed_anew_under_the_same_id_are_noticed(folder):
    """Who holds folder and keys, but not the database, cannot put another picture in its place."""
    before = folder.put(FILE, b"contents")
    folder.put(FILE, b"forged")
    with pytest.raises(VaultError, match="not those that were recorded"):
        folder.get(FILE, before.digest)


def test_a_missing_file_is_said(folder):
    with pytest.raises(VaultError, match="not in its folder"):
        folder.get(FILE, "")


def test_rewrapping_keeps_the_contents(folder, tmp_path):
    sealed = folder.put(FILE, b"contents")
    new = vault.key_ring([vault.new_key()])
    both = VaultFolder(folder.folder, vault.KeyRing((*new.keys, *folder.keys.keys)))
    assert both.rewrap(FILE) == new.current.id
    assert VaultFolder(folder.folder, new).get(FILE, sealed.digest) == b"contents"
