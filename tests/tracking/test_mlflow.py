"""Tracking against a real MLflow server: what is stored, and what the REST routes read back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from mlflow import MlflowClient

import hitl.tracking as tracking
from hitl.adapters.mlflow.reader import MlflowReader
from hitl.adapters.mlflow.sink import MlflowSink
from hitl.tracking.config import load_config
from hitl.tracking.record import Trace
from hitl.tracking.tracker import Tracker
from serve_app.api.app import review_app
from serve_app.api.services.context import ApiPorts
from serve_app.api.services.tracking import Tracking
from tests.review_app.conftest import by_name
from tests.review_app.in_process import InProcessShards
from tests.running import until
from tests.tracking.conftest import CONFIG, FLUSHED_WITHIN_S, MemorySink, MlflowServer
from training.mlflow_run import ParentRun

USAGE = {"prompt_tokens": 1000, "completion_tokens": 200}


def _spec(ok: bool = True) -> None:
    @tracking.track_text("pfd_conversion", "spec_generation")
    def generate(prompt: str) -> dict[str, Any]:
        if not ok:
            raise RuntimeError("model away")
        return {"model": "gpt-4o", "usage": USAGE, "confidence": 0.9}

    generate("a prompt")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, mlflow_server: MlflowServer) -> Iterator[Tracker]:
    """Three good calls, one failed one, in the feature's experiment."""
    from hitl.tracking import process
    from hitl.tracking.settings import TrackingSettings

    where = tmp_path_factory.mktemp("filled")
    tracker = Tracker(TrackingSettings(switch=True, uri=mlflow_server.url, buffer_dir=where, config=CONFIG))
    process.use(tracker)
    for _ in range(3):
        _spec()
    with pytest.raises(RuntimeError):
        _spec(ok=False)
    assert tracker.flush(FLUSHED_WITHIN_S)
    yield tracker
    process.use(None)
    tracker.close(1)


@pytest.fixture
def api(filled: Tracker) -> Iterator[TestClient]:
    """The review application over this MLflow, asked by an operator."""
    with _asked_of(Tracking(filled.settings, load_config(CONFIG), MlflowReader, lambda: filled.counts)) as client:
        yield client


def _asked_of(tracking: Tracking, who: str = "operator") -> TestClient:
    ports = ApiPorts({}, InProcessShards({}, 1), [], by_name, tracking=tracking)
    return TestClient(review_app(ports), headers={"authorization": f"Bearer {who}"})


@pytest.mark.covers("002-29", "002-30", "004-16")
def test_a_call_is_a_run_and_a_trace_in_its_features_experiment(filled: Tracker) -> None:
    client = MlflowClient(filled.tracking_uri)
    experiment = client.get_experiment_by_name("PFD to P&ID Conversion")
    runs = client.search_runs([experiment.experiment_id])
    assert sorted(run.info.status for run in runs) == ["FAILED", "FINISHED", "FINISHED", "FINISHED"]
    traces = client.search_traces([experiment.experiment_id])
    assert len(traces) == 4
    good = next(trace for trace in traces if trace.info.tags["status"] == "success")
    assert good.data.spans[0].inputs == {"prompt": "a prompt"}
    assert good.info.token_usage == {"input_tokens": 1000, "output_tokens": 200, "total_tokens": 1200}


