"""Publish the candidate: bytes to the artifact store, run and version to MLflow, a request for approval."""

from dataclasses import dataclass
from typing import TypedDict

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.mlflow import registry as mlflow_registry
from hitl.canonical import canonical
from hitl.inference.families import family_named
from hitl.learning.promotion_page import promotion_page
from hitl.tasks import TaskSpec
from training.api import ApprovalAsked, TrainingApi
from training.evaluation import Evidence
from training.mlflow_run import ParentRun


@dataclass(frozen=True, slots=True)
class Candidate:
    """``packed`` is the model's bytes, ``digest`` their name, ``evidence`` what approvers see."""

    spec: TaskSpec
    packed: bytes
    digest: str
    evidence: Evidence

    @property
    def accuracy(self) -> float:
        return self.evidence["candidate"]["accuracy"]["value"] or 0.0

    @property
    def champion_accuracy(self) -> float | None:
        champion = self.evidence["champion"]
        return None if champion is None else champion["accuracy"]["value"]


class Proposal(TypedDict):
    """Where the candidate is to be found."""

    approval_id: str
    model_version: str
    mlflow_run_id: str


def propose(candidate: Candidate, run: ParentRun, store: ArtifactStore, api: TrainingApi) -> Proposal:
    """Store, record, register, ask. In this order: whoever sees the request can load what it names."""
    store.put(candidate.packed)
    store.put(canonical(candidate.evidence))
    _record(candidate, run)
    version = _register(candidate, run)
    opened = api.request_approval(_request(candidate, run.id, version), key=f"approval-{run.id}")
    approval = opened["approval_id"]
    run.tag("approval_id", approval)
    return {"approval_id": approval, "model_version": version, "mlflow_run_id": run.id}


def _record(candidate: Candidate, run: ParentRun) -> None:
    spec, evidence = candidate.spec, candidate.evidence
    ending = family_named(spec.model.family).file_ending
    card = {"digest": candidate.digest, "family": spec.model.family, "labels": spec.labels, "width": spec.width}
    run.files("model", {f"model.{ending}": candidate.packed, "card.json": canonical(card)})
    run.document("evidence.json", evidence)
    page = promotion_page(spec.title, candidate.digest, evidence["promotion"]).encode()
    run.files("evidence", {"evidence.html": page})
    run.log({**evidence["params"], "family": spec.model.family, "rows": evidence["data"]["rows"]}, _metrics(candidate))
    run.tag("digest", candidate.digest)


def _register(candidate: Candidate, run: ParentRun) -> str:
    tags = {"data_digest": candidate.evidence["data"]["digest"], "accuracy": f"{candidate.accuracy:.6f}"}
    entry = mlflow_registry.ModelRegistration(candidate.digest, run.id, "model", tags)
    return mlflow_registry.ModelRegistry(run.tracking_uri).register(candidate.spec.task, entry)


def _metrics(candidate: Candidate) -> dict[str, float]:
    judged = candidate.evidence["candidate"]
    metrics = {"accuracy": candidate.accuracy, "log_loss": judged["log_loss"]}
    metrics["automatic_share"] = judged["automatic"]["share"]["value"] or 0.0
    return metrics if candidate.champion_accuracy is None else metrics | {"champion_accuracy": candidate.champion_accuracy}


def _request(candidate: Candidate, run_id: str, version: str) -> ApprovalAsked:
    return {
        "kind": "model_deployment",
        "task": candidate.spec.task,
        "digest": candidate.digest,
        "title": f"{candidate.spec.title}: model version {version} ({candidate.digest[:12]})",
        "evidence": {**candidate.evidence, "mlflow": {"run_id": run_id, "model_version": version}},
    }
