"""Interactions, cases and workflows with defaults that a test overrides."""

from typing import Any

from hitl.identity import Principal, Role
from hitl.workflow import WorkflowMachine
from hitl.workflow.commands import (
    AnswerInteraction,
    CancelInteraction,
    CompleteStage,
    CreateWorkflow,
    ExecuteWorkflow,
    FailStage,
    OpenInteraction,
    ReportPrediction,
    StartCase,
    StartStage,
)
from tests.fakes.shell import Shell

CLIENT = Principal("client", frozenset({Role.CLIENT}))
ANN = Principal("ann", frozenset({Role.REVIEWER}))
BOB = Principal("bob", frozenset({Role.REVIEWER}))
CID = Principal("cid", frozenset({Role.REVIEWER}))
EVE = Principal("eve", frozenset({Role.EXPERT}))
VAL = Principal("val", frozenset({Role.APPROVER}))
TRAINER = Principal("trainer", frozenset({Role.TRAINER}))
OLGA = Principal("olga", frozenset({Role.OPERATOR}))
NOBODY = Principal("nobody", frozenset({Role.CLIENT}))

PEOPLE = ["ann", "bob", "cid"]

NEEDS: dict[str, dict[str, Any]] = {
    "collaborative_decision": {"stakeholders": PEOPLE},
    "multi_approval": {"approvers": PEOPLE},
}
"""The least configuration of the patterns that need some."""

GOOD: dict[str, dict[str, Any]] = {
    "pause_for_input": {"note": "go on"},
    "review_and_approve": {"decision": "approve"},
    "collaborative_decision": {"decision": "approve"},
    "human_fallback": {"manual_result": "42"},
    "iterative_refinement": {"refined_result": '{"text": "better"}'},
    "time_based_decision": {"decision": "abort", "urgency_acknowledged": True},
    "multi_approval": {"decision": "approve"},
}
"""An answer that each pattern's form takes."""


def opens(pattern: str, name: str = "i", data: dict[str, Any] | None = None, **config: Any) -> OpenInteraction:
    return OpenInteraction(name, pattern, "pipeline", "step", {**NEEDS.get(pattern, {}), **config}, data or {"rows": 3}, "client")


def answers(person: Principal, name: str = "i", **given: Any) -> AnswerInteraction:
    return AnswerInteraction(name, person, given)


def cancels(person: Principal = CLIENT, name: str = "i") -> CancelInteraction:
    return CancelInteraction(name, person, "not needed any more")


def shard(*commands: Any) -> Shell:
    """A shard that was sent ``commands``."""
    shell = Shell(WorkflowMachine())
    for command in commands:
        shell.send(command)
    return shell


def interaction(shell: Shell, name: str = "i") -> dict[str, Any]:
    found: dict[str, Any] = shell.plain()["interactions"][name]
    return found


def starts_case(kind: str = "decision", **request: Any) -> StartCase:
    return StartCase("w", kind, request, "client")


def predicts(confidence: float, label: str = "approve") -> ReportPrediction:
    return ReportPrediction("w", CLIENT, {"prediction": label, "confidence": confidence})


def creates(*stages: dict[str, Any], approvers: tuple[str, ...] = ()) -> CreateWorkflow:
    return CreateWorkflow("w", "digits", "a better model", "digits", "hitl-digits-model", list(stages), "trainer", approvers)


EXECUTE = ExecuteWorkflow("w", TRAINER)


def takes(stage: str) -> StartStage:
    return StartStage("w", TRAINER, stage)


def reports(stage: str, attempt: int = 1, **result: Any) -> CompleteStage:
    return CompleteStage("w", TRAINER, stage, attempt, result)


def fails(stage: str, error: str, attempt: int = 1) -> FailStage:
    return FailStage("w", TRAINER, stage, attempt, error)
