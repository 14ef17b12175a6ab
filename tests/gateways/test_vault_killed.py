"""A writer killed at any moment: every file it had acknowledged is whole, and none is half there."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from openmeso.gateways import vault
from openmeso.gateways.vault_folder import VaultFolder

ROOT = Path(__file__).parents[2]
WRITER = """
import sys, uuid
from pathlib import Path
from openmeso.gateways import vault
from openmeso.gateways.vault_folder import VaultFolder

folder = VaultFolder(Path(sys.argv[1]), vault.key_ring([sys.argv[2]]))
while True:
    file_id = uuid.uuid4()
    sealed = folder.put(file_id, file_id.bytes * 20_000)
    print(file_id, sealed.digest, flush=True)
"""


@pytest.mark.slow
def test_what_was_acknowledged_is_whole_after_kill_9(tmp_path):
    key = vault.new_key()
    chance = random.Random(20261125)  # noqa: S311 (moments to kill at, not secrets)
    acknowledged: dict[UUID, str] = {}
    for _ in range(8):
        writer = subprocess.Popen(  # noqa: S603 (this interpreter, our own words)
            [sys.executable, "-c", WRITER, tmp_path, key],
            env={"PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        first = writer.stdout.readline() if writer.stdout else ""
        time.sleep(chance.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        for line in (first + rest).splitlines(keepends=True):
            if line.endswith("\n"):
                file_id, digest = line.split()
                acknowledged[UUID(file_id)] = digest
    folder = VaultFolder(tmp_path, vault.key_ring([key]))
    assert len(acknowledged) >= 8
    for file_id, digest in acknowledged.items():
        assert folder.get(file_id, digest) == file_id.bytes * 20_000
    for file_id in folder.ids():  # written and not acknowledged: whole as well
        assert (
            vault.unseal(folder.path(file_id).read_bytes(), file_id=file_id, keys=folder.keys)[0]
            == file_id.bytes * 20_000
        )
