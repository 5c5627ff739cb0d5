"""A challenger in the shadow and a policy that only watches: counted beside what serves, and never in its way."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from hitl.approval.commands import RequestApproval, Vote
from hitl.errors import ArtifactRejected
from hitl.inference.declared import DeclaredPrediction, DeclaredRow
from hitl.intake import StoredCase
from hitl.learning.journalled.commands import NoteShadow
from hitl.learning.journalled.questions import ShadowsOf
from hitl.learning.journalled.views import ShadowView
from hitl.learning.promotion_page import Live as PageLive
from hitl.learning.promotion_page import StepOnTrial, promotion_page
from hitl.machine.shards import LEARNING
from hitl.quality.shadow import ShadowTally, is_watched, model_figures, route_figures
from hitl.routing.action import Action
from hitl.routing.circumstances import RoutingEvidence
from hitl.routing.policy import Policy, Risk
from hitl.routing.prediction import Prediction, predict_from
from hitl.routing.steering import Request, Steering, compiled_from
from hitl.serving.commands import SetShadow
from hitl.serving.questions import ServingOf
from serve_app.api.app import review_app
from serve_app.api.services.context import ApiPorts
from serve_app.reconcilers import shadow as module
from serve_app.reconcilers.shadow import Models, Shadow
from serve_app.setup.clear_values import ClearValues
from serve_app.setup.policies import policies
from serve_app.setup.vault import Vault
from tests.fakes.reviews import record
from tests.fakes.stranger import learning_folds
from tests.gateway.service import FIRST, SECOND, loans
from tests.review_app.conftest import _record, by_name
from tests.review_app.test_canary import SURE, Live

DOUBTFUL = [0.02, 0.01, 0.6]


class Watching(Live):
    """A champion serves and ``SECOND`` waits for votes; the challenger says the opposite order of its row's numbers."""

    def __init__(self) -> None:
        super().__init__(canary=None, shadow=1.0)
        self.says: Any = lambda row: predict_from(row[::-1], self.tasks["loans"].labels, SECOND)
        self.loads = True
        self.keeper = self.new_keeper()

    def new_keeper(self) -> Shadow:
        configured, vault = policies(self.tasks, None, None), ClearValues(Vault(self.tasks), self.shards)
        models = Models(self._checked, self._score)
        return Shadow(self.shards, self.tasks, self.service.intakes, configured, vault, models, lambda: 1e12)

    async def _checked(self, spec: Any, digest: str) -> None:
        if not self.loads:
            raise ArtifactRejected(digest, "not a model")

    async def _score(self, spec: Any, digest: str, vectors: Sequence[Any]) -> list[Prediction | None] | None:
        return None if self.says is None else [self.says(row) for row in vectors]

    async def propose(self, digest: str) -> str:
        asked = RequestApproval("model_deployment", "loans", digest, "a model", {}, "trainer", 1, 1e12)
        return str((await self.submit(asked)).approval_id)

    async def look(self) -> None:
        await self.keeper.once()
        await self.publish()

    async def counts(self) -> dict[str, ShadowView]:
        return (await self.shards.ask(LEARNING, ShadowsOf("loans"))).models

    async def watches(self) -> str | None:
        found: str | None = (await self.shards.ask("approval", ServingOf("loans"))).shadow.get("model")
        return found

    async def shown(self) -> dict[str, Any]:
        ports = ApiPorts(self.tasks, self.shards, self.service.intakes, by_name, policies=policies(self.tasks, None, None))
        transport = httpx2.ASGITransport(review_app(ports))
        async with httpx2.AsyncClient(transport=transport, base_url="http://hitl") as http:
            answer = await http.get("/v1/quality/loans/shadow", headers={"authorization": "Bearer approver"})
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
async def live() -> AsyncIterator[Watching]:
    made = Watching()
    await made.shards.start()
    await made.approve(FIRST)
    await made.step()
    yield made
    await made.service.http.aclose()
    await made.shards.stop()


async def _beside(live: Watching) -> None:
    """``SECOND`` watches from here on."""
    await live.propose(SECOND)
    await live.look()
    await live.look()


async def test_a_candidate_watches_while_people_vote_and_no_answer_is_its(live: Watching) -> None:
    await _beside(live)
    assert await live.watches() == SECOND
    assert await live.cases(20) == {(200, FIRST)}
    await live.look()
    found = (await live.counts())[SECOND]
    assert (found.cases, found.agreed, found.failed, found.dropped) == (20, 0, 0, 0)
    assert (found.routes, found.champions) == ({"automatic>automatic": 20}, {FIRST: 20})


async def test_what_it_would_do_is_shown_with_intervals(live: Watching) -> None:
    live.says = lambda row: predict_from(DOUBTFUL, live.tasks["loans"].labels, SECOND)
    await _beside(live)
    await live.cases(30)
    await live.look()
    shown = await live.shown()
    model = shown["models"][SECOND]
    assert (shown["share"], shown["model"], model["routes"]) == (1.0, SECOND, {"automatic>review": 30})
    assert (model["disagreement"]["value"], model["route_disagreement"]["value"]) == (1.0, 1.0)
    assert 0.85 < model["disagreement"]["low"] < 0.9
    assert (model["in_force"]["automation"]["value"], model["watching"]["automation"]["value"]) == (1.0, 0.0)


