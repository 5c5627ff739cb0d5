"""Definitions change by approval alone, over HTTP and by files, and reach what serves without a restart."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hitl.approval import ApprovalOf, Approvals
from hitl.errors import Forbidden, StoreUnavailable
from hitl.machine.shards import APPROVAL
from hitl.routing.policy import Policy
from hitl.serving.questions import ServingOf
from hitl.tasks.definition import body_of, definition_digest, spec_of
from serve_app.setup.definitions import Facilities, refusal
from tests.definitions.world import World, changed, started
from tests.gateway.service import loans

LABELS = ["reject", "approve", "ask", "fraud"]


async def asked(world: World) -> list[Any]:
    return (await world.shards.ask(APPROVAL, Approvals(None, None, "task_change"))).approvals


async def test_the_first_start_records_the_files() -> None:
    async with started() as world:
        shown = (await world.call("GET", "/v1/tasks/loans/definition", "client")).json()
        assert (shown["definition"], shown["generation"], shown["approval_id"]) == (body_of(loans()), 0, None)
        assert (shown["digest"], shown["waits"]) == (definition_digest(body_of(loans())), [])


async def test_a_file_that_differs_later_opens_one_approval_and_changes_nothing() -> None:
    async with started() as world:
        other = spec_of(changed(labels=LABELS))
        for _ in range(2):
            await world.start({"loans": other})
        (approval,) = await asked(world)
        assert approval.evidence["changes"][0] == 'The label "fraud" is added.'
        assert world.book["loans"].labels == LABELS[:3]
        assert (await world.call("GET", "/v1/tasks/loans", "client")).json()["labels"] == LABELS[:3]
        await world.deployer.once()
        await world.settle()
        assert world.book["loans"].labels == LABELS[:3]


async def test_a_file_that_people_rejected_is_not_asked_for_again() -> None:
    async with started() as world:
        other = spec_of(changed(title="Other loans"))
        await world.start({"loans": other})
        (approval,) = await asked(world)
        await world.vote(approval.approval_id, approval.digest, "ann", how="reject")
        await world.start({"loans": other})
        assert [each.status for each in await asked(world)] == ["rejected"]


async def test_a_file_that_says_the_same_opens_nothing() -> None:
    async with started() as world:
        await world.start({"loans": spec_of(changed(groups=[], sealed=False))})
        assert await asked(world) == []


async def test_a_file_that_changes_what_is_fixed_opens_nothing_and_is_told() -> None:
    async with started() as world:
        keeper = await world.start({"loans": spec_of(changed(policy={"automatic": 0.99}))})
        assert await asked(world) == []
        assert "hitl policy propose" in keeper.refused["loans"]


async def test_a_task_without_its_file_stays() -> None:
    async with started({"loans": loans(), "other": loans("other")}) as world:
        await world.start({"loans": loans()})
        assert "other" in world.book


async def test_an_approved_change_reaches_the_gateway_without_a_restart() -> None:
    async with started() as world:
        before = (await world.decide("a")).json()
        await world.adopt(changed(labels=LABELS))
        assert (await world.call("GET", "/v1/tasks/loans", "client")).json()["labels"] == LABELS
        after = (await world.decide("b")).json()
        assert [case["generation"] for case in (before, after)] == [0, 1]
        shown = (await world.call("GET", "/v1/tasks/loans/definition", "client")).json()
        assert (shown["generation"], shown["approval_id"]) == (1, "loans-1")


async def test_a_gateway_that_could_not_be_made_is_made_by_the_next_look() -> None:
    async with started() as world:
        assert world.gateway._watch is not None
        world.gateway._watch.cancel()  # only the looks of this test
        world.failures = 1
        with pytest.raises(StoreUnavailable):
            await world.adopt(changed(labels=LABELS))
        assert (await world.call("GET", "/v1/tasks/loans", "client")).json()["labels"] != LABELS
        await world.gateway.refresh()
        assert (await world.call("GET", "/v1/tasks/loans", "client")).json()["labels"] == LABELS
        assert (await world.decide("b")).json()["generation"] == 1


async def test_a_start_does_not_wait_for_what_no_model_that_serves_needs() -> None:
    async with started(may_import=False) as world:
        assert await asyncio.to_thread(world.is_importing.wait, 10.0)
        assert (await world.decide("a")).status_code == 202
        assert not world.gateway._preparing.done()
        world.may_import.set()
        await world.gateway._preparing


async def test_what_no_model_needs_yet_is_prepared_once_the_start_is_over() -> None:
    async with started(prepare_after_s=1000.0) as world:
        assert (await world.decide("a")).status_code == 202
        assert not world.is_importing.is_set()


async def test_a_gateway_decides_other_tasks_while_the_next_one_imports_what_it_needs() -> None:
    async with started({"loans": loans(), "other": loans("other")}) as world:
        world.may_import.clear()
        world.is_importing.clear()
        adopting = asyncio.create_task(world.adopt(changed(labels=LABELS)))
        assert await asyncio.to_thread(world.is_importing.wait, 10.0)
        assert (await world.decide("a", "other")).status_code == 202
        assert not adopting.done()
        world.may_import.set()
        await adopting
        assert (await world.decide("b")).json()["generation"] == 1


async def test_a_new_task_takes_cases_once_it_is_approved() -> None:
    async with started() as world:
        body = {**changed(), "task": "more", "approval": {"quorum": 1}}
        told = (await world.propose(body)).json()
        assert (await world.decide("a", "more")).status_code == 404
        assert (await world.shards.ask(APPROVAL, ApprovalOf(told["approval_id"]))).approval.quorum == 2
        await world.adopt(body)
        assert (await world.decide("a", "more")).status_code == 202


@pytest.mark.parametrize("who", ["client", "trainer", "reviewer"])
async def test_only_operators_propose(who: str) -> None:
    async with started() as world:
        before = await world.state()
        assert (await world.propose(changed(title="Mine"), who)).status_code == 403
        assert await world.state() == before


async def test_an_operator_of_other_tasks_learns_and_changes_nothing() -> None:
    async with started() as world:
        assert (await world.propose(changed(title="Mine"), "stranger")).status_code == 404
        assert (await world.call("GET", "/v1/tasks/loans/definition", "stranger")).status_code == 404
        assert (await world.call("GET", "/v1/tasks/loans/definition", None)).status_code == 401
        assert await asked(world) == []


async def test_the_same_proposal_finds_the_approval_that_it_opened() -> None:
    async with started() as world:
        one, two = [await world.propose(changed(title="Other loans")) for _ in range(2)]
        assert (one.status_code, one.json()) == (202, two.json())
        assert one.headers["location"] == "/v1/approvals/loans-1"
        assert len(await asked(world)) == 1


async def test_what_is_in_force_needs_no_approval() -> None:
    async with started() as world:
        told = await world.propose(changed())
        assert (told.status_code, told.json()["status"]) == (200, "in_force")
        assert await asked(world) == []


async def test_the_author_of_a_change_has_no_vote_on_it() -> None:
    async with started() as world:
        told = (await world.propose(changed(title="Other loans"))).json()
        with pytest.raises(Forbidden):
            await world.vote(told["approval_id"], told["digest"], "operator")


async def test_a_change_cannot_ask_for_fewer_votes_than_the_definition_in_force() -> None:
    async with started() as world:
        told = (await world.propose(changed(approval={"quorum": 1}))).json()
        await world.vote(told["approval_id"], told["digest"], "ann")
        await world.deployer.once()
        await world.settle()
        assert world.book["loans"].approval.quorum == 2


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"labels": ["one"]}, "/labels"),
        ({"colour": "red"}, "/colour"),
        ({"task": "else"}, "/task"),
        ({"answer": {"kind": "label", "none": 7}}, "/answer/label/none"),
        ({"policy": {"automatic": 0.99}}, "/policy/automatic"),
        ({"input": {"kind": "vector", "size": 0, "min": 0.0, "max": 1.0}}, "/input/vector/size"),
        ({"model": {"family": "nosuch"}}, "/model/family"),
    ],
)
async def test_what_is_wrong_or_cannot_change_is_refused_by_its_key(change: dict[str, Any], place: str) -> None:
    async with started() as world:
        before = await world.state()
        told = await world.call("PUT", "/v1/tasks/loans/definition", "operator", changed(**change))
        assert (told.status_code, told.json()["errors"][0]["pointer"]) == (422, place)
        assert await world.state() == before


async def test_a_removed_label_that_the_policy_in_force_names_is_refused() -> None:
    async with started() as world:
        policy = Policy(automatic_labels=["ask"], risk="uncertified").body()
        serving = replace(await world.shards.ask(APPROVAL, ServingOf("loans")), policy=policy)
        why = refusal(world.proposer, [loans()], spec_of(changed(labels=["reject", "approve"])), serving)
        assert why is not None
        assert why[0] == "labels"


async def test_a_new_task_that_needs_what_was_not_started_is_refused_in_words() -> None:
    async with started(facilities=Facilities(predictor=False)) as world:
        told = await world.propose({**changed(), "task": "elsewhere"})
        assert told.status_code == 422
        assert "restart" in told.text


async def test_traffic_over_a_change_loses_and_doubles_nothing() -> None:
    async with started() as world:
        cases = {f"k{number}": asyncio.create_task(world.decide(f"k{number}")) for number in range(40)}
        await world.adopt(changed(labels=LABELS))
        late = await asyncio.gather(*(world.decide(f"l{number}") for number in range(40)))
        early = [await asked for asked in cases.values()]
        repeated = [await world.decide(key) for key, told in zip(cases, early, strict=True) if told.status_code == 503]
        assert {told.status_code for told in (*early, *late, *repeated)} <= {202, 503}
        assert {told.status_code for told in (*late, *repeated)} == {202}
        stored = [case.record for case in world.intake.stored()]
        assert len({each.case_id for each in stored}) == len(stored) == 80
        generations = [each.generation for each in stored]
        assert generations == sorted(generations), "nothing of the old definition is stored after the change"
