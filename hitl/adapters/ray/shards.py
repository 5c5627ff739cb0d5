"""Find and create shard actors by name, and call them; failures become the product's errors."""

import asyncio
from collections.abc import Sequence
from typing import Any

import ray
from ray.exceptions import PendingCallsLimitExceeded, RayActorError, RayTaskError

from hitl.adapters.ray.shard_actor import MAX_CONCURRENCY, MAX_PENDING_CALLS, NAMESPACE, ShardActor
from hitl.adapters.ray.shard_spec import ShardSpec, access_spec, approval_spec, review_spec, workflow_spec
from hitl.errors import HitlError, Overloaded, Recovering
from hitl.machine import Envelope
from hitl.machine.asked import A, Question
from hitl.machine.shards import KeptAlive, PlainState, ShardReport, actor_of

__all__ = [
    "NAMESPACE",
    "RayShards",
    "ShardSpec",
    "access_spec",
    "actor",
    "approval_spec",
    "call",
    "ensure_shards",
    "review_spec",
    "workflow_spec",
]

CALL_TIMEOUT_S = 15.0
"""Longer than a shard looks for the fate of an append."""

_handles: dict[str, Any] = {}
"""Handles by the actor's name: looking one up costs a round trip that blocks the event loop."""


def ensure_shards(specs: Sequence[ShardSpec]) -> Any:
    """Return the handle of the actor that runs these shards, all of those that share it, made where none lives. Blocks for a
    round trip; does not wait until they serve.

    Actors spread over the nodes: beside each other, and beside the keeper that makes them, they would all be lost at once."""
    (name,) = {actor_of(spec.shard) for spec in specs}
    actor = ray.remote(ShardActor).options(
        name=name,
        namespace=NAMESPACE,
        lifetime="detached",
        get_if_exists=True,
        max_restarts=-1,
        max_task_retries=0,
        num_cpus=max(spec.num_cpus for spec in specs),
        scheduling_strategy="SPREAD",
        max_concurrency=MAX_CONCURRENCY * len(specs),
        max_pending_calls=MAX_PENDING_CALLS,
    )
    _handles[name] = actor.remote(specs)
    return _handles[name]


def actor(name: str) -> Any:
    """Return the handle of the actor of this name. Raises Recovering when nobody runs it."""
    if name not in _handles:
        try:
            _handles[name] = ray.get_actor(name, NAMESPACE)
        except ValueError as error:
            raise Recovering(name) from error
    return _handles[name]


async def call(shard: str, method: str, *args: Any, timeout_s: float = CALL_TIMEOUT_S) -> Any:
    """Return the answer of a ``method`` of the actor that runs ``shard``. Raises the HitlError that it raised; Recovering when
    the actor is away or does not answer in time, whether or not the call had its effect; Overloaded when too many calls wait."""
    name = actor_of(shard)
    try:
        handle = actor(name)
    except Recovering as error:
        raise Recovering(shard) from error
    try:
        answer = await asyncio.wait_for(getattr(handle, method).remote(*args), timeout_s)
    except RayTaskError as error:
        raise (error.cause if isinstance(error.cause, HitlError) else error) from None
    except (RayActorError, TimeoutError) as error:
        if _handles.get(name) is handle:  # the next call looks the actor up
            del _handles[name]
        raise Recovering(shard) from error
    except PendingCallsLimitExceeded as error:
        raise Overloaded(f"calls to the actor of shard {shard}", MAX_PENDING_CALLS) from error
    return answer


class RayShards:
    """The shards by name. Each method raises the machine's own HitlError, or Recovering; none repeats by itself."""

    async def submit(self, name: str, envelope: Envelope[A]) -> A:
        answer: A = await call(name, "submit", name, envelope)
        return answer

    async def ask(self, name: str, question: Question[A]) -> A:
        answer: A = await call(name, "ask", name, question)
        return answer

    async def wait(self, name: str, topic: str, question: Question[A], timeout_s: float) -> A:
        answer: A = await call(name, "wait", name, topic, question, timeout_s, timeout_s=timeout_s + CALL_TIMEOUT_S)
        return answer

    async def heartbeat(self, name: str, review_id: str, lease: int, reviewer: str) -> KeptAlive:
        held: KeptAlive = await call(name, "heartbeat", name, review_id, lease, reviewer)
        return held

    async def status(self, name: str) -> ShardReport:
        status: ShardReport = await call(name, "status", name)
        return status

    async def plain(self, name: str) -> PlainState:
        plain: PlainState = await call(name, "plain", name)
        return plain

    async def actor_status(self, name: str) -> ShardReport:
        """Return what the actor of this name says of one of its shards, whatever version it is of."""
        status: ShardReport = await call(name, "status")
        return status

    async def statuses(self, name: str) -> list[ShardReport]:
        """Return the status of each shard of the actor of this name."""
        statuses: list[ShardReport] = await call(name, "statuses")
        return statuses
