"""The deployment that runs all reconcilers: shard actors, deployments, the registry's alias."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import ray
from ray.serve.metrics import Gauge

from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.otel.exporting import open_tracer
from hitl.adapters.ray.process_memory import tune_garbage_collection
from hitl.adapters.ray.serve_controller import ServeController
from hitl.adapters.ray.shards import RayShards
from hitl.adapters.ray.start_limit import limit_start, note_started
from hitl.adapters.ray.threads import take_short_turns
from hitl.adapters.ray.training_jobs import RayJobs, RetrainingJob
from hitl.adapters.valkey.activity import Activity, streams_of
from hitl.adapters.valkey.approval_keys import ValkeyDataKeys
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.ownership import ValkeyOwnership
from hitl.adapters.valkey.recoveries import ValkeyRecoveries
from hitl.adapters.valkey.sessions import ValkeySessions
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.identity.sessions import SessionTerms
from hitl.intake.recent_rows import RecentRows
from hitl.machine.shards import CONTROL, STANDBY, actor_of
from hitl.outbox import Notifications
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from serve_app.reconcilers.access_sweep import SweepAccess
from serve_app.reconcilers.candidate_check import CandidateCheck
from serve_app.reconcilers.champion import ChampionAlias, ChampionAliases
from serve_app.reconcilers.controller_guard import ControllerGuard
from serve_app.reconcilers.definitions import DefinitionKeeper, proposer_of
from serve_app.reconcilers.deployer import Deployer
from serve_app.reconcilers.erasures import EraseKeys
from serve_app.reconcilers.file_sweep import SweepFiles
from serve_app.reconcilers.guard import ShardGuard
from serve_app.reconcilers.loop import Movement, forever
from serve_app.reconcilers.mlflow_steps import mlflow_steps
from serve_app.reconcilers.outbox_steps import outbox_steps
from serve_app.reconcilers.ownership import Owner, applications_run
from serve_app.reconcilers.quality_steps import overdue_counts, quality_steps, succession, task_evidence
from serve_app.reconcilers.ray_host import RayHost, build_of, shard_specs
from serve_app.reconcilers.recoveries import NoteRecoveries
from serve_app.reconcilers.retention_step import retention
from serve_app.reconcilers.triggers import Triggers
from serve_app.reconcilers.voters import Voters
from serve_app.setup.args import ServeArgs
from serve_app.setup.case_files import has_files, release_files
from serve_app.setup.definitions import definition_reader
from serve_app.setup.vault import Vault

OWNER_EVERY_S = 0.5
GUARD_EVERY_S = 1.0
CONTROLLER_EVERY_S = 5.0
DEPLOY_EVERY_S = 0.5
ALIAS_EVERY_S = 2.0
GAUGES_EVERY_S = 5.0
TRIGGERS_EVERY_S = 5.0
ERASE_EVERY_S = 5.0
SWEEP_EVERY_S = 10.0
RECOVERIES_EVERY_S = 1.0
FILES_EVERY_S = 600.0
RETENTION_EVERY_S = 600.0
HOUR_S = 3600.0


class Reconcilers:
    """Its loops end with the replica; one that ends before is a fault, and the replica is replaced.

    Of several clusters on one store only the owner's loops do anything; the others keep their shards started and wait."""

    async def __init__(  # type: ignore[misc]
        self, args: ServeArgs, tasks: TaskBook, notices: Notifications, files: Mapping[str, TaskSpec]
    ) -> None:
        limit_start(args.start_s)
        take_short_turns()
        shards = RayShards()
        cluster = ray.get_runtime_context().get_session_name()
        specs, voters = shard_specs(args, tasks, cluster), Voters(ValkeyKeys(connect(args.redis_url)))
        reader = definition_reader(connect(args.redis_url), args.archive_uri)
        read = [RecentRows() for _ in range(args.partitions)]
        evidence = task_evidence(args, tasks, shards, reader, read)
        waits_for = succession(args, tasks, shards, evidence).waits_for
        host = RayHost(specs.values())
        self._guard = ShardGuard(host, host.actors, build=build_of(args))
        self._owner = Owner(ValkeyOwnership(connect(args.redis_url), cluster), self._is_whole)
        self._alias = ChampionAlias(shards, _registry(args.mlflow_tracking_uri)) if args.mlflow_tracking_uri else None
        self._serving = Gauge("hitl_shard_serving", description="1 while the shard serves.", tag_keys=("shard",))
        self._behind = Gauge("hitl_alias_behind", description="Tasks whose registry alias is not where the journal says.")
        takes_files = has_files(tasks) or has_files(files)
        proposer = proposer_of(args, tasks, files, shards)
        keeper = DefinitionKeeper(proposer, tasks, reader, files)
        deployer = Deployer(shards, tasks, CandidateCheck(args.artifact_uri), voters, waits_for, proposer)
        streams = streams_of(list(specs), args.partitions)
        self._activity = Activity(connect(args.redis_url, len(streams)), streams)
        decided = self._activity.part(streams_of([shard for shard in specs if actor_of(shard) == CONTROL], 0))
        self._loops = [
            asyncio.create_task(self._activity.run(), name="activity"),
            _start("definitions in force", keeper.refresh, DEPLOY_EVERY_S, decided),
            self._act("definitions", keeper.once, DEPLOY_EVERY_S, decided),
            _start("ownership", self._owner.once, OWNER_EVERY_S),
            _start("guard", self._guard.once, GUARD_EVERY_S),
            _start("controller", ControllerGuard(ServeController()).once, CONTROLLER_EVERY_S),
            _start("gauges", self._show, GAUGES_EVERY_S),
            self._act("deployer", deployer.once, DEPLOY_EVERY_S, decided),
            self._act("triggers", _triggers(shards, args, tasks).once, TRIGGERS_EVERY_S),
            self._act("erasures", _erasures(shards, args, tasks, takes_files).once, ERASE_EVERY_S),
            self._watch("recoveries", _recoveries(shards, args).once, RECOVERIES_EVERY_S),
            self._act("access", _sweep(shards, args).once, SWEEP_EVERY_S),
        ]
        steps = outbox_steps(args, notices, shards, overdue_counts(args, tasks, shards, evidence), read)
        steps |= mlflow_steps(args)
        steps |= quality_steps(args, tasks, shards, evidence, read)
        self._loops += [self._act(name, step, every_s) for name, (step, every_s) in steps.items()]
        self._loops.append(self._act("retention", retention(shards, args, tasks).once, RETENTION_EVERY_S))
        if takes_files:
            self._loops.append(self._act("files of cases", _files(args, tasks).once, FILES_EVERY_S))
        if self._alias is not None:
            self._loops.append(self._watch("champion alias", self._alias.once, ALIAS_EVERY_S))
        tune_garbage_collection()

    async def check_health(self) -> None:
        """Asked by Serve. Raises when a loop has ended."""
        note_started()
        ended = [loop.get_name() for loop in self._loops if loop.done()]
        if ended:
            raise RuntimeError(f"loops ended: {ended}")

    async def phases(self) -> dict[str, str | None]:
        """Return the last phase that each shard reported; None for one that does not answer."""
        return dict(self._guard.phases)

    def _act(
        self, name: str, step: Callable[[], Awaitable[None]], every_s: float, movement: Movement | None = None
    ) -> "asyncio.Task[None]":
        """Act on what was appended, in the streams of ``movement`` or in all: seldom in quiet times."""
        return _start(name, self._owner.only(step), every_s, movement or self._activity)

    def _watch(self, name: str, step: Callable[[], Awaitable[None]], every_s: float) -> "asyncio.Task[None]":
        """Act on what moves outside the journals."""
        return _start(name, self._owner.only(step), every_s)

    async def _is_whole(self) -> bool:
        """Return whether every shard stands by, and everything that calls them runs."""
        return all(phase == STANDBY for phase in self._guard.phases.values()) and await applications_run()

    async def _show(self) -> None:
        for shard, phase in self._guard.phases.items():
            self._serving.set(float(phase == "serving"), tags={"shard": shard})
        if self._alias is not None:
            self._behind.set(self._alias.behind)


