"""The composition root: builds the two Serve applications from their arguments. ``configs/serve.yaml`` names the builders.

Files and environment are read here alone: replicas get what was read, so that all of them agree.
"""

from collections.abc import Mapping
from typing import Any

from ray import is_initialized, nodes, serve
from ray.serve import Application
from ray.serve.config import BackpressureConfig

from hitl.adapters.files.signers import open_signer
from hitl.adapters.otel.exporting import require_exporter
from hitl.adapters.valkey.partitions import pin_partitions
from hitl.adapters.valkey.store_check import check_store, pin_installation
from hitl.errors import InvalidConfig
from hitl.inference.families import require_installed
from hitl.partitioning import Partitioning
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from serve_app.api.deployment import ReviewDeployment
from serve_app.decisions.gateway_deployment import GatewayDeployment
from serve_app.decisions.held_elsewhere import held_elsewhere
from serve_app.decisions.predictor_deployment import PredictorDeployment
from serve_app.http.telemetry import hot_path_logging, serve_logging
from serve_app.reconcilers.deployment import Reconcilers
from serve_app.setup.args import ServeArgs
from serve_app.setup.case_files import has_files
from serve_app.setup.definitions import Facilities, book_in_force
from serve_app.setup.policies import policies
from serve_app.setup.vault import Vault

GATEWAY_ONGOING, GATEWAY_QUEUED = 4096, 256
"""Requests that a replica holds at a time; its own queue refuses beyond 2,048 cases, so that Serve's never hides a backlog."""

GATEWAY_TARGET = 64
"""Requests that one replica should hold: a full micro-batch. More of them, and Serve starts another."""

PREDICTOR_ONGOING, PREDICTOR_QUEUED = 64, 1024
PREDICTOR_TARGET = 2
"""Micro-batches: a gateway has one under way for each partition. With more of them than the target a replica, another starts."""

REVIEW_ONGOING, REVIEW_QUEUED = 2000, 2000
"""Most of them are long polls that only wait."""

KEEPER_ONGOING = 16

BACKPRESSURE = BackpressureConfig(status_code=503, retry_after_s=1.0)
"""What Serve answers when its own queue is full; without it there would be no Retry-After."""

HEALTH: dict[str, Any] = {"health_check_period_s": 1.0, "health_check_timeout_s": 2.0}
"""Serve notices within a second that a replica is dead, and replaces one that hangs after three looks, 8 s at most; Ray's
defaults take two minutes. One that only waits for a core has 6 s to answer."""


def build_gateway(args: ServeArgs) -> Application:
    """Build the application for the route prefix ``/v1/tasks``, alone there so that long polls never hold its slots.

    Raises InvalidConfig."""
    args, book, files = _checked(args)
    predictor = _predictor(args, book, files)
    gateway = serve.deployment(GatewayDeployment).options(
        name="Gateway",
        max_ongoing_requests=GATEWAY_ONGOING,
        max_queued_requests=GATEWAY_QUEUED,
        backpressure_config=BACKPRESSURE,
        **HEALTH,
        **gateway_scale(args),
        ray_actor_options={"num_cpus": args.gateway_cpus, "num_gpus": args.gateway_gpus},
        logging_config=hot_path_logging(args.log_level),
    )
    access = args.load_access()
    facilities = Facilities(predictor is not None, has_files(book) or has_files(files), args.open_keys() is not None)
    return gateway.bind(args, book, access.limits, predictor, access.oidc, facilities)


def _predictor(args: ServeArgs, book: TaskBook, files: dict[str, TaskSpec]) -> Application | None:
    """Return the predictor application; None: all models run inside the gateways. Those of others never do. A file that waits
    for its approval counts, so that it can be adopted."""
    if not (held_elsewhere(args.predictor, book) or held_elsewhere(args.predictor, files)):
        return None
    predictor = serve.deployment(PredictorDeployment).options(
        name="Predictor",
        max_ongoing_requests=PREDICTOR_ONGOING,
        max_queued_requests=PREDICTOR_QUEUED,
        **HEALTH,
        **predictor_scale(args),
        ray_actor_options={"num_cpus": args.predictor_cpus, "num_gpus": args.predictor_gpus},
        logging_config=hot_path_logging(args.log_level),
    )
    return predictor.bind(args, book, args.load_endpoints())


