"""The vault over the in-process service: training cannot read it, and challengers earn automation on it before they serve."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hitl.approval.commands import Deploy, RequestApproval, Vote
from hitl.canonical import JsonObject, canonical
from hitl.ids import partition_of
from hitl.intake import CaseRecord, IntakeBatch
from hitl.learning.journalled.questions import VaultScoresOf
from hitl.machine.shards import APPROVAL, LEARNING, shard_of_case
from hitl.quality.certificate import ScoredSample
from hitl.quality.held_out import held_out_scores
from hitl.review import Claim, Decide, OpenReview
from hitl.routing.prediction import Prediction
from hitl.serving.commands import Certify, StopAutomation
from hitl.serving.questions import CertificationPlans
from serve_app.evidence.evidence import TaskEvidence
from serve_app.reconcilers.shadow import Models
from serve_app.reconcilers.vault_scorer import VaultScorer
from serve_app.setup.clear_values import ClearValues
from serve_app.setup.policies import policies
from serve_app.setup.vault import Vault
from tests.review_app.conftest import PARTITIONING, PARTITIONS
from tests.review_app.test_quality import MODEL, Certified

CHALLENGER = "e" * 64
UNTIL = 2e12
ROWS = 500


class Vaulted(Certified):
    """Cases of the champion that people answer blind, all of them in the vault; the challenger is sure and right."""

    def __init__(self) -> None:
        super().__init__()
        self.until: float | None = UNTIL
        self.says = lambda row: Prediction("3", (0.0,) * 10, 0.99, 0.0, CHALLENGER)
        self.asked = 0
        configured, clear = policies(self.tasks, None, None), ClearValues(Vault(self.tasks), self.shards)
        evidence = TaskEvidence(self.tasks, self.shards, self.intakes)
        self.scorer = VaultScorer(
            self.shards, self.tasks, evidence, configured, clear, Models(self._loads, self._score), lambda: 1e12
        )

    async def _loads(self, spec: Any, digest: str) -> None:
        pass

    async def _score(self, spec: Any, digest: str, vectors: Sequence[Any]) -> list[Prediction | None]:
        self.asked += len(vectors)
        return [self.says(row) for row in vectors]

    def _case(self, number: int, confidence: float, automatic: bool) -> CaseRecord:
        return replace(super()._case(number, confidence, automatic), vaulted_until=self.until)

    async def check(self, number: int, confidence: float, wrong: bool, automatic: bool = False) -> None:
        record = self._case(number, confidence, automatic)
        shard, intake = shard_of_case(record.case_id, PARTITIONING), self.intakes[partition_of(record.case_id, PARTITIONS)]
        payload = canonical(
            {
                "features": [float(number % 17), float(number // 17 % 17), number / 1000, *[0.0] * 61],
                "metadata": {"ward": number % 2},
            }
        )
        appended = await intake.append(IntakeBatch("g", {}, [record], [payload], number, [""]))
        await self.submit(shard, OpenReview(record, appended.seqs[0]))
        held = (await self.submit(shard, Claim("digits", "reviewer"))).review
        await self.submit(shard, Decide(held.review_id, held.lease.id, "reviewer", "4" if wrong else "3"))

    async def propose(self, digest: str = CHALLENGER) -> str:
        rows = ScoredSample(np.linspace(0.9, 1.0, 400), np.zeros(400, dtype=bool))
        labels = self.tasks["digits"].labels
        evidence = {"held_out": held_out_scores(rows.scores, np.full(len(rows), 3), rows.wrong, labels)}
        asked = RequestApproval("model_deployment", "digits", digest, "a model", evidence, "trainer", 1, 1e12)
        return str((await self.submit(APPROVAL, asked)).approval_id)

    async def promote(self, approval: str, digest: str = CHALLENGER) -> None:
        await self.submit(APPROVAL, Vote(approval, "approver", "approve", digest))
        await self.submit(APPROVAL, Deploy(approval, digest))

    async def examples(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.call("GET", "/v1/examples?task=digits&limit=1000", "trainer")).json()[
            "examples"
        ]
        return found


@pytest.fixture
async def vaulted() -> AsyncIterator[Vaulted]:
    made = Vaulted()
    await made.shards.start()
    await made.deploy()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def test_training_reads_a_row_of_the_vault_once_its_term_has_ended(vaulted: Vaulted) -> None:
    vaulted.until = None
    await vaulted.check(0, 0.9, wrong=False)
    vaulted.until = UNTIL
    await vaulted.check(1, 0.9, wrong=False)
    vaulted.ports = replace(vaulted.ports, wall=lambda: UNTIL - 1)
    vaulted.serve()
    assert len(await vaulted.examples()) == 1
    vaulted.ports = replace(vaulted.ports, wall=lambda: UNTIL)
    vaulted.serve()
    assert len(await vaulted.examples()) == 2


async def test_a_challenger_that_errs_on_the_vault_earns_nothing_there(vaulted: Vaulted) -> None:
    for number in range(ROWS):
        await vaulted.check(number, 0.4, wrong=number % 3 == 0)
    await vaulted.propose()
    await vaulted.scorer.once()
    await vaulted.scorer.once()
    await vaulted.certifier.once()
    assert CHALLENGER not in (await vaulted.serving()).thresholds


async def right_rows(vaulted: Vaulted, n: int = ROWS) -> None:
    """Cases of which the champion is unsure and the challenger is right."""
    for number in range(n):
        await vaulted.check(number, 0.4, wrong=False)


async def test_thresholds_come_into_force_in_the_generation_of_the_model(vaulted: Vaulted) -> None:
    await right_rows(vaulted)
    approval = await vaulted.propose()
    await vaulted.scorer.once()
    await vaulted.scorer.once()
    await vaulted.certifier.once()
    before = await vaulted.serving()
    assert [digest for digest, _ in before.versions] == [MODEL]
    await vaulted.promote(approval)
    after = await vaulted.serving()
    assert (after.cause, after.generation) == ("Deployed", before.generation + 1)
    assert after.thresholds[CHALLENGER]["segments"]["all"] is not None
    await vaulted.certifier.once()
    assert (await vaulted.serving()).generation == after.generation, "nothing is withdrawn once it serves"


async def test_without_the_vault_a_new_model_starts_from_nothing(vaulted: Vaulted) -> None:
    vaulted.until = None
    await right_rows(vaulted)
    approval = await vaulted.propose()
    await vaulted.scorer.once()
    await vaulted.certifier.once()
    await vaulted.promote(approval)
    await vaulted.certifier.once()
    assert CHALLENGER not in (await vaulted.serving()).thresholds


async def test_a_row_is_scored_once_and_not_after_its_term(vaulted: Vaulted) -> None:
    await right_rows(vaulted, 3)
    vaulted.until = 1.0
    await vaulted.check(10, 0.4, wrong=False)
    await vaulted.propose()
    for _ in range(3):
        await vaulted.scorer.once()
    scores = (await vaulted.shards.ask(LEARNING, VaultScoresOf("digits", CHALLENGER, vaulted.version))).scores
    assert (len(scores), vaulted.asked) == (3, 3)


async def test_each_model_that_is_planned_for_spends_less_of_the_error_budget(vaulted: Vaulted) -> None:
    await right_rows(vaulted)
    await vaulted.certifier.once()
    await vaulted.propose()
    await vaulted.scorer.once()
    await vaulted.scorer.once()
    await vaulted.certifier.once()
    plans = (await vaulted.shards.ask(APPROVAL, CertificationPlans("digits"))).plans
    shares = [sum(share for _, share in plan.segments["all"]["starts"]) for plan in plans]
    assert [plan.segments["all"]["cycle"] for plan in plans] == [1, 2]
    assert shares == [pytest.approx(0.1 * 0.6079, rel=1e-3), pytest.approx(0.1 * 0.152, rel=1e-3)]


async def test_a_challenger_spends_nothing_before_its_rows_can_prove_something(vaulted: Vaulted) -> None:
    await right_rows(vaulted, 110)
    await vaulted.certifier.once()
    await vaulted.propose()
    await vaulted.scorer.once()
    await vaulted.certifier.once()
    plans = (await vaulted.shards.ask(APPROVAL, CertificationPlans("digits"))).plans
    assert {plan.model for plan in plans} == {MODEL}


async def test_a_challenger_that_is_certified_reopens_no_stopped_segment(vaulted: Vaulted) -> None:
    await vaulted.submit(APPROVAL, StopAutomation("digits", "all", "an operator stopped it", "operator"))
    versions: JsonObject = {"model": CHALLENGER, "policy": vaulted.version}
    await vaulted.submit(APPROVAL, Certify("digits", {"versions": versions}, {"all": 0.9}))
    serving = await vaulted.serving()
    assert serving.thresholds[CHALLENGER]["segments"] == {"all": 0.9}
    assert serving.stopped == {"all": "an operator stopped it"}


async def test_the_signed_certificate_of_a_challenger_says_how_it_compares_with_the_champion(vaulted: Vaulted) -> None:
    await right_rows(vaulted)
    await vaulted.propose()
    await vaulted.scorer.once()
    await vaulted.scorer.once()
    await vaulted.certifier.once()
    shown = (await vaulted.call("GET", "/v1/quality/digits/certificate", "approver")).json()
    compared = shown["challengers"][CHALLENGER]
    assert (compared["rows"], compared["wins"], compared["losses"]) == (ROWS, 0, 0)
    assert set(compared["parts"]) == {"ward=0", "ward=1"}
    assert shown["certificates"][-1]["evidence"]["vault"]["rows"] == ROWS
    assert shown["models"][CHALLENGER]["all"]["in_force"] is not None
