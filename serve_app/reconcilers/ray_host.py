"""Create, ping and kill the shard actors of this cluster, for the guard."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ray

import hitl
from hitl.adapters.ray.shard_spec import Retention, learning_spec
from hitl.adapters.ray.shards import (
    RayShards,
    ShardSpec,
    access_spec,
    approval_spec,
    ensure_shard,
    review_spec,
    shard,
    workflow_spec,
)
from hitl.canonical import fingerprint
from hitl.errors import Recovering
from hitl.machine.shards import ShardReport
from hitl.tasks import TaskSpec
from serve_app.setup.args import ServeArgs

HOUR_S = 3600.0
DAY_S = 86_400.0


class RayHost:
    """serve_app.reconcilers.guard.Host over detached actors that outlive the keeper."""

    def __init__(self, specs: Mapping[str, ShardSpec]) -> None:
        self._specs, self._shards = specs, RayShards()

    async def ensure(self, shard_name: str) -> None:
        await asyncio.to_thread(ensure_shard, self._specs[shard_name])

    async def ping(self, shard_name: str) -> ShardReport:
        return await self._shards.status(shard_name)

    async def kill(self, shard_name: str) -> None:
        try:
            await asyncio.to_thread(ray.kill, shard(shard_name), no_restart=True)
        except Recovering:
            return  # nobody runs it any more: what was wanted


def build_of(args: ServeArgs) -> str:
    """Return the digest of all that shard actors are made of: the version, the arguments, and the rules that they name. The
    definitions of tasks are none of it: the actors follow them."""
    rules = args.load_rules().model_dump(mode="json")
    return fingerprint([hitl.__version__, args.model_dump(mode="json"), rules])


def keeping_of(args: ServeArgs, tasks: Mapping[str, TaskSpec]) -> Retention:
    """Return what the arguments keep, with the shortest ``cases_days`` of the tasks: cases leave the store in their order."""
    keeping = args.keeping
    days = [spec.retention.cases_days for spec in tasks.values() if spec.retention.cases_days is not None]
    age_s = min([keeping.leaving.max_age_s, *(each * DAY_S for each in days)])
    return replace(keeping, leaving=replace(keeping.leaving, max_age_s=age_s))


def shard_specs(args: ServeArgs, tasks: Mapping[str, TaskSpec], owner: str | None = None) -> dict[str, ShardSpec]:
    """Return the specification of each shard's actor, by its name; they serve while ``owner`` owns the store."""
    timeout_s = args.review_timeout_hours * HOUR_S
    reviews = [review_spec(args.redis_url, partition, tasks, timeout_s) for partition in range(args.partitions)]
    rules = args.load_rules()
    approvals = approval_spec(args.redis_url, args.partitions, rules)
    specs = [*reviews, approvals, workflow_spec(args.redis_url, rules), learning_spec(args.redis_url)]
    specs.append(access_spec(args.redis_url))
    common: dict[str, Any] = {"num_cpus": args.shard_cpus, "log_level": args.log_level, "keeping": keeping_of(args, tasks)}
    common |= {"signing_key_file": args.signing_key_file, "max_open": args.open_objects, "tracing": args.tracing}
    common |= {"owner": owner, "build": build_of(args)}
    return {spec.shard: replace(spec, **common) for spec in specs}
