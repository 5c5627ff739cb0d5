"""The gateway on Ray Serve: its ports connected to the real store, the approval journal and the artifacts."""

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ray import serve
from starlette.types import ASGIApp

from hitl.adapters.checkers.decoder import FileDecoder
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.otel.exporting import open_tracer
from hitl.adapters.ray.process_memory import tune_garbage_collection
from hitl.adapters.ray.shards import RayShards
from hitl.adapters.ray.start_limit import limit_start, note_started
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.rate_limits import ValkeyCounting
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.identity.claims import OidcConfig
from hitl.inference.artifact import load
from hitl.inference.families import import_libraries
from hitl.machine.shards import APPROVAL, LEARNING
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from serve_app.decisions.app import Gateway, GatewayPorts
from serve_app.decisions.case_blobs import CaseBlobs
from serve_app.decisions.case_spans import TracedTelemetry
from serve_app.decisions.held_elsewhere import held_elsewhere
from serve_app.decisions.live_gateway import LiveGateway
from serve_app.decisions.predictor_deployment import Handle
from serve_app.decisions.remote_predictor import Predictor
from serve_app.http.ahead_of_serve import decide_ahead
from serve_app.http.bearer_tokens import tokens_of
from serve_app.http.limits import Buckets, LimitTerms, RequestLimits, byte_buckets
from serve_app.http.lost_connections import end_timers_of_lost_connections
from serve_app.http.one_write import write_answers_whole
from serve_app.http.telemetry import Telemetry, speak_at
from serve_app.setup.args import MEGABYTE, ServeArgs
from serve_app.setup.case_files import has_files
from serve_app.setup.definitions import EVERYTHING, Facilities, Proposer, definition_reader
from serve_app.setup.door import open_door
from serve_app.setup.policies import policies
from serve_app.setup.records import journal_of


def open_ports(
    args: ServeArgs,
    tasks: Mapping[str, TaskSpec],
    limits: LimitTerms,
    predictor: Predictor | None = None,
    oidc: OidcConfig | None = None,
) -> GatewayPorts:
    """Return the real adapters of a gateway of ``tasks``. Connects with its first command."""
    client, tracer = connect(args.redis_url), open_tracer(args.tracing, "gateway")
    return GatewayPorts(
        tasks=tasks,
        policies=policies(tasks, args.auto_approve_threshold, args.expert_escalation_threshold),
        intakes=open_intakes(client, args.partitioning, args.archive_uri),
        serving=ValkeyServing(client, args.partitions),
        journal=journal_of(client, APPROVAL, args.archive_uri),
        artifacts=ArtifactStore(args.artifact_uri),
        load=partial(load, device=args.device),
        keys=ValkeyKeys(client),
        accounts=ValkeyKeys(client) if oidc else None,
        tokens=tokens_of(oidc),
        telemetry=Telemetry() if tracer is None else TracedTelemetry(tracer),
        tracer=tracer,
        learning=journal_of(client, LEARNING, args.archive_uri),
        masters=args.open_keys(),
        buckets=Buckets(limits.decisions_per_s, limits.decisions_burst, time.monotonic),
        byte_buckets=byte_buckets(limits),
        tells_request_id=False,
        predictor=predictor,
        elsewhere=held_elsewhere(args.predictor, tasks),
        proposer=Proposer(RayShards(), EVERYTHING, partial(_is_elsewhere, args.predictor), time.time),
        door=open_door(client, args, limits, oidc),
        own_urls=(args.public_url, args.api_url),
    )


def _is_elsewhere(predictor: str, spec: TaskSpec) -> bool:
    return bool(held_elsewhere(predictor, {spec.task: spec}))


def case_blobs(args: ServeArgs, limits: LimitTerms, tasks: Mapping[str, TaskSpec]) -> CaseBlobs | None:
    """None where no task's cases have files."""
    if not has_files(tasks):
        return None
    quota = RequestLimits(limits, ValkeyCounting(args.redis_url), args.blob_mb_per_day * MEGABYTE)
    return CaseBlobs(BlobStore(args.blob_uri), FileDecoder(), time.time, quota)


@serve.ingress()
class GatewayDeployment:
    """One replica, under the route prefix /v1/tasks. Serve builds the
    application after the constructor, in the replica, so that no connection is ever pickled. ``predictor`` is the handle of
    the deployment that holds the models, all or those of others; None: this replica does. ``book`` has the definitions of the
    start, ``facilities`` what the installation started with."""

    def __init__(
        self,
        args: ServeArgs,
        book: TaskBook,
        limits: LimitTerms,
        predictor: Any = None,
        oidc: OidcConfig | None = None,
        facilities: Facilities = EVERYTHING,
    ) -> None:
        limit_start(args.start_s)
        speak_at(args.log_level)
        self._args, self._limits = args, limits
        ports = open_ports(args, book, limits, predictor and Handle(predictor), oidc)
        self._ports = replace(ports, proposer=ports.proposer and replace(ports.proposer, facilities=facilities))
        reader = definition_reader(connect(args.redis_url), args.archive_uri)
        self._gateway = LiveGateway(book, reader, self._made, self._import_families)
        decide_ahead(self._gateway.decide)
        tune_garbage_collection()
        end_timers_of_lost_connections()
        write_answers_whole()

    def _import_families(self, book: TaskBook) -> None:
        """Import what the models of the tasks need that this replica holds: torch takes seconds."""
        tasks = book.in_force()
        elsewhere = held_elsewhere(self._args.predictor, tasks)
        import_libraries((spec.model.family for spec in tasks.values() if spec.task not in elsewhere), self._args.device)

    def _made(self, book: TaskBook) -> Gateway:
        """Return the gateway of the tasks in force over the same adapters."""
        args, tasks = self._args, book.in_force()
        return Gateway(
            replace(
                self._ports,
                tasks=tasks,
                policies=policies(tasks, args.auto_approve_threshold, args.expert_escalation_threshold),
                elsewhere=held_elsewhere(args.predictor, tasks),
                blobs=case_blobs(args, self._limits, tasks),
                book=book,
            )
        )

    def __serve_build_asgi_app__(self) -> ASGIApp:
        return self._gateway

    def check_health(self) -> None:
        """Serve replaces the replica when this raises."""
        note_started()
        self._gateway.check_health()
