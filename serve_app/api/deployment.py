"""The review application on Ray Serve: its ports connected to the shard actors and the real store."""

from collections.abc import Mapping, Sequence

import httpx2
from ray import serve
from ray.serve.handle import DeploymentHandle
from redis.asyncio import Redis
from starlette.types import ASGIApp

from hitl.adapters.checkers.decoder import FileDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.otel.exporting import open_tracer
from hitl.adapters.ray.process_memory import tune_garbage_collection
from hitl.adapters.ray.shards import RayShards
from hitl.adapters.ray.start_limit import limit_start, note_started
from hitl.adapters.ray.threads import take_short_turns
from hitl.adapters.valkey.approval_keys import ValkeyDataKeys
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.rate_limits import ValkeyCounting
from hitl.adapters.valkey.sessions import ValkeyOneTime
from hitl.adapters.valkey.store_check import check_store
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.identity.claims import OidcConfig
from hitl.outbox.rules import ChannelView
from hitl.quality.targets import Target
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from hitl.tracking.views import Reader
from serve_app.api.app import review_app
from serve_app.api.services.chat_ports import Chat
from serve_app.api.services.context import ApiPorts
from serve_app.api.services.tracking import of_this_process
from serve_app.evidence.cards import ReadCard
from serve_app.evidence.measuring import MeasureCandidate
from serve_app.evidence.predicting import PredictRows
from serve_app.evidence.uploads import TakeArtifact
from serve_app.http.asgi import without_request_id
from serve_app.http.limits import RequestLimits
from serve_app.http.lost_connections import end_timers_of_lost_connections
from serve_app.http.oidc import Oidc, Provider
from serve_app.setup.args import AccessTerms, ServeArgs
from serve_app.setup.case_files import CaseFiles, has_files
from serve_app.setup.definitions import definition_reader
from serve_app.setup.door import open_door
from serve_app.setup.outputs import OutputStore
from serve_app.setup.policies import policies
from serve_app.setup.records import records_of


@serve.ingress()
class ReviewDeployment:
    """One replica. ``keeper`` is bound so that Serve deploys it with the application. ``tasks`` has the definitions of the start,
    ``files`` what the files of the tasks say, ``channels`` where messages may go."""

    def __init__(
        self,
        args: ServeArgs,
        tasks: TaskBook,
        targets: Mapping[str, Target],
        access: AccessTerms,
        keeper: DeploymentHandle,
        files: Mapping[str, TaskSpec],
        channels: Sequence[ChannelView],
    ) -> None:
        limit_start(args.start_s)
        self._args, self._tasks, self._targets, self._access, self._keeper = args, tasks, targets, access, keeper
        self._channels = channels
        self._files, self._takes_files = files, has_files(tasks) or has_files(files)

    def __serve_build_asgi_app__(self) -> ASGIApp:
        client = connect(self._args.redis_url)
        door = open_door(client, self._args, self._access.limits, self._access.oidc)
        ports = ApiPorts(
            tasks=self._tasks,
            shards=RayShards(),
            intakes=open_intakes(client, self._args.partitioning, self._args.archive_uri),
            authenticate=door.keys.authenticate,
            door=door,
            accounts=ValkeyKeys(client),
            public_url=self._args.public_url,
            api_url=self._args.api_url,
            oidc=_oidc(client, self._args, self._access.oidc),
            limits=RequestLimits(self._access.limits, ValkeyCounting(self._args.redis_url), self._args.bytes_per_day),
            body_bytes=self._args.body_bytes,
            live_connections=self._args.live_connections,
            store_risks=_store_risks(self._args),
            close=client.aclose,
            definitions=definition_reader(client, self._args.archive_uri),
            task_files=self._files,
            channels=self._channels,
            projections=self._args.projections_dir,
            masters=self._args.open_keys(),
            approval_keys=ValkeyDataKeys(client),
            caps=self._access.limits.caps,
            take_artifact=TakeArtifact(self._args.artifact_uri),
            keep_output=OutputStore(self._args.artifact_uri),
            read_card=ReadCard(self._args.artifact_uri),
            measure=MeasureCandidate(self._args.artifact_uri, self._args.datasets_dir, self._args.measure_s),
            stored=records_of(client, self._args.partitions, self._args.archive_uri),
            tracking=of_this_process(self._args.mlflow_tracking_uri, _mlflow_reader),
            files=CaseFiles(BlobStore(self._args.blob_uri), FileDecoder()) if self._takes_files else None,
            predict=PredictRows(self._args.artifact_uri),
            chat=Chat(self._access.chat) if self._access.chat else None,
            policies=policies(self._tasks, self._args.auto_approve_threshold, self._args.expert_escalation_threshold),
            targets=self._targets,
            dry_run_min_cases=self._args.dry_run_min_cases,
            tracer=open_tracer(self._args.tracing, "review"),
        )
        application = without_request_id(review_app(ports))
        take_short_turns()
        end_timers_of_lost_connections()
        tune_garbage_collection()  # else a body of many small values has all that was imported searched, for a third of a second
        return application

    def check_health(self) -> None:
        """Asked by Serve: a replica that serves answers."""
        note_started()


def _store_risks(args: ServeArgs) -> list[str]:
    """Return what to say of a store that may lose something; one that is refused for it never comes here."""
    return check_store(args.redis_url, refuse=False) if args.store_promises == "report" else []


def _mlflow_reader(uri: str) -> Reader:
    from hitl.adapters.mlflow import (
        reader as mlflow_reader,  # only here: seconds of import that a replica nobody asks need not wait for
    )

    return mlflow_reader.MlflowReader(uri)


def _oidc(client: Redis, args: ServeArgs, config: OidcConfig | None) -> Oidc | None:
    if config is None:
        return None
    secret = args.oidc_client_secret.get_secret_value() if args.oidc_client_secret else ""
    return Oidc(config, Provider(config, httpx2.AsyncClient()), ValkeyOneTime(client), secret)
