"""Whatever people, pipelines, workers, time and crashes do: one winner an interaction, no stage twice, replay is live."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hitl.canonical import canonical
from hitl.errors import HitlError
from hitl.workflow import WorkflowMachine
from hitl.workflow.commands import (
    AnswerInteraction,
    CancelInteraction,
    CompleteStage,
    CreateWorkflow,
    ExecuteWorkflow,
    FailStage,
    ReportPrediction,
    StartCase,
    StartStage,
)
from hitl.workflow.patterns import KEYS
from tests.fakes.shell import Shell
from tests.fakes.stranger import workflow_folds
from tests.fakes.workflows import ANN, BOB, CID, CLIENT, EVE, GOOD, OLGA, TRAINER, VAL, opens

PEOPLE = st.sampled_from((ANN, BOB, CID, EVE, VAL, OLGA))
DECISIONS = st.sampled_from(("approve", "reject", "escalate", "retry", "abort"))


class Workflows(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.shell = Shell(WorkflowMachine())
        self.closed: dict[str, Any] = {}
        self.completed: dict[tuple[str, str], Any] = {}
        self.count = 0

    def send(self, command: Any) -> Any:
        """The view that answers, None for a refusal."""
        before = self.shell.plain()
        with suppress(HitlError):
            return self.shell.send(command)
        assert self.shell.plain() == before
        return None

    @rule(pattern=st.sampled_from(sorted(GOOD)), timeout=st.sampled_from((60.0, 3600.0)))
    def open(self, pattern: str, timeout: float) -> None:
        self.count += 1
        deadline = "timeout" if "timeout" in KEYS[pattern] else "decision_timeout"
        assert self.send(opens(pattern, f"i{self.count}", **{deadline: timeout}))

    @rule(
        kind=st.sampled_from(("decision", "data_labelling")),
        confidence=st.sampled_from((0.3, 0.7, 0.99)),
        amount=st.integers(0, 20_000),
    )
    def run_case(self, kind: str, confidence: float, amount: int) -> None:
        self.count += 1
        self.send(StartCase(f"w{self.count}", kind, {"amount": amount}, "client"))
        self.send(ReportPrediction(f"w{self.count}", CLIENT, {"prediction": 1, "confidence": confidence}))

    @rule()
    def create_workflow(self) -> None:
        self.count += 1
        self.send(CreateWorkflow(f"w{self.count}", "n", "", "", "", [], "trainer"))
        self.send(ExecuteWorkflow(f"w{self.count}", TRAINER))

    @precondition(lambda self: self.shell.state.interactions)
    @rule(data=st.data(), person=PEOPLE, decision=DECISIONS)
    def answer(self, data: st.DataObject, person: Any, decision: str) -> None:
        found = self._any(data, "interactions")
        given = {**GOOD.get(found["pattern"], {}), **({"decision": decision} if "decision" in str(found["ui_schema"]) else {})}
        self.send(AnswerInteraction(found["interaction_id"], person, given))

    @precondition(lambda self: self.shell.state.interactions)
    @rule(data=st.data(), person=st.sampled_from((CLIENT, OLGA, ANN)))
    def cancel(self, data: st.DataObject, person: Any) -> None:
        self.send(CancelInteraction(self._any(data, "interactions")["interaction_id"], person))

    @precondition(lambda self: self.shell.state.flows)
    @rule(
        data=st.data(), accuracy=st.sampled_from((0.5, 0.9)), error=st.sampled_from((None, "connection refused", "nan in data"))
    )
    def work(self, data: st.DataObject, accuracy: float, error: str | None) -> None:
        flow = self._any(data, "workflows")
        stage = next((each for each in flow["stages"] if each["status"] != "completed"), flow["stages"][0])
        taken = self.send(StartStage(flow["workflow_id"], TRAINER, stage["name"]))
        attempt = taken.attempt if taken else stage["attempt"]
        result = {"accuracy": accuracy, "precision": 0.9}
        report = FailStage if error else CompleteStage
        self.send(report(flow["workflow_id"], TRAINER, stage["name"], attempt, error or result))

    @rule(seconds=st.sampled_from((1.0, 61.0, 3601.0, 90_000.0)))
    def let_time_pass(self, seconds: float) -> None:
        self.shell.advance(seconds)

    @rule()
    def crash(self) -> None:
        before = self.shell.plain()
        self.shell.recover()
        assert self.shell.plain() == before

    @invariant()
    def what_is_closed_stays_as_it_is(self) -> None:
        for name, found in self.shell.plain()["interactions"].items():
            if name in self.closed:
                assert found == self.closed[name]
            elif found["status"] != "pending":
                assert (found["human_input"] is not None) == (found["status"] == "completed")
                self.closed[name] = found

    @invariant()
    def a_completed_stage_never_runs_again_and_none_was_skipped(self) -> None:
        for flow in self.shell.plain()["workflows"].values():
            statuses = [stage["status"] == "completed" for stage in flow["stages"]]
            assert statuses == sorted(statuses, reverse=True)
            for stage in flow["stages"]:
                key = (flow["workflow_id"], stage["name"])
                assert (
                    self.completed.setdefault(key, stage) == stage
                    if stage["status"] == "completed"
                    else key not in self.completed
                )

    @invariant()
    def a_case_that_people_decide_has_an_open_question(self) -> None:
        plain = self.shell.plain()
        for case in plain["cases"].values():
            waits = case["state"] in ("human_review", "expert_review")
            assert (case["interaction_id"] is not None) == waits
            assert not waits or plain["interactions"][case["interaction_id"]]["status"] == "pending"

    def teardown(self) -> None:
        live = json.loads(canonical(self.shell.plain()))
        assert self.shell.replayed() == live
        assert workflow_folds.fold_workflows(json.loads(entry.body) for entry in self.shell.entries) == live

    def _any(self, data: st.DataObject, part: str) -> dict[str, Any]:
        things = self.shell.plain()[part]
        chosen: dict[str, Any] = things[data.draw(st.sampled_from(sorted(things)))]
        return chosen


class TestWorkflows(Workflows.TestCase):  # type: ignore[misc, name-defined]
    settings = settings(max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
