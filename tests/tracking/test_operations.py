"""Hooks, configuration, command line, retention, backup, autologging."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow import MlflowClient
from typer.testing import CliRunner

from hitl.adapters.mlflow import retention
from hitl.adapters.mlflow.autolog import enable_autolog
from hitl.adapters.mlflow.backup import backup, restore
from hitl.adapters.mlflow.reader import MlflowReader
from hitl.adapters.mlflow.retention import archive_runs, clean_artifacts
from hitl.cli.commands.tracking import experiments_app, tracking_app
from hitl.errors import InvalidConfig, InvalidInput
from hitl.tracking import annotate, track_custom
from hitl.tracking.config import load_config
from hitl.tracking.exporter import Counts
from hitl.tracking.hooks import Signal, track_saved
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.tracker import Tracker
from hitl.tracking.views import Probes, health_view
from tests.running import until
from tests.tracking.conftest import FLUSHED_WITHIN_S, MemorySink, MlflowServer, free_port

ROOT = Path(__file__).parents[2]


@dataclass
class Report:
    title: str
    issue_count: int
    confidence: float


@pytest.mark.covers("004-17")
def test_a_saved_object_is_tracked_without_touching_its_class(tracker: Tracker, sink: MemorySink) -> None:
    saved = Signal()
    track_saved(saved, Report, "pid_verification")
    saved.send(Report, instance=Report("P&ID 7", 3, 0.9), created=True)
    saved.send(dict, instance={}, created=True)
    assert tracker.flush(5)
    (span,) = sink.spans
    assert (span.name, span.tags["title"]) == ("Report.created", "P&ID 7")
    assert (span.metrics["issue_count"], span.metrics["confidence_score"]) == (3, 0.9)


@pytest.mark.covers("004-17")
def test_a_failing_subscriber_never_fails_the_save(tracker: Tracker) -> None:
    saved = Signal()
    track_saved(saved, Report, "f", lambda report: {"x": report.nothing})
    saved.send(Report, instance=Report("a", 1, 1.0))
    assert tracker.counts.submitted == 0


@pytest.mark.covers("002-18", "002-39", "D38")
def test_the_documents_environment_names_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"MLFLOW_TRACKING_URI": "http://m:5000", "MLFLOW_EXPERIMENT_NAME": "e2i", "MLFLOW_ARTIFACT_LOCATION": "./a"}
    for name, value in (names | {"MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING": "true"}).items():
        monkeypatch.setenv(name, value)
    read = TrackingSettings()
    assert (read.tracking_uri, read.experiment_name, read.artifact_location) == ("http://m:5000", "e2i", "./a")
    assert read.system_metrics
    assert "postgres" not in str(TrackingSettings.model_fields)


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ENABLED", "")
    monkeypatch.setenv("HITL_TRACKING_QUEUE", "")
    assert (TrackingSettings().switch, TrackingSettings().queue_traces) == (None, 10_000)


@pytest.mark.covers("000-08")
def test_the_base_url_is_an_alias_of_the_tracking_uri(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setenv("MLFLOW_BASE_URL", "http://mlflow:5000")
    assert TrackingSettings().tracking_uri == "http://mlflow:5000"


@pytest.mark.covers("002-18")
def test_system_metrics_are_told_where_the_switch_says_so(make_tracker: Any, sink: MemorySink) -> None:
    tracker = make_tracker(sink, system_metrics=True)
    track_custom("f", "op")(lambda: None)()
    assert tracker.flush(5)
    told = sink.spans[0].metrics
    assert told["system/process_memory_megabytes"] > 1
    assert 0 < told["system/system_memory_usage_percentage"] <= 100
    assert 0 < told["system/disk_usage_percentage"] <= 100


@pytest.mark.parametrize(
    "text", ["prices: {m: {inptu: 1}}", "budgets: [{feature: f, limit: -1}]", "redact: {x: '('}", "a: [", "nope: 1"]
)
def test_a_wrong_table_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "tracking.yaml"
    file.write_text(text)
    with pytest.raises(InvalidConfig, match=r"tracking\.yaml"):
        load_config(file)


@pytest.mark.covers("004-11")
def test_the_example_configuration_names_the_documents_experiments() -> None:
    names = load_config(ROOT / "configs" / "tracking.yaml").experiments
    assert names["pid_verification"] == "P&ID Design Verification"
    assert set(names.values()) >= {"PFD to P&ID Conversion", "CRS Document Analysis", "Visual Diagram Generation"}


@pytest.mark.covers("002-35")
def test_health_alerts_on_a_full_disk_and_says_when_mlflow_is_away() -> None:
    gone = Probes("refused", "refused", "refused")
    told = health_view(True, "http://ann:pw@m", gone, (100 * 2**30, 2**30), Counts(buffered=5), 100)
    assert (told.status, told.tracking_uri, told.buffer.traces) == ("unreachable", "http://m", 5)
    assert [alert.name for alert in told.alerts] == ["tracking_server", "disk"]


@pytest.mark.covers("002-20")
def test_autologging_is_a_switch_by_name(make_tracker: Any, mlflow_server: MlflowServer) -> None:
    tracker = make_tracker(None, uri=mlflow_server.url, autolog="sklearn,nothing_here")
    track_custom("autolog", "op")(lambda: None)()
    assert tracker.flush(FLUSHED_WITHIN_S)
    assert mlflow.get_tracking_uri() == mlflow_server.url
    with pytest.raises(InvalidConfig, match="nothing_here"):
        enable_autolog("nothing_here", mlflow_server.url)
    mlflow.sklearn.autolog(disable=True)


@pytest.fixture(scope="module")
def two_features(mlflow_server: MlflowServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    from hitl.tracking import process

    tracker = Tracker(TrackingSettings(switch=True, uri=mlflow_server.url, buffer_dir=tmp_path_factory.mktemp("two")))
    process.use(tracker)
    for model, score in (("small", 0.7), ("large", 0.9)):
        track_custom("cli", "scoring", params={"model": model})(lambda score=score: {"accuracy": score})()
    assert tracker.flush(FLUSHED_WITHIN_S)
    process.use(None)
    tracker.close(1)
    return mlflow_server.url


@pytest.mark.covers("002-27", "004-20")
def test_the_command_line_compares_experiments_and_names_the_best(two_features: str, tmp_path: Path) -> None:
    page = tmp_path / "c.html"
    args = ["compare", "cli", "--metric", "accuracy", "--by", "model", "--json", "--html", str(page), "--uri", two_features]
    done = CliRunner().invoke(experiments_app, args)
    assert done.exit_code == 0, done.output
    assert json.loads(done.output.splitlines()[-1])["best"] == {"model": "large"}
    assert "<svg" in page.read_text()


@pytest.mark.covers("004-22")
def test_the_command_line_writes_a_report_of_a_feature(two_features: str, tmp_path: Path) -> None:
    page = tmp_path / "r.html"
    done = CliRunner().invoke(tracking_app, ["report", "--feature", "cli", "--html", str(page), "--json", "--uri", two_features])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output.splitlines()[-1])["summary"]["total_runs"] == 2
    assert "Distribution of accuracy" in page.read_text()


@pytest.mark.covers("002-34")
def test_old_runs_are_shown_then_archived_and_deleted_and_kept_ones_stay(mlflow_server: MlflowServer, tmp_path: Path) -> None:
    client = MlflowClient(mlflow_server.url)
    number = client.create_experiment("old")
    for tags in ({}, {"keep": "yes"}):
        run = client.create_run(number, tags=tags)
        client.set_terminated(run.info.run_id, end_time=1)
    told = archive_runs(mlflow_server.url, 30, tmp_path / "archive", experiments=["old"])
    assert (told, len(client.search_runs([number]))) == (1, 2)
    archive_runs(mlflow_server.url, 30, tmp_path / "archive", experiments=["old"], dry_run=False)
    (left,) = client.search_runs([number])
    assert left.data.tags["keep"] == "yes"
    (file,) = (tmp_path / "archive").iterdir()
    assert json.loads(file.read_text())["experiment"] == "old"


def test_runs_of_registered_versions_stay_however_many_they_are(
    mlflow_server: MlflowServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PAGE", 1)
    client = MlflowClient(mlflow_server.url)
    number = client.create_experiment("old-and-registered")
    client.create_registered_model("old-model")
    for _ in range(3):
        run = client.create_run(number)
        client.set_terminated(run.info.run_id, end_time=1)
        client.create_model_version("old-model", f"runs:/{run.info.run_id}/model", run.info.run_id)
    place = tmp_path / "archive"
    assert archive_runs(mlflow_server.url, 30, place, experiments=["old-and-registered"], dry_run=False) == 0
    assert len(client.search_runs([number])) == 3


@pytest.mark.covers("002-34")
def test_artifacts_without_a_run_are_shown_then_deleted(mlflow_server: MlflowServer, tmp_path: Path) -> None:
    client = MlflowClient(mlflow_server.url)
    number = client.create_experiment("artifacts")
    kept, gone = (str(client.create_run(number).info.run_id) for _ in range(2))
    for run_id in (kept, gone):
        client.log_text(run_id, "x", "a.txt")
    client.delete_run(gone)
    artifacts = mlflow_server.home / "artifacts"
    found = [orphan for orphan in clean_artifacts(mlflow_server.url, artifacts) if Path(orphan.path).name in (kept, gone)]
    assert [Path(orphan.path).name for orphan in found] == [gone]
    clean_artifacts(mlflow_server.url, artifacts, dry_run=False)
    assert (Path(found[0].path).exists(), client.list_artifacts(kept)[0].path) == (False, "a.txt")


@pytest.mark.covers("002-24")
def test_a_backup_of_a_running_server_restores_to_the_same_runs(mlflow_server: MlflowServer, tmp_path: Path) -> None:
    client = MlflowClient(mlflow_server.url)
    run_id = client.create_run(client.create_experiment("backup")).info.run_id
    client.log_text(run_id, "kept", "a.txt")
    told = backup(mlflow_server.home / "mlflow.db", mlflow_server.home / "artifacts", tmp_path / "b.tar.gz")
    assert told["integrity"] == "ok"
    target = tmp_path / "new"
    target.mkdir()
    assert restore(tmp_path / "b.tar.gz", target / "mlflow.db", target / "artifacts") == told
    with sqlite3.connect(target / "mlflow.db") as database:
        assert database.execute("SELECT count(*) FROM runs WHERE run_uuid = ?", (run_id,)).fetchone() == (1,)
    assert next((target / "artifacts").rglob(f"{run_id}/**/a.txt")).read_text() == "kept"
    with pytest.raises(InvalidInput, match="replace"):
        restore(tmp_path / "b.tar.gz", target / "mlflow.db", target / "artifacts")


def test_a_file_that_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"not a tar")
    with pytest.raises(InvalidInput, match="backup"):
        restore(tmp_path / "x", tmp_path / "mlflow.db", tmp_path / "artifacts")
    assert not (tmp_path / "mlflow.db").exists()


def _postgres(home: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A PostgreSQL of our own on a free port; it refuses root, so it runs as ``nobody``."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    bins = found[-1] if found else Path(shutil.which("postgres") or pytest.skip("no PostgreSQL on this machine")).parent
    data, port = home / "data", free_port()
    data.mkdir()
    who = {"user": "nobody"} if os.getuid() == 0 else {}
    if who:
        for place in (home, data):
            shutil.chown(place, "nobody")
    subprocess.run([bins / "initdb", "-D", data, "-A", "trust", "-U", "mlflow"], check=True, capture_output=True, cwd=home, **who)  # type: ignore[call-overload]
    options = ["-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(home)]
    server = subprocess.Popen([str(bins / "postgres"), *options], cwd=home, stderr=subprocess.DEVNULL, **who)  # type: ignore[call-overload]
    ready = [bins / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
    until(lambda: server.poll() is not None or subprocess.run(ready, capture_output=True).returncode == 0)
    assert server.poll() is None, "PostgreSQL ended"
    return server, port


@pytest.mark.slow
@pytest.mark.covers("002-20", "004-03")
def test_everything_is_stored_in_postgresql_too(make_tracker: Any) -> None:
    pytest.importorskip("psycopg2")
    home = Path(f"/tmp/hitl-pg-{os.getpid()}")
    home.mkdir(mode=0o755)
    postgres, port = _postgres(home)
    (home / "mlflow").mkdir()
    server = MlflowServer(home / "mlflow", f"postgresql+psycopg2://mlflow@127.0.0.1:{port}/postgres")
    try:
        server.start()
        tracker = make_tracker(None, uri=server.url)

        @track_custom("pg", "op")
        def call() -> dict[str, float]:
            annotate(artifacts={"note.txt": "hello"})
            return {"score": 0.5}

        call()
        assert tracker.flush(FLUSHED_WITHIN_S)
        (row,) = MlflowReader(server.url).runs(["pg"], limit=10)
        assert row.metrics["score"] == 0.5
        assert MlflowClient(server.url).list_artifacts(row.run_id)[0].path == "note.txt"
    finally:
        server.stop()
        postgres.send_signal(signal.SIGINT)
        postgres.wait(120)
        shutil.rmtree(home)
