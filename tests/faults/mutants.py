"""The product with one of its promises taken out, to see that the checks would find it; done in the node's own process."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff

from hitl.adapters.valkey import client as valkey_client
from hitl.adapters.valkey import journal
from hitl.adapters.valkey.client import script
from hitl.adapters.valkey.quick_connection import QuickScript
from hitl.errors import AlreadyDecided, SequenceConflict, StoreUnavailable
from hitl.inference import artifact
from hitl.machine import Shard
from hitl.review import find
from serve_app.decisions import batcher, predictor
from serve_app.decisions.serving_models import ServingModels
from serve_app.reconcilers.deployer import Deployer

EPOCH_CHECK = "if epoch ~= tonumber(ARGV[1]) then return {'FENCED', epoch} end"


def no_epoch_check() -> None:
    """An append of a writer that was replaced is taken, if it fits."""

    def without(client: Any, name: str) -> Any:
        made = script(client, name)
        text = str(made._script.script)
        assert EPOCH_CHECK in text
        return QuickScript(client, text.replace(EPOCH_CHECK, ""))

    vars(journal)["script"] = without


def client_retries() -> None:
    """A command without a reply is sent again by the client itself, as redis-py does by default."""

    def patient(backoff: Any, retries: int) -> Retry:
        return Retry(ExponentialWithJitterBackoff(base=0.01, cap=1.0), 10)

    async def through_the_client(command: QuickScript, keys: Sequence[Any] = (), args: Iterable[Any] = ()) -> Any:
        return await command._script(keys, [*args])

    vars(valkey_client)["Retry"] = patient
    QuickScript.__call__ = through_the_client  # type: ignore[method-assign]


def answer_before_append() -> None:
    """Who asked is told before the store has heard of it."""

    async def turn(shard: Any) -> None:
        await shard._sleep()
        shard._ring()
        batch = shard._decide_waiting()
        after = batch.seq
        shard._publish(batch)
        try:
            await shard._writer.append(after, batch.entries)
        except (StoreUnavailable, SequenceConflict):
            shard._replica.seq = after
            await shard._recover()

    Shard._turn = turn  # type: ignore[method-assign]


def pointer_trusted() -> None:
    """What stands in the store is served, whatever the journal decided."""

    async def trust(models: ServingModels, task: str, pointer: Any) -> None:
        return None

    ServingModels._check = trust  # type: ignore[method-assign]


def votes_for_ever() -> None:
    """A vote counts whatever its voter may do by the time it takes effect."""

    async def nobody(deployer: Deployer, approval: dict[str, Any]) -> tuple[str, ...]:
        return ()

    Deployer._lapsed = nobody  # type: ignore[method-assign]


def lease_by_time_alone() -> None:
    """Whoever once had a lease may answer until its time is over."""

    def holding(state: Any, review_id: str, lease: int, reviewer: str) -> Any:
        review = find.find(state, review_id)
        if review.outcome is not None:
            raise AlreadyDecided(review_id, review.outcome.reviewer, review.outcome.decided_at)
        return review

    for module in list(sys.modules.values()):
        if getattr(module, "holding", None) is _HOLDING:
            vars(module)["holding"] = holding


def batch_ends_with_a_member() -> None:
    """Who is not there any more when the results come stops the batcher, and with it everybody who waits."""

    def settle(future: Any, result: Any) -> None:
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)

    vars(batcher)["_settle"] = settle


def batch_fails_with_a_member() -> None:
    """A model that fails on one case has failed on all that came with it."""

    async def as_one(model: Any, vectors: Any, uncertainty: str, started: float) -> Any:
        said = await predictor._asked(model, vectors, uncertainty, started)
        return [None] * len(vectors) if said is None else said

    vars(predictor)["_said"] = as_one


def gate_open() -> None:
    """What two people approved is deployed without a look at it."""

    async def nothing(deployer: Deployer, approval: Any) -> None:
        return None

    Deployer._refusal = nothing  # type: ignore[method-assign]


def reading_is_enough() -> None:
    """A candidate that loads is not asked to answer."""
    vars(artifact)["_probe"] = lambda classifier: None


def any_number_counts() -> None:
    """What a model says is taken for probabilities, whatever it is."""

    def all_of_them(model: Any, probabilities: Any, uncertainty: str, taken_s: float) -> Any:
        said = np.nan_to_num(probabilities, nan=1.0)
        return _PREDICTIONS(model, said / said.sum(axis=1, keepdims=True), uncertainty, taken_s)

    vars(predictor)["_predictions"] = all_of_them


_HOLDING, _PREDICTIONS = find.holding, predictor._predictions
MUTANTS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        no_epoch_check,
        client_retries,
        answer_before_append,
        pointer_trusted,
        votes_for_ever,
        lease_by_time_alone,
        batch_ends_with_a_member,
        batch_fails_with_a_member,
        gate_open,
        reading_is_enough,
        any_number_counts,
    )
}
