"""Who takes part in the examples: a pipeline's client and two reviewers, each with a key of their own.

Every script runs as ``python examples/patterns/<name>.py --url http://127.0.0.1:8000`` with the keys that ``hitl up`` printed in
HITL_CLIENT_KEY, HITL_REVIEWER_1_KEY and HITL_REVIEWER_2_KEY.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from hitl.adapters.service.interactions import HttpInteractions
from hitl.client import AsyncClient

Json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """``id`` is the account's name, by which a step asks for them."""

    id: str
    interactions: HttpInteractions

    async def answer(self, interaction_id: str, **user_input: Any) -> Json:
        return await self.interactions.answer(interaction_id, user_input)


@dataclass(frozen=True)
class Team:
    pipeline: HttpInteractions
    ann: Person
    bob: Person

    async def outcome(self, interaction_id: str) -> Json:
        """The interaction once it is over, or as it stands after half a minute."""
        return await self.pipeline.get(interaction_id, wait_s=30.0)


def main(run: Callable[[Team], Awaitable[Json]]) -> None:
    """Run an example against a running service and print what came of it."""
    parser = argparse.ArgumentParser(description=run.__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--reviewers", nargs=2, default=["reviewer-1", "reviewer-2"], help="the accounts of the two keys")
    args = parser.parse_args()
    print(json.dumps(asyncio.run(_with_team(args.url, args.reviewers, run)), indent=2))


async def _with_team(url: str, reviewers: list[str], run: Callable[[Team], Awaitable[Json]]) -> Json:
    async with AsyncExitStack() as clients:
        names = ("HITL_CLIENT_KEY", "HITL_REVIEWER_1_KEY", "HITL_REVIEWER_2_KEY")
        ports = [HttpInteractions(await clients.enter_async_context(AsyncClient(url, os.environ[name]))) for name in names]
        return await run(Team(ports[0], Person(reviewers[0], ports[1]), Person(reviewers[1], ports[2])))
