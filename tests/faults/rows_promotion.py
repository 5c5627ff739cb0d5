"""Rows about what serves: crashes in every step of a promotion, forged pointers, old votes, changed clocks."""

import asyncio
import time
from typing import Any

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import connect
from hitl.identity import Role
from tests.faults.clients import Clients
from tests.faults.harm import Harm, until
from tests.faults.world import World

HOUR_S, DAY_S = 3600.0, 86_400.0
ERRORS_OF_PROMOTION = ("after_deploy", "before_publish")
LEAVER = "dan"
OVERTAKEN = "took over while this one waited"
POINTS_OF_PROMOTION = ("before_check", "before_deploy", "after_deploy", "before_publish", "after_publish")


def crash(point: str, how: str = "exit") -> Harm:
    """The process ends, or a step of it fails, at ``point``; the next one goes on from there."""

    async def harm(world: World, clients: Clients) -> None:
        before = world.hits
        await world.kill_node()
        await world.start_node(f"crash:{point}:{how}:1")
        if how == "exit":
            await world.gone()
        else:
            await until(lambda: world.listen() > before, f"{point} is passed", 60)
            world.harmed_at = time.monotonic()
        assert world.hits > before, f"{point} was not passed"
        if how == "exit":
            await world.start_node()

    return harm


async def forged_pointer(world: World, clients: Clients) -> None:
    """Somebody writes into the store what should serve: the journal did not decide it, so that it never does."""
    forged = b'{"generation":%d,"journal_seq":1,"versions":[["%s",1.0]]}'
    client = connect(world.store.url)
    try:
        before = await client.hget(names.serving(0), "loans")
        await client.hset(names.serving(0), "loans", forged % (10**6, b"f" * 64))
        await asyncio.sleep(1.0)
        await (client.hset(names.serving(0), "loans", before) if before else client.hdel(names.serving(0), "loans"))
    finally:
        await client.aclose()


async def old_approval(world: World, clients: Clients) -> None:
    """Votes that come again, late, and for other bytes deploy nothing."""
    found = (await clients.until_answered("question", shard="approval", name="Approvals", fields={"status": "deployed"}))["ok"]
    for approval in found["approvals"][:3]:
        for digest in (approval["digest"], "e" * 64):
            answer = await vote(clients, approval["approval_id"], "cid", digest)
            assert "error" in answer, answer


async def lost_role(world: World, clients: Clients) -> None:
    """Who is no approver any more when it takes effect has not voted: it fails, and says why. Asked for again where another
    client's later model took over first."""
    reason = OVERTAKEN
    while OVERTAKEN in reason:
        reason = await _reason_without_role(world, clients)
    assert LEAVER in reason, reason


async def _reason_without_role(world: World, clients: Clients) -> str:
    """Return why an approval failed of which one of two voters lost the role before it took effect."""
    await world.may(LEAVER, Role.APPROVER)
    approval, digest = await request(clients, time.time() + DAY_S)
    first = await vote(clients, approval, LEAVER, digest)
    assert "ok" in first, first
    await world.may(LEAVER, Role.REVIEWER)
    second = await vote(clients, approval, "ann", digest)
    assert "ok" in second, second
    while (status := await status_of(clients, approval)) in ("pending", "approved"):  # noqa: ASYNC110 - only asked
        await asyncio.sleep(0.05)
    assert status == "failed", status
    found = await clients.until_answered("question", shard="approval", name="ApprovalOf", fields={"approval_id": approval})
    return str(found["ok"]["approval"]["closing_reason"])


async def clock_jumps(world: World, clients: Clients) -> None:
    """An hour ahead, a day back, an hour back, and right again: a lease stays its holder's, and what has expired stays so."""
    approval, digest = await request(clients, time.time() + HOUR_S / 2)
    lease = await clients.claim("dan", "loans")
    await world.ask("jump", ahead_s=HOUR_S)
    assert await becomes(clients, approval, "expired")
    for ahead_s in (-DAY_S, -HOUR_S, 0.0):
        await world.ask("jump", ahead_s=ahead_s)
        assert "error" in await vote(clients, approval, "ann", digest)
        await asyncio.sleep(0.2)
    if lease:
        answer = await clients.finish("dan", *lease)
        assert "ok" in answer, answer


async def request(clients: Clients, expires_at: float, digest: str | None = None) -> tuple[str, str]:
    """The id and the digest of a new approval."""
    digest = digest or clients.digest()
    asked = {"kind": "model_deployment", "task": "loans", "digest": digest, "title": "a model", "evidence": {}}
    more = {"requested_by": "trainer", "quorum": 2, "expires_at": expires_at}
    answer = await clients.command("RequestApproval", "approval", **asked, **more)
    return answer["ok"]["approval_id"], digest


async def vote(clients: Clients, approval: str, voter: str, digest: str) -> dict[str, Any]:
    return await clients.command("Vote", "approval", approval_id=approval, voter=voter, vote="approve", digest=digest)


async def status_of(clients: Clients, approval: str) -> str:
    answer = await clients.until_answered("question", shard="approval", name="ApprovalOf", fields={"approval_id": approval})
    return str(answer["ok"]["approval"]["status"])


async def becomes(clients: Clients, approval: str, status: str, within_s: float = 15.0) -> bool:
    """Whether the approval has ``status`` before long."""
    end = time.monotonic() + within_s
    while await status_of(clients, approval) != status:
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.05)
    return True


ROWS: dict[str, Harm] = {
    "20 the clock jumps": clock_jumps,
    **{f"31 a crash in a promotion, {point}": crash(f"promotion.{point}") for point in POINTS_OF_PROMOTION},
    **{f"31 an error in a promotion, {point}": crash(f"promotion.{point}", "raise") for point in ERRORS_OF_PROMOTION},
    "31 what serves is forged": forged_pointer,
    "36 an old approval again": old_approval,
    "37 an approver is none any more": lost_role,
}
