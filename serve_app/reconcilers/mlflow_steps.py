"""The reconcilers that talk to MLflow, run only where there is one."""

from collections.abc import Awaitable, Callable

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.machine.shards import Shards
from hitl.outbox import Delivery, Sender
from hitl.tracking.config import load_config
from hitl.tracking.settings import TrackingSettings
from serve_app.reconcilers.assessments import CHANNEL, Assessments, AssessmentSender
from serve_app.reconcilers.mlflow_watch import Mlflow, MlflowWatch
from serve_app.setup.args import ServeArgs

WATCH_EVERY_S = 300.0


class Nowhere:
    """A hitl.outbox.Sender where there is no MLflow: nobody is to be told, and nothing waits."""

    async def send(self, delivery: Delivery) -> None:
        return None


def mlflow_handlers(args: ServeArgs, shards: Shards) -> dict[str, Sender]:
    """Return the outbox's channel for assessments."""
    uri = _uri(args)
    return {CHANNEL: AssessmentSender(shards, args.partitioning, lambda: _assessments(uri)) if uri else Nowhere()}


def mlflow_steps(args: ServeArgs) -> dict[str, tuple[Callable[[], Awaitable[None]], float]]:
    """The step that watches budgets, disk and abandoned runs, with the seconds between its turns."""
    uri = _uri(args)
    if uri is None:
        return {}
    settings = TrackingSettings()
    outbox = ValkeyOutbox(connect(args.redis_url))
    disk = next(place for place in (settings.buffer_dir, *settings.buffer_dir.absolute().parents) if place.exists())
    watch = MlflowWatch(_reader(uri), outbox, load_config(settings.config), disk)
    return {"mlflow watch": (watch.once, WATCH_EVERY_S)}


def _uri(args: ServeArgs) -> str | None:
    """MLflow's URI; None where tracking is switched off."""
    return None if TrackingSettings().switch is False else args.mlflow_tracking_uri


def _assessments(uri: str) -> Assessments:
    from hitl.adapters.mlflow import assessments as mlflow_assessments

    return mlflow_assessments.MlflowAssessments(uri)


def _reader(uri: str) -> Mlflow:
    from hitl.adapters.mlflow import reader as mlflow_reader

    return mlflow_reader.MlflowReader(uri)
