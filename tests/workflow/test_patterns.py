"""The seven patterns: what each step answers with, and what becomes of people's answers."""

import json
from typing import Any

import pytest

from hitl.errors import AlreadyVoted, Forbidden, InteractionOver, InvalidInput, NotFound
from hitl.workflow.questions import InteractionOf, PendingOf
from hitl.workflow.show import step_answer
from tests.fakes.shell import Shell
from tests.fakes.workflows import ANN, BOB, CID, CLIENT, GOOD, NOBODY, OLGA, answers, cancels, interaction, opens, shard


def answer_of(shell: Shell) -> dict[str, Any]:
    return step_answer(shell.ask(InteractionOf("i", CLIENT)))


FIELDS: list[tuple[str, dict[str, Any]]] = [
    ("pause_for_input", {"status": "human_input_required", "prompt": "Please provide input", "timeout_seconds": 3600}),
    ("review_and_approve", {"status": "awaiting_review", "timeout_seconds": 3600}),
    (
        "collaborative_decision",
        {
            "status": "collaborative_decision_pending",
            "decision_id": "i",
            "decision_type": "consensus",
            "voting_options": ["approve", "reject"],
            "timeout": 24 * 3600,
        },
    ),
    ("human_fallback", {"status": "escalated_to_human", "escalation_reason": "low_confidence", "original_data": {"rows": 3}}),
    ("iterative_refinement", {"status": "refinement_needed", "iteration": 1, "refinement_history": []}),
    ("time_based_decision", {"status": "time_sensitive_decision", "timeout_seconds": 300, "default_action": "proceed"}),
    (
        "multi_approval",
        {"status": "multi_approval_pending", "approval_id": "i", "approval_type": "all", "approvers": ["ann", "bob", "cid"]},
    ),
]


@pytest.mark.covers("001-01", "001-02", "001-04", "001-07", "001-08", "001-12", "001-16", "001-31", "001-34", "001-42", "D39")
@pytest.mark.parametrize(("pattern", "fields"), FIELDS)
def test_a_step_answers_with_its_documented_fields_and_is_saved_with_its_form(pattern: str, fields: dict[str, Any]) -> None:
    shell = shard(opens(pattern))
    answer = answer_of(shell)
    assert answer.items() >= {**fields, "data": {"rows": 3}, "interaction_id": "i"}.items()
    shell.recover()
    assert answer_of(shell) == answer


@pytest.mark.covers("001-06", "001-13", "001-17", "001-32")
@pytest.mark.parametrize(
    ("pattern", "kind", "names"),
    [
        ("review_and_approve", "review", ["decision", "feedback", "suggested_changes"]),
        ("human_fallback", "manual_processing", ["manual_result", "confidence"]),
        ("iterative_refinement", "iterative_refinement", ["refined_result", "refinement_notes", "continue_refining"]),
        ("time_based_decision", "urgent_decision", ["decision", "urgency_acknowledged"]),
    ],
)
def test_a_form_has_the_documented_type_and_fields(pattern: str, kind: str, names: list[str]) -> None:
    form = answer_of(shard(opens(pattern)))["ui_schema"]
    assert (form["type"], [field["name"] for field in form["fields"]]) == (kind, names)


@pytest.mark.covers("001-05")
def test_a_review_shows_content_metadata_and_suggestions() -> None:
    shell = shard(opens("review_and_approve", data={"generated_content": "TODO: write it", "metadata": {"by": "m"}}))
    shown = answer_of(shell)["review_data"]
    assert shown == {"content": "TODO: write it", "metadata": {"by": "m"}, "suggestions": ["Replace the unfinished places"]}


@pytest.mark.covers("D29", "D40", "001-21")
@pytest.mark.parametrize("pattern", [name for name in GOOD if name not in ("collaborative_decision", "multi_approval")])
def test_an_answer_completes_the_interaction_and_never_touches_the_pipelines_data(pattern: str) -> None:
    shell = shard(opens(pattern), answers(ANN, **GOOD[pattern]))
    found = interaction(shell)
    assert (found["status"], found["closed_by"], found["data"]) == ("completed", "ann", {"rows": 3})
    assert found["human_input"].items() >= GOOD[pattern].items()


