"""The composition root: the two Serve applications from their arguments. ``configs/serve.yaml`` names the builders.

Files and environment are read by the builders alone: replicas get what was read, so that all of them agree.
"""

from fastapi import FastAPI
from ray import nodes, serve
from ray.serve import Application
from ray.serve.handle import DeploymentHandle

from hitl.adapters.artifacts import ArtifactStore
from hitl.adapters.ray_shard import RayShards
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.inference import load
from hitl.tasks import TaskSpec
from serve_app import context, gateway
from serve_app.args import ServeArgs
from serve_app.auth import Authenticator
from serve_app.keeper import Keeper
from serve_app.policies import policies
from serve_app.review_app import review_app
from serve_app.shards import APPROVAL
from serve_app.telemetry import Telemetry

Tasks = dict[str, TaskSpec]

GATEWAY_ONGOING = 512
"""Requests in one replica: eight micro-batches; more wait in the proxy, up to as many again a replica."""

REVIEW_ONGOING = 2000
"""Most of them are long polls that only wait."""


@serve.ingress()
class GatewayIngress:
    """Answers /v1/tasks/… alone, so that long polls never hold its slots."""

    def __init__(self, args: ServeArgs, tasks: Tasks) -> None:
        self._args, self._tasks = args, tasks

    def __serve_build_asgi_app__(self) -> gateway.Gateway:
        args, tasks, client = self._args, self._tasks, connect(self._args.redis_url)
        ports = gateway.Ports(
            tasks=tasks,
            policies=policies(tasks, args.auto_approve_threshold, args.expert_escalation_threshold),
            intakes=[ValkeyIntake(client, partition) for partition in range(args.partitions)],
            serving=ValkeyServing(client, args.partitions),
            journal=ValkeyJournal(client, APPROVAL),
            artifacts=ArtifactStore(args.artifact_uri),
            load=load,
            keys=ValkeyKeys(client),
            telemetry=Telemetry(),
        )
        return gateway.Gateway(ports)


@serve.ingress()
class ReviewIngress:
    """Answers everything else. ``keeper`` is bound so that it is deployed with the application."""

    def __init__(self, args: ServeArgs, tasks: Tasks, keeper: DeploymentHandle) -> None:
        self._args, self._tasks, self._keeper = args, tasks, keeper

    def __serve_build_asgi_app__(self) -> FastAPI:
        client = connect(self._args.redis_url)
        ports = context.Ports(
            tasks=self._tasks,
            shards=RayShards(),
            intakes=[ValkeyIntake(client, partition) for partition in range(self._args.partitions)],
            authenticate=Authenticator(ValkeyKeys(client)).authenticate,
            close=client.aclose,
        )
        return review_app(ports)


def build_gateway(args: ServeArgs) -> Application:
    """The application for the route prefix ``/v1/tasks``. Raises InvalidConfig."""
    tasks = _checked_tasks(args)
    deployment = serve.deployment(GatewayIngress).options(
        name="gateway",
        num_replicas=args.gateway_replicas,
        max_ongoing_requests=GATEWAY_ONGOING,
        max_queued_requests=GATEWAY_ONGOING * args.gateway_replicas,
        ray_actor_options={"num_cpus": args.gateway_cpus, "num_gpus": args.gateway_gpus},
    )
    return deployment.bind(args, tasks)


def build_review(args: ServeArgs) -> Application:
    """The application for the route prefix ``/``. Raises InvalidConfig."""
    tasks = _checked_tasks(args)
    keeper = serve.deployment(Keeper).options(
        name="keeper",
        num_replicas=1,
        max_ongoing_requests=16,
        max_queued_requests=16,
        ray_actor_options={"num_cpus": args.keeper_cpus},
    )
    ingress = serve.deployment(ReviewIngress).options(
        name="review",
        num_replicas=args.review_replicas,
        max_ongoing_requests=REVIEW_ONGOING,
        max_queued_requests=REVIEW_ONGOING,
        ray_actor_options={"num_cpus": args.review_cpus},
    )
    return ingress.bind(args, tasks, keeper.bind(args, tasks))


def _checked_tasks(args: ServeArgs) -> Tasks:
    """The tasks. Everything that is wrong with the configuration stops the start here, and not in a replica."""
    tasks = args.load_tasks()
    policies(tasks, args.auto_approve_threshold, args.expert_escalation_threshold)
    args.require_shared(sum(node["Alive"] for node in nodes()))
    return tasks
