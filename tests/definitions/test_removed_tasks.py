"""A task is taken away by approval alone: it takes nothing new, and what it has stays."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from hitl.approval import ApprovalOf, Approvals
from hitl.machine.shards import APPROVAL
from hitl.serving.questions import ServingOf
from hitl.tasks.book import Definition, TaskBook, is_removed
from hitl.tasks.definition import body_of, definition_digest
from hitl.tasks.people_terms import ApprovalTerms
from serve_app.setup.policies import policies
from tests.definitions.world import World, started
from tests.gateway.service import loans
from tests.review_app.conftest import PARTITIONS
from tests.review_app.conftest import World as ReviewApp
from tests.review_app.in_process import InProcessShards

TWO = {"loans": loans(), "other": loans("other")}


async def take_away(world: World, task: str = "loans") -> None:
    told = (await world.call("DELETE", f"/v1/tasks/{task}/definition")).json()
    await world.vote(told["approval_id"], told["digest"], "ann", "bob")
    await world.deployer.once()
    await world.settle()


async def test_a_task_that_was_taken_away_refuses_cases_in_words_and_others_serve_on() -> None:
    async with started(TWO) as world:
        assert (await world.decide("a")).status_code == 202
        await take_away(world)
        told = await world.decide("b")
        assert (told.status_code, told.json()["type"].rsplit(":")[-1]) == (410, "task-removed")
        assert "loans was taken away" in told.json()["detail"]
        assert (await world.decide("c", "other")).status_code == 202
        assert (await world.call("GET", "/v1/tasks/loans/definition", "client")).status_code == 410
        listed = (await world.call("GET", "/v1/tasks", "client")).json()["tasks"]
        assert [each["task"] for each in listed] == ["other"]


async def test_nothing_happens_before_the_votes() -> None:
    async with started(TWO) as world:
        one, two = [await world.call("DELETE", "/v1/tasks/loans/definition") for _ in range(2)]
        assert (one.status_code, one.json()) == (202, two.json())
        assert one.json()["changes"][0].startswith("The task is taken away")
        await world.deployer.once()
        await world.settle()
        assert (await world.decide("a")).status_code == 202


async def test_its_models_leave() -> None:
    async with started(TWO) as world:
        await take_away(world)
        assert (await world.shards.ask(APPROVAL, ServingOf("loans"))).versions == []
        again = await world.call("DELETE", "/v1/tasks/loans/definition")
        assert (again.status_code, again.json()["status"]) == (200, "in_force")


async def test_who_may_not_change_definitions_takes_nothing_away() -> None:
    async with started(TWO) as world:
        before = await world.state()
        told = [await world.call("DELETE", "/v1/tasks/loans/definition", who) for who in ("client", "trainer", "stranger", None)]
        assert [each.status_code for each in told] == [403, 403, 404, 401]
        assert (await world.call("DELETE", "/v1/tasks/nosuch/definition")).status_code == 404
        assert await world.state() == before


async def test_the_last_task_stays() -> None:
    async with started() as world:
        told = await world.call("DELETE", "/v1/tasks/loans/definition")
        assert told.status_code == 422
        assert "last one" in told.text


async def test_of_two_removals_that_were_asked_for_together_the_last_task_stays() -> None:
    async with started(TWO) as world:
        asked = [(await world.call("DELETE", f"/v1/tasks/{task}/definition")).json() for task in TWO]
        for told in asked:
            await world.vote(told["approval_id"], told["digest"], "ann", "bob")
        await world.deployer.once()
        await world.settle()
        ends = [(await world.shards.ask(APPROVAL, ApprovalOf(told["approval_id"]))).approval.status for told in asked]
        assert (ends, sorted(world.book.in_force())) == (["deployed", "failed"], ["other"])


async def test_a_file_that_was_left_brings_nothing_back_and_a_proposal_does() -> None:
    async with started(TWO) as world:
        await take_away(world)
        await world.start(TWO)
        assert (await world.shards.ask(APPROVAL, Approvals("pending", None, "task_change"))).approvals == []
        await world.adopt(body_of(loans()))
        told = (await world.decide("again")).json()
        assert (told["status"], told["generation"]) == ("pending_human", 2)


async def test_a_task_that_is_brought_back_needs_the_votes_of_its_last_definition() -> None:
    strict = loans().model_copy(update={"approval": ApprovalTerms(quorum=3)})
    async with started({"loans": strict, "other": loans("other")}) as world:
        told = (await world.call("DELETE", "/v1/tasks/loans/definition")).json()
        await world.vote(told["approval_id"], told["digest"], "ann", "bob", "cid")
        await world.deployer.once()
        await world.settle()
        assert is_removed(world.book, "loans")
        back = (await world.propose(body_of(loans()))).json()
        assert (await world.shards.ask(APPROVAL, ApprovalOf(back["approval_id"]))).approval.quorum == 3


def removed(book: TaskBook, task: str) -> None:
    spec = book[task]
    digest = definition_digest(body_of(spec))
    book.learn([Definition(task, 0, digest, spec), Definition(task, 1, "gone", None)])


class WithHistory(ReviewApp):
    """The review application over a book that learns."""

    def __init__(self) -> None:
        super().__init__()
        self.book = TaskBook(self.tasks)
        self.shards = InProcessShards(self.book, PARTITIONS)  # type: ignore[arg-type]
        self.ports = replace(self.ports, tasks=self.book, shards=self.shards, policies=policies(self.book, None, None))
        self.serve()


@pytest.fixture
async def app() -> AsyncIterator[WithHistory]:
    made = WithHistory()
    await made.shards.start()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def test_what_waits_is_answered_and_what_is_there_is_read(app: WithHistory) -> None:
    case = await app.case("a")
    removed(app.book, "digits")
    review = await app.claim()
    assert review["form"]["labels"] == app.book["digits"].labels
    assert (await app.decide(review)).status_code == 200
    assert (await app.call("GET", f"/v1/decisions/{case}", "client")).json()["outcome"]["label"] == "3"
    for path in ("/v1/quality/digits", "/v1/queues/digits/reviews", "/v1/cases?task=digits", "/v1/approvals?task=digits"):
        assert (await app.call("GET", path, "operator")).status_code == 200, path


REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("/v1/approvals", "client", {"kind": "custom", "task": "digits", "title": "May I?"}),
    ("/v1/policies/digits", "operator", {"policy": {"risk": "uncertified"}, "title": "Another policy"}),
    ("/v1/policies/digits/shadow", "operator", {"policy": {"risk": "uncertified"}}),
    ("/v1/interactions", "client", {"pattern": "approval_gate", "config": {}, "data": {}, "task": "digits"}),
    ("/v1/triggers", "trainer", {"task": "digits", "reason": "because"}),
]


@pytest.mark.parametrize(("path", "who", "body"), REFUSED, ids=[path for path, *_ in REFUSED])
async def test_it_takes_nothing_new(app: WithHistory, path: str, who: str, body: dict[str, Any]) -> None:
    removed(app.book, "digits")
    before = await app.state()
    told = await app.call("POST", path, who, body, idempotency_key="k")
    assert (told.status_code, told.json()["type"].rsplit(":")[-1]) == (410, "task-removed"), told.text
    assert await app.state() == before


def test_a_book_reads_the_past_of_a_task_that_was_taken_away() -> None:
    book = TaskBook({"loans": loans()})
    removed(book, "loans")
    assert is_removed(book, "loans")
    assert not is_removed({"loans": loans()}, "loans")
    assert ("loans" in book, "loans" in book.in_force(), book.at("loans", 1)) == (True, False, book["loans"])
    assert book.copy().removed == {"loans"}
