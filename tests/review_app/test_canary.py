"""A challenger's way from its first share to all cases or to none: gateway, approval journal and keeper together, in memory."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hitl.approval.commands import RequestApproval, Vote
from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from hitl.intake.memory import MemoryServing
from hitl.intake.ports import Pointer
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL
from hitl.quality.answers import SettledReview
from hitl.quality.check_columns import CheckColumns, as_columns
from hitl.quality.checks import BlindCheck
from hitl.serving.commands import Certify
from hitl.serving.in_force import FIELDS
from hitl.serving.questions import History
from hitl.serving.views import ServingView
from serve_app.evidence.evidence import TaskEvidence
from serve_app.reconcilers.canary import Canary
from serve_app.reconcilers.certifier import Certifier
from serve_app.reconcilers.deployer import Deployer
from serve_app.reconcilers.intake_reader import before
from serve_app.setup.policies import policies, policy_in_force
from tests.fakes.approvals import voters
from tests.gateway.service import FIRST, NOW, SECOND, Echo, FlakyIntake, Service, loans
from tests.quality.test_certifying import check_of
from tests.review_app.in_process import InProcessShards

SURE = [0.97, 0.02, 0.01]
STEPS: dict[str, Any] = {"steps": [0.25, 0.5, 1.0], "min_cases": 10, "min_minutes": 10.0}
THIRD = "3" * 64


class Broken(Echo):
    def predict(self, rows: Rows) -> Probabilities:
        return np.full((len(rows), 3), np.nan)


class Live:
    """A gateway whose serving state is decided by the approval shard, beside the keeper's parts on a clock of their own."""

    def __init__(self, risk: Any = "uncertified", **approval: Any) -> None:
        terms = {"quorum": 1, "canary": STEPS, **approval}
        self.tasks = {"loans": loans(risk=risk, approval=terms)}
        self.shards = InProcessShards(self.tasks, 1)
        self.serving = MemoryServing()
        self.service = Service(tasks=self.tasks, serving=self.serving, journal=self.shards.journals[APPROVAL])
        self.models = {b"first": Echo(), b"second": Echo()}
        self.service.gateway.models._load = lambda data, labels, width: self.models[data]
        self.service.gateway._writers[0]._wall = time.time
        self.now, self.count = 0.0, 0
        self.deployer = Deployer(self.shards, self.tasks, self._check, voters)
        self.evidence = TaskEvidence(self.tasks, self.shards, self.service.intakes)
        self.canary = self.new_canary()

    async def _check(self, spec: Any, digest: str) -> None:
        """Every artifact loads."""

    def new_canary(self) -> Canary:
        configured = policies(self.tasks, None, None)

        def policy_of(task: str, serving: Any) -> Any:
            return policy_in_force(configured[task], self.tasks[task].labels, serving)

        self.certifier = Certifier(self.shards, self.tasks, self.evidence, policy_of, lambda: self.now)
        return Canary(self.shards, self.tasks, self.service.intakes, self.evidence, policy_of, lambda: self.now)

    async def submit(self, command: Any) -> Any:
        self.count += 1
        return await self.shards.submit(APPROVAL, Envelope(command, f"c{self.count}", "", "tester", ""))

    async def approve(self, digest: str) -> None:
        asked = RequestApproval("model_deployment", "loans", digest, "a model", {}, "trainer", 1, 1e12)
        approval = (await self.submit(asked)).approval_id
        await self.submit(Vote(approval, "approver", "approve", digest))

    async def step(self) -> None:
        """The keeper's next look, and what came of it reaches the gateway."""
        await self.deployer.once()
        await self.canary.once()
        await self.publish()

    async def publish(self) -> None:
        now = (await self.history())[-1]
        versions = tuple((digest, share) for digest, share in now.versions)
        fields = {name: getattr(now, name) for name in FIELDS}
        await self.serving.publish("loans", Pointer(now.generation, versions, self.shards.shards[APPROVAL].seq, **fields))

    async def cases(self, n: int) -> set[tuple[int, Any]]:
        self.count += 1
        replies = await asyncio.gather(*(self.service.decide(SURE, f"{self.count}-{i}") for i in range(n)))
        return {(reply.status_code, reply.json()["model_version"]) for reply in replies}

    async def history(self) -> list[ServingView]:
        return (await self.shards.ask(APPROVAL, History("loans"))).history

    async def shares(self) -> dict[str, float]:
        return dict((await self.history())[-1].versions)


@pytest.fixture
async def live(request: pytest.FixtureRequest) -> AsyncIterator[Live]:
    made = Live(getattr(request, "param", "uncertified"))
    await made.shards.start()
    made.now = (await _first_then_second(made)).since
    yield made
    await made.service.http.aclose()
    await made.shards.stop()


async def _first_then_second(live: Live) -> ServingView:
    for digest in (FIRST, SECOND):
        await live.approve(digest)
        await live.step()
    return (await live.history())[-1]


async def test_a_first_model_serves_whole_and_a_challenger_gets_the_first_share(live: Live) -> None:
    versions = [line.versions for line in await live.history()]
    assert versions == [[(FIRST, 1.0)], [(FIRST, 0.75), (SECOND, 0.25)]]


def answered(*models: str, wrong: int = 0) -> list[BlindCheck]:
    """Random samples of the models, all answered."""
    found = [
        replace(each, is_automatic=False, streams=("gold",))
        for model in models
        for each in map(check_of, audits(model, wrong, 300))
    ]
    return [replace(each, at=live_at(i)) for i, each in enumerate(found)]


