"""The states and triggers of a case, and where each prediction sends it."""

from typing import Any

import pytest

from hitl.errors import Forbidden, InteractionOver, InvalidInput, NotFound, WrongState
from hitl.workflow.case_moves import MOVES
from hitl.workflow.commands import DecideCase, FailCase
from hitl.workflow.parts import CaseState
from hitl.workflow.questions import Analytics, WorkflowOf
from hitl.workflow.views import CaseView, DecidedCase
from tests.fakes.shell import Shell
from tests.fakes.workflows import ANN, BOB, CLIENT, EVE, interaction, predicts, shard, starts_case


def case(shell: Shell) -> CaseView:
    found = shell.ask(WorkflowOf("w", CLIENT))
    assert isinstance(found, CaseView)
    return found


def triggers(shell: Shell) -> list[str]:
    return [move.trigger for move in case(shell).transitions]


def decides(person: Any, decision: str, **more: Any) -> DecideCase:
    return DecideCase("w", person, {"decision": decision, **more})


ROUTES = [
    ({}, 0.99, "auto_approve", None, "completed"),
    ({}, 0.9, "human_review", "normal", "human_review"),
    ({}, 0.7, "human_review", "high", "human_review"),
    ({}, 0.3, "expert_escalation", "urgent", "expert_review"),
    ({"amount": 20_000}, 0.99, "expert_escalation", "urgent", "expert_review"),
    ({"requires_audit": True}, 0.99, "human_review", "normal", "human_review"),
]


@pytest.mark.covers("003-69", "003-72", "003-73", "003-74", "D47")
@pytest.mark.parametrize(("request_data", "confidence", "action", "priority", "state"), ROUTES)
def test_a_prediction_routes_its_case(
    request_data: dict[str, Any], confidence: float, action: str, priority: str | None, state: str
) -> None:
    shell = shard(starts_case(**request_data), predicts(confidence))
    found = case(shell)
    assert (found.current_state, found.context["routing_decision"]["queue_priority"]) == (state, priority)
    assert triggers(shell)[:3] == ["start_ai_processing", "routing_required", action]
    assert found.results["routing_decision"] == {"status": "routing_completed", "routing_action": action}
    if state != "completed":
        assert interaction(shell, f"w-{state}")["priority"] == priority


@pytest.mark.covers("D01", "D02")
def test_the_reason_of_a_route_names_risk_and_compliance() -> None:
    risky = case(shard(starts_case(amount=20_000), predicts(0.99))).context["routing_decision"]
    audited = case(shard(starts_case(requires_audit=True), predicts(0.99))).context["routing_decision"]
    assert ("high-risk" in risky["reason"], "compliance" in audited["reason"]) == (True, True)


ENDS = [
    ([(ANN, "approve")], "completed", ["human_approved"], "approved"),
    ([(ANN, "reject")], "completed", ["human_rejected"], "rejected"),
    ([(ANN, "escalate")], "expert_review", ["escalate_to_expert", "await_human_decision"], "escalated"),
    (
        [(ANN, "escalate"), (EVE, "reject")],
        "completed",
        ["escalate_to_expert", "await_human_decision", "expert_decision"],
        "rejected",
    ),
]


@pytest.mark.covers("003-38", "003-71", "003-73", "003-75", "D19")
@pytest.mark.parametrize(("decisions", "state", "moves", "status"), ENDS)
def test_people_decide_a_case_and_every_move_is_recorded(
    decisions: list[tuple[Any, str]], state: str, moves: list[str], status: str
) -> None:
    shell = shard(starts_case(), predicts(0.9))
    for person, decision in decisions:
        answer = shell.send(decides(person, decision, feedback="looked"))
    assert answer == DecidedCase("w", state, decision_processed=True)
    assert (triggers(shell)[4:], case(shell).decision_status) == (moves, status)
    assert shell.replayed() == shell.plain()


@pytest.mark.covers("003-76", "D48")
def test_progress_is_of_the_way_and_a_completed_automatic_case_is_done() -> None:
    assert case(shard(starts_case())).progress == 0.25
    assert case(shard(starts_case(), predicts(0.9))).progress == 0.75
    assert case(shard(starts_case(), predicts(0.99))).progress == 1.0


@pytest.mark.covers("003-78", "D48")
def test_a_failure_is_a_recorded_move_with_its_error_and_withdraws_the_question() -> None:
    shell = shard(starts_case(), predicts(0.9), FailCase("w", CLIENT, "the model is gone"))
    found = case(shell)
    assert (found.state, found.error, found.progress) == ("failed", "the model is gone", 0.75)
    assert found.transitions[-1].trigger == "automatic"
    assert interaction(shell, "w-human_review")["status"] == "cancelled"


@pytest.mark.covers("D05", "D31")
def test_silence_goes_to_the_experts_and_then_fails_but_never_approves() -> None:
    shell = shard(starts_case(), predicts(0.9))
    shell.advance(86_401)
    assert case(shell).state == "expert_review"
    shell.advance(86_401)
    assert (case(shell).state, case(shell).error) == ("failed", "no expert decided in time")


@pytest.mark.covers("003-77", "003-64", "D17", "D20")
def test_analytics_count_by_one_definition_and_the_moving_average_begins_at_its_first_sample() -> None:
    shell = shard(starts_case())
    shell.advance(10)
    shell.send(predicts(0.99))
    found = shell.ask(Analytics())
    assert (found.automation_rate, found.human_review_rate, found.total_workflows) == (1.0, 0.0, 1)
    assert found.moving_avg_processing_times["case:decision"] == 10.0
    assert (found.workflows_by_type, found.workflows_by_state) == ({"decision": 1}, {"completed": 1})


@pytest.mark.covers("003-70")
def test_an_unknown_type_an_unknown_case_and_a_second_prediction_are_refused() -> None:
    shell = shard(starts_case(), predicts(0.9))
    for command, refusal in (
        (starts_case("nothing"), WrongState),
        (predicts(0.9), WrongState),
        (FailCase("x", CLIENT, "e"), NotFound),
        (FailCase("w", BOB, "e"), Forbidden),
        (decides(EVE, "approve"), NotFound),
        (decides(CLIENT, "approve"), Forbidden),
        (decides(ANN, "retry"), InvalidInput),
    ):
        with pytest.raises(refusal):
            shell.send(command)
    with pytest.raises(NotFound):
        shard(starts_case("nothing"))


def test_a_second_decision_learns_that_the_case_is_over() -> None:
    shell = shard(starts_case(), predicts(0.9), decides(ANN, "approve"))
    with pytest.raises((WrongState, InteractionOver)):
        shell.send(decides(BOB, "reject"))


@pytest.mark.covers("003-69", "003-73")
@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_has_its_triggers_and_the_ends_have_none(state: CaseState) -> None:
    found = {trigger for (from_state, trigger) in MOVES if from_state is state}
    assert bool(found) == (state not in (CaseState.COMPLETED, CaseState.FAILED))
    assert not found or "automatic" in found
