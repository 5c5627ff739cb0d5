"""The command line of the pipeline."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from hitl.errors import InvalidConfig
from hitl.settings import Settings
from hitl.trace_context import TraceContext, read_trace_context
from hitl.tracing import TracingTerms


@dataclass(frozen=True, slots=True)
class Compute:
    """The job's resources. ``storage_path`` must be reachable from every node that trains."""

    concurrent_trials: int
    cpus_per_trial: float
    workers: int
    cpus_per_worker: float
    use_gpu: bool
    gpus_per_worker: float
    seed: int
    run_name: str
    storage_path: str


@dataclass(frozen=True, slots=True)
class Args:
    """``trials`` None: as many as the task declares. ``trigger`` is the key of what started the job, None for a person;
    ``trace`` is the one that the job goes on with, ``tracing`` where its spans go: None for nowhere."""

    task: str
    api_url: str
    api_key: str
    tracking_uri: str
    artifact_uri: str
    datasets_dir: Path
    blob_uri: str
    trials: int | None
    trigger: str | None
    compute: Compute
    trace: TraceContext | None = None
    tracing: TracingTerms | None = None


def parse_args(argv: list[str] | None, run_name: str) -> Args:
    """Parse the command line; the environment gives what it leaves out.

    Raises InvalidConfig for what is missing in both; exits on --help.
    """
    raw, settings = _parser().parse_args(argv), Settings()
    artifacts = raw.artifact_uri or settings.artifact_uri
    return Args(
        task=raw.task,
        api_url=_needed(raw.api, "--api", "HITL_API_URL").rstrip("/"),
        api_key=_key(raw.key_file),
        tracking_uri=_needed(raw.tracking_uri or settings.mlflow_tracking_uri, "--tracking-uri", "HITL_MLFLOW_TRACKING_URI"),
        artifact_uri=_needed(artifacts, "--artifact-uri", "HITL_ARTIFACT_URI"),
        datasets_dir=Path(raw.datasets_dir or settings.datasets_dir),
        blob_uri=raw.blob_uri or settings.blob_uri or str((settings.data_dir / "blobs").absolute()),
        trials=raw.trials,
        trigger=raw.trigger,
        compute=_compute(raw, run_name, artifacts or ""),
        trace=read_trace_context(raw.traceparent) if raw.traceparent else None,
        tracing=settings.tracing,
    )


def _compute(raw: argparse.Namespace, run_name: str, artifacts: str) -> Compute:
    return Compute(
        concurrent_trials=raw.concurrent_trials,
        cpus_per_trial=raw.cpus_per_trial,
        workers=raw.num_workers,
        cpus_per_worker=raw.cpus_per_worker,
        use_gpu=raw.use_gpu,
        gpus_per_worker=raw.num_gpus,
        seed=raw.seed,
        run_name=run_name,
        storage_path=raw.storage_path or f"{artifacts.removeprefix('file://').rstrip('/')}/runs",
    )


def _needed(value: str | None, option: str, variable: str) -> str:
    if not value:
        raise InvalidConfig("command line", option, f"give it, or set {variable}")
    return value


def _key(key_file: Path | None) -> str:
    """Return the trainer's key: from a file or the environment, never from the command line, which other processes can read."""
    key = key_file.read_text(encoding="utf-8").strip() if key_file else os.environ.get("HITL_API_KEY", "")
    return _needed(key, "--key-file", "HITL_API_KEY")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.pipeline",
        description="Retrain a task's model and ask for its approval. The last line of the output is a JSON object.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    option = parser.add_argument
    option("--task", required=True, help="the task's name")
    option("--api", default=os.environ.get("HITL_API_URL"), help="the service's URL; else HITL_API_URL")
    option("--key-file", type=Path, help="file with the trainer's key; else HITL_API_KEY")
    option("--tracking-uri", help="MLflow server; else HITL_MLFLOW_TRACKING_URI")
    option("--artifact-uri", help="artifact store shared with the service; else HITL_ARTIFACT_URI")
    option("--storage-path", help="where Ray keeps its runs, on all nodes; else <artifact-uri>/runs")
    option("--datasets-dir", help="where the files of labelled rows are; else HITL_DATASETS_DIR or datasets")
    option("--blob-uri", help="where files of cases are, for models that read them; else HITL_BLOB_URI or HITL_DATA_DIR/blobs")
    option("--trials", type=int, help="number of tuning trials; else the task's")
    option("--concurrent-trials", type=int, default=2, help="trials at the same time")
    option("--cpus-per-trial", type=float, default=0.5, help="CPUs that a trial reserves")
    option("--num-workers", type=int, default=1, help="Ray Train workers")
    option("--cpus-per-worker", type=float, default=0.5, help="CPUs that a worker reserves")
    option(
        "--use-gpu",
        action="store_true",
        help="train on GPUs, and wait for them; an encoder is trained on free ones without it too",
    )
    option("--num-gpus", type=float, default=1.0, help="GPUs that a worker reserves where it trains on them")
    option("--trigger", help="key of the trigger that started the job; kept with the evidence")
    option("--traceparent", default=os.environ.get("TRACEPARENT"), help="W3C trace context to go on with; else TRACEPARENT")
    option("--seed", type=int, default=0, help="seed of folds, search and weights")
    return parser
