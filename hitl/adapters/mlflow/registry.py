"""Project the journal to MLflow's model registry: a version for each candidate, the alias ``champion`` on what serves.

Nothing in the product reads the alias to decide what to serve; it is there for people and for MLflow's own tools.
"""

from dataclasses import dataclass

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode

from hitl.errors import NotFound, StoreUnavailable

CHAMPION = "champion"
DIGEST_TAG = "digest"
GATE_TAG = "gate"
"""``candidate`` from registration on, ``champion`` while it serves, ``retired`` afterwards."""


@dataclass(frozen=True, slots=True)
class ModelRegistration:
    """Input of a registration: the run that made the model, the folder of its artifact in that run, tags for people."""

    digest: str
    run_id: str
    artifact_path: str
    tags: dict[str, str]


def model_name(task: str) -> str:
    """Return the registered model of a task; prompts and models share one name space in MLflow, hence the suffix."""
    return f"hitl-{task}-model"


class ModelRegistry:
    """Versions and the alias of each task's model on the MLflow server at ``tracking_uri``. Blocks, with MLflow's own
    retries; raises StoreUnavailable when the server refuses or is away."""

    def __init__(self, tracking_uri: str) -> None:
        self._client = MlflowClient(tracking_uri=tracking_uri, registry_uri=tracking_uri)

    def register(self, task: str, candidate: ModelRegistration) -> str:
        """Return the version number of the candidate; registering the same digest of the same run again gives the same one."""
        try:
            self._ensure_model(task)
            for version in self._versions(task, candidate.digest):
                if version.run_id == candidate.run_id:
                    return str(version.version)
            return str(self._create(task, candidate).version)
        except MlflowException as error:
            raise StoreUnavailable(f"model registry: {error}") from error

    def set_champion(self, task: str, digest: str) -> str:
        """Point the alias at the newest version of ``digest``; returns its number. Harmless to repeat.

        Raises NotFound when no version has the digest."""
        try:
            version = self._newest(task, digest)
            previous = self._champion(task)
            if previous is not None and previous.version != version.version:
                self._client.set_model_version_tag(model_name(task), previous.version, GATE_TAG, "retired")
            if previous is None or previous.version != version.version:
                self._client.set_registered_model_alias(model_name(task), CHAMPION, version.version)
                self._client.set_model_version_tag(model_name(task), version.version, GATE_TAG, CHAMPION)
            return str(version.version)
        except MlflowException as error:
            raise StoreUnavailable(f"model registry: {error}") from error

    def current_champion(self, task: str) -> str | None:
        """Return the digest under the alias; None when no version has it, or the version has no digest."""
        try:
            version = self._champion(task)
        except MlflowException as error:
            raise StoreUnavailable(f"model registry: {error}") from error
        return None if version is None else version.tags.get(DIGEST_TAG)

    def _ensure_model(self, task: str) -> None:
        try:
            self._client.create_registered_model(model_name(task), tags={"task": task})
        except MlflowException as error:
            if error.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
                raise

    def _create(self, task: str, candidate: ModelRegistration) -> ModelVersion:
        tags = {**candidate.tags, DIGEST_TAG: candidate.digest, GATE_TAG: "candidate"}
        source = f"runs:/{candidate.run_id}/{candidate.artifact_path}"
        return self._client.create_model_version(model_name(task), source, run_id=candidate.run_id, tags=tags)

    def _versions(self, task: str, digest: str) -> list[ModelVersion]:
        found = self._client.search_model_versions(f"name = '{model_name(task)}' and tags.{DIGEST_TAG} = '{digest}'")
        return sorted(found, key=lambda version: int(version.version), reverse=True)

    def _newest(self, task: str, digest: str) -> ModelVersion:
        versions = self._versions(task, digest)
        if not versions:
            raise NotFound("registered model version", f"{model_name(task)} with digest {digest}")
        return versions[0]

    def _champion(self, task: str) -> ModelVersion | None:
        models = self._client.search_registered_models(f"name = '{model_name(task)}'")
        number = models[0].aliases.get(CHAMPION) if models else None
        return None if number is None else self._client.get_model_version(model_name(task), str(number))
