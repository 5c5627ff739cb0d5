"""The review application's shards without Ray: the same shells over journals in memory, in the test's own loop."""

import asyncio
from pathlib import Path
from typing import Any

from hitl.access import AccessMachine
from hitl.adapters.ray.open_statuses import is_final
from hitl.approval import ApprovalMachine
from hitl.approval.rules_file import load_rules
from hitl.errors import Recovering
from hitl.journal.memory import MemoryJournal
from hitl.learning.journalled import LearningMachine
from hitl.machine import Envelope
from hitl.machine.shard import Shard
from hitl.machine.shards import ACCESS, APPROVAL, LEARNING, WORKFLOW, review_shards
from hitl.review import FindLease, ReviewMachine
from hitl.tasks import TaskSpec
from hitl.workflow import WorkflowMachine
from hitl.workflow.voters import voters_of

DAY_S = 86_400.0
RULES = load_rules(Path("configs/approvals.yaml"))


class InProcessShards:
    """hitl.machine.shards.Shards; ``away`` names shards that answer as if they were recovering."""

    def __init__(self, tasks: dict[str, TaskSpec], partitions: int) -> None:
        self.shards: dict[str, Shard[Any]] = {
            name: Shard(ReviewMachine(tasks, DAY_S), MemoryJournal(name)) for name in review_shards(partitions)
        }
        self.shards[APPROVAL] = Shard(ApprovalMachine(RULES), MemoryJournal(APPROVAL))
        self.shards[WORKFLOW] = Shard(WorkflowMachine(voters_of(RULES)), MemoryJournal(WORKFLOW))
        self.shards[LEARNING] = Shard(LearningMachine(), MemoryJournal(LEARNING))
        self.shards[ACCESS] = Shard(AccessMachine(), MemoryJournal(ACCESS))
        self.journals = {name: shard._writer.journal for name, shard in self.shards.items()}
        self.away: set[str] = set()
        self._lives: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._lives = [asyncio.create_task(shard.run()) for shard in self.shards.values()]
        while any(shard.phase != "serving" for shard in self.shards.values()):  # noqa: ASYNC110 - a few turns of the loop
            await asyncio.sleep(0)

    async def stop(self) -> None:
        for life in self._lives:
            life.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)

    async def submit(self, shard: str, envelope: Envelope) -> dict[str, Any]:
        return await self._at(shard).submit(envelope)

    async def ask(self, shard: str, question: Any) -> dict[str, Any]:
        return await self._at(shard).ask(question)

    async def wait(self, shard: str, topic: str, question: Any, timeout_s: float) -> dict[str, Any]:
        return await self._at(shard).wait(topic, question, is_final, timeout_s)

    async def heartbeat(self, shard: str, review_id: str, lease: int, reviewer: str) -> dict[str, Any]:
        held = await self._at(shard).ask(FindLease(review_id, lease, reviewer))
        self._at(shard).extend(held.alarm, held.lease_s)
        return {"review_id": review_id, "lease": lease, "lease_s": held.lease_s}

    async def status(self, shard: str) -> dict[str, Any]:
        found = self._at(shard)
        return {"shard": shard, "phase": found.phase, "epoch": found.epoch, "seq": found.seq, "hash": found.head}

    async def plain(self, shard: str) -> dict[str, Any]:
        return await self._at(shard).plain()

    def _at(self, shard: str) -> Shard[Any]:
        if shard in self.away:
            raise Recovering(shard)
        return self.shards[shard]
