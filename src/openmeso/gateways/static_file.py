"""The files that pages are made of: their text, and one name for the state of all of them."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage


@cache
def version() -> str:
    """Changes with every file: the hash of the manifest, or of the files where there is none."""
    made = getattr(staticfiles_storage, "manifest_hash", "")
    return str(made) or _hash_of_all()


def _hash_of_all() -> str:
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            with storage.open(name) as file:
                digest.update(name.encode() + b"\0" + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()[:16]


@cache
def text(name: str) -> str:
    """The text of a file of ours, as it was written."""
    found = finders.find(name)
    if found is None:
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
