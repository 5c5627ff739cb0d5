"""Mixed work on the running product: cases, claims, answers by people, and promotions now and then."""

import asyncio
import random
from dataclasses import dataclass

from mlflow import MlflowClient

from hitl.adapters.mlflow.registry import ModelRegistration, ModelRegistry
from hitl.client import AsyncClient
from hitl.client.errors import ApiError
from tests.faults.product import Product
from tests.load import PATIENCE, Told, load
from tests.running import Running, candidate

PACE_S = 0.04
"""Between the cases of one sender: what is stored must stay small enough to be checked again and again."""

PROMOTED_EVERY_S = 15.0
CANDIDATES = (0.31, 0.32, 0.33)
ONE_VOTE_ONLY = 0.3


@dataclass(frozen=True)
class Promotions:
    """Models that may be asked for again and again; now and then one gets a single vote, and must not serve by it."""

    product: Product
    digests: tuple[str, ...]
    rng: random.Random

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if self.product.promoting.acquire(blocking=False):  # a fault that looks at promotions holds it meanwhile
                try:
                    await self._one()
                finally:
                    self.product.promoting.release()
            await asyncio.wait([asyncio.create_task(stop.wait())], timeout=PROMOTED_EVERY_S)

    async def _one(self) -> None:
        digest = self.rng.choice(self.digests)
        voters = ["kim"] if self.rng.random() < ONE_VOTE_ONLY else ["kim", "lee"]
        self.product.approved |= {digest} if len(voters) == 2 else set()
        async with self._as("trainer") as trainer:
            asked = await trainer.request_approval("digits", digest, "a model of the faults", {})
        for voter in voters:
            async with self._as(voter) as approver:
                await _voted(approver, asked["approval_id"], digest)

    def _as(self, account: str) -> AsyncClient:
        return AsyncClient(self.product.url, self.product.service.keys[account], PATIENCE)


def promotions_of(product: Product, seed: int) -> Promotions:
    return Promotions(product, tuple(registered(product.service, each) for each in CANDIDATES), random.Random(seed))


def registered(service: Running, strength: float) -> str:
    """The digest of a candidate that MLflow's registry knows too, as after a training."""
    digest, url = candidate(service, strength), service.state.mlflow_url
    run = MlflowClient(url).create_run("0")
    ModelRegistry(url).register("digits", ModelRegistration(digest, run.info.run_id, "model", {}))
    return digest


async def mixed(product: Product, promotions: Promotions, told: Told, stop: asyncio.Event, run: str) -> None:
    """Until ``stop``. Raises ApiError for an answer that nobody should get."""
    async with asyncio.TaskGroup() as group:
        group.create_task(load(product.service, told, stop, run, senders=3, reviewers=2, pace_s=PACE_S))
        group.create_task(promotions.run(stop))


async def _voted(approver: AsyncClient, approval_id: str, digest: str) -> None:
    """The same person may find that their vote of an earlier turn already decided: an open approval is given again."""
    try:
        await approver.vote(approval_id, "approve", digest)
    except ApiError as refused:
        if refused.status != 409:
            raise
