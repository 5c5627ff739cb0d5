"""An approved challenger takes over once it has earned as much automation as what serves, over the in-process service."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from hitl.approval.commands import Vote
from hitl.canonical import JsonObject
from hitl.machine.shards import APPROVAL
from hitl.routing.prediction import Prediction
from hitl.serving.commands import Certify, StopAutomation
from serve_app.evidence.evidence import TaskEvidence
from serve_app.evidence.succession import Succession
from serve_app.reconcilers import deployer
from serve_app.reconcilers.deployer import Deployer
from serve_app.setup.policies import policies, policy_in_force
from tests.review_app.test_quality import MODEL
from tests.review_app.test_vault import CHALLENGER, Vaulted, right_rows

SECOND = "f" * 64


class Succeeding(Vaulted):
    """What serves has automation; challengers are sure and right, and the vault's rows are of what serves."""

    def __init__(self) -> None:
        super().__init__()
        configured, spec = policies(self.tasks, None, None), self.tasks["digits"]
        evidence = TaskEvidence(self.tasks, self.shards, self.intakes)
        self.succession = Succession(
            self.shards, self.tasks, evidence, lambda task, now: policy_in_force(configured[task], spec.labels, now), lambda: 1e12
        )
        self.deployer = Deployer(self.shards, self.tasks, self._loads, _voters, self.succession.waits_for)

    async def certify(self, model: str, threshold: float | None) -> None:
        versions: JsonObject = {"model": model, "policy": self.version}
        await self.submit(APPROVAL, Certify("digits", {"versions": versions, "at": self.count}, {"all": threshold}))

    async def approve(self, digest: str = CHALLENGER) -> str:
        approval = await self.propose(digest)
        await self.submit(APPROVAL, Vote(approval, "approver", "approve", digest))
        return approval

    async def serves(self) -> str:
        """After one turn of the deployer."""
        await self.deployer.once()
        return str((await self.serving()).versions[0][0])


async def _voters(task: str) -> set[str]:
    return {"approver", "approver-2"}


@pytest.fixture
async def succeeding(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Succeeding]:
    monkeypatch.setattr(deployer, "WAITS_LOOK_S", 0.0)
    made = Succeeding()
    await made.shards.start()
    await made.deploy()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def scored(world: Succeeding) -> None:
    await right_rows(world, 200)
    await world.scorer.once()


async def test_it_waits_until_it_has_earned_as_much(succeeding: Succeeding) -> None:
    await succeeding.certify(MODEL, 0.3)
    await succeeding.approve()
    await scored(succeeding)
    assert await succeeding.serves() == MODEL
    assert "0% of automation where what serves has 100%" in str(await succeeding.succession.waits_for("digits", CHALLENGER))
    await succeeding.certify(CHALLENGER, 0.9)
    assert await succeeding.serves() == CHALLENGER


async def test_a_threshold_that_lets_little_through_is_not_enough(succeeding: Succeeding) -> None:
    await succeeding.certify(MODEL, 0.3)
    succeeding.says = lambda row: Prediction("3", (0.0,) * 10, 0.99 if row[0] % 2 else 0.5, 0.0, CHALLENGER)
    await succeeding.approve()
    await scored(succeeding)
    await succeeding.certify(CHALLENGER, 0.9)
    assert await succeeding.serves() == MODEL


async def test_what_has_earned_nothing_gives_way_at_once(succeeding: Succeeding) -> None:
    await succeeding.approve()
    assert await succeeding.serves() == CHALLENGER


async def test_a_stop_lets_the_challenger_take_over(succeeding: Succeeding) -> None:
    await succeeding.certify(MODEL, 0.3)
    await succeeding.approve()
    assert await succeeding.serves() == MODEL
    await succeeding.submit(APPROVAL, StopAutomation("digits", "all", "the new one shall serve", "operator"))
    assert await succeeding.serves() == CHALLENGER


@pytest.mark.parametrize("change", [{"takes_over": "at_once"}, {"vault": 0.0}])
async def test_a_task_that_does_not_wait_deploys_at_once(succeeding: Succeeding, change: dict[str, Any]) -> None:
    spec = succeeding.tasks["digits"]
    approval = spec.approval.model_copy(update={"takes_over": change.get("takes_over", "when_certified")})
    vault = spec.vault.model_copy(update={"share": change.get("vault", spec.vault.share)})
    succeeding.tasks["digits"] = spec.model_copy(update={"approval": approval, "vault": vault})
    await succeeding.certify(MODEL, 0.3)
    await succeeding.approve()
    assert await succeeding.serves() == CHALLENGER


async def test_a_first_certificate_that_is_near_is_waited_for(succeeding: Succeeding) -> None:
    for number in range(130):
        await succeeding.check(number, 0.99, wrong=False)
    await succeeding.certifier.once()
    await succeeding.approve()
    assert await succeeding.serves() == MODEL
    assert await succeeding.succession.waits_for("digits", CHALLENGER) == "what serves is about to earn its first certificate"


async def test_who_was_overtaken_while_waiting_does_not_come_back(succeeding: Succeeding) -> None:
    await succeeding.certify(MODEL, 0.3)
    first = await succeeding.approve()
    assert await succeeding.serves() == MODEL
    second = await succeeding.approve(SECOND)
    await scored(succeeding)
    await succeeding.certify(SECOND, 0.9)
    assert await succeeding.serves() == SECOND
    assert await succeeding.serves() == SECOND
    asked = [await succeeding.call("GET", f"/v1/approvals/{each}", "operator") for each in (first, second)]
    older, newer = (each.json()["approval"] for each in asked)
    assert (older["status"], newer["status"]) == ("failed", "deployed")
    assert "took over while this one waited" in str(older["closing_reason"])
