"""Types of experiments, versions and workflows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class ModelStage(StrEnum):
    """MLflow's old stages; kept as names, stored as aliases and tags."""

    NONE = "None"
    STAGING = "Staging"
    PRODUCTION = "Production"
    ARCHIVED = "Archived"


@dataclass(frozen=True, slots=True)
class Experiment:
    """One experiment."""

    experiment_id: str
    name: str
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a model or agent. ``digest`` is its identity, the number is MLflow's; ``approval_id`` is set while its
    way to production goes through an approval."""

    name: str
    version: str
    source: str
    run_id: str | None
    stage: ModelStage
    digest: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    approval_id: str | None = None


@dataclass(frozen=True, slots=True)
class FigurePair:
    """One figure of two versions' runs, None where a run has it not; ``difference`` is second less first."""

    first: float | None
    second: float | None
    difference: float | None


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """Two ``versions`` of a model side by side: figures by name, the parameters that differ, and their identities."""

    name: str
    versions: list[str]
    metrics: dict[str, FigurePair]
    parameters: dict[str, Sequence[str | None]]
    digests: list[str | None]


@dataclass(frozen=True, slots=True)
class Promotion:
    """The gate's status of a request: only ``deployed`` lets a version be shown as production."""

    approval_id: str
    status: Literal["pending", "approved", "rejected", "expired", "cancelled", "deployed", "failed"]


@dataclass(frozen=True, slots=True)
class PromotionRequest:
    """A version that wants to serve. ``kind``: model_deployment, agent_deployment."""

    kind: str
    name: str
    version: str
    digest: str
    title: str
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MLflowMetrics:
    """``total_experiments``, ``active_runs`` (running now), ``production_models`` (models with a serving version)."""

    total_experiments: int
    active_runs: int
    production_models: int

    def as_documents(self) -> dict[str, int]:
        """Under the documents' names."""
        names = {"totalExperiments": self.total_experiments, "activeRuns": self.active_runs}
        return names | {"productionModels": self.production_models}


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class WorkflowStage(_Named):
    """One stage of a workflow."""

    name: str
    type: Literal["data_prep", "training", "validation", "deployment", "monitoring"]
    config: dict[str, Any] = {}
    approval_required: bool = Field(default=False, alias="approvalRequired")


class WorkflowConfig(_Named):
    """The steps of a machine learning workflow, in order."""

    experiment_name: str = Field(alias="experimentName")
    model_name: str = Field(alias="modelName")
    stages: list[WorkflowStage] = Field(min_length=1)


class MLWorkflow(_Named):
    """A workflow and how far it is."""

    id: str
    name: str
    description: str = ""
    config: WorkflowConfig
    status: Literal["created", "running", "waiting_approval", "completed", "failed"] = "created"