@pytest.mark.covers("D26")
@pytest.mark.parametrize(
    ("pattern", "given"),
    [
        ("review_and_approve", {}),
        ("review_and_approve", {"decision": "maybe"}),
        ("review_and_approve", {"decision": "approve", "other": 1}),
        ("human_fallback", {"manual_result": "42", "confidence": 1.5}),
        ("human_fallback", {"manual_result": "  "}),
        ("time_based_decision", {"decision": "abort"}),
        ("time_based_decision", {"decision": "abort", "urgency_acknowledged": False}),
        ("iterative_refinement", {"refined_result": "x", "continue_refining": "yes"}),
        ("collaborative_decision", {"decision": ["approve"]}),
    ],
)
def test_an_answer_that_its_form_does_not_take_is_refused(pattern: str, given: dict[str, Any]) -> None:
    shell = shard(opens(pattern))
    with pytest.raises(InvalidInput):
        shell.send(answers(ANN, **given))
    assert interaction(shell)["status"] == "pending"


@pytest.mark.covers("D26", "D30", "001-24")
def test_only_who_is_asked_may_answer_and_others_do_not_know_of_it() -> None:
    shell = shard(opens("pause_for_input", assignees=["ann"]))
    for person, refusal in ((BOB, NotFound), (NOBODY, NotFound), (OLGA, Forbidden), (CLIENT, Forbidden)):
        with pytest.raises(refusal):
            shell.send(answers(person, x=1))
    assert [each.interaction_id for each in shell.ask(PendingOf(ANN)).interactions] == ["i"]
    assert shell.ask(PendingOf(BOB)).interactions == []


@pytest.mark.covers("D24")
def test_a_second_answer_changes_nothing_and_learns_who_won() -> None:
    shell = shard(opens("pause_for_input"), answers(ANN, x=1))
    with pytest.raises(InteractionOver) as refused:
        shell.send(answers(BOB, x=2))
    assert refused.value.winner == "ann"
    assert interaction(shell)["human_input"] == {"x": 1}


@pytest.mark.covers("001-33", "D28")
def test_the_deadline_of_a_timed_decision_applies_the_default_once() -> None:
    shell = shard(opens("time_based_decision", default_action="abort"))
    shell.recover()
    shell.advance(301)
    found = interaction(shell)
    assert found["human_input"] == {"decision": "abort", "timeout_applied": True}
    assert (found["status"], found["closed_by"]) == ("completed", "time")
    with pytest.raises(InteractionOver):
        shell.send(answers(ANN, **GOOD["time_based_decision"]))


@pytest.mark.covers("D31", "001-36")
@pytest.mark.parametrize("pattern", [name for name in GOOD if name != "time_based_decision"])
def test_the_deadline_of_any_other_interaction_expires_it_without_an_answer(pattern: str) -> None:
    shell = shard(opens(pattern))
    shell.advance(86_401)
    statuses = {each["status"] for each in shell.plain()["interactions"].values()}
    assert (statuses, interaction(shell)["human_input"]) == ({"expired"}, None)
    assert shell.plain()["waiting"] == {}


@pytest.mark.covers("D31", "001-36")
def test_a_cancelled_interaction_takes_no_answer() -> None:
    shell = shard(opens("pause_for_input"), cancels())
    assert interaction(shell)["status"] == "cancelled"
    with pytest.raises(InteractionOver):
        shell.send(answers(ANN, x=1))


@pytest.mark.covers("D41", "001-14", "001-15", "001-16")
def test_refinement_goes_on_with_history_until_its_last_round() -> None:
    shell = shard(opens("iterative_refinement", data={"current_result": {"n": 0}}, max_iterations=2))
    shell.send(answers(ANN, refined_result='{"n": 1}', continue_refining=True))
    second = answer_of(shell)
    assert (second["iteration"], second["current_result"]) == (2, {"n": 1})
    assert second["ui_schema"]["fields"][0]["label"] == "Refine Result (Iteration 2)"
    assert json.loads(second["ui_schema"]["fields"][0]["default"]) == {"n": 1}
    shell.send(answers(BOB, refined_result="done", continue_refining=True, refinement_notes="text now"))
    final = interaction(shell)["human_input"]
    assert (final["status"], final["final_result"], final["iterations_completed"]) == ("max_iterations_reached", "done", 2)
    assert [entry["refined_by"] for entry in final["refinement_history"]] == ["ann", "bob"]


