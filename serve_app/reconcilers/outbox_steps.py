"""The outbox's loops over the real store."""

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from hitl.adapters.notify.senders import senders
from hitl.adapters.notify.voting import OutsideVoting
from hitl.adapters.otel.exporting import open_tracer
from hitl.adapters.valkey.alerts import ValkeyAlerts
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.inbox import ValkeyInbox
from hitl.adapters.valkey.metrics import ValkeyMetrics
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.intake.case_traces import CaseTraces
from hitl.intake.recent_rows import RecentRows
from hitl.machine.shards import Shards, all_shards
from hitl.outbox import DeliveryStatus, Notifications
from hitl.tracking.record import FAILURE, SUCCESS
from serve_app.reconcilers.alerts import AlertWatch, Overdue, Runs, no_checks, no_runs, seldom
from serve_app.reconcilers.metrics import MetricsTail
from serve_app.reconcilers.mlflow_steps import mlflow_handlers
from serve_app.reconcilers.outbox import Courier, OutboxTail
from serve_app.setup.args import ServeArgs
from serve_app.setup.records import journals_of

TAIL_EVERY_S = 0.5
"""While anything moves: people are told by messages, which take longer."""
ALERTS_EVERY_S = 10.0
METRICS_EVERY_S = 1.0
RUNS_EVERY_S = 30.0
"""Between two questions to MLflow for the runs that failed: each takes its server and the keeper tens of milliseconds."""
RUNS_LOOKED_AT = 300
RUNS_SINCE_S = 7 * 86_400.0
STATES_OF_RUNS = {SUCCESS: "succeeded", FAILURE: "failed"}
Step = Callable[[], Awaitable[None]]


def outbox_steps(
    args: ServeArgs,
    notices: Notifications,
    shards: Shards,
    overdue: Overdue = no_checks,
    read: Sequence[RecentRows] = (),
) -> dict[str, tuple[Step, float]]:
    """Each step by its name, with the seconds between its turns; ``read`` is what other followers have read of each partition.
    Raises InvalidConfig for a channel that cannot be made."""
    client = connect(args.redis_url)
    store = ValkeyOutbox(client)
    journals = journals_of(client, args.partitions, args.archive_uri)
    intakes, tracer = open_intakes(client, args.partitioning, args.archive_uri, read), open_tracer(args.tracing, "outbox")
    tail = OutboxTail(store, journals, notices, CaseTraces(intakes) if tracer else None)
    counting = MetricsTail(ValkeyMetrics(client), journals, intakes)
    voting = OutsideVoting((args.public_url or args.api_url).rstrip("/"), time.time, args.load_chat())
    courier = Courier(store, senders(notices, ValkeyInbox(client), mlflow_handlers(args, shards), voting=voting), tracer=tracer)
    runs = _runs_of(args.mlflow_tracking_uri)
    names = all_shards(args.partitions)
    alerts = AlertWatch(ValkeyAlerts(client), shards, notices, partial(_dead, store), runs, names=names, overdue=overdue)
    return {
        "outbox": (tail.once, TAIL_EVERY_S),
        "courier": (courier.once, TAIL_EVERY_S),
        "alerts": (alerts.once, ALERTS_EVERY_S),
        "metrics": (counting.once, METRICS_EVERY_S),
    }


async def _dead(store: ValkeyOutbox) -> int:
    return await store.size(DeliveryStatus.DEAD)


def _runs_of(tracking_uri: str | None) -> Runs:
    if tracking_uri is None:
        return no_runs

    def runs() -> list[tuple[str, str]]:
        from hitl.adapters.mlflow.reader import MlflowReader  # only here: seconds of import, in a thread

        rows = MlflowReader(tracking_uri).runs(None, limit=RUNS_LOOKED_AT, since_s=time.time() - RUNS_SINCE_S)
        return [(row.experiment, STATES_OF_RUNS.get(row.status, "")) for row in rows]

    return seldom(runs, RUNS_EVERY_S)