def _erasures(shards: RayShards, args: ServeArgs, tasks: TaskBook, takes_files: bool) -> EraseKeys:
    client = connect(args.redis_url)
    intakes = open_intakes(client, args.partitioning, args.archive_uri)
    release = partial(release_files, BlobStore(args.blob_uri), Vault(tasks, args.open_keys())) if takes_files else None
    return EraseKeys(shards, intakes, ValkeyDataKeys(client), release)


def _files(args: ServeArgs, tasks: TaskBook) -> SweepFiles:
    intakes = open_intakes(connect(args.redis_url), args.partitioning, args.archive_uri)
    return SweepFiles(BlobStore(args.blob_uri), intakes, Vault(tasks, args.open_keys()))


def _sweep(shards: RayShards, args: ServeArgs) -> SweepAccess:
    client, terms = connect(args.redis_url), SessionTerms(args.session_idle_s, args.session_hours * HOUR_S)
    return SweepAccess(shards, ValkeyKeys(client), ValkeySessions(client), terms)


def _recoveries(shards: RayShards, args: ServeArgs) -> NoteRecoveries:
    return NoteRecoveries(shards, ValkeyRecoveries(connect(args.redis_url)))


def _registry(tracking_uri: str) -> ChampionAliases:
    from hitl.adapters.mlflow import (
        registry as mlflow_registry,  # only here: seconds of import that a service without MLflow need not wait for
    )

    return mlflow_registry.ModelRegistry(tracking_uri)


def _triggers(shards: RayShards, args: ServeArgs, tasks: TaskBook) -> Triggers:
    key_file, tracking_uri = args.trainer_key_file, args.mlflow_tracking_uri or ""
    job = RetrainingJob(args.api_url, key_file, tracking_uri, args.artifact_uri, str(args.datasets_dir), args.blob_uri)
    return Triggers(shards, tasks, args.partitions, RayJobs(), job, tracer=open_tracer(args.tracing, "keeper"))


def _start(
    name: str, step: Callable[[], Awaitable[None]], every_s: float, movement: Movement | None = None
) -> "asyncio.Task[None]":
    return asyncio.create_task(forever(name, step, every_s, movement), name=name)
