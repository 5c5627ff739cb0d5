"""The row about cases that come together: some are abandoned, some are malformed, and the model fails on some; the others are
answered, and so is whoever comes next."""

import asyncio
import json
from typing import Any

from tests.faults.clients import Clients
from tests.faults.harm import Harm
from tests.faults.node import BESIDE, POISON
from tests.faults.world import World

GOOD, GONE, POISONED = 32, 32, 8
"""More than one batch takes, so that some are abandoned in a batch and some while they wait for the next one."""

MALFORMED = (
    "{",
    "[]",
    '{"features": 7}',
    '{"features": [0.5, 0.25]}',
    '{"features": [0.5, 0.25, NaN]}',
    '{"features": [0.5, 0.25, "x"]}',
)
TOGETHER_WITHIN_S = 20.0
ANSWERED_WITHIN_S = 60.0
SERVED_WITHIN_S = 60.0
TRIES = 10


async def disturbed_batch(world: World, clients: Clients) -> None:
    """Tried again where all were answered before anybody could leave, or other clients' cases came between."""
    await _model_serves(clients)
    async with clients.promoting:
        for _ in range(TRIES):
            if await _disturb(world, clients):
                break
        else:
            raise AssertionError(f"nobody left a batch in {TRIES} tries")
    async with asyncio.timeout(ANSWERED_WITHIN_S):
        await _asked_again(clients, clients.key(), [0.5, BESIDE, 0.25])


async def _disturb(world: World, clients: Clients) -> bool:
    """Whether cases that came in one batch were answered, abandoned and refused by the model."""
    good, gone, poisoned, malformed = ([clients.key() for _ in range(n)] for n in (GOOD, GONE, POISONED, len(MALFORMED)))
    sound = _body([0.5, BESIDE, 0.25])
    bodies = {**dict.fromkeys([*good, *gone], sound), **dict.fromkeys(poisoned, _body([POISON, BESIDE, 0.25]))}
    order = clients.shuffled([*bodies.items(), *zip(malformed, MALFORMED, strict=True)])
    said = (await world.ask("together", within_s=TOGETHER_WITHIN_S, bodies=order, gone=gone))["ok"]
    answers: dict[str, Any] = said["answers"]
    for key in malformed:
        assert answers[key]["status"] in (400, 422), answers[key]
    for key in good:
        await _answered(clients, key, answers[key], [0.5, BESIDE, 0.25], is_by_model=True)
    for key in poisoned:
        await _answered(clients, key, answers[key], [POISON, BESIDE, 0.25], is_by_model=False)
    async with asyncio.timeout(ANSWERED_WITHIN_S):
        await asyncio.gather(*(_asked_again(clients, key, [0.5, BESIDE, 0.25]) for key in gone))
    return bool(said["cut"] > 0 and said["together"] > POISONED)


async def _answered(clients: Clients, key: str, answer: dict[str, Any], features: list[float], is_by_model: bool) -> None:
    """A case beside the others has its own answer: by the model, or by people where the model failed on it."""
    if answer["status"] == 503 and answer["retry_after"]:
        answer = await _asked_again(clients, key, features)
    assert answer["status"] in (200, 202), answer
    assert (answer["body"]["model_version"] is not None) == is_by_model, answer
    clients.told.cases[key] = (answer["body"]["case_id"], answer["status"])


async def _asked_again(clients: Clients, key: str, features: list[float]) -> dict[str, Any]:
    answer: dict[str, Any] = (await clients.until_answered("case", features=features, key=key))["ok"]
    clients.told.cases[key] = (answer["body"]["case_id"], answer["status"])
    return answer


async def _model_serves(clients: Clients) -> None:
    """Return once a case is answered by a model."""
    async with asyncio.timeout(SERVED_WITHIN_S):
        while (await _asked_again(clients, clients.key(), [0.5, 0.3, 0.2]))["body"]["model_version"] is None:  # noqa: ASYNC110 - only asked
            await asyncio.sleep(0.1)


def _body(features: list[float]) -> str:
    return json.dumps({"features": features})


ROWS: dict[str, Harm] = {"25 cases of a batch are abandoned or malformed": disturbed_batch}