def live_at(number: int) -> float:
    """Since the trial began, and not yet to come for the keeper's clock."""
    return time.time() + 0.001 * number


async def test_a_good_challenger_takes_over_step_by_step_in_its_time(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live.evidence, "check_columns", _answering(answered(FIRST, SECOND, wrong=30)))
    await live.cases(80)
    await live.step()
    assert (await live.shares())[SECOND] == 0.25
    for share in (0.5, 1.0):
        live.now += 600
        await live.step()
        live.now = (await live.history())[-1].since
        assert (await live.shares())[SECOND] == share
        await live.cases(80)
    assert [line.cause for line in await live.history()] == ["Deployed", "Deployed", "SharesSet", "SharesSet"]


async def test_without_answers_no_share_grows(live: Live) -> None:
    await live.cases(80)
    live.now += 600
    await live.step()
    assert (await live.shares())[SECOND] == 0.25


async def test_a_step_counts_its_own_cases_alone(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live.evidence, "check_columns", _answering(answered(FIRST, SECOND, wrong=30)))
    await live.cases(80)
    live.now += 600
    await live.step()
    live.now += 600
    await live.step()
    assert (await live.shares())[SECOND] == 0.5


async def test_a_broken_challenger_answers_nothing_and_the_champion_comes_back_journalled(live: Live) -> None:
    live.models[b"second"].predict = Broken().predict
    assert await live.cases(60) == {(200, FIRST), (202, None)}
    await live.step()
    assert await live.cases(60) == {(200, FIRST)}
    last = (await live.history())[-1]
    assert (last.cause, last.versions) == ("SharesSet", [(FIRST, 1.0)])
    assert "got no usable probabilities, 0 of the champion's" in last.reason


async def test_a_keeper_that_starts_anew_knows_what_failed_before(live: Live) -> None:
    live.models[b"second"].predict = Broken().predict
    await live.cases(60)
    live.models[b"second"].predict = Echo().predict
    live.canary = live.new_canary()
    await live.step()
    assert await live.shares() == {FIRST: 1.0}


async def test_the_next_challenger_waits_for_the_trial_to_end(live: Live) -> None:
    await live.approve(THIRD)
    await live.deployer.once()
    assert THIRD not in await live.shares()
    live.models[b"second"].predict = Broken().predict
    await live.cases(60)
    await live.step()
    await live.deployer.once()
    assert await live.shares() == {FIRST: 0.75, THIRD: 0.25}


def audits(model: str, wrong: int, n: int, policy: str = "") -> list[SettledReview]:
    return [_audit(model, i, i < wrong, policy) for i in range(n)]


def _audit(model: str, number: int, wrong: bool, policy: str) -> SettledReview:
    label, at = "ask" if wrong else "approve", 2e12 + number
    said = (f"{model}{number}", f"c{number}", "audit", True, label, "approve", 0.99, "all", model, policy)
    return SettledReview(*said, True, ("audit",), 0.0, 0.05, at, at)


async def test_wrong_answers_in_blind_checks_send_the_challenger_back(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [*audits(FIRST, 0, 50), *audits(SECOND, 12, 20)]
    monkeypatch.setattr(live.evidence, "check_columns", _answering([check_of(each) for each in known]))
    await live.step()
    last = (await live.history())[-1]
    assert (last.versions, last.reason) == (
        [(FIRST, 1.0)],
        "12 of 20 blind answers about its automatic decisions in all say that it was wrong, the level is 0.05",
    )


@pytest.mark.parametrize("live", [{"level": 0.05}], indirect=True)
async def test_an_alarm_about_the_challenger_spares_the_champion(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = policies(live.tasks, None, None)["loans"].version
    for model in (FIRST, SECOND):
        await live.submit(Certify("loans", {"versions": {"model": model, "policy": policy}}, {"all": 0.9}))
    monkeypatch.setattr(live.evidence, "check_columns", _answering([check_of(each) for each in audits(SECOND, 12, 20, policy)]))
    await live.certifier.once()
    last = (await live.history())[-1]
    assert (last.cause, last.versions, last.stopped) == ("SharesSet", [(FIRST, 1.0)], {})
    assert last.thresholds[FIRST]["segments"] == {"all": 0.9}


@pytest.mark.parametrize("live", [{"level": 0.05}], indirect=True)
async def test_a_challenger_without_its_own_certificate_decides_nothing_alone(live: Live) -> None:
    policy = policies(live.tasks, None, None)["loans"].version
    await live.submit(Certify("loans", {"versions": {"model": FIRST, "policy": policy}}, {"all": 0.9}))
    await live.publish()
    assert await live.cases(60) == {(200, FIRST), (202, SECOND)}


def _answering(known: list[BlindCheck]) -> Any:
    async def answers(task: str, of_parts: bool = False) -> CheckColumns:
        return as_columns(known)

    return answers


async def test_reading_begins_at_the_trial_without_reading_what_came_before() -> None:
    service = Service()
    for i in range(20):
        service.gateway._writers[0]._wall = lambda i=i: NOW + i
        await service.decide(SURE, f"k{i}")
    intake: FlakyIntake = service.intakes[0]
    found = [await before(intake, NOW + since) for since in (-1, 0, 0.5, 7, 19, 50)]
    assert found == [0, 0, 1, 7, 19, 20]
