"""The row about candidates whose files load and that are bad all the same: the gate refuses them in words. One that fails only
once it serves sends its cases to people."""

import asyncio
import time
from pathlib import Path
from typing import Any

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.routing.route import UNUSABLE
from tests.faults.bad_models import bad_imports, bad_models, failing_later
from tests.faults.clients import Clients
from tests.faults.harm import Harm
from tests.faults.rows_promotion import DAY_S, request, vote
from tests.faults.world import World

Refused = tuple[str, str]
"""A digest, and words of its refusal."""

SETTLED_WITHIN_S, TAKEN_UP_WITHIN_S = 90.0, 10.0
CASES = ([0.98, 0.01, 0.01], [0.5, 0.3, 0.2], [0.01, 0.01, 0.98])


async def bad_candidates(world: World, clients: Clients) -> None:
    """Nobody else moves what serves meanwhile: what is refused is refused by the gate, and what served serves on. Of the imported
    ones, whose trials take seconds, one a turn."""
    folder = world.folder / "artifacts"
    async with clients.promoting:
        await _nothing_waits(clients)
        later = await asyncio.to_thread(ArtifactStore(str(folder)).put, failing_later(clients.digest()))
        await _deployed_and_failing(clients, later)
        served = await _deployed(clients, clients.digest())
        own, imported = await asyncio.to_thread(_laid_down, folder, clients.digest())
        for digest, words in [*own, clients.shuffled(imported)[0]]:
            status, reason = await _settled(clients, digest)
            assert (status, words in reason) == ("failed", True), f"expected a refusal with {words!r}: {status}, {reason}"
            assert (await _case(clients, CASES[0]))["model_version"] == served, reason


async def _deployed_and_failing(clients: Clients, digest: str) -> None:
    """The model passes the gate and answers no case: each goes to people, and none is lost."""
    status, reason = await _settled(clients, digest)
    assert status == "deployed", reason
    await _until_answered_by(clients, None)
    for features in CASES:
        body = await _case(clients, features)
        assert (body["route"]["reason"], body["route"]["action"]) == (UNUSABLE.reason, UNUSABLE.action), body


async def _deployed(clients: Clients, digest: str) -> str:
    """Return ``digest``, a made-up one, once it answers."""
    status, reason = await _settled(clients, digest)
    assert status == "deployed", reason
    await _until_answered_by(clients, digest)
    return digest


async def _nothing_waits(clients: Clients) -> None:
    """Return once no approved model of before may still take over."""
    approved: dict[str, Any] = {"op": "question", "shard": "approval", "name": "Approvals", "fields": {"status": "approved"}}
    async with asyncio.timeout(SETTLED_WITHIN_S):
        while (await clients.until_answered(**approved))["ok"]["approvals"]:  # noqa: ASYNC110 - only asked
            await asyncio.sleep(0.05)


async def _settled(clients: Clients, digest: str) -> tuple[str, str]:
    """What became of an approval of ``digest`` by two people, and why."""
    clients.told.approved.add(digest)
    approval, _ = await request(clients, time.time() + DAY_S, digest)
    for voter in ("ann", "bob"):
        assert "ok" in await vote(clients, approval, voter, digest)
    async with asyncio.timeout(SETTLED_WITHIN_S):
        while (found := await _approval(clients, approval))["status"] in ("pending", "approved"):  # noqa: ASYNC110 - only asked
            await asyncio.sleep(0.05)
    return found["status"], str(found["closing_reason"])


async def _approval(clients: Clients, approval: str) -> dict[str, Any]:
    answer = await clients.until_answered("question", shard="approval", name="ApprovalOf", fields={"approval_id": approval})
    return dict(answer["ok"]["approval"])


async def _until_answered_by(clients: Clients, model: str | None) -> None:
    """Return once the gateway has taken up what serves."""
    async with asyncio.timeout(TAKEN_UP_WITHIN_S):
        while (await _case(clients, CASES[0]))["model_version"] != model:  # noqa: ASYNC110 - only asked
            await asyncio.sleep(0.05)


async def _case(clients: Clients, features: list[float]) -> dict[str, Any]:
    """The answer to a new case."""
    key = clients.key()
    answer = (await clients.until_answered("case", features=features, key=key))["ok"]
    assert answer["status"] in (200, 202), answer
    clients.told.cases[key] = (answer["body"]["case_id"], answer["status"])
    clients.told.served |= {answer["body"]["model_version"]} - {None}
    return dict(answer["body"])


def _laid_down(folder: Path, salt: str) -> tuple[list[Refused], list[Refused]]:
    """Bad models in ``folder``: of our own families, and imported ones."""
    store = ArtifactStore(str(folder))
    own, imported = ([(store.put(data), words) for data, words in made(salt)] for made in (bad_models, bad_imports))
    return own, imported


ROWS: dict[str, Harm] = {"33 a candidate that loads and is bad": bad_candidates}
