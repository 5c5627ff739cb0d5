"""Experiments, runs and versions as one service; only the gate marks a version as production.

``request_promotion`` opens the approval of a version, or finds the one that is open, and says how it stands. Nothing here
moves the production alias before the gate says ``deployed``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from hitl.canonical import fingerprint
from hitl.errors import InvalidInput
from hitl.tracking.rows import RunRow
from hitl.tracking.tracker import Tracker
from hitl.tracking.types import (
    Experiment,
    FigurePair,
    MLflowMetrics,
    ModelStage,
    ModelVersion,
    Promotion,
    PromotionRequest,
    VersionComparison,
)

PRODUCTION_ALIAS, STAGING_ALIAS = "champion", "challenger"
STAGE_TAG, DIGEST_TAG, APPROVAL_TAG = "stage", "digest", "approval_id"
RequestPromotion = Callable[[PromotionRequest], Promotion]


class TrackingRegistry(Protocol):
    """One MLflow's experiments and versions. Blocks; raises NotFound, SinkAway."""

    def create_experiment(self, name: str, description: str, tags: Mapping[str, str]) -> Experiment: ...
    def experiments(self) -> list[Experiment]: ...
    def runs_of(self, experiment_id: str) -> list[RunRow]: ...
    def run(self, run_id: str) -> RunRow: ...
    def log_to_run(self, run_id: str, metrics: Mapping[str, float], params: Mapping[str, str]) -> None: ...
    def register_model(self, name: str, description: str) -> None: ...
    def create_version(self, name: str, source: str, run_id: str | None, tags: Mapping[str, str]) -> ModelVersion: ...
    def version(self, name: str, version: str) -> ModelVersion: ...
    def versions(self, name: str) -> list[ModelVersion]: ...
    def tag_version(self, name: str, version: str, tags: Mapping[str, str]) -> None: ...
    def set_alias(self, name: str, alias: str, version: str | None) -> None: ...
    def counts(self) -> MLflowMetrics: ...
    def ping(self) -> None: ...


