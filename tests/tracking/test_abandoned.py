"""Runs of jobs that were killed are ended; those of others are left alone."""

import pytest
from mlflow import MlflowClient

from hitl.adapters.mlflow.abandoned import close_abandoned
from hitl.tracking.abandoned import ALIVE_TAG, OpenRun, abandoned
from tests.tracking.conftest import MlflowServer

NOW = 10_000.0


@pytest.mark.parametrize(
    ("runs", "gone"),
    [
        ([OpenRun("a", 0, alive_at=NOW - 60)], []),
        ([OpenRun("a", 0, alive_at=NOW - 901)], ["a"]),
        ([OpenRun("a", 0)], []),
        ([OpenRun("a", 0, is_operation=True)], ["a"]),
        ([OpenRun("a", NOW - 5, is_operation=True)], []),
        ([OpenRun("p", 0, alive_at=NOW), OpenRun("c", 0, parent_id="p")], []),
        ([OpenRun("c", 1, parent_id="p"), OpenRun("p", 0, alive_at=0)], ["p", "c"]),
        ([OpenRun("c", 0, parent_id="ended")], ["c"]),
        ([OpenRun("p", 0, alive_at=0), OpenRun("c", 1, parent_id="p"), OpenRun("g", 2, parent_id="c")], ["p", "c", "g"]),
    ],
)
def test_a_run_is_abandoned_when_its_job_has_been_silent(runs: list[OpenRun], gone: list[str]) -> None:
    assert abandoned(runs, NOW) == gone


@pytest.mark.covers("002-34")
def test_abandoned_runs_are_ended_as_killed_and_say_why(mlflow_server: MlflowServer) -> None:
    client = MlflowClient(mlflow_server.url)
    number = client.create_experiment("killed")
    gone = client.create_run(number, tags={ALIVE_TAG: "1"}).info.run_id
    others = client.create_run(number, start_time=1).info.run_id
    assert gone in close_abandoned(mlflow_server.url, dry_run=True)
    close_abandoned(mlflow_server.url)
    ended = client.get_run(gone)
    assert (ended.info.status, ended.data.tags["abandoned"]) == ("KILLED", "no sign of life for 900 s")
    assert client.get_run(others).info.status == "RUNNING"
    client.set_terminated(others)