def gateway_scale(args: ServeArgs) -> dict[str, Any]:
    """Serve's options for the number of gateways: fixed, or between two numbers by the requests that they hold."""
    return _scale(args.gateway_replicas, args.gateway_max_replicas, GATEWAY_TARGET)


def predictor_scale(args: ServeArgs) -> dict[str, Any]:
    """Serve's options for the number of predictors: fixed, or between two numbers by the micro-batches that they hold."""
    return _scale(args.predictor_replicas, args.predictor_max_replicas, PREDICTOR_TARGET)


def _scale(least: int, most: int | None, target: int) -> dict[str, Any]:
    if most is None or most <= least:
        return {"num_replicas": least}
    return {"autoscaling_config": {"min_replicas": least, "max_replicas": most, "target_ongoing_requests": target}}


def build_review(args: ServeArgs) -> Application:
    """Build the application for the route prefix ``/``, with the keeper of the shard actors. Raises InvalidConfig."""
    args, book, files = _checked(args)
    logging_config = serve_logging(args.log_level)
    keeper = serve.deployment(Reconcilers).options(
        name="Keeper",
        num_replicas=1,
        max_ongoing_requests=KEEPER_ONGOING,
        max_queued_requests=KEEPER_ONGOING,
        **HEALTH,
        ray_actor_options={"num_cpus": args.keeper_cpus},
        logging_config=logging_config,
    )
    review = serve.deployment(ReviewDeployment).options(
        name="Review",
        max_ongoing_requests=REVIEW_ONGOING,
        max_queued_requests=REVIEW_QUEUED,
        backpressure_config=BACKPRESSURE,
        **HEALTH,
        num_replicas=args.review_replicas,
        ray_actor_options={"num_cpus": args.review_cpus},
        logging_config=logging_config,
    )
    notifications = args.load_notifications()
    kept = keeper.bind(args, book, notifications, files)
    return review.bind(args, book, args.load_targets(), args.load_access(), kept, files, notifications.shown())


def _checked(args: ServeArgs) -> tuple[ServeArgs, TaskBook, dict[str, TaskSpec]]:
    """Return the arguments with the store's partitions, the definitions in force, and the files, which are these at the first
    start. Everything that is wrong with the configuration stops the start here, and not in a replica."""
    files = args.load_tasks()
    _check_definitions(args, files)
    _check_rules(args)
    if args.tracing is not None:
        require_exporter()
    open_signer(args.signing_key_file)
    nodes_alive = sum(node["Alive"] for node in nodes()) if is_initialized() else 1
    args.require_shared(nodes_alive, has_files(files))
    args = args.with_partitioning(_claim_store(args))
    book = book_in_force(args, files)
    args.require_shared(nodes_alive, has_files(book))
    _check_definitions(args, book.in_force())
    return args, book, files


def _check_definitions(args: ServeArgs, tasks: Mapping[str, TaskSpec]) -> None:
    policies(tasks, args.auto_approve_threshold, args.expert_escalation_threshold)
    _check_families(tasks)
    Vault(tasks, args.open_keys()).check()


def _claim_store(args: ServeArgs) -> Partitioning:
    """Look at the store before anything is written to it, then take it for this installation; return how it is partitioned."""
    check_store(args.redis_url, refuse=args.store_promises == "refuse")
    pin_installation(args.redis_url, args.installation)
    return pin_partitions(args.redis_url, args.partitions)


def _check_families(tasks: Mapping[str, TaskSpec]) -> None:
    require_installed(spec.model.family for spec in tasks.values())


def _check_rules(args: ServeArgs) -> None:
    sealing = [kind.value for kind, rules in args.load_rules().kinds.items() if rules.sensitive]
    if sealing and args.open_keys() is None:
        raise InvalidConfig("HITL_MASTER_KEY", "master_key", f"approvals of {', '.join(sealing)} seal values: set it")
