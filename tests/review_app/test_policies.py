"""A policy is proposed, tried on past traffic, voted on and adopted; a wrong one is refused and changes nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from hitl.approval.commands import AdoptPolicy
from hitl.cli.commands import connection
from hitl.cli.commands import policy as commands
from hitl.errors import QuorumMissing
from hitl.machine import Envelope
from hitl.machine.asked import plain_of
from hitl.machine.shards import APPROVAL
from hitl.quality.dry_run import Staff, figures
from hitl.routing.circumstances import RoutingEvidence
from hitl.routing.policy import Policy
from hitl.routing.route import Action
from hitl.routing.rules import CompiledPolicy
from hitl.serving.questions import ServingOf
from serve_app.reconcilers.deployer import Deployer
from tests.fakes.approvals import voters
from tests.review_app.conftest import World

HURRY = {"rules": [{"name": "ward-7", "when": "metadata.ward == '7'", "effect": "expert", "reason": "ward 7"}]}


async def propose(world: World, policy: dict[str, Any], who: str = "trainer", key: str = "p1") -> httpx2.Response:
    return await world.call("POST", "/v1/policies/digits", who, {"policy": policy, "title": "Ward 7"}, idempotency_key=key)


async def approve(world: World, approval_id: str, digest: str) -> None:
    for who in ("approver", "approver-2"):
        body = {"vote": "approve", "digest": digest}
        await world.call("POST", f"/v1/approvals/{approval_id}/votes", who, body, idempotency_key=f"v-{who}")


async def unused_check(spec: object, digest: str) -> None:
    raise AssertionError("a policy has no bytes to load")


async def test_an_approved_policy_is_adopted_and_shown_with_its_history(world: World) -> None:
    told = (await propose(world, HURRY)).json()
    await approve(world, told["approval_id"], told["version"])
    await Deployer(world.shards, world.tasks, unused_check, voters).once()
    shown = (await world.call("GET", "/v1/policies/digits", "client")).json()
    assert (shown["version"], shown["source"], shown["generation"]) == (told["version"], "approved", 1)
    assert shown["policy"]["rules"][0]["name"] == "ward-7"
    lines = (await world.call("GET", "/v1/policies/digits/history", "client")).json()["history"]
    assert [line["cause"] for line in lines] == ["PolicyAdopted"]


async def test_before_any_approval_the_configured_policy_is_in_force(world: World) -> None:
    shown = (await world.call("GET", "/v1/policies/digits", "client")).json()
    assert (shown["source"], shown["policy"]["risk"], shown["generation"]) == ("configured", "uncertified", 0)


async def test_a_dry_run_of_more_cases_than_usual_hinders_no_proposal(world: World) -> None:
    world.ports = replace(world.ports, dry_run_min_cases=10_000)
    world.serve()
    assert (await propose(world, HURRY)).status_code == 201


async def test_a_policy_without_votes_is_not_adopted(world: World) -> None:
    told = (await propose(world, HURRY)).json()
    await Deployer(world.shards, world.tasks, unused_check, voters).once()
    assert (await world.call("GET", "/v1/policies/digits", "client")).json()["generation"] == 0
    adopt = AdoptPolicy(told["approval_id"], told["version"])
    with pytest.raises(QuorumMissing):
        await world.shards.submit(APPROVAL, Envelope(adopt, "a", "a", "keeper", "r"))


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        ({"risk": {"level": 0.0}}, "/policy/risk/level"),
        ({"rules": [{"name": "r", "when": "amount >", "effect": "review"}]}, "/policy/rules/0/when"),
        ({"by_segment": {"nowhere": {}}}, "/policy/by_segment/nowhere"),
        ({"automatic": 0.1}, "/policy"),
    ],
)
async def test_a_wrong_policy_is_refused_with_its_key_and_the_old_one_stays(
    world: World, policy: dict[str, Any], place: str
) -> None:
    refused = await propose(world, policy)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, place)
    assert (await world.call("GET", "/v1/approvals", "approver")).json()["approvals"] == []


@pytest.mark.parametrize(
    ("path", "body", "who"),
    [
        ("", {"policy": HURRY, "title": "t"}, "reviewer"),
        ("/changes", {"policy": HURRY}, "reviewer"),
        ("/dry-run", {"policy": HURRY}, "client"),
        ("/revert", {"digest": None, "reason": "worse"}, "trainer"),
        ("/shadow", {"policy": None}, "trainer"),
        ("/stop", {"segment": "all", "reason": "alarm"}, "approver"),
    ],
)
async def test_only_those_who_may_change_or_try_policies(world: World, path: str, body: dict[str, Any], who: str) -> None:
    answer = await world.call("POST", f"/v1/policies/digits{path}", who, body, idempotency_key="k")
    assert answer.status_code == 403


async def test_what_a_policy_would_change_is_told_before_anybody_is_asked(world: World) -> None:
    present = (await world.call("GET", "/v1/policies/digits", "client")).json()
    policy = {**present["policy"], "automatic": 0.99}
    told = (await world.call("POST", "/v1/policies/digits/changes", "approver", {"policy": policy})).json()
    assert told["changes"] == [{"path": "automatic", "before": 0.95, "after": 0.99}]
    assert told["replaces"] == present["version"]
    assert (await propose(world, policy)).json()["version"] == told["version"]


async def test_a_policy_that_says_the_same_changes_nothing(world: World) -> None:
    present = (await world.call("GET", "/v1/policies/digits", "client")).json()
    told = (await world.call("POST", "/v1/policies/digits/changes", "operator", {"policy": present["policy"]})).json()
    assert (told["changes"], told["version"]) == ([], present["version"])


async def test_a_wrong_policy_has_no_changes_and_is_refused_at_its_place(world: World) -> None:
    rules = [*HURRY["rules"], {"name": "large", "when": "amount >", "effect": "review"}]
    refused = await world.call("POST", "/v1/policies/digits/changes", "operator", {"policy": {"rules": rules}})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/policy/rules/1/when")


async def test_a_dry_run_with_reviewers_who_take_for_ever_is_refused(world: World) -> None:
    """Their hours would be beyond every number that JSON can say."""
    refused = await world.call("POST", "/v1/policies/digits/dry-run", "operator", {"cases_per_hour": 1e-308})
    assert refused.status_code == 422


async def test_a_dry_run_shows_both_policies_on_past_cases_and_changes_nothing(world: World) -> None:
    for i in range(6):
        await world.case(f"c{i}", Action.AUTOMATIC if i % 2 else Action.REVIEW)
    await world.decide(await world.claim(), label="3")
    told = (await world.call("POST", "/v1/policies/digits/dry-run", "operator", {"policy": HURRY})).json()
    assert told["in_force"]["cases"] == told["proposed"]["cases"] > 0
    assert told["proposed"]["routes"] == {"automatic": 0, "review": 0, "expert": told["proposed"]["cases"]}
    assert sum(told["moved"].values()) > 0
    assert (await world.call("GET", "/v1/policies/digits", "client")).json()["generation"] == 0


async def test_an_operator_stops_a_segment_and_watches_a_shadow(world: World) -> None:
    await world.call("POST", "/v1/policies/digits/stop", "operator", {"segment": "all", "reason": "alarm"}, idempotency_key="s")
    await world.call("POST", "/v1/policies/digits/shadow", "operator", {"policy": HURRY}, idempotency_key="w")
    shown = (await world.call("GET", "/v1/policies/digits", "client")).json()
    assert (shown["stopped"], shown["generation"]) == ({"all": "alarm"}, 2)
    assert shown["shadow"]["policy"]["rules"][0]["name"] == "ward-7"


async def test_an_operator_goes_back_to_an_earlier_policy_and_never_to_an_unknown_one(world: World) -> None:
    told = (await propose(world, HURRY)).json()
    await approve(world, told["approval_id"], told["version"])
    await Deployer(world.shards, world.tasks, unused_check, voters).once()
    path, back = "/v1/policies/digits/revert", {"digest": None, "reason": "too many experts"}
    assert (await world.call("POST", path, "operator", back, idempotency_key="b")).json()["generation"] == 2
    unknown = await world.call("POST", path, "operator", {"digest": "f" * 64, "reason": "x"}, idempotency_key="u")
    assert unknown.status_code == 409


def declared_by_clients(world: World) -> None:
    """The task is changed: its predictions are declared, so that nothing is automatic without a certificate."""
    spec = world.tasks["digits"]
    world.tasks["digits"] = spec.model_copy(update={"model": spec.model.model_copy(update={"family": "declared"})})


async def test_a_policy_that_does_not_fit_the_task_any_more_is_not_adopted(world: World) -> None:
    told = (await propose(world, HURRY)).json()
    await approve(world, told["approval_id"], told["version"])
    declared_by_clients(world)
    await Deployer(world.shards, world.tasks, unused_check, voters).once()
    shown = (await world.call("GET", f"/v1/approvals/{told['approval_id']}", "operator")).json()["approval"]
    assert shown["status"] == "failed"
    assert (await world.shards.ask(APPROVAL, ServingOf("digits"))).policy is None


async def test_a_policy_that_does_not_fit_the_task_any_more_does_not_come_back(world: World) -> None:
    told = (await propose(world, HURRY)).json()
    await approve(world, told["approval_id"], told["version"])
    await Deployer(world.shards, world.tasks, unused_check, voters).once()
    path = "/v1/policies/digits/revert"
    await world.call("POST", path, "operator", {"digest": None, "reason": "slow"}, idempotency_key="b")
    declared_by_clients(world)
    again = await world.call("POST", path, "operator", {"digest": told["version"], "reason": "as before"}, idempotency_key="a")
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (422, "/policy/risk")
    assert (await world.shards.ask(APPROVAL, ServingOf("digits"))).policy is None


def test_the_command_line_compares_a_policy_file_with_the_one_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    side = figures(CompiledPolicy(Policy()), RoutingEvidence(), [], Staff(), is_trial=False)
    told = {"in_force": plain_of(side), "proposed": plain_of(side), "moved": {"automatic -> expert": 3}}
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, json=told)

    monkeypatch.setattr(connection, "transport", httpx2.MockTransport(answer))
    (tmp_path / "policy.yaml").write_text("automatic: 0.9\n")
    args = ["dry-run", "--task", "digits", "--file", str(tmp_path / "policy.yaml"), "--key", "k", "--url", "http://hitl"]
    done = CliRunner().invoke(commands.policy_app, args)
    assert (done.exit_code, asked[0].url.path) == (0, "/v1/policies/digits/dry-run")
    assert "3 automatic -> expert" in done.output
