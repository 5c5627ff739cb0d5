"""Rows about those who ask, and about who is told: requests again, other bodies, gone clients, a failing receiver."""

import asyncio
import contextlib
from collections import Counter

from serve_app.reconcilers.outbox import HOLD_S
from tests.faults.clients import Clients
from tests.faults.harm import Harm, replaced, until
from tests.faults.rows_promotion import crash
from tests.faults.world import World

SENT_BEFORE_SETTLED = crash("webhook.before_settled")


async def repeated(world: World, clients: Clients) -> None:
    """One key, many times at once, and again after a crash: one case, one answer."""
    key, features = clients.key(), [0.5, 0.3, 0.2]
    asked = [clients.until_answered("case", features=features, key=key) for _ in range(20)]
    answers = await asyncio.gather(*asked)
    await replaced(world)
    answers.append(await clients.until_answered("case", features=features, key=key))
    ids = {answer["ok"]["body"]["case_id"] for answer in answers}
    assert len(ids) == 1, ids
    clients.told.cases[key] = (ids.pop(), 202)


async def another_body(world: World, clients: Clients) -> None:
    key = clients.key()
    first = await clients.until_answered("case", features=[0.5, 0.3, 0.2], key=key)
    other = await clients.until_answered("case", features=[0.4, 0.3, 0.3], key=key)
    assert other["ok"]["status"] == 422, other
    clients.told.cases[key] = (first["ok"]["body"]["case_id"], first["ok"]["status"])


async def gone_clients(world: World, clients: Clients) -> None:
    """Who leaves before the answer finds all of it or nothing under the key."""
    keys = [clients.key() for _ in range(10)]
    for key in keys:
        with contextlib.suppress(TimeoutError, OSError, EOFError):
            async with asyncio.timeout(0.005):
                await world.ask("case", features=[0.5, 0.3, 0.2], key=key)
    for key in keys:
        answer = await clients.until_answered("case", features=[0.5, 0.3, 0.2], key=key)
        clients.told.cases[key] = (answer["ok"]["body"]["case_id"], answer["ok"]["status"])


async def receiver_fails(world: World, clients: Clients) -> None:
    """Errors, a redirect, a hang: decisions go on, and nobody follows the redirect."""
    world.receiver.answers += [500, 302, 503, 500]
    world.receiver.delay_s = 0.3
    await asyncio.sleep(0.5)
    world.receiver.delay_s = 0.0
    assert all(each.path == "/hook" for each in world.receiver.received)


async def sent_twice(world: World, clients: Clients) -> None:
    """A crash between sending and settling: once nobody holds the message any more, it comes again under its name."""
    before, sent = set(world.receiver.ids), set[str]()
    while not sent:  # what goes to an inbox passes there too
        await SENT_BEFORE_SETTLED(world, clients)
        sent = set(world.receiver.ids) - before
    await world.ask("jump", ahead_s=HOLD_S + 1.0)
    await until(lambda: any(count > 1 and name in sent for name, count in _names(world).items()), "a message comes again")
    await world.ask("jump", ahead_s=0.0)


def _names(world: World) -> Counter[str]:
    return Counter(world.receiver.ids)


ROWS: dict[str, Harm] = {
    "22 a request comes again and again": repeated,
    "23 a key with another body": another_body,
    "24 clients leave": gone_clients,
    "28 the receiver of webhooks fails": receiver_fails,
    "29 a crash between sending and settling": sent_twice,
}
