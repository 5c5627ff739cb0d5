"""Workflows of stages: gates, thresholds, failures, workers that come too late, and people who are asked."""

from typing import Any

import pytest

from hitl.errors import Forbidden, HitlError, InvalidInput, NotFound, StaleAttempt, WrongState
from hitl.workflow.commands import CancelWorkflow
from hitl.workflow.questions import Analytics, WorkflowOf, Workflows
from hitl.workflow.views import StagedWorkflow
from tests.fakes.shell import Shell
from tests.fakes.workflows import (
    ANN,
    EXECUTE,
    OLGA,
    TRAINER,
    VAL,
    answers,
    creates,
    fails,
    interaction,
    reports,
    shard,
    takes,
)

TRAINING = {"type": "training"}
METRICS = {"metrics": {"accuracy": 0.9, "precision": 0.9}}


def flow(shell: Shell) -> StagedWorkflow:
    found = shell.ask(WorkflowOf("w", TRAINER))
    assert isinstance(found, StagedWorkflow)
    return found


def statuses(shell: Shell) -> list[str]:
    return [stage.status for stage in flow(shell).stages]


def done(*stages: str) -> list[Any]:
    return [command for stage in stages for command in (takes(stage), reports(stage, **METRICS))]


@pytest.mark.covers("000-41", "000-42", "000-43", "000-45", "000-46", "000-48", "000-49")
def test_a_workflow_without_stages_has_all_five_with_their_defaults() -> None:
    found = flow(shard(creates()))
    kinds = {stage.type: stage.approvalRequired for stage in found.stages}
    assert kinds == {"data_prep": False, "training": False, "validation": True, "deployment": True, "monitoring": False}
    assert found.stages[1].config["parameters"] == {"max_depth": 6, "learning_rate": 0.1}
    assert found.stages[2].config["validationThresholds"] == {"accuracy": 0.85, "precision": 0.8}
    assert (found.status, found.experimentName, found.modelName) == ("created", "digits", "hitl-digits-model")


@pytest.mark.covers("000-50", "000-49", "000-44", "000-47", "003-76")
def test_five_stages_with_two_approvals_lead_to_the_end() -> None:
    shell = shard(creates(), EXECUTE, *done("data_prep", "training", "validation"))
    assert (flow(shell).status, flow(shell).progress) == ("waiting_approval", 0.4)
    shell.send(answers(VAL, "w-validation-1-approval", decision="approve"))
    assert flow(shell).interaction_id == "w-deployment-0-approval"
    with pytest.raises(WrongState):
        shell.send(takes("deployment"))
    shell.send(answers(VAL, "w-deployment-0-approval", decision="approve"))
    for command in done("deployment", "monitoring"):
        shell.send(command)
    assert (flow(shell).status, flow(shell).progress) == ("completed", 1.0)
    assert shell.replayed() == shell.plain()


@pytest.mark.covers("000-46", "000-52", "000-51")
@pytest.mark.parametrize("metrics", [{"accuracy": 0.84, "precision": 0.9}, {"accuracy": 0.9}, {"accuracy": True, "precision": 1}])
def test_a_validation_below_its_thresholds_fails_and_asks_a_person(metrics: dict[str, Any]) -> None:
    shell = shard(creates({"type": "validation"}), EXECUTE, takes("validation"), reports("validation", metrics=metrics))
    found = flow(shell)
    assert found.analysis is not None
    assert found.interaction_id is not None
    assert (found.status, found.analysis.category) == ("failed", "threshold")
    assert found.analysis.requiresHumanIntervention is True
    asked = interaction(shell, found.interaction_id)
    assert asked["details"]["title"] == "Workflow failed - human intervention required"


@pytest.mark.covers("000-52")
def test_a_passing_failure_is_tried_again_and_the_third_asks_a_person() -> None:
    shell = shard(creates(TRAINING), EXECUTE)
    for attempt in (1, 2):
        shell.send(takes("training"))
        shell.send(fails("training", "connection refused", attempt))
        assert (flow(shell).status, statuses(shell)) == ("running", ["ready"])
    shell.send(takes("training"))
    shell.send(fails("training", "connection refused", 3))
    assert flow(shell).status == "failed"
    shell.send(answers(OLGA, "w-training-3-failure", decision="retry"))
    assert (flow(shell).status, statuses(shell)) == ("running", ["ready"])