class MLflowService:
    """The documents' MLflow service. ``tracker`` takes workflow executions, so that logging one never waits."""

    def __init__(self, registry: TrackingRegistry, request_promotion: RequestPromotion, tracker: Tracker) -> None:
        self._registry, self._request_promotion, self._tracker = registry, request_promotion, tracker

    def create_experiment(self, name: str, description: str = "", tags: Mapping[str, Any] | None = None) -> Experiment:
        """Create the experiment of this name, created on first use."""
        return self._registry.create_experiment(name, description, {key: str(value) for key, value in (tags or {}).items()})

    def get_experiments(self) -> list[Experiment]:
        """Return every active experiment."""
        return self._registry.experiments()

    def get_experiment_runs(self, experiment_id: str) -> list[RunRow]:
        """An experiment's runs, the newest first."""
        return self._registry.runs_of(experiment_id)

    def log_to_run(self, run_id: str, metrics: Mapping[str, float], parameters: Mapping[str, Any] | None = None) -> None:
        """Add figures and parameters to a run."""
        self._registry.log_to_run(run_id, metrics, {key: str(value) for key, value in (parameters or {}).items()})

    def register_model(self, name: str, description: str = "") -> None:
        """A name for versions to come; it has none yet."""
        self._registry.register_model(name, description)

    def create_model_version(
        self, name: str, source: str, run_id: str | None = None, *, digest: str | None = None
    ) -> ModelVersion:
        """Create a version of ``name`` from ``source`` (``runs:/<run>/model``)."""
        if not source.startswith(("runs:/", "models:/", "mlflow-artifacts:/")) or ".." in source:
            raise InvalidInput("/source", "runs:/…, models:/… or mlflow-artifacts:/… without ..")
        self._registry.register_model(name, "")
        identity = digest or fingerprint([name, source, run_id])
        return self._registry.create_version(name, source, run_id, {DIGEST_TAG: identity, STAGE_TAG: ModelStage.NONE})

    def transition_model_version(self, name: str, version: str, stage: str, *, kind: str = "model_deployment") -> ModelVersion:
        """Move a version. To production: asks the gate, and comes back with the approval's id until the gate has deployed it."""
        wanted = _stage(stage)
        if wanted is ModelStage.PRODUCTION:
            return self._promote(self._registry.version(name, version), kind)
        if self._is_serving(name, version):
            raise InvalidInput("/stage", "another version in production first: the serving one is replaced, not removed")
        if wanted is ModelStage.STAGING:
            self._registry.set_alias(name, STAGING_ALIAS, version)
        self._registry.tag_version(name, version, {STAGE_TAG: wanted})
        return self._registry.version(name, version)

    def promote_to_staging(self, name: str, version: str) -> ModelVersion:
        """The version becomes the challenger."""
        return self.transition_model_version(name, version, ModelStage.STAGING)

    def promote_to_production(self, name: str, version: str) -> ModelVersion:
        """Ask the gate for a version: there is no way around it."""
        return self.transition_model_version(name, version, ModelStage.PRODUCTION)

    def compare_model_versions(self, name: str, first: str, second: str) -> VersionComparison:
        """Figures and parameters of two versions' runs, side by side."""
        a, b = (self._registry.version(name, number) for number in (first, second))
        ran = [self._registry.run(v.run_id) if v.run_id else RunRow("", "", 0, "") for v in (a, b)]
        figures = {key: (ran[0].metrics.get(key), ran[1].metrics.get(key)) for key in {**ran[0].metrics, **ran[1].metrics}}
        return VersionComparison(
            name=name,
            versions=[first, second],
            metrics={key: _pair(*pair) for key, pair in sorted(figures.items())},
            parameters=_changed(ran[0].params, ran[1].params),
            digests=[a.digest, b.digest],
        )

    def log_workflow_execution(
        self, workflow_id: str, execution_time: float, node_count: int, success: bool, tags: Mapping[str, Any] | None = None
    ) -> str | None:
        """Record one execution of a workflow; returns at once."""
        said = dict(tags or {})
        metrics = {"workflow_execution_time": execution_time, "node_count": node_count}
        name = str(said.get("workflowName", workflow_id))
        told = {"workflow_id": workflow_id, **said}
        return self._tracker.log_experiment_result("workflows", name, metrics=metrics, tags=told, success=success)

    def get_metrics(self) -> MLflowMetrics:
        """Count experiments, current runs, and models in production."""
        return self._registry.counts()

    def test_connection(self) -> bool:
        """True when MLflow answers; raises SinkAway with the reason when it does not."""
        self._registry.ping()
        return True

    def _promote(self, version: ModelVersion, kind: str) -> ModelVersion:
        name, number = version.name, version.version
        evidence: dict[str, Any] = {"source": version.source, "run_id": version.run_id}
        evidence["metrics"] = self._registry.run(version.run_id).metrics if version.run_id else {}
        digest = version.digest or fingerprint([name, version.source, version.run_id])
        title = f"Version {number} of {name} to production"
        told = self._request_promotion(PromotionRequest(kind, name, number, digest, title, evidence))
        self._registry.tag_version(name, number, {APPROVAL_TAG: told.approval_id, "approval_status": told.status})
        if told.status == "deployed":
            self._make_production(name, number)
        return self._registry.version(name, number)

    def _make_production(self, name: str, version: str) -> None:
        """The gate has spoken: show it. The one before is archived, and can be asked for again."""
        for other in self._registry.versions(name):
            if other.stage is ModelStage.PRODUCTION and other.version != version:
                self._registry.tag_version(name, other.version, {STAGE_TAG: ModelStage.ARCHIVED})
        self._registry.set_alias(name, PRODUCTION_ALIAS, version)
        self._registry.tag_version(name, version, {STAGE_TAG: ModelStage.PRODUCTION})

    def _is_serving(self, name: str, version: str) -> bool:
        return self._registry.version(name, version).stage is ModelStage.PRODUCTION

    createExperiment = create_experiment
    getExperiments = get_experiments
    getExperimentRuns = get_experiment_runs
    logToRun = log_to_run
    registerModel = register_model
    createModelVersion = create_model_version
    transitionModelVersion = transition_model_version
    promoteToStaging = promote_to_staging
    promoteToProduction = promote_to_production
    compareModelVersions = compare_model_versions
    logWorkflowExecution = log_workflow_execution
    getMetrics = get_metrics
    testConnection = test_connection


def _stage(stage: str) -> ModelStage:
    found = {item.value.lower(): item for item in ModelStage}.get(stage.lower())
    if found is None:
        raise InvalidInput("/stage", "one of " + ", ".join(ModelStage))
    return found


def _pair(first: float | None, second: float | None) -> FigurePair:
    difference = None if first is None or second is None else second - first
    return FigurePair(first, second, difference)


def _changed(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, Sequence[str | None]]:
    keys = sorted({*first, *second})
    return {key: [first.get(key), second.get(key)] for key in keys if first.get(key) != second.get(key)}