@pytest.mark.covers("001-09", "D41")
def test_a_consensus_needs_everybody_and_votes_may_change_until_then() -> None:
    shell = shard(opens("collaborative_decision"), answers(ANN, decision="approve"), answers(BOB, decision="reject"))
    shell.send(answers(CID, decision="approve"))
    tally = shell.ask(InteractionOf("i", ANN)).tally
    assert tally is not None
    assert (tally.counts, tally.missing, tally.verdict) == ({"approve": 2, "reject": 1}, [], None)
    with pytest.raises(AlreadyVoted):
        shell.send(answers(CID, decision="approve"))
    assert shell.send(answers(BOB, decision="approve")).decision == "approve"
    assert interaction(shell)["human_input"]["votes"] == {"ann": "approve", "bob": "approve", "cid": "approve"}


@pytest.mark.covers("001-35", "001-37", "001-38", "D30")
def test_each_approver_has_an_interaction_of_their_own() -> None:
    shell = shard(opens("multi_approval"))
    assert sorted(shell.plain()["interactions"]) == ["i", "i_ann", "i_bob", "i_cid"]
    mine = shell.ask(PendingOf(ANN)).interactions
    assert [each.interaction_id for each in mine] == ["i_ann"]
    assert (mine[0].details["type"], mine[0].ui_schema["type"]) == ("approval_request", "approval")


APPROVALS = [
    ("all", "aa", None),
    ("all", "aaa", "approve"),
    ("all", "ar", "reject"),
    ("majority", "a", None),
    ("majority", "aa", "approve"),
    ("majority", "rr", "reject"),
    ("majority", "ara", "approve"),
    ("any", "ra", "approve"),
    ("any", "rr", None),
    ("any", "rrr", "reject"),
]


@pytest.mark.covers("001-34", "001-38", "D30")
@pytest.mark.parametrize(("kind", "votes", "verdict"), APPROVALS)
def test_many_approvals_close_as_soon_as_their_rule_is_decided(kind: str, votes: str, verdict: str | None) -> None:
    shell = shard(opens("multi_approval", approval_type=kind))
    for person, vote in zip((ANN, BOB, CID), votes, strict=False):
        shell.send(answers(person, f"i_{person.id}", decision={"a": "approve", "r": "reject"}[vote]))
    found = interaction(shell)
    assert (found["human_input"] or {}).get("decision") == verdict
    others = {interaction(shell, f"i_{name}")["status"] for name in ("ann", "bob", "cid")[len(votes) :]}
    assert others <= {"pending" if verdict is None else "cancelled"}
    assert shell.replayed() == shell.plain()


@pytest.mark.covers("001-10", "001-31")
@pytest.mark.parametrize(
    ("pattern", "config"),
    [
        ("nothing", {}),
        ("pause_for_input", {"timeout": 0}),
        ("pause_for_input", {"ui_schema": {"fields": [{"name": "x", "type": "radio"}]}}),
        ("collaborative_decision", {"stakeholders": []}),
        ("collaborative_decision", {"decision_type": "dice"}),
        ("time_based_decision", {"default_action": "explode"}),
        ("multi_approval", {"approval_type": "few"}),
        ("multi_approval", {"approvers": ["ann", "ann"]}),
        ("iterative_refinement", {"max_iterations": -1}),
    ],
)
def test_a_configuration_that_nobody_could_answer_is_refused(pattern: str, config: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        shard(opens(pattern, **config))


def test_another_tasks_interaction_does_not_exist() -> None:
    from dataclasses import replace

    shell = shard(replace(opens("pause_for_input"), task="digits"))
    stranger = replace(ANN, tasks=frozenset({"other"}))
    with pytest.raises(NotFound):
        shell.send(answers(stranger, x=1))
    assert shell.ask(PendingOf(stranger)).interactions == []
    assert len(shell.ask(PendingOf(ANN)).interactions) == 1
