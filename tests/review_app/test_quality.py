"""Certificates, alarms, figures and targets over the in-process service."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hitl.answers.one_label import ScaleAnswer
from hitl.approval.commands import Deploy, RequestApproval, Vote
from hitl.canonical import canonical
from hitl.ids import case_id, partition_of
from hitl.intake import CaseRecord, IntakeBatch
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, shard_of_case
from hitl.quality.certificate import ScoredSample
from hitl.quality.held_out import held_out_scores
from hitl.review import Claim, Decide, OpenReview, Reopen
from hitl.routing.policy import Risk, Sampling
from hitl.routing.route import Action
from hitl.serving.questions import CertificationPlans, ServingOf
from hitl.serving.views import ServingView
from serve_app.evidence.evidence import TaskEvidence
from serve_app.reconcilers.certifier import Certifier
from serve_app.setup.policies import policies, policy_in_force
from tests.review_app.conftest import PARTITIONING, PARTITIONS, World, _record

MODEL = "d" * 64


class Certified(World):
    """``digits`` with a risk level, one serving model, and the keeper's certifier beside it."""

    def __init__(self, risk: Risk | None = None) -> None:
        super().__init__()
        risk = risk or Risk(level=0.05, confidence=0.9)
        self.tasks["digits"] = self.tasks["digits"].model_copy(
            update={"risk": risk, "sampling": Sampling(cold=1.0), "groups": ["ward"]}
        )
        configured = policies(self.tasks, None, None)
        self.ports = replace(self.ports, policies=configured)
        self.serve()
        self.version = configured["digits"].version
        evidence = TaskEvidence(self.tasks, self.shards, self.intakes)
        spec = self.tasks["digits"]
        self.certifier = Certifier(
            self.shards, self.tasks, evidence, lambda task, now: policy_in_force(configured[task], spec.labels, now), lambda: 1e12
        )
        self.count = 0

    async def submit(self, shard: str, command: Any) -> Any:
        self.count += 1
        return await self.shards.submit(shard, Envelope(command, f"c{self.count}", "", "tester", ""))

    async def deploy(self, held_out: ScoredSample | None = None) -> None:
        """``held_out`` are the rows that its training run held out; all of them were predicted to be a 3."""
        rows = held_out or ScoredSample(np.empty(0), np.empty(0, dtype=bool))
        evidence = {"held_out": held_out_scores(rows.scores, np.full(len(rows), 3), rows.wrong, self.tasks["digits"].labels)}
        asked = RequestApproval("model_deployment", "digits", MODEL, "a model", evidence, "trainer", 1, 1e12)
        approval = (await self.submit(APPROVAL, asked)).approval_id
        await self.submit(APPROVAL, Vote(approval, "approver", "approve", MODEL))
        await self.submit(APPROVAL, Deploy(approval, MODEL))

    async def check(self, number: int, confidence: float, wrong: bool, automatic: bool = False) -> None:
        """One case of gold, or one audited automatic decision, answered by a person."""
        record = self._case(number, confidence, automatic)
        shard = shard_of_case(record.case_id, PARTITIONING)
        intake = self.intakes[partition_of(record.case_id, PARTITIONS)]
        appended = await intake.append(
            IntakeBatch("g", {}, [record], [canonical({"features": [], "metadata": {"ward": number % 2}})], number, [""])
        )
        await self.submit(shard, OpenReview(record, appended.seqs[0]))
        held = (await self.submit(shard, Claim("digits", "reviewer"))).review
        label = "4" if wrong else "3"
        await self.submit(shard, Decide(held.review_id, held.lease.id, "reviewer", label))

    def _case(self, number: int, confidence: float, automatic: bool) -> CaseRecord:
        action, streams = (Action.AUTOMATIC, ["audit"]) if automatic else (Action.REVIEW, ["gold"])
        return replace(
            _record(f"n{number}", action, None if automatic else "normal"),
            case_id=case_id(b"secret", "client", "digits", f"n{number}"),
            at=1.0 + number,
            confidence=confidence,
            model_version=MODEL,
            policy_version=self.version,
            segment="all",
            streams=streams,
            gold_probability=1.0 if not automatic else 0.01,
            audit_probability=0.05 if automatic else 0.0,
        )

    async def serving(self) -> ServingView:
        return await self.shards.ask(APPROVAL, ServingOf("digits"))


