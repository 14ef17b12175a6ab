"""`openmeso files`: keys and the state of the encrypted files."""

import argparse
import sys

from tqdm import tqdm

from openmeso.cli import django_settings
from openmeso.gateways.vault import VaultError, new_key

SHOWN = 20


def run(chosen: argparse.Namespace) -> int:
    """Do the deed that was named."""
    return {"new-key": _new_key, "check": _check, "rotate": _rotate}[chosen.deed]()


def _new_key() -> int:
    print(new_key())
    return 0


def _check() -> int:
    django_settings.ready()
    from openmeso.services import file as files

    found = files.check()
    print(f"{found.files - len(found.damaged)} of {found.files} files open.")
    for pk, reason in found.damaged[:SHOWN]:
        print(f"  {pk}: {reason}")
    if found.orphans:
        print(
            f"{len(found.orphans)} sealed files belong to no row: left by saves that were "
            "interrupted, or written since this check began."
        )
        for pk in found.orphans[:SHOWN]:
            print(f"  {files.vault().path(pk)}")
    return 0 if found.is_whole else 1


def _rotate() -> int:
    django_settings.ready()
    from openmeso.services import file as files

    left = files.sealed_earlier()
    done = 0
    try:
        for pk in tqdm(left, unit="file", disable=not left):
            files.rewrap(by=None, pk=pk)
            done += 1
    except VaultError as error:
        print(f"Stopped after {done} of {len(left)} files: {error}.", file=sys.stderr)
        return 1
    print(f"{done} files wrapped with the current key {files.vault().keys.current.id}.")
    return 0
