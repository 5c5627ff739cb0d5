"""End the MLflow runs of jobs that were killed; MLflow would list them as active for ever."""

import time

from mlflow import MlflowClient
from mlflow.entities import Run

from hitl.adapters.mlflow.errors import asking
from hitl.adapters.mlflow.spans import PARENT_TAG, SPAN_TAG
from hitl.tracking.abandoned import ALIVE_TAG, SILENT_S, OpenRun, abandoned

RUNNING = "attributes.status = 'RUNNING'"
MAX_RUNS = 1_000
"""Looked at in one go; the next go finds the rest."""


def close_abandoned(uri: str, *, silent_s: float = SILENT_S, dry_run: bool = False) -> list[str]:
    """End them as killed, with a tag that says why; returns their ids. Raises SinkAway."""
    client = MlflowClient(uri)
    with asking(uri):
        ids = [str(item.experiment_id) for item in client.search_experiments(max_results=10_000)]
        found = client.search_runs(ids, RUNNING, max_results=MAX_RUNS) if ids else []
        gone = abandoned([_open_run(run) for run in found], time.time(), silent_s)
        for run_id in [] if dry_run else gone:
            client.set_tag(run_id, "abandoned", f"no sign of life for {silent_s:g} s")
            client.set_terminated(run_id, "KILLED")
    return gone


def say_alive(client: MlflowClient, run_id: str) -> None:
    """A sign of life of the job that writes this run."""
    client.set_tag(run_id, ALIVE_TAG, f"{time.time():.0f}")


def _open_run(run: Run) -> OpenRun:
    tags = run.data.tags
    alive_at = float(tags[ALIVE_TAG]) if ALIVE_TAG in tags else None
    return OpenRun(str(run.info.run_id), run.info.start_time / 1000, alive_at, tags.get(PARENT_TAG), SPAN_TAG in tags)
