"""The MLflow run of a retraining: one parent with data, evidence and artifact, a nested run for each trial."""

import logging
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import ray.tune.logger
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunStatus
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID
from mlflow.utils.time import get_current_time_millis

from hitl.adapters.mlflow.abandoned import say_alive
from hitl.adapters.mlflow.experiments import experiment_id
from hitl.inference.sample import Hyperparameters
from hitl.trace_context import TraceContext
from hitl.tracking.abandoned import ALIVE_EVERY_S
from training.trial import METRIC

TRACE_TAG = "trace_id"
"""The trace of the job, as its spans name it."""

_logger = logging.getLogger(__name__)


class ParentRun:
    """The run while the block lasts; it ends as finished, or as failed when the block raises. Meanwhile a thread says that
    somebody works at it: a job that is killed says nothing any more, and its runs are closed by others."""

    def __init__(self, tracking_uri: str, task: str, name: str) -> None:
        self.tracking_uri = tracking_uri
        self._client = MlflowClient(tracking_uri=tracking_uri)
        self.experiment_id = experiment_id(self._client, f"hitl-{task}")
        self.id: str = self._client.create_run(self.experiment_id, run_name=name, tags={"task": task}).info.run_id
        self._ended = threading.Event()
        say_alive(self._client, self.id)

    def __enter__(self) -> Self:
        threading.Thread(target=self._stay_alive, name="mlflow-alive", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        if error is not None:
            self.tag("error", f"{type(error).__name__}: {error}"[:1000])
        self._client.set_terminated(self.id, RunStatus.to_string(RunStatus.FAILED if error else RunStatus.FINISHED))

    def _stay_alive(self) -> None:
        while not self._ended.wait(ALIVE_EVERY_S):
            try:
                say_alive(self._client, self.id)
            except MlflowException as error:
                _logger.warning("MLflow takes no sign of life: %s", str(error)[:200])

    def traced(self, trace: TraceContext | None) -> None:
        """Say to which trace the run belongs."""
        if trace is not None:
            self.tag(TRACE_TAG, trace.trace_id)
            self.tag("traceparent", trace.traceparent)

    def tag(self, name: str, value: str) -> None:
        self._client.set_tag(self.id, name, value)

    def log(self, params: Mapping[str, object], metrics: dict[str, float]) -> None:
        _log(self._client, self.id, params, metrics)

    def document(self, name: str, content: Mapping[str, object]) -> None:
        """``content`` as a JSON artifact."""
        self._client.log_dict(self.id, dict(content), name)

    def files(self, folder: str, files: dict[str, bytes]) -> None:
        """These bytes as artifacts under ``folder``."""
        with tempfile.TemporaryDirectory() as local:
            for name, data in files.items():
                (Path(local) / name).write_bytes(data)
            self._client.log_artifacts(self.id, local, folder)


class TrialRuns(ray.tune.logger.LoggerCallback):  # type: ignore[misc]
    """Writes each trial as a run nested in ``parent``, with one batch of parameters and metrics, and says that it ended.
    Runs in the driver, so that trials need no MLflow."""

    def __init__(self, parent: ParentRun, fixed: Hyperparameters, say: Callable[[str], None]) -> None:
        super().__init__()
        self._parent_id, self._experiment_id, self._fixed, self._say = parent.id, parent.experiment_id, fixed, say
        self._client = MlflowClient(tracking_uri=parent.tracking_uri)
        self._runs: dict[str, str] = {}

    def log_trial_start(self, trial: Any) -> None:
        if trial.trial_id in self._runs:
            return
        tags = {MLFLOW_PARENT_RUN_ID: self._parent_id, "trial_id": trial.trial_id}
        run = self._client.create_run(self._experiment_id, run_name=f"trial {len(self._runs) + 1}", tags=tags)
        self._runs[trial.trial_id] = run.info.run_id

    def log_trial_end(self, trial: Any, failed: bool = False) -> None:
        run_id, result = self._runs[trial.trial_id], trial.last_result or {}
        metrics = {name: result[name] for name in (METRIC, "accuracy", "time_total_s") if name in result}
        _log(self._client, run_id, self._fixed | trial.config, metrics)
        self._client.set_terminated(run_id, RunStatus.to_string(RunStatus.FAILED if failed else RunStatus.FINISHED))
        shown = ", ".join(f"{name} {value:.4g}" for name, value in metrics.items())
        self._say(f"  trial {list(self._runs).index(trial.trial_id) + 1}: {'failed' if failed else shown} {_short(trial.config)}")


def _log(client: MlflowClient, run_id: str, params: Mapping[str, object], metrics: dict[str, float]) -> None:
    now = get_current_time_millis()
    client.log_batch(
        run_id,
        metrics=[Metric(name, float(value), now, 0) for name, value in metrics.items()],
        params=[Param(name, str(value)) for name, value in params.items()],
    )


def _short(config: Mapping[str, object]) -> str:
    return " ".join(f"{name}={value:.3g}" if isinstance(value, float) else f"{name}={value}" for name, value in config.items())
