"""A load that remembers what it was told, and the check that all of it is still true: the same for faults and benches."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from redis import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import connect
from hitl.canonical import fingerprint
from hitl.cli.commands.verify import verify_all
from hitl.client import AsyncClient
from hitl.client.errors import ApiError
from hitl.client.patience import Patience
from hitl.journal.entry import Commit
from hitl.journal.verify import verified
from hitl.machine.shards import review_shards
from serve_app.setup.records import journal_of
from tests.running import Running, images

PICTURES = 200
PATIENCE = Patience(240.0)
"""Longer than any recovery that is promised."""


@dataclass
class Told:
    """What the service acknowledged: answers by idempotency key, and labels by review."""

    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    reviews: dict[str, str] = field(default_factory=dict)


async def load(
    service: Running, told: Told, stop: asyncio.Event, run: str, senders: int = 4, reviewers: int = 2, pace_s: float = 0.0
) -> None:
    """Clients and reviewers work until ``stop``; each call is repeated with its key until it is answered. A sender waits
    ``pace_s`` between its cases."""
    async with asyncio.TaskGroup() as group:
        for sender in range(senders):
            group.create_task(_send(service, told, stop, f"{run}-{sender}", pace_s))
        for _ in range(reviewers):
            group.create_task(_review(service, told, stop))


async def _send(service: Running, told: Told, stop: asyncio.Event, name: str, pace_s: float) -> None:
    pictures, number = images(PICTURES), 0
    async with AsyncClient(service.url, service.keys["client"], PATIENCE) as client:
        while not stop.is_set():
            number += 1
            key = f"{name}-{number}"
            told.cases[key] = await client.decide("digits", pictures[number % len(pictures)][0], key=key)
            await asyncio.sleep(pace_s)


async def _review(service: Running, told: Told, stop: asyncio.Event) -> None:
    """The truth of what ``load`` sends, since models are trained on it later; of anything else some label."""
    truth = {fingerprint(features): label for features, label in images(PICTURES)}
    async with AsyncClient(service.url, service.keys["eve"], PATIENCE) as client:
        while not stop.is_set():
            review = (await client.claim("digits")).get("review") or (await client.claim("digits.expert")).get("review")
            if review is None:
                await asyncio.sleep(0.05)
                continue
            label = truth.get(fingerprint(review["payload"]["features"])) or str(random.randrange(10))
            try:
                await client.answer(review["review_id"], review["lease"]["id"], label)
            except ApiError as refused:
                if refused.status != 409:
                    raise
                continue
            told.reviews[review["review_id"]] = label


def check(service: Running, told: Told, partitions: int = 1) -> dict[str, int]:
    """Nothing acknowledged is lost, doubled or changed, and every chain of so many ``partitions`` holds. Returns the counts."""
    cases = _stored_cases(service, partitions)
    lost = [key for key, answer in told.cases.items() if cases[answer["case_id"]] == 0]
    doubled = [case for case, count in cases.items() if count > 1]
    decisions = _decisions([commit for shard in review_shards(partitions) for commit in commits_of(service, shard)])
    reviews_lost = [review for review in told.reviews if not decisions.get(review)]
    reviews_doubled = [review for review, labels in decisions.items() if len(labels) > 1]
    changed = [review for review, label in told.reviews.items() if decisions.get(review) and decisions[review][0] != label]
    verify_all(service.state.redis_url, partitions, str(service.place.data_dir / "archive"))
    return {
        "acknowledged": len(told.cases) + len(told.reviews),
        "lost": len(lost) + len(reviews_lost),
        "doubled": len(doubled) + len(reviews_doubled),
        "changed": len(changed),
    }


async def under_load(service: Running, told: Told, run: str, harm: Callable[[], None], before_s: float, after_s: float) -> None:
    """Load for ``before_s``, then ``harm``, then load for ``after_s`` more."""
    stop = asyncio.Event()
    working = asyncio.create_task(load(service, told, stop, run))
    await asyncio.sleep(before_s)
    await asyncio.to_thread(harm)
    await asyncio.sleep(after_s)
    stop.set()
    await working


def _stored_cases(service: Running, partitions: int) -> Counter[str]:
    """How often each case id stands in the intake."""
    with Redis.from_url(service.state.redis_url) as store:
        rows = [fields for partition in range(partitions) for _, fields in store.xrange(names.cases(partition))]
    return Counter(json.loads(fields[b"b"])["case_id"] for fields in rows)


def commits_of(service: Running, shard: str) -> list[Commit]:
    """The whole journal of a shard, what moved to the archive included. Raises ChainBroken."""
    return asyncio.run(_commits_of(service.state.redis_url, shard, str(service.place.data_dir / "archive")))


async def _commits_of(redis_url: str, shard: str, archive_uri: str) -> list[Commit]:
    async with connect(redis_url) as client:
        return [Commit.decode(entry.body) async for entry in verified(shard, journal_of(client, shard, archive_uri))]


def _decisions(commits: list[Commit]) -> dict[str, list[str]]:
    """The labels of each review, in order."""
    found: dict[str, list[str]] = {}
    for event in (event for commit in commits for event in commit.events):
        if event["type"] == "ReviewDecided":
            found.setdefault(event["review_id"], []).append(event["label"])
    return found