async def test_its_failures_are_counted_and_reach_nobody(live: Watching) -> None:
    live.says = None
    await _beside(live)
    assert await live.cases(20) == {(200, FIRST)}
    await live.look()
    assert (await live.counts())[SECOND].failed == 20
    assert (await live.shown())["models"][SECOND]["failing"]["value"] == 1.0


async def test_what_it_cannot_keep_up_with_is_dropped_and_counted(live: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", 8)
    await _beside(live)
    await live.cases(30)
    await live.look()
    found = (await live.counts())[SECOND]
    assert (found.cases, found.dropped) == (8, 22)


async def test_a_keeper_that_starts_anew_counts_nothing_twice(live: Watching) -> None:
    await _beside(live)
    await live.cases(10)
    await live.look()
    live.keeper = live.new_keeper()
    await live.cases(10)
    await live.look()
    await live.look()
    assert (await live.counts())[SECOND].cases == 20


async def test_a_note_that_does_not_follow_on_counts_nothing(live: Watching) -> None:
    await _beside(live)
    before = await live.counts()
    late = NoteShadow("loans", SECOND, {"0": 999}, {"0": 1_000}, ShadowTally(cases=5).counts())
    answer = await live.shards.submit(LEARNING, module.Envelope(late, "late", "", "shadow", ""))
    assert (answer.is_counted, await live.counts()) == (False, before)


async def test_the_shadow_ends_when_the_candidate_is_rejected_or_serves(live: Watching) -> None:
    approval = await live.propose(SECOND)
    await live.look()
    await live.submit(Vote(approval, "approver", "reject", SECOND))
    await live.look()
    assert await live.watches() is None


async def test_bytes_that_do_not_load_never_watch(live: Watching) -> None:
    live.loads = False
    await _beside(live)
    assert await live.watches() is None


async def test_its_share_is_of_cases_and_the_same_for_ever() -> None:
    drawn = [is_watched(f"case-{i}", 0.2) for i in range(5_000)]
    assert 0.18 < sum(drawn) / len(drawn) < 0.22
    assert drawn == [is_watched(f"case-{i}", 0.2) for i in range(5_000)]


async def test_another_program_folds_the_same_counts(live: Watching) -> None:
    await _beside(live)
    await live.cases(10)
    await live.look()
    shard = live.shards.shards[LEARNING]
    commits = [module.json.loads(entry.body) for entry in await live.shards.journals[LEARNING].read(0, 100)]
    assert learning_folds.fold_learning(commits) == (await shard.plain())["state"]


async def test_a_policy_that_watches_is_counted_on_live_cases(live: Watching) -> None:
    strict = {**live.tasks["loans"].configured_policy().body(), "automatic": 0.99}
    await live.submit(SetShadow("loans", strict, None, "operator"))
    await live.publish()
    await live.cases(25)
    shown = await live.shown()
    (found,) = shown["policies"].values()
    assert (found["cases"], found["routes"]) == (25, {"automatic>review": 25})
    assert (found["in_force"]["to_people"], found["watching"]["to_people"]) == (0, 25)
    assert SURE[0] < 0.99


def test_expected_hours_are_the_looks_times_what_one_takes() -> None:
    found = route_figures({"automatic>review": 30, "review>automatic": 10, "expert>expert": 10}, hours_of_a_review=0.1)
    assert (found.in_force.reviewer_hours, found.watching.reviewer_hours) == (2.0, 4.0)
    assert found.route_disagreement.value == 0.8


async def test_the_evidence_page_shows_the_shadow_beside_what_was_voted_on() -> None:
    counts = ShadowTally(cases=4, agreed=3)
    counts.routes["automatic>review"] = 4
    live = PageLive(model_figures(counts.counts()), [StepOnTrial(0.25, "SharesSet", "<b>")])
    pack = {"comparison": None, "models": {}, "rows": {"n": 4, "source": "live"}, "rollback": "none"}
    page = promotion_page("two", "d" * 64, pack, live)
    assert "In the shadow of live cases" in page
    assert "<td>disagreement</td><td>0.25</td>" in page
    assert "<td>0.25</td><td>SharesSet</td><td>&lt;b&gt;</td>" in page


def test_a_challenger_routes_by_its_own_thresholds_and_not_by_the_champions() -> None:
    policy = compiled_from({**Policy(risk=Risk(level=0.05)).body()}, ["reject", "approve", "ask"])
    mine, other = ({"certificate": "c" * 64, "policy_version": policy.version, "segments": {"all": each}} for each in (0.9, 0.5))
    record = replace(_record("a", Action.REVIEW, None), model_version=FIRST)
    case, request = StoredCase(1, record, b"{}"), Request([0.8, 0.1, 0.1], {}, "ada")
    said = predict_from([0.8, 0.1, 0.1], ["reject", "approve", "ask"], SECOND)
    before, after = (RoutingEvidence(each) for each in ({FIRST: other}, {FIRST: mine, SECOND: other}))
    assert module._beside(case, request, said, Steering(policy, before)).would == "review"
    assert module._beside(case, request, said, Steering(policy, after)).would == "automatic"


def test_a_watching_card_reads_what_was_declared_beside_the_serving_one() -> None:
    said = DeclaredPrediction("judge", "2", (0.1, 0.9, 0.0))
    spec = loans(model={"family": "declared"}, data={"source": "", "initial_rows": 0, "holdout_rows": 0})
    seen = module._seen(spec, record("a", client="bot", declared=[said.plain()]), [0.1, 0.2, 0.7])
    assert seen == DeclaredRow("bot", (said,))