@pytest.fixture
async def certified() -> Any:
    made = Certified()
    await made.shards.start()
    await made.deploy()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def gold(world: Certified, n: int, first: int = 0) -> None:
    """Answers to cases of a good model."""
    rng = np.random.default_rng(first)
    for i in range(n):
        confidence = float(1 - 0.4 * rng.beta(0.5, 3.0))
        await world.check(first + i, confidence, wrong=bool(rng.random() < 0.3 * (1 - confidence)))


async def test_without_evidence_nothing_is_automatic_and_what_is_missing_is_said(certified: Certified) -> None:
    await gold(certified, 120)
    await certified.certifier.once()
    shown = (await certified.call("GET", "/v1/quality/digits/certificate", "approver")).json()
    found = shown["models"][MODEL]["all"]
    assert (found["threshold"], shown["certificates"]) == (None, [])
    assert f"needs about {found['missing']} more labels" in found["reason"]
    assert (await certified.serving()).thresholds == {}


async def test_the_certificate_says_whether_all_segments_hold_together() -> None:
    world = Certified(Risk(level=0.05, confidence=0.9, family="all"))
    await world.shards.start()
    await world.deploy()
    await gold(world, 500)
    await world.certifier.once()
    shown = (await world.call("GET", "/v1/quality/digits/certificate", "approver")).json()
    told = {"level": 0.05, "confidence": 0.9, "family": "all", "segments": 1, "together": 0.9}
    assert shown["risk"]["family"] == "all"
    assert shown["models"][MODEL]["all"]["risk"] == pytest.approx(told)
    assert shown["certificates"][0]["evidence"]["segments"]["all"]["risk"] == pytest.approx(told)
    await world.http.aclose()
    await world.shards.stop()


@pytest.mark.covers("003-08", "003-10", "003-15")
async def test_labels_earn_a_certificate_and_wrong_checks_take_it_back_until_a_new_one(certified: Certified) -> None:
    await gold(certified, 500)
    await certified.certifier.once()
    serving = await certified.serving()
    assert serving.cause == "Certified"
    threshold = serving.thresholds[MODEL]["segments"]["all"]
    assert 0.5 < threshold < 1.0
    await certified.certifier.once()
    assert (await certified.serving()).generation == serving.generation
    for i in range(40):
        await certified.check(1000 + i, 0.999, wrong=i % 2 == 0, automatic=True)
    await certified.certifier.once()
    stopped = await certified.serving()
    assert stopped.thresholds[MODEL]["segments"]["all"] is None
    assert "blind checks of automatic decisions were wrong" in stopped.stopped["all"]
    await certified.certifier.once()
    assert (await certified.serving()).generation == stopped.generation
    shown = (await certified.call("GET", "/v1/quality/digits/certificate", "approver")).json()
    assert len(shown["certificates"]) == 1
    assert shown["certificates"][0]["evidence"]["segments"]["all"]["threshold"] == threshold
    assert shown["models"][MODEL]["all"]["random_answers"] == 0


def reviews_of_first(n: int) -> list[tuple[str, str]]:
    """The shard and the review id of the first cases."""
    ids = [case_id(b"secret", "client", "digits", f"n{number}") for number in range(n)]
    return [(shard_of_case(case, PARTITIONING), f"{case}-1") for case in ids]


async def test_a_certificate_goes_with_its_labels_and_comes_back_with_them(certified: Certified) -> None:
    await gold(certified, 300)
    await certified.certifier.once()
    threshold = (await certified.serving()).thresholds[MODEL]["segments"]["all"]
    assert threshold is not None
    for shard, review_id in reviews_of_first(300)[100::3]:
        await certified.submit(shard, Reopen(review_id, "olga", "a doubt", is_blind=True))
    await certified.certifier.once()
    withdrawn = await certified.serving()
    assert withdrawn.cause == "CertificateWithdrawn"
    assert withdrawn.thresholds[MODEL]["segments"] == {"all": None}
    assert withdrawn.stopped == {}
    assert "no longer bear out" in str(withdrawn.reason)
    await certified.certifier.once()
    assert (await certified.serving()).generation == withdrawn.generation


