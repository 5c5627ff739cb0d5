"""The keeper's parts that talk to MLflow, over the real one: what only matters where there is one."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from hitl.adapters.outbox_store import ValkeyOutbox
from hitl.adapters.valkey.client import connect
from hitl.outbox import Sender
from hitl.tracking.config import load_config
from hitl.tracking.settings import TrackingSettings
from serve_app.args import ServeArgs
from serve_app.keeping.assessments import CHANNEL, Assessments, AssessmentSender
from serve_app.keeping.mlflow_watch import Mlflow, MlflowWatch
from serve_app.shards import Shards


def mlflow_handlers(args: ServeArgs, shards: Shards) -> dict[str, Sender]:
    """The outbox's channel for assessments."""
    uri = args.mlflow_tracking_uri
    return {CHANNEL: AssessmentSender(shards, args.partitions, lambda: _assessments(uri))} if uri else {}


def mlflow_watch(args: ServeArgs) -> dict[str, Callable[[], Awaitable[None]]]:
    """The step that watches budgets, disk and abandoned runs."""
    if args.mlflow_tracking_uri is None:
        return {}
    settings = TrackingSettings()
    outbox = ValkeyOutbox(connect(args.redis_url))
    disk = next(place for place in (settings.buffer_dir, *settings.buffer_dir.absolute().parents) if place.exists())
    return {"mlflow watch": _Watch(args.mlflow_tracking_uri, outbox, settings.config, disk).once}


class _Watch:
    """Opens MLflow in the first step and not in the keeper's start: a seconds-long import must not hold up the shards."""

    def __init__(self, uri: str, outbox: ValkeyOutbox, tables: Path, disk: Path) -> None:
        self._uri, self._outbox, self._tables, self._disk = uri, outbox, tables, disk
        self._watch: MlflowWatch | None = None

    async def once(self) -> None:
        if self._watch is None:
            self._watch = MlflowWatch(_reader(self._uri), self._outbox, load_config(self._tables), self._disk)
        await self._watch.once()


def _assessments(uri: str) -> Assessments:
    from hitl.adapters import mlflow_assessments

    return mlflow_assessments.MlflowAssessments(uri)


def _reader(uri: str) -> Mlflow:
    from hitl.adapters import mlflow_reader

    return mlflow_reader.MlflowReader(uri)
