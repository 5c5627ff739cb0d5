"""Create, ping and kill the actors of this cluster's shards, for the guard."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import ray

import hitl
from hitl.adapters.ray.shard_spec import Retention, learning_spec
from hitl.adapters.ray.shards import (
    RayShards,
    ShardSpec,
    access_spec,
    actor,
    approval_spec,
    ensure_shards,
    review_spec,
    workflow_spec,
)
from hitl.canonical import fingerprint
from hitl.errors import Recovering
from hitl.machine.shards import ShardReport, actor_of
from hitl.tasks import TaskSpec
from serve_app.setup.args import ServeArgs

HOUR_S = 3600.0
DAY_S = 86_400.0


class RayHost:
    """serve_app.reconcilers.guard.Host over detached actors that outlive the keeper."""

    def __init__(self, specs: Iterable[ShardSpec]) -> None:
        self._specs, self._shards, self._ours = dict[str, list[ShardSpec]](), RayShards(), set[str]()
        for spec in specs:
            self._specs.setdefault(actor_of(spec.shard), []).append(spec)

    @property
    def actors(self) -> dict[str, list[str]]:
        """The names of the actors, and of the shards that each of them runs."""
        return {name: [spec.shard for spec in specs] for name, specs in self._specs.items()}

    async def ensure(self, name: str) -> None:
        for spec in self._specs[name]:
            if spec.shard != name:  # versions before gave each shard an actor of its own
                await self.kill(spec.shard)
        await asyncio.to_thread(ensure_shards, self._specs[name])

    async def ping(self, name: str) -> list[ShardReport]:
        build = self._specs[name][0].build
        if name not in self._ours and (told := await self._shards.actor_status(name)).get("build") != build:
            return [told]  # another version may not know the next question
        self._ours.discard(name)  # and what answers it late, or not at all, is asked for its version first
        found = await self._shards.statuses(name)
        if all(each.get("build") == build for each in found):
            self._ours.add(name)
        return found

    async def kill(self, name: str) -> None:
        try:
            await asyncio.to_thread(ray.kill, actor(name), no_restart=True)
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
    """Return the specification of each shard, by its name; they serve while ``owner`` owns the store."""
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