@pytest.mark.covers("002-05", "002-06", "002-07", "002-11", "002-13")
def test_nested_calls_show_in_mlflow_as_one_tree(live: Tracker, mlflow_server: MlflowServer) -> None:
    call = tracking.track_text("tree", "answer")(lambda prompt: {"model": "gpt-4o", "usage": USAGE, "text": "so"})
    search = tracking.track_rag("tree", "search")(lambda query: [{"id": 1, "score": 0.9}])

    def run(question: str) -> str:
        search(question)
        tracking.annotate(context="what the model saw")
        return str(call(question)["text"])

    tracking.track_agent("tree", "run")(run)("why?")
    assert live.flush(FLUSHED_WITHIN_S)
    client = MlflowClient(mlflow_server.url)
    (trace,) = client.search_traces([client.get_experiment_by_name("tests/tree").experiment_id])
    spans = {span.name: span for span in trace.data.spans}
    root = spans["run"]
    assert {span.parent_id for name, span in spans.items() if name != "run"} == {root.span_id}
    assert {name: span.span_type for name, span in spans.items()} == {"run": "AGENT", "answer": "LLM", "search": "RETRIEVER"}
    assert (root.inputs, root.outputs["context"]) == ({"question": "why?"}, "what the model saw")
    assert (spans["search"].inputs, spans["search"].outputs[0]["score"]) == ({"query": "why?"}, 0.9)
    assert trace.info.token_usage == {"input_tokens": 1000, "output_tokens": 200, "total_tokens": 1200}
    assert spans["answer"].attributes["mlflow.llm.cost"]["total_cost"] == pytest.approx(0.0045)


@pytest.mark.covers("002-29")
def test_the_stack_of_a_failed_call_is_its_runs_artifact(filled: Tracker) -> None:
    client = MlflowClient(filled.tracking_uri)
    experiment = client.get_experiment_by_name("PFD to P&ID Conversion")
    (failed,) = client.search_runs([experiment.experiment_id], "attributes.status = 'FAILED'")
    assert [item.path for item in client.list_artifacts(failed.info.run_id)] == ["error.txt"]


@pytest.mark.covers("004-12", "004-11", "000-32")
def test_experiments_are_listed_by_key_name_and_id(api: TestClient) -> None:
    told = api.get("/api/v1/mlflow/tracking/experiments/").json()
    assert told.keys() == {"enabled", "tracking_uri", "experiments"}
    pfd = next(item for item in told["experiments"] if item["key"] == "pfd_conversion")
    assert pfd["name"] == "PFD to P&ID Conversion"
    assert pfd["experiment_id"].isdigit()


@pytest.mark.covers("004-13", "D51")
def test_runs_come_flat_newest_first_and_limited(api: TestClient) -> None:
    told = api.get("/api/v1/mlflow/tracking/runs/", params={"feature": "pfd_conversion", "limit": 2}).json()
    assert told["feature"] == "pfd_conversion"
    assert len(told["runs"]) == 2
    good = next(run for run in told["runs"] if run["tags.status"] == "success")
    assert good["metrics.confidence_score"] == 0.9
    assert good["metrics.execution_time"] >= 0


@pytest.mark.covers("004-14", "004-19")
def test_metrics_are_totals_and_means_with_the_success_rate_in_per_cent(api: TestClient) -> None:
    told = api.get("/api/v1/mlflow/tracking/metrics/", params={"feature": "pfd_conversion"}).json()
    figures = told["metrics"]
    assert figures.keys() == {"total_runs", "avg_execution_time", "success_rate", "avg_confidence", "total_cost"}
    assert (figures["total_runs"], figures["success_rate"]) == (4, 75.0)
    assert figures["total_cost"] == pytest.approx(3 * 0.0045)


@pytest.mark.covers("004-15", "002-35")
def test_health_tells_of_server_database_artifacts_disk_and_buffer(api: TestClient) -> None:
    told = api.get("/api/v1/mlflow/tracking/health/").json()
    assert (told["enabled"], told["mlflow"]["reachable"], told["mlflow"]["version"]) == (True, True, "3.17.2")
    assert (told["database"]["reachable"], told["artifact_store"]["reachable"]) == (True, True)
    assert told["disk"]["free_bytes"] > 0
    assert told["buffer"] == {"traces": 0, "bytes": 0, "dropped": 0, "rejected": 0}


@pytest.mark.covers("004-25")
def test_the_routes_are_documented(api: TestClient) -> None:
    assert api.get("/api/docs/").status_code == 200
    assert "/api/v1/mlflow/tracking/health/" in api.get("/openapi.json").json()["paths"]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "feature=", "limit=100000"])