async def test_the_plan_is_journalled_once_and_before_the_certificate(certified: Certified) -> None:
    await gold(certified, 120)
    await certified.certifier.once()
    planned = await certified.serving()
    plans = (await certified.shards.ask(APPROVAL, CertificationPlans("digits"))).plans
    assert (planned.cause, planned.thresholds) == ("CertificationPlanned", {})
    assert plans[0].segments["all"]["source"] == "scores of the first cases"
    await gold(certified, 400, first=120)
    await certified.certifier.once()
    assert (await certified.serving()).cause == "Certified"
    assert (await certified.shards.ask(APPROVAL, CertificationPlans("digits"))).plans == plans


async def test_growing_suspicion_raises_the_audit_rate(certified: Certified) -> None:
    await gold(certified, 500)
    await certified.certifier.once()
    for i in range(3):
        await certified.check(1000 + i, 0.999, wrong=i < 2, automatic=True)
    await certified.certifier.once()
    serving = await certified.serving()
    assert serving.audit["all"] > 0.05
    assert serving.thresholds[MODEL]["segments"]["all"] is not None


@pytest.mark.covers("003-63", "003-87")
async def test_figures_and_targets_come_with_their_evidence(certified: Certified) -> None:
    await gold(certified, 40)
    shown = (await certified.call("GET", "/v1/quality/digits", "approver")).json()
    assert shown["figures"]["human_ai_agreement"]["n"] == 40
    assert shown["figures"]["automation_rate"]["value"] == 0.0
    assert set(shown["segments"]) == {"all"}
    assert {value: each["human_ai_agreement"]["n"] for value, each in shown["groups"]["ward"].items()} == {"0": 20, "1": 20}
    rows = (await certified.call("GET", "/v1/targets", "approver")).json()["tasks"]["digits"]
    verdicts = {row["name"]: row["verdict"] for row in rows}
    assert verdicts["automation_rate"] == "missed"
    assert verdicts["learning_acceleration"] == "not enough evidence"


async def test_people_are_shown_to_operators_alone(certified: Certified) -> None:
    await gold(certified, 5)
    shown = (await certified.call("GET", "/v1/quality/digits/reviewers", "operator")).json()
    assert shown["reviewers"]["reviewer"]["answers"] == 5
    assert (await certified.call("GET", "/v1/quality/digits/reviewers", "reviewer")).status_code == 403
    assert (await certified.call("GET", "/v1/quality/digits", "client")).status_code == 403
    assert (await certified.call("GET", "/v1/quality/nothing", "operator")).status_code == 404
    assert (await certified.call("GET", "/v1/quality/digits", "stranger")).status_code == 404


@pytest.mark.covers("000-57")
async def test_curves_show_the_thresholds_in_force_and_what_is_missing(certified: Certified) -> None:
    empty = (await certified.call("GET", "/v1/quality/digits/curves", "reviewer")).json()
    assert "nobody has answered a blind check" in empty["missing"]
    await gold(certified, 500)
    await certified.certifier.once()
    await certified.check(1000, 0.999, wrong=True, automatic=True)
    shown = (await certified.call("GET", "/v1/quality/digits/curves", "reviewer")).json()
    assert shown["labels"] == 501
    assert shown["live"] == (await certified.serving()).thresholds[MODEL]["segments"]
    assert [stretch["n"] for stretch in shown["drift"]["segments"]["all"]] == [1]
    assert shown["agreement"]["missing"] == "no case has independent answers of two people yet"
    assert (await certified.call("GET", "/v1/quality/nothing/curves", "operator")).status_code == 404


async def test_a_point_of_a_scale_nearby_counts_as_right_in_checks_and_figures(certified: Certified) -> None:
    """The model said 3, and people said 4."""
    scale = ScaleAnswer(kind="scale", points=9, within=1)
    certified.tasks["digits"] = certified.tasks["digits"].model_copy(update={"answer": scale})
    evidence = TaskEvidence(certified.tasks, certified.shards, certified.intakes)
    await certified.check(1, 0.9, wrong=True)
    assert [each.wrong for each in await evidence.checks("digits")] == [False]
    assert [each.is_wrong for each in await evidence.answers("digits")] == [False]
    certified.tasks["digits"] = certified.tasks["digits"].model_copy(update={"answer": scale.model_copy(update={"within": 0})})
    exact = TaskEvidence(certified.tasks, certified.shards, certified.intakes)
    assert [each.wrong for each in await exact.checks("digits")] == [True]
