"""Read and write experiments, runs and versions of one MLflow server."""

import json
import time
from collections.abc import Mapping
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, ViewType
from mlflow.entities.model_registry import ModelVersion as StoredVersion
from mlflow.exceptions import MlflowException

from hitl.adapters.mlflow.errors import asking
from hitl.adapters.mlflow.experiments import experiment_id
from hitl.adapters.mlflow.http import probe
from hitl.adapters.mlflow.reader import MlflowReader, row_of
from hitl.tracking.rows import RunRow
from hitl.tracking.service import APPROVAL_TAG, DIGEST_TAG, PRODUCTION_ALIAS, STAGE_TAG
from hitl.tracking.types import Experiment, MLflowMetrics, ModelStage, ModelVersion

MAX_RUNS = 1_000
_DESCRIPTION = "mlflow.note.content"


class MlflowVersions:
    """Raises NotFound, InvalidInput, SinkAway."""

    def __init__(self, uri: str) -> None:
        self._uri, self._client, self._reader = uri, MlflowClient(uri), MlflowReader(uri)

    def create_experiment(self, name: str, description: str, tags: Mapping[str, str]) -> Experiment:
        """Create the experiment of this name; description and tags are set again each time."""
        with asking(self._uri, "experiment", name):
            number = experiment_id(self._client, name)
            for key, value in {**tags, **({_DESCRIPTION: description} if description else {})}.items():
                self._client.set_experiment_tag(number, key, value)
            return _experiment(self._client.get_experiment(number))

    def experiments(self) -> list[Experiment]:
        """Return every active experiment."""
        with asking(self._uri):
            return [_experiment(item) for item in self._client.search_experiments(max_results=10_000)]

    def runs_of(self, experiment_id: str) -> list[RunRow]:
        """The newest runs of an experiment. Raises NotFound."""
        with asking(self._uri, "experiment", experiment_id):
            name = self._client.get_experiment(experiment_id).name
            found = self._client.search_runs([experiment_id], max_results=MAX_RUNS, order_by=["attributes.start_time DESC"])
            return [row_of(run, {experiment_id: name}) for run in found]

    def run(self, run_id: str) -> RunRow:
        """Return one run. Raises NotFound."""
        with asking(self._uri, "run", run_id):
            return row_of(self._client.get_run(run_id), {})

    def log_to_run(self, run_id: str, metrics: Mapping[str, float], params: Mapping[str, str]) -> None:
        """Add to a run in one request."""
        at = int(time.time() * 1000)
        with asking(self._uri, "run", run_id):
            figures = [Metric(key, float(value), at, 0) for key, value in metrics.items()]
            self._client.log_batch(run_id, figures, [Param(key, value) for key, value in params.items()])

    def register_model(self, name: str, description: str) -> None:
        """A registry name; it may exist."""
        with asking(self._uri, "model", name):
            try:
                self._client.create_registered_model(name, description=description or None)
            except MlflowException as error:
                if error.error_code != "RESOURCE_ALREADY_EXISTS":
                    raise
                if description:
                    self._client.update_registered_model(name, description=description)

    def create_version(self, name: str, source: str, run_id: str | None, tags: Mapping[str, str]) -> ModelVersion:
        """Create the next version of a name."""
        with asking(self._uri, "model", name):
            return _version(self._client.create_model_version(name, source, run_id, tags=dict(tags)))

    def version(self, name: str, version: str) -> ModelVersion:
        """Return one version. Raises NotFound."""
        with asking(self._uri, "model version", f"{name}/{version}"):
            return _version(self._client.get_model_version(name, version))

    def versions(self, name: str) -> list[ModelVersion]:
        """Return every version of a name."""
        with asking(self._uri, "model", name):
            return [_version(item) for item in self._client.search_model_versions(f"name='{_quoted(name)}'", max_results=10_000)]

    def tag_version(self, name: str, version: str, tags: Mapping[str, str]) -> None:
        """Set tags of a version."""
        with asking(self._uri, "model version", f"{name}/{version}"):
            for key, value in tags.items():
                self._client.set_model_version_tag(name, version, key, value)

    def set_alias(self, name: str, alias: str, version: str | None) -> None:
        """Point an alias to a version, or take it away."""
        with asking(self._uri, "model", name):
            if version is None:
                self._client.delete_registered_model_alias(name, alias)
            else:
                self._client.set_registered_model_alias(name, alias, version)

    def counts(self) -> MLflowMetrics:
        """Experiments, runs that run now, and names with a version in production."""
        with asking(self._uri):
            ids = [str(item.experiment_id) for item in self._client.search_experiments(max_results=10_000)]
            running = (
                self._client.search_runs(ids, "attributes.status = 'RUNNING'", ViewType.ACTIVE_ONLY, MAX_RUNS) if ids else []
            )
            serving = [
                item for item in self._client.search_registered_models(max_results=1_000) if PRODUCTION_ALIAS in item.aliases
            ]
            return MLflowMetrics(len(ids), len(running), len(serving))

    def ping(self) -> None:
        """Raises SinkAway while MLflow or its database does not answer."""
        probe(self._uri)
        with asking(self._uri):
            self._client.search_experiments(max_results=1)


class ConfigStore:
    """Stores a configuration as the artifact of a run, for versions to point to."""

    def __init__(self, uri: str) -> None:
        self._uri, self._client = uri, MlflowClient(uri)

    def __call__(self, experiment: str, content: dict[str, Any]) -> tuple[str, str]:
        """Run id and source of the stored configuration."""
        with asking(self._uri, "experiment", experiment):
            run = self._client.create_run(experiment_id(self._client, experiment), run_name="configuration")
            run_id = str(run.info.run_id)
            self._client.log_text(run_id, json.dumps(content, indent=1, sort_keys=True), "configuration/config.json")
            self._client.set_terminated(run_id)
        return run_id, f"runs:/{run_id}/configuration"


def _experiment(item: Any) -> Experiment:
    tags = {key: value for key, value in item.tags.items() if not key.startswith("mlflow.")}
    return Experiment(str(item.experiment_id), item.name, item.tags.get(_DESCRIPTION, ""), tags)


def _version(item: StoredVersion) -> ModelVersion:
    tags = dict(item.tags)
    stage = ModelStage(tags.get(STAGE_TAG, ModelStage.NONE))
    return ModelVersion(
        item.name, str(item.version), item.source, item.run_id or None, stage, tags.get(DIGEST_TAG), tags, tags.get(APPROVAL_TAG)
    )


def _quoted(name: str) -> str:
    return name.replace("'", "''")
