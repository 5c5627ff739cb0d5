"""The review application on Ray Serve: its ports made of the shard actors and the real store."""

from collections.abc import Mapping

from ray import serve
from ray.serve.handle import DeploymentHandle

from hitl.adapters.ray_shard import RayShards
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.quality.targets import Target
from hitl.tasks import TaskSpec
from hitl.tracking.views import Reader
from serve_app.args import ServeArgs
from serve_app.auth import Authenticator
from serve_app.context import Ports
from serve_app.edge import App, without_request_id
from serve_app.policies import policies
from serve_app.records import records_of
from serve_app.review_app import review_app
from serve_app.tracking import of_this_process


@serve.ingress()
class ReviewDeployment:
    """One replica. ``keeper`` is bound so that Serve deploys it with the application."""

    def __init__(
        self, args: ServeArgs, tasks: Mapping[str, TaskSpec], targets: Mapping[str, Target], keeper: DeploymentHandle
    ) -> None:
        self._args, self._tasks, self._targets, self._keeper = args, tasks, targets, keeper

    def __serve_build_asgi_app__(self) -> App:
        client = connect(self._args.redis_url)
        ports = Ports(
            tasks=self._tasks,
            shards=RayShards(),
            intakes=[ValkeyIntake(client, partition) for partition in range(self._args.partitions)],
            authenticate=Authenticator(ValkeyKeys(client)).authenticate,
            close=client.aclose,
            masters=self._args.open_keys(),
            stored=records_of(client, self._args.partitions),
            tracking=of_this_process(self._args.mlflow_tracking_uri, _mlflow_reader),
            policies=policies(self._tasks, self._args.auto_approve_threshold, self._args.expert_escalation_threshold),
            targets=self._targets,
        )
        return without_request_id(review_app(ports))


def _mlflow_reader(uri: str) -> Reader:
    from hitl.adapters import mlflow_reader  # only here: seconds of import that a replica nobody asks need not wait for

    return mlflow_reader.MlflowReader(uri)
