"""Clients that remember what they were told, and when they asked: cases, reviews, reads, votes."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.faults.linear import Op
from tests.faults.world import World

PEOPLE = ("ann", "bob", "cid")
LABELS = ("reject", "approve", "ask")
LEASE_S = 3600.0
PATIENCE_S = 90.0
PAUSE_S = 0.02
"""Of each client after a piece of work: the machine's cores are for what recovers."""

UNKNOWN: dict[str, Any] = {"unknown": True}


@dataclass
class Told:
    """``cases``: key -> (case id, status); ``answers``: review -> label; ``commands``: acknowledged command ids; ``approved``:
    digests that two people approved; ``errors``: answers that nobody should get; ``history`` is for the checker of
    orders, with what is ``under_way``."""

    cases: dict[str, tuple[str, int]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    commands: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    served: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    history: list[Op] = field(default_factory=list)
    under_way: set[Op] = field(default_factory=set)
    count: int = 0

    def now(self) -> "Told":
        """A copy that no client adds to."""
        copies = {name: getattr(self, name).copy() for name in ("cases", "answers", "commands", "approved", "served", "errors")}
        return replace(self, **copies, history=[*self.history, *self.under_way])

    @property
    def acknowledged(self) -> int:
        return len(self.cases) + len(self.commands)


class Clients:
    """Work beside each other until ``stop``; every call is repeated with its key until it is answered. ``promoting`` is held by
    whoever moves what serves."""

    def __init__(self, world: World, told: Told, rng: random.Random) -> None:
        self.world, self.told, self.stop = world, told, asyncio.Event()
        self.promoting = asyncio.Lock()
        self._rng, self._number, self._seen = rng, 0, list[str]()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(self._cases())
            for person in PEOPLE:
                group.create_task(self._review(person))
            group.create_task(self._read())
            group.create_task(self._promote())
            group.create_task(self._ask())

    def key(self) -> str:
        self._number += 1
        self.told.count += 1
        return f"k{self.told.count}-{self._rng.randrange(10**9)}"

    def shuffled(self, some: Sequence[Any]) -> list[Any]:
        return self._rng.sample(some, len(some))

    def digest(self) -> str:
        return f"{self._rng.getrandbits(256):064x}"

    async def until_answered(self, op: str, **fields: Any) -> dict[str, Any]:
        """The answer, asked for again and again with the same key; UNKNOWN once there is no time left or nobody asks."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and not self.stop.is_set():
            try:
                answer = await self.world.ask(op, **fields)
            except (OSError, TimeoutError, EOFError):
                await asyncio.sleep(0.02)
                continue
            self._judge(op, answer)
            if not answer.get("is_unavailable") and answer.get("ok", {}).get("status") != 503:
                return answer
            await asyncio.sleep(0.02)
        if not self.stop.is_set():
            self.told.errors.append(f"{op} was never answered")
        return UNKNOWN

    def _judge(self, op: str, answer: dict[str, Any]) -> None:
        """What our own code answers may be a 503 that says when to come again, and no other 5xx."""
        if "fault" in answer:
            self.told.errors.append(f"{op}: {answer['fault']}")
        said = answer.get("ok") if op == "case" else None
        if said and said["status"] >= 500 and not (said["status"] == 503 and said["retry_after"]):
            self.told.errors.append(f"{op} was answered {said['status']}, retry-after {said['retry_after']}")

    async def _cases(self) -> None:
        while not self.stop.is_set():
            key, sure = self.key(), self._rng.random() < 0.5
            features = [0.98, 0.01, 0.01] if sure else [0.5, 0.3, 0.2]
            answer = (await self.until_answered("case", features=features, key=key)).get("ok")
            if answer is None:
                continue
            if answer["status"] not in (200, 202):
                self.told.errors.append(f"a case was answered {answer['status']}")
                continue
            self.told.cases[key] = (answer["body"]["case_id"], answer["status"])
            self.told.served |= {answer["body"]["model_version"]} - {None}
            await asyncio.sleep(PAUSE_S)

    async def _review(self, person: str) -> None:
        queues = ("loans", "loans.expert")
        while not self.stop.is_set():
            await asyncio.sleep(PAUSE_S)
            held = await self.claim(person, queues[self._rng.random() < 0.3])
            if held:
                await self._answer(person, *held)

    async def claim(self, person: str, queue: str) -> tuple[str, int] | None:
        """A review and its lease, or None where none waits."""
        start = time.monotonic()
        claimed = await self.command("Claim", queue=queue, reviewer=person, lease_s=LEASE_S)
        reviews = claimed.get("ok", {}).get("reviews") or []
        if not reviews:
            return None
        review, lease = reviews[0]["review_id"], reviews[0]["lease"]["id"]
        self._seen.append(review)
        self.told.history.append(Op(review, "claim", lease, "", start, time.monotonic()))
        return review, lease

    async def _answer(self, person: str, review: str, lease: int) -> None:
        if self._rng.random() < 0.25:
            await self.release(person, review, lease)
            await asyncio.sleep(0.03)
            if self._rng.random() < 0.5:
                return
        await self.finish(person, review, lease)

    async def release(self, person: str, review: str, lease: int) -> None:
        await self._known("release", "Release", {"review_id": review, "lease": lease, "reviewer": person})

    async def finish(self, person: str, review: str, lease: int) -> dict[str, Any]:
        """Decide under ``lease``; the answer."""
        label = self._rng.choice(LABELS)
        fields: dict[str, Any] = {"review_id": review, "lease": lease, "reviewer": person, "label": label}
        answered = await self._known("decide", "Decide", fields)
        if "ok" in answered:
            self.told.answers[review] = label
        return answered

    async def _known(self, kind: str, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        """A command whose end goes into the history."""
        begun = Op(fields["review_id"], kind, fields["lease"], fields.get("label", ""), time.monotonic(), is_known=False)
        self.told.under_way.add(begun)
        answer = await self.command(name, **fields)
        if answer is not UNKNOWN:
            self.told.under_way.discard(begun)
            self.told.history.append(replace(begun, end=time.monotonic(), is_known=True, is_done="ok" in answer))
        return answer

    async def command(self, name: str, shard: str = "review-0", **fields: Any) -> dict[str, Any]:
        """The answer to a command under a key of its own, remembered where it was acknowledged."""
        key = self.key()
        answer = await self.until_answered("command", shard=shard, name=name, fields=fields, key=key)
        if "ok" in answer and name != "Claim":
            self.told.commands.add(key)
        return answer

    async def _read(self) -> None:
        """Looks at reviews that somebody has had in hand; only a committed state may be seen."""
        while not self.stop.is_set():
            await asyncio.sleep(PAUSE_S)
            if not self._seen:
                continue
            review, start = self._rng.choice(self._seen[-20:]), time.monotonic()
            try:
                answer = await self.world.ask("question", shard="review-0", name="ReviewOf", fields={"review_id": review})
            except (OSError, TimeoutError, EOFError):
                continue
            if "ok" in answer:
                found = answer["ok"]["review"]  # not its case: what a check that agrees says does not replace the model's outcome
                label = found["outcome"]["label"] if found["status"] == "decided" else ""
                self.told.history.append(Op(review, "read", 0, label, start, time.monotonic()))

    async def _promote(self) -> None:
        while not self.stop.is_set():
            await asyncio.sleep(0.3)
            async with self.promoting:
                await self._promote_one()

    async def _promote_one(self) -> None:
        digest = self.digest()
        asked = {"kind": "model_deployment", "task": "loans", "digest": digest, "title": "a model", "evidence": {}}
        more = {"requested_by": "trainer", "quorum": 2, "expires_at": time.time() + 86_400.0}
        approval = (await self.command("RequestApproval", "approval", **asked, **more)).get("ok", {}).get("approval_id")
        voters = ("ann", "bob") if self._rng.random() < 0.7 else ("ann",)
        if len(voters) == 2:
            self.told.approved.add(digest)
        for voter in voters if approval else ():
            fields = {"approval_id": approval, "voter": voter, "vote": "approve", "digest": digest}
            await self.command("Vote", "approval", **fields)

    async def _ask(self) -> None:
        """Approvals that are over in a moment, which leave memory for the archive; one that left is still found."""
        asked: list[str] = []
        while not self.stop.is_set():
            await asyncio.sleep(0.1)
            what = {"kind": "ai_decision", "task": "loans", "title": "may it", "requested_by": "agent"}
            approval = (await self.command("AskApproval", "approval", **what)).get("ok", {}).get("approval_id")
            if approval is None:
                continue
            await self.command("CancelApproval", "approval", approval_id=approval, by="agent", reason="not needed")
            asked.append(approval)
            seen = self._rng.choice(asked)
            found = await self.until_answered("question", shard="approval", name="ApprovalOf", fields={"approval_id": seen})
            if "error" in found:
                self.told.errors.append(f"approval {seen} was answered {found['error']}")