def test_bad_queries_are_refused(api: TestClient, query: str) -> None:
    assert api.get(f"/api/v1/mlflow/tracking/runs/?{query}").status_code == 400


def test_exporting_the_same_traces_again_changes_nothing(mlflow_server: MlflowServer, make_tracker: Any) -> None:
    memory = MemorySink()
    tracker = make_tracker(memory)
    tracking.track_text("twice", "op")(lambda: {"usage": USAGE})()
    assert tracker.flush(5)
    sink = MlflowSink(mlflow_server.url)
    sink.export(memory.traces, is_repeat=False)
    sink.export([Trace.from_json(trace.to_json()) for trace in memory.traces], is_repeat=True)
    client = MlflowClient(mlflow_server.url)
    number = client.get_experiment_by_name("twice").experiment_id
    assert len(client.search_runs([number])) == 1
    (trace,) = client.search_traces([number])
    assert trace.info.token_usage["total_tokens"] == 1200


@pytest.mark.slow
@pytest.mark.covers("000-40", "004-26")
def test_calls_go_on_while_the_server_is_away_and_are_stored_once_when_it_is_back(tmp_path: Path, make_tracker: Any) -> None:
    server = MlflowServer(tmp_path)
    server.start()
    tracker = make_tracker(None, uri=server.url)
    call = tracking.track_custom("away", "op")(lambda n: {"n": n})
    call(0)
    assert tracker.flush(FLUSHED_WITHIN_S)
    server.stop()
    for n in range(1, 31):
        call(n)
    until(lambda: tracker.counts.buffered == 30)
    server.start()
    call(31)
    until(lambda: bool(tracker.flush(10)))
    rows = MlflowReader(server.url).runs(["away"], limit=100)
    server.stop()
    assert sorted(row.metrics["n"] for row in rows) == list(range(32))


@pytest.mark.parametrize("name", ["", "a/../b", "x" * 300, "nul\x00", "/etc/x", "."])
def test_an_artifact_that_no_store_takes_is_left_out_and_the_next_trace_arrives(live: Tracker, name: str) -> None:
    @tracking.track_custom("odd artifacts", "op")
    def call(n: int) -> dict[str, int]:
        if n == 1:
            tracking.annotate(artifacts={name: "text", "good.txt": "text"})
        return {"n": n}

    call(1)
    call(2)
    assert live.flush(FLUSHED_WITHIN_S)
    assert (live.counts.exported, live.counts.rejected, live.counts.buffered, live.away_why) == (2, 0, 0, None)


def test_an_experiment_that_is_deleted_meanwhile_is_restored(live: Tracker, mlflow_server: MlflowServer) -> None:
    client = MlflowClient(mlflow_server.url)
    call = tracking.track_custom("deleted meanwhile", "op")(lambda n: {"n": n})
    call(1)
    assert live.flush(FLUSHED_WITHIN_S)
    client.delete_experiment(client.get_experiment_by_name("tests/deleted meanwhile").experiment_id)
    call(2)
    call(3)
    assert live.flush(FLUSHED_WITHIN_S)
    found = client.get_experiment_by_name("tests/deleted meanwhile")
    runs = client.search_runs([found.experiment_id])
    assert sorted(run.data.metrics["n"] for run in runs) == [1, 2, 3]
    assert (live.counts.exported, live.counts.rejected) == (3, 0)


def test_a_retraining_restores_its_deleted_experiment(mlflow_server: MlflowServer) -> None:
    client = MlflowClient(mlflow_server.url)
    with ParentRun(mlflow_server.url, "tidied", "one") as first:
        first.log({}, {"a": 1.0})
    client.delete_experiment(first.experiment_id)
    with ParentRun(mlflow_server.url, "tidied", "two") as second:
        second.log({}, {"a": 2.0})
    assert client.get_run(second.id).data.metrics == {"a": 2.0}