@pytest.mark.covers("000-52")
def test_a_workflow_that_is_given_up_stays_failed() -> None:
    shell = shard(creates(TRAINING), EXECUTE, takes("training"), fails("training", "bad schema"))
    shell.send(answers(OLGA, "w-training-1-failure", decision="abort"))
    assert (flow(shell).status, flow(shell).interaction_id) == ("failed", None)


@pytest.mark.parametrize("how", ["reject", "silence"])
def test_a_stage_that_nobody_approves_does_not_go_on(how: str) -> None:
    shell = shard(creates({"type": "deployment"}), EXECUTE)
    if how == "reject":
        shell.send(answers(VAL, "w-deployment-0-approval", decision="reject"))
    shell.advance(90_000)
    assert (flow(shell).status, statuses(shell)) == ("failed", ["failed"])


def test_a_stuck_stage_is_visible_and_its_late_worker_is_refused() -> None:
    shell = shard(creates(TRAINING), EXECUTE, takes("training"))
    shell.recover()
    shell.advance(3601)
    assert [each.workflow_id for each in shell.ask(Workflows(TRAINER, is_stuck=True)).workflows] == ["w"]
    assert shell.ask(Analytics()).stuck_workflows == 1
    shell.send(takes("training"))
    with pytest.raises(StaleAttempt):
        shell.send(reports("training", attempt=1))
    shell.send(reports("training", attempt=2, accuracy=0.9))
    assert flow(shell).status == "completed"


PATHS: dict[str, tuple[Any, ...]] = {
    "created": (creates(TRAINING),),
    "ready": (creates(TRAINING), EXECUTE),
    "running": (creates(TRAINING), EXECUTE, takes("training")),
    "waiting": (creates({**TRAINING, "approvalRequired": True}), EXECUTE, takes("training"), reports("training")),
    "failed": (creates(TRAINING), EXECUTE, takes("training"), fails("training", "bad schema")),
    "completed": (creates(TRAINING), EXECUTE, takes("training"), reports("training")),
    "cancelled": (creates(TRAINING), EXECUTE, CancelWorkflow("w", TRAINER)),
}
COMMANDS = {"execute": EXECUTE, "take": takes("training"), "report": reports("training"), "fail": fails("training", "bad schema")}
HAPPENS = {
    ("created", "execute"): ["WorkflowExecuted", "StageReady"],
    ("ready", "take"): ["StageStarted"],
    ("running", "report"): ["StageCompleted", "WorkflowCompleted"],
    ("running", "fail"): ["StageFailed", "WorkflowFailed", "InteractionOpened"],
}


@pytest.mark.covers("000-50", "000-51")
@pytest.mark.parametrize("status", PATHS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_in_a_status_has_its_events_or_is_refused(status: str, command: str) -> None:
    shell, expected = shard(*PATHS[status]), HAPPENS.get((status, command))
    if expected is None:
        with pytest.raises((WrongState, StaleAttempt)):
            shell.send(COMMANDS[command])
    else:
        assert [event["type"] for event in shell.events(COMMANDS[command])] == expected


@pytest.mark.parametrize(
    ("stages", "refusal"),
    [
        ([{"type": "magic"}], InvalidInput),
        ([TRAINING, TRAINING], InvalidInput),
        ([{"type": "validation", "config": {"validationThresholds": {"accuracy": "high"}}}], InvalidInput),
    ],
)
def test_stages_that_cannot_run_are_refused(stages: list[dict[str, Any]], refusal: type[HitlError]) -> None:
    with pytest.raises(refusal):
        shard(creates(*stages))


def test_only_its_creator_and_operators_run_a_workflow() -> None:
    shell = shard(creates(TRAINING))
    for person, refusal in ((ANN, NotFound), (VAL, Forbidden)):
        with pytest.raises(refusal):
            shell.send(CancelWorkflow("w", person))
    shell.send(CancelWorkflow("w", OLGA, "enough"))
    assert flow(shell).status == "cancelled"


@pytest.mark.covers("D33")
def test_a_deployment_that_reports_another_digest_than_the_approved_one_fails() -> None:
    stages = ({"type": "training"}, {"type": "deployment"})
    shell = shard(creates(*stages), EXECUTE, takes("training"), reports("training", digest="a"))
    asked = interaction(shell, "w-deployment-0-approval")
    shell.send(answers(VAL, asked["interaction_id"], decision="approve"))
    shell.send(takes("deployment"))
    shell.send(reports("deployment", digest="b"))
    assert (flow(shell).status, "another digest" in str(flow(shell).error)) == ("failed", True)
