"""A trainer wants its own workflow to go on, and a pipeline its own step: nobody approves what they asked for or worked on."""

from typing import Any

import pytest

from hitl.approval import ApprovalKind, ApprovalRules
from hitl.approval.rules import KindRules
from hitl.errors import Forbidden, InvalidInput
from hitl.identity import Principal, Role
from hitl.workflow import WorkflowMachine
from hitl.workflow.commands import CreateWorkflow, ExecuteWorkflow, StartStage
from hitl.workflow.questions import PendingOf
from hitl.workflow.voters import voters_of
from tests.fakes.shell import Shell
from tests.fakes.workflows import CLIENT, EXECUTE, OLGA, TRAINER, VAL, answers, creates, interaction, opens, reports, shard, takes
from tests.review_app.conftest import World

VALIDATION, DEPLOYMENT = {"type": "validation"}, {"type": "deployment"}
GOOD = {"metrics": {"accuracy": 0.9, "precision": 0.9}}
BOTH = Principal("trainer", frozenset({Role.TRAINER, Role.APPROVER}))
"""The creator, with the right to vote on others' requests."""


async def test_a_trainer_cannot_name_itself_to_approve_its_workflow(world: World) -> None:
    before = await world.state()
    body = {"name": "mine", "approvers": ["trainer"]}
    answer = await world.call("POST", "/v1/workflows", "trainer", body, idempotency_key="k")
    assert (answer.status_code, "/approvers" in answer.text) == (422, True)
    assert await world.state() == before


async def test_a_trainer_answers_no_approval_of_its_workflow(world: World) -> None:
    body = {"name": "mine", "stages": [DEPLOYMENT], "approvers": ["reviewer"]}
    made = (await world.call("POST", "/v1/workflows", "trainer", body, idempotency_key="k")).json()
    await world.call("POST", f"/v1/workflows/{made['workflow_id']}/execute", "trainer", {}, idempotency_key="e")
    path = f"/v1/interactions/{made['workflow_id']}-deployment-0-approval/answer"
    told = {
        who: (await world.call("POST", path, who, {"user_input": {"decision": "approve"}}, idempotency_key="a")).status_code
        for who in ("trainer", "reviewer", "client", "approver")
    }
    assert told == {"trainer": 403, "reviewer": 403, "client": 404, "approver": 404}
    found = (await world.call("GET", f"/v1/workflows/{made['workflow_id']}", "trainer")).json()
    assert found["status"] == "waiting_approval"


def waiting(stage: dict[str, Any] = DEPLOYMENT) -> Shell:
    shell = shard(creates(stage), EXECUTE)
    if stage is VALIDATION:
        shell.send(takes("validation"))
        shell.send(reports("validation", **GOOD))
    return shell


@pytest.mark.parametrize(("stage", "name"), [(VALIDATION, "w-validation-1-approval"), (DEPLOYMENT, "w-deployment-0-approval")])
def test_its_creator_does_not_approve_it_with_any_role(stage: dict[str, Any], name: str) -> None:
    shell = waiting(stage)
    with pytest.raises(Forbidden):
        shell.send(answers(BOTH, name, decision="approve"))
    assert shell.ask(PendingOf(BOTH)).interactions == []
    assert shell.send(answers(VAL, name, decision="approve")).is_decided


def test_who_worked_on_it_does_not_approve_it() -> None:
    helper = Principal("olga", frozenset({Role.OPERATOR, Role.APPROVER}))
    shell = shard(creates(VALIDATION), EXECUTE, StartStage("w", OLGA, "validation"))
    shell.send(reports("validation", **GOOD))
    with pytest.raises(Forbidden):
        shell.send(answers(helper, "w-validation-1-approval", decision="approve"))
    assert shell.ask(PendingOf(helper)).interactions == []


def test_a_workflow_of_an_older_version_that_names_its_creator_waits_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr("hitl.workflow.stages._check_approvers", lambda *_: None)  # as before the rule
        shell = shard(creates(DEPLOYMENT, approvers=("trainer", "val")), EXECUTE)
    for person in (TRAINER, BOTH):
        with pytest.raises(Forbidden):
            shell.send(answers(person, "w-deployment-0-approval", decision="approve"))
    assert shell.send(answers(VAL, "w-deployment-0-approval", decision="approve")).is_decided


def test_a_step_does_not_name_its_own_pipeline_to_approve() -> None:
    with pytest.raises(InvalidInput, match="/config/approvers"):
        shard(opens("multi_approval", approvers=["client", "ann"], approval_type="any"))


@pytest.mark.parametrize("pattern", ["multi_approval", "review_and_approve"])
def test_a_pipeline_approves_nothing_of_its_own(pattern: str) -> None:
    puppet = Principal("puppet", frozenset({Role.CLIENT}))
    names = {"multi_approval": {"approvers": ["puppet"]}, "review_and_approve": {"assignees": ["client"]}}
    name = {"multi_approval": "i_puppet"}.get(pattern, "i")
    shell = shard(opens(pattern, **names[pattern]))
    with pytest.raises(Forbidden):
        shell.send(answers({"multi_approval": puppet}.get(pattern, CLIENT), name, decision="approve"))
    assert interaction(shell, name)["status"] == "pending"


def fixed(**kind: Any) -> Shell:
    groups = {"managers": ["val", "vera"], "nobody": [], "everybody": ["*"]}
    kinds = {ApprovalKind.WORKFLOW: KindRules(is_fixed=True, **kind)}
    return Shell(WorkflowMachine(voters_of(ApprovalRules(groups=groups, kinds=kinds))))


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ({}, opens("multi_approval")),
        ({"ask": ["managers"]}, creates(DEPLOYMENT, approvers=("colluder",))),
        ({"ask": ["nobody"]}, creates(DEPLOYMENT)),
        ({"ask": ["managers"], "rule": "all"}, creates(DEPLOYMENT)),
        ({"requires": {"managers": 1}}, creates(DEPLOYMENT)),
        ({}, creates({**DEPLOYMENT, "approvalRequired": False})),
    ],
)
def test_who_asks_chooses_no_voters_where_the_kind_is_fixed(kind: dict[str, Any], command: Any) -> None:
    with pytest.raises(InvalidInput):
        fixed(**kind).send(command)


@pytest.mark.parametrize(("kind", "asked"), [({"ask": ["managers"]}, ["val", "vera"]), ({"ask": ["everybody"]}, [None])])
def test_a_fixed_kind_asks_whom_the_configuration_names(kind: dict[str, Any], asked: list[str | None]) -> None:
    shell = fixed(**kind)
    for command in (creates(DEPLOYMENT), EXECUTE):
        shell.send(command)
    found = interaction(shell, "w-deployment-0-approval")
    assert [each["user_id"] for each in found["assignments"]] == asked
    assert shell.send(answers(VAL, "w-deployment-0-approval", decision="approve")).is_decided
    assert shell.replayed() == shell.plain()


def test_an_operator_who_creates_a_workflow_is_bound_like_a_trainer() -> None:
    owner = Principal("olga", frozenset({Role.OPERATOR, Role.APPROVER, Role.ADMIN}))
    made = CreateWorkflow("w", "mine", "", "", "", [DEPLOYMENT], "olga")
    shell = shard(made, ExecuteWorkflow("w", owner))
    with pytest.raises(Forbidden):
        shell.send(answers(owner, "w-deployment-0-approval", decision="approve"))
