"""The documents' service, prompts, agent versions, labels and imports against a real MLflow server."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from mlflow import MlflowClient
from mlflow.entities import AssessmentSource, AssessmentSourceType, Feedback
from mlflow.tracing.client import TracingClient
from typer.testing import CliRunner

from hitl.adapters.mlflow.assessments import MlflowTraces
from hitl.adapters.mlflow.prompts import MlflowPrompts
from hitl.adapters.mlflow.versions import ConfigStore, MlflowVersions
from hitl.cli.commands.agents import agents_app
from hitl.cli.commands.tracking import tracking_app
from hitl.errors import InvalidInput, NotFound, SinkAway
from hitl.tasks.model_spec import FloatRange
from hitl.tracking import annotate, track_text
from hitl.tracking.agent_versions import AgentVersions, tune
from hitl.tracking.agents import AgentSpec, load_agents
from hitl.tracking.cases import cases_from
from hitl.tracking.service import MLflowService
from hitl.tracking.tracker import Tracker
from hitl.tracking.types import MLWorkflow, ModelStage, Promotion, PromotionRequest
from tests.tracking.conftest import MemorySink, MlflowServer

AGENTS = load_agents((Path(__file__).parents[2] / "configs" / "agents").glob("*.yaml"))


class Gate:
    """Answers what it is told to; remembers what it was asked."""

    def __init__(self) -> None:
        self.status: Any = "pending"
        self.asked: list[PromotionRequest] = []

    def __call__(self, request: PromotionRequest) -> Promotion:
        self.asked.append(request)
        return Promotion(f"{request.name}-1", self.status)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def service(mlflow_server: MlflowServer, gate: Gate, tracker: Tracker) -> MLflowService:
    return MLflowService(MlflowVersions(mlflow_server.url), gate, tracker)


def _name() -> str:
    return f"m-{uuid4().hex[:8]}"


def _run(service: MLflowService, server: MlflowServer, accuracy: float) -> str:
    experiment = service.createExperiment(_name())
    run_id = str(MlflowClient(server.url).create_run(experiment.experiment_id).info.run_id)
    service.logToRun(run_id, {"accuracy": accuracy}, {"model": "xgboost", "depth": accuracy})
    return run_id


@pytest.mark.covers("000-02", "000-31", "000-32", "000-33", "000-34", "000-74", "D52")
def test_experiments_and_runs_under_the_documents_names(service: MLflowService, mlflow_server: MlflowServer) -> None:
    name = _name()
    made = service.createExperiment(name, "Predicting churn", {"team": "data_science", "priority": "high"})
    assert service.createExperiment(name).experiment_id == made.experiment_id
    found = next(item for item in service.getExperiments() if item.name == name)
    assert (found.description, found.tags) == ("Predicting churn", {"team": "data_science", "priority": "high"})
    run_id = str(MlflowClient(mlflow_server.url).create_run(made.experiment_id).info.run_id)
    service.logToRun(run_id, {"accuracy": 0.95, "loss": 0.05}, {"model": "xgboost"})
    (run,) = service.getExperimentRuns(made.experiment_id)
    assert (run.metrics, run.params) == ({"accuracy": 0.95, "loss": 0.05}, {"model": "xgboost"})


@pytest.mark.covers("000-35", "000-58", "000-59", "000-36", "D34", "D36")
def test_a_version_goes_to_staging_as_alias_and_tag(service: MLflowService, mlflow_server: MlflowServer) -> None:
    name = _name()
    service.registerModel(name, "Churn")
    run_id = _run(service, mlflow_server, 0.9)
    version = service.createModelVersion(name, f"runs:/{run_id}/model", run_id)
    assert (version.version, version.stage) == ("1", ModelStage.NONE)
    assert service.promoteToStaging(name, "1").stage is ModelStage.STAGING
    assert MlflowClient(mlflow_server.url).get_model_version_by_alias(name, "challenger").version == "1"


@pytest.mark.covers("D33", "000-36")
@pytest.mark.parametrize("answer", ["pending", "approved", "rejected", "expired", "failed"])
def test_no_version_reaches_production_before_the_gate_has_deployed_it(
    answer: str, service: MLflowService, gate: Gate, mlflow_server: MlflowServer
) -> None:
    name = _name()
    run_id = _run(service, mlflow_server, 0.9)
    version = service.createModelVersion(name, f"runs:/{run_id}/model", run_id)
    gate.status = answer
    asked = service.transitionModelVersion(name, "1", "Production")
    assert (asked.stage, asked.approval_id) == (ModelStage.NONE, f"{name}-1")
    assert "champion" not in MlflowClient(mlflow_server.url).get_registered_model(name).aliases
    assert (gate.asked[0].digest, gate.asked[0].evidence["metrics"]) == (version.digest, {"accuracy": 0.9})


@pytest.mark.covers("000-36", "000-68", "000-39", "000-78")
def test_a_deployed_version_is_production_and_the_one_before_is_archived(
    service: MLflowService, gate: Gate, mlflow_server: MlflowServer
) -> None:
    name, before = _name(), service.getMetrics()
    for _ in range(2):
        run_id = _run(service, mlflow_server, 0.9)
        service.createModelVersion(name, f"runs:/{run_id}/model", run_id)
    gate.status = "deployed"
    service.promoteToProduction(name, "1")
    assert service.promoteToProduction(name, "2").stage is ModelStage.PRODUCTION
    versions = {item.version: item.stage for item in MlflowVersions(mlflow_server.url).versions(name)}
    assert versions == {"1": ModelStage.ARCHIVED, "2": ModelStage.PRODUCTION}
    after = service.getMetrics()
    assert after.production_models == before.production_models + 1
    assert after.as_documents().keys() == {"totalExperiments", "activeRuns", "productionModels"}
    with pytest.raises(InvalidInput, match="replaced"):
        service.transitionModelVersion(name, "2", "Archived")


@pytest.mark.covers("000-37")
def test_two_versions_are_compared_by_their_runs(service: MLflowService, mlflow_server: MlflowServer) -> None:
    name = _name()
    for accuracy in (0.8, 0.9):
        run_id = _run(service, mlflow_server, accuracy)
        service.createModelVersion(name, f"runs:/{run_id}/model", run_id)
    told = service.compareModelVersions(name, "1", "2")
    assert told.metrics["accuracy"].difference == pytest.approx(0.1)
    assert told.parameters == {"depth": ["0.8", "0.9"]}


@pytest.mark.covers("000-38")
def test_a_workflow_execution_is_logged_without_waiting(service: MLflowService, tracker: Tracker, sink: MemorySink) -> None:
    service.logWorkflowExecution("wf-1", 12.5, 7, False, {"workflowName": "churn", "stage": "training"})
    assert tracker.flush(5)
    (span,) = sink.spans
    assert (span.name, span.status, span.metrics["node_count"]) == ("churn", "failure", 7)
    assert (span.tags["workflow_id"], span.tags["stage"]) == ("wf-1", "training")


@pytest.mark.covers("000-39")
def test_the_connection_test_tells_the_truth(service: MLflowService, gate: Gate, tracker: Tracker) -> None:
    assert service.testConnection() is True
    with pytest.raises(SinkAway):
        MLflowService(MlflowVersions("http://127.0.0.1:9"), gate, tracker).testConnection()


@pytest.mark.parametrize("stage", ["Prod", "", "production; drop"])
def test_an_unknown_stage_is_refused(service: MLflowService, stage: str) -> None:
    with pytest.raises(InvalidInput, match="/stage"):
        service.transitionModelVersion("x", "1", stage)


@pytest.mark.parametrize("source", ["file:///etc/passwd", "runs:/../x", "http://e/x"])
def test_a_source_outside_mlflow_is_refused(service: MLflowService, source: str) -> None:
    with pytest.raises(InvalidInput, match="/source"):
        service.createModelVersion("x", source)


def test_what_is_not_there_is_not_found(service: MLflowService) -> None:
    with pytest.raises(NotFound):
        service.compareModelVersions("nope", "1", "2")


@pytest.mark.covers("000-78")
def test_a_workflow_of_the_documents_reads_as_it_is_written() -> None:
    stage = {"name": "Deploy", "type": "deployment", "config": {"environment": "production"}, "approvalRequired": True}
    config = {"experimentName": "churn_v2", "modelName": "churn", "stages": [stage]}
    workflow = MLWorkflow.model_validate({"id": "w", "name": "Churn", "config": config})
    assert workflow.config.stages[0].approval_required


@pytest.mark.covers("002-28")
def test_prompts_have_versions_aliases_and_a_name_space_of_their_own(mlflow_server: MlflowServer, service: MLflowService) -> None:
    prompts, name = MlflowPrompts(mlflow_server.url), _name()
    first = prompts.register(name, "Classify {{text}}")
    second = prompts.register(name, "Classify carefully: {{text}}", message="more careful")
    prompts.set_alias(name, "production", 1)
    assert prompts.load(name, alias="production").template == first.template
    assert (prompts.load(name).version, prompts.load(name, version=2).format(text="x")) == (
        second.version,
        "Classify carefully: x",
    )
    run_id = _run(service, mlflow_server, 0.9)
    service.createModelVersion(name, f"runs:/{run_id}/model", run_id)
    assert service.promoteToStaging(name, "1").stage is ModelStage.STAGING
    with pytest.raises(NotFound):
        prompts.load(name, version=9)


@pytest.mark.covers("002-28")
def test_a_run_names_the_prompt_version_that_it_used(mlflow_server: MlflowServer, tracker: Tracker, sink: MemorySink) -> None:
    prompt = MlflowPrompts(mlflow_server.url).register(_name(), "Say {{x}}")

    @track_text("f", "op")
    def call(x: str) -> str:
        annotate(**prompt.notes)
        return prompt.format(x=x)

    call("hi")
    assert tracker.flush(5)
    assert sink.spans[0].params == {"prompt_name": prompt.name, "prompt_version": "1"}


@pytest.mark.covers("002-36")
def test_an_agents_configuration_is_registered_once_and_deployed_by_the_gate(
    service: MLflowService, gate: Gate, mlflow_server: MlflowServer
) -> None:
    versions = AgentVersions(service, MlflowVersions(mlflow_server.url), ConfigStore(mlflow_server.url))
    spec = AGENTS["explainer"].model_copy(update={"agent": _name()})
    first = versions.register(spec)
    assert versions.register(spec).version == first.version
    second = versions.register(spec.model_copy(update={"parameters": {"temperature": 0.9}}))
    gate.status = "deployed"
    versions.deploy(spec.agent, second.version)
    versions.deploy(spec.agent, first.version)
    assert versions.propose(spec).version == first.version
    assert [(v.version, v.stage) for v in versions.history(spec.agent)] == [
        ("2", ModelStage.ARCHIVED),
        ("1", ModelStage.PRODUCTION),
    ]
    assert {request.kind for request in gate.asked} == {"agent_deployment"}


@pytest.mark.covers("002-37")
def test_tuning_records_every_trial_and_returns_the_best(tracker: Tracker, sink: MemorySink) -> None:
    def score(spec: AgentSpec) -> float:
        return -((float(spec.parameters["temperature"]) - 0.3) ** 2)

    space = {"temperature": FloatRange(type="float", low=0.0, high=1.0)}
    best, value = tune(AGENTS["explainer"], space, score, tracker, trials=25)
    assert abs(float(best.parameters["temperature"]) - 0.3) < 0.15
    assert tracker.flush(5)
    assert len(sink.spans) == 25
    assert max(span.metrics["objective"] for span in sink.spans) == value


class Opened:
    """The client, as far as an import needs it."""

    cases: ClassVar[list[tuple[str, Any, str]]] = []

    def __enter__(self) -> "Opened":
        self.cases.clear()
        return self

    def __exit__(self, *_: object) -> None: ...

    def decide(self, task: str, features: Any, metadata: Any, key: str) -> None:
        self.cases.append((task, features, key))


def test_badly_scored_traces_become_cases_with_a_stable_key(
    live: Tracker, mlflow_server: MlflowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    feature = _name()
    call = track_text(feature, "op")(lambda row: {"text": "x"})
    call([1.0]), call([2.0])
    assert live.flush(30)
    traces = MlflowTraces(mlflow_server.url)
    bad = next(item for item in traces.items(f"tests/{feature}") if item.inputs == {"row": [2.0]})
    judge = AssessmentSource(source_type=AssessmentSourceType.LLM_JUDGE, source_id="judge")
    TracingClient(mlflow_server.url).log_assessment(bad.trace_id, Feedback(name="correct", value=False, source=judge))
    (case,) = cases_from(traces.items(f"tests/{feature}"), "row", below=0.5)
    assert (case.key, case.features) == (f"trace:{bad.trace_id}", [2.0])
    assert case.metadata == {"mlflow_trace_id": bad.trace_id, "lowest_score": "correct=0"}
    monkeypatch.setattr("hitl.cli.commands.tracking.client_of", lambda url, key: Opened())
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server.url)
    args = ["import", f"tests/{feature}", "--task", "digits", "--features-at", "row", "--key", "k", "--below", "0.5"]
    assert "1 cases would be opened" in CliRunner().invoke(tracking_app, args).output
    assert CliRunner().invoke(tracking_app, [*args, "--yes"]).exit_code == 0
    assert Opened.cases == [("digits", [2.0], f"trace:{bad.trace_id}")]


@pytest.mark.covers("002-36")
def test_the_command_line_registers_deploys_and_tells_the_history(
    service: MLflowService, gate: Gate, mlflow_server: MlflowServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    versions = AgentVersions(service, MlflowVersions(mlflow_server.url), ConfigStore(mlflow_server.url))
    monkeypatch.setattr("hitl.cli.commands.agents._versions", lambda url, key: versions)
    name = _name()
    file = tmp_path / "a.yaml"
    file.write_text(f"agent: {name}\ntitle: A\ntier: 1\nuse_case: testing\n")
    assert f"{name}-agent version 1" in CliRunner().invoke(agents_app, ["register", str(file), "--key", "k"]).output
    asked = CliRunner().invoke(agents_app, ["deploy", name, "1", "--key", "k"])
    assert f"pending ({name}-agent-1), None" in asked.output.replace("\n", " ")
    gate.status = "deployed"
    CliRunner().invoke(agents_app, ["deploy", name, "1", "--key", "k"])
    assert "Production" in CliRunner().invoke(agents_app, ["history", name, "--key", "k"]).output
