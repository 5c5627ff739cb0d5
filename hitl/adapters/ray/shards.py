"""Find and create shard actors by name, and call them; failures become the product's errors."""

import asyncio
from typing import Any

import ray
from ray.exceptions import PendingCallsLimitExceeded, RayActorError, RayTaskError

from hitl.adapters.ray.shard_actor import MAX_CONCURRENCY, MAX_PENDING_CALLS, NAMESPACE, ShardActor
from hitl.adapters.ray.shard_spec import ShardSpec, access_spec, approval_spec, review_spec, workflow_spec
from hitl.errors import HitlError, Overloaded, Recovering
from hitl.machine import Envelope
from hitl.machine.asked import A, Question
from hitl.machine.shards import KeptAlive, PlainState, ShardReport

__all__ = [
    "NAMESPACE",
    "RayShards",
    "ShardSpec",
    "access_spec",
    "approval_spec",
    "call",
    "ensure_shard",
    "review_spec",
    "shard",
    "workflow_spec",
]

CALL_TIMEOUT_S = 15.0
"""Longer than a shard looks for the fate of an append."""

_handles: dict[str, Any] = {}
"""Handles by shard: looking one up costs a round trip that blocks the event loop."""


def ensure_shard(spec: ShardSpec) -> Any:
    """Return the handle of the shard's actor, made where none lives. Blocks for a round trip; does not wait until it serves.

    Shards spread over the nodes: beside each other, and beside the keeper that makes them, they would all be lost at once."""
    actor = ray.remote(ShardActor).options(
        name=spec.shard,
        namespace=NAMESPACE,
        lifetime="detached",
        get_if_exists=True,
        max_restarts=-1,
        max_task_retries=0,
        num_cpus=spec.num_cpus,
        scheduling_strategy="SPREAD",
        max_concurrency=MAX_CONCURRENCY,
        max_pending_calls=MAX_PENDING_CALLS,
    )
    _handles[spec.shard] = actor.remote(spec)
    return _handles[spec.shard]


def shard(name: str) -> Any:
    """Return the handle of shard ``name``. Raises Recovering when nobody runs it."""
    if name not in _handles:
        try:
            _handles[name] = ray.get_actor(name, NAMESPACE)
        except ValueError as error:
            raise Recovering(name) from error
    return _handles[name]


async def call(method: Any, *args: Any, timeout_s: float = CALL_TIMEOUT_S) -> Any:
    """Return the answer of an actor's ``method``. Raises the HitlError that it raised; Recovering when the actor is away or does
    not answer in time, whether or not the call had its effect; Overloaded when too many calls wait."""
    try:
        answer = await asyncio.wait_for(method.remote(*args), timeout_s)
    except RayTaskError as error:
        raise (error.cause if isinstance(error.cause, HitlError) else error) from None
    except (RayActorError, TimeoutError) as error:
        raise Recovering(_forget(method)) from error
    except PendingCallsLimitExceeded as error:
        raise Overloaded("calls to a shard", MAX_PENDING_CALLS) from error
    return answer


class RayShards:
    """The shards by name. Each method raises the machine's own HitlError, or Recovering; none repeats by itself."""

    async def submit(self, name: str, envelope: Envelope[A]) -> A:
        answer: A = await call(shard(name).submit, envelope)
        return answer

    async def ask(self, name: str, question: Question[A]) -> A:
        answer: A = await call(shard(name).ask, question)
        return answer

    async def wait(self, name: str, topic: str, question: Question[A], timeout_s: float) -> A:
        answer: A = await call(shard(name).wait, topic, question, timeout_s, timeout_s=timeout_s + CALL_TIMEOUT_S)
        return answer

    async def heartbeat(self, name: str, review_id: str, lease: int, reviewer: str) -> KeptAlive:
        held: KeptAlive = await call(shard(name).heartbeat, review_id, lease, reviewer)
        return held

    async def status(self, name: str) -> ShardReport:
        status: ShardReport = await call(shard(name).status)
        return status

    async def plain(self, name: str) -> PlainState:
        plain: PlainState = await call(shard(name).plain)
        return plain


def _forget(method: Any) -> str:
    """Drop the handle that ``method`` belongs to, so that the next call looks the actor up; its shard's name."""
    for name, handle in list(_handles.items()):
        if handle._actor_id == method._actor._actor_id:
            del _handles[name]
            return name
    return "of the actor"
