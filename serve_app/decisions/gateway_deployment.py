"""The gateway on Ray Serve: its ports connected to the real store, the approval journal and the artifacts."""

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from ray import serve
from starlette.types import ASGIApp

from hitl.adapters.checkers.decoder import PictureDecoder
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.otel.exporting import open_tracer
from hitl.adapters.ray.garbage_collection import tune_garbage_collection
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.rate_limits import ValkeyCounting
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.identity.claims import OidcConfig
from hitl.inference.artifact import load
from hitl.inference.families import family_named, import_libraries
from hitl.machine.shards import APPROVAL, LEARNING
from hitl.tasks import TaskSpec
from serve_app.decisions.app import Gateway, GatewayPorts
from serve_app.decisions.case_blobs import CaseBlobs
from serve_app.decisions.case_spans import TracedTelemetry
from serve_app.decisions.predictor_deployment import Handle
from serve_app.decisions.remote_predictor import Predictor
from serve_app.http.bearer_tokens import tokens_of
from serve_app.http.limits import Buckets, LimitTerms, RequestLimits, byte_buckets
from serve_app.http.telemetry import Telemetry, speak_at
from serve_app.setup.args import MEGABYTE, ServeArgs
from serve_app.setup.case_files import has_files
from serve_app.setup.policies import policies
from serve_app.setup.records import journal_of


def make_gateway(
    args: ServeArgs,
    tasks: Mapping[str, TaskSpec],
    limits: LimitTerms,
    predictor: Predictor | None = None,
    oidc: OidcConfig | None = None,
) -> Gateway:
    """Make the gateway over the real adapters. Connects with its first command."""
    client, tracer = connect(args.redis_url), open_tracer(args.tracing, "gateway")
    return Gateway(
        GatewayPorts(
            tasks=tasks,
            policies=policies(tasks, args.auto_approve_threshold, args.expert_escalation_threshold),
            intakes=open_intakes(client, args.partitions, args.archive_uri),
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
            blobs=case_blobs(args, limits, tasks),
        )
    )


def case_blobs(args: ServeArgs, limits: LimitTerms, tasks: Mapping[str, TaskSpec]) -> CaseBlobs | None:
    """None where no task's cases have files."""
    if not has_files(tasks):
        return None
    quota = RequestLimits(limits, ValkeyCounting(args.redis_url), args.blob_mb_per_day * MEGABYTE)
    return CaseBlobs(BlobStore(args.blob_uri), PictureDecoder(), time.time, quota)


def held_elsewhere(predictor: str, tasks: Mapping[str, TaskSpec]) -> frozenset[str]:
    """Return the tasks whose models the predictor holds: all of them, or those of others. Cards of declared models are read in
    the gateway: they compute nothing."""
    if predictor == "deployment":
        return frozenset(task for task, spec in tasks.items() if not spec.is_declared)
    return tasks_of_others(tasks)


def tasks_of_others(tasks: Mapping[str, TaskSpec]) -> frozenset[str]:
    """Return the tasks whose models others made. A graph from outside never runs in a gateway's process: it could hold all
    decisions."""
    return frozenset(task for task, spec in tasks.items() if family_named(spec.model.family).is_foreign)


@serve.ingress()
class GatewayDeployment:
    """One replica, under the route prefix /v1/tasks. Serve builds the
    application after the constructor, in the replica, so that no connection is ever pickled. ``predictor`` is the handle of
    the deployment that holds the models, all or those of others; None: this replica does."""

    def __init__(
        self,
        args: ServeArgs,
        tasks: Mapping[str, TaskSpec],
        limits: LimitTerms,
        predictor: Any = None,
        oidc: OidcConfig | None = None,
    ) -> None:
        speak_at(args.log_level)
        elsewhere = held_elsewhere(args.predictor, tasks)
        import_libraries(spec.model.family for spec in tasks.values() if spec.task not in elsewhere)
        self._gateway = make_gateway(args, tasks, limits, predictor and Handle(predictor), oidc)
        tune_garbage_collection()

    def __serve_build_asgi_app__(self) -> ASGIApp:
        return self._gateway

    def check_health(self) -> None:
        """Serve replaces the replica when this raises."""
        self._gateway.check_health()
