"""The row about what a candidate's file may be: every one is refused, its code never runs, and what serves goes on."""

import asyncio
import io
import pickle
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hitl.adapters.files.artifacts import ArtifactStore
from tests.faults.clients import Clients
from tests.faults.harm import Harm
from tests.faults.rows_promotion import DAY_S, becomes, request, vote
from tests.faults.world import World

REFUSED_WITHIN_S = 60.0
UNFOLDED = 257 * 1024 * 1024
GOOD = bytes(range(256)) * 16


class Payload:
    """What a pickle of it does when it is opened: it writes ``file``."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __reduce__(self) -> tuple[Callable[..., int], tuple[Path, str]]:
        return Path.write_text, (self._file, "run")


async def corrupt_artifacts(world: World, clients: Clients) -> None:
    """A flipped bit, a missing end, another file under the name, a pickle, a file that unfolds to more than fits."""
    canary = world.folder / "canary"
    digests = await asyncio.to_thread(_laid_down, world.folder / "artifacts", canary, clients.digest().encode())
    approvals = []
    for digest in digests:
        approval, _ = await request(clients, time.time() + DAY_S, digest)
        approvals.append(approval)
        for voter in ("ann", "bob"):
            assert "ok" in await vote(clients, approval, voter, digest)
    for approval in approvals:
        assert await becomes(clients, approval, "failed", REFUSED_WITHIN_S), approval
    answer = await clients.until_answered("case", features=[0.98, 0.01, 0.01], key=clients.key())
    assert answer["ok"]["status"] in (200, 202)
    assert answer["ok"]["body"]["model_version"] not in digests
    assert not await asyncio.to_thread(canary.exists), "the payload was run"


def _laid_down(folder: Path, canary: Path, salt: bytes) -> list[str]:
    """The digests of files that are not what they should be; ``salt`` makes them new ones."""
    store = ArtifactStore(str(folder))
    spoiled = [store.put(GOOD + salt + bytes([number])) for number in range(3)]
    for digest, spoil in zip(spoiled, (_flipped, _torn, _other), strict=True):
        file = folder / digest[:2] / digest
        file.write_bytes(spoil(file.read_bytes()))
    return [*spoiled, store.put(pickle.dumps((Payload(canary), salt))), store.put(_bomb() + salt)]


def _flipped(data: bytes) -> bytes:
    return data[:100] + bytes([data[100] ^ 4]) + data[101:]


def _torn(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _other(data: bytes) -> bytes:
    return b"another file"


@cache
def _bomb() -> bytes:
    """A zip of a few hundred kilobytes, as skops writes them, that would take UNFOLDED bytes of memory."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("schema.json", "{}")
        file.writestr("zeros.npy", bytes(UNFOLDED))
    return made.getvalue()


ROWS: dict[str, Harm] = {"32 the file of a candidate is not what it should be": corrupt_artifacts}
