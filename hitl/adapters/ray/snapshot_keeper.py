"""Write a shard's anchor every second, start snapshots when they are due, and report failures of both."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from subprocess import PIPE
from typing import Any

import structlog
from ray.util.metrics import Counter

from hitl.adapters.files.archive import AnchorFile, SnapshotFiles
from hitl.adapters.files.signers import SignerFiles, open_signer
from hitl.adapters.ray.shard_spec import Retention, ShardSpec
from hitl.adapters.valkey.snapshotting import Made, SnapshotPlan
from hitl.errors import SnapshotDamaged, StoreUnavailable
from hitl.journal.signed import Signatures
from hitl.machine import Past, Phase, Shard

ANCHOR_EVERY_S = 1.0
LOOK_EVERY_S = 2.0
WITHIN_S = 900.0
"""A snapshot that takes longer is given up; the next look starts another."""

log = structlog.get_logger("hitl.shard")


class SnapshotKeeper:
    """``troubles`` are the last words of what failed, empty while all is well."""

    def __init__(self, spec: ShardSpec, keeping: Retention, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._keeping, self._shard, self._monotonic = keeping, spec.shard, monotonic
        self._plan = SnapshotPlan(spec.shard, spec.machine_name, spec.redis_url, keeping.archive_uri)
        self._files, self._anchor = SnapshotFiles(keeping.archive_uri, spec.shard), AnchorFile(keeping.archive_uri, spec.shard)
        self._proof = Signatures(SignerFiles(keeping.archive_uri, spec.shard), open_signer(spec.signing_key_file))
        self._damaged = Counter("hitl_snapshots_damaged", "Snapshots that did not open.", ("shard",))
        self._failed = Counter("hitl_snapshots_failed", "Snapshots that could not be made.", ("shard",))
        self._last = (0, monotonic())
        self._noted = 0
        self.troubles: dict[str, str] = {}

    @property
    def past(self) -> Past:
        return Past(self._files, self._anchor, self._complain, self._proof)

    async def run(self, shard: Shard[Any]) -> None:
        """Run until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._note(shard))
            both.create_task(self._keep(shard))

    async def _note(self, shard: Shard[Any]) -> None:
        while True:
            seq, head = shard.seq, shard.head
            if shard.phase is Phase.SERVING and seq != self._noted:
                self._noted = seq if await self._try("anchor", self._anchor.write(seq, head)) else self._noted
            await asyncio.sleep(ANCHOR_EVERY_S)

    async def _try(self, what: str, writing: Any) -> bool:
        try:
            await writing
        except StoreUnavailable as error:
            self._say(what, str(error))
            return False
        self.troubles.pop(what, None)
        return True

    async def _keep(self, shard: Shard[Any]) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if shard.phase is Phase.SERVING and self._is_due(shard.seq):
                await self._make(shard.seq)

    def _is_due(self, seq: int) -> bool:
        new, waited_s = seq - self._last[0], self._monotonic() - self._last[1]
        return new >= self._keeping.every_entries or (new > 0 and waited_s >= self._keeping.every_s)

    async def _make(self, seq: int) -> None:
        """In a process of its own. A failure is told, and tried again when the next one is due."""
        started = self._monotonic()
        status, out, err = await run_aside(self._plan)
        self._last = (seq, self._monotonic())
        if status != 0:
            self._failed.inc(1, {"shard": self._shard})
            self._say("snapshot", err.strip().splitlines()[-1][:500] if err.strip() else f"ended with {status}")
            return
        made = Made(**json.loads(out))
        self.troubles.pop("snapshot", None)
        for seq in made.damaged:
            self._complain(SnapshotDamaged(self._shard, seq, "it was replaced"))
        log.info("snapshot", shard=self._shard, **asdict(made), seconds=round(self._monotonic() - started, 2))

    def _complain(self, damage: SnapshotDamaged) -> None:
        self._damaged.inc(1, {"shard": self._shard})
        self._say("damage", str(damage))

    def _say(self, what: str, why: str) -> None:
        self.troubles[what] = why
        log.error("the past is not kept as it should be", shard=self._shard, what=what, why=why)


async def run_aside(plan: SnapshotPlan) -> tuple[int, str, str]:
    """Status, output and errors of one run; killed when nobody waits for it any more. Not asyncio's own subprocesses: not
    every event loop that an actor may run in can watch them outside the main thread."""
    child = await asyncio.to_thread(_start)
    try:
        out, err = await asyncio.to_thread(child.communicate, json.dumps(asdict(plan)), WITHIN_S)
    except subprocess.TimeoutExpired:
        return -1, "", f"not made within {WITHIN_S:.0f} s"
    finally:
        child.kill()
    return child.returncode, out, err


def _start() -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    argv = [sys.executable, "-m", "hitl.adapters.valkey.snapshotting"]
    return subprocess.Popen(argv, env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True)
