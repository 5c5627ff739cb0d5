"""The checks that count for a model: its own, and those of the vault that it scored, as they count for it."""

import random
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

import pytest

from hitl.quality.check_columns import CheckColumns, as_columns
from hitl.quality.checks import BlindCheck
from hitl.quality.vault import VaultScore, with_vault
from hitl.routing.policy import Policy
from hitl.routing.rules import CompiledPolicy
from serve_app.evidence.vault import checks_of_model, vaulted_checks
from tests.adapters.test_check_days import told_of
from tests.quality.test_certificates_of_columns import history

POLICY = CompiledPolicy(Policy())


class ToldEvidence:
    """The part of TaskEvidence that tells checks."""

    def __init__(self, rows: list[BlindCheck]) -> None:
        self.rows = rows

    async def checks(self, task: str, cases: Collection[str]) -> list[BlindCheck]:
        return [each for each in self.rows if each.case_id in cases]

    async def check_columns(self, task: str, of_parts: bool = False) -> CheckColumns:
        return as_columns(self.rows)


class ToldScores:
    """The part of hitl.machine.shards.Shards that tells what a model scored."""

    def __init__(self, scores: dict[str, VaultScore]) -> None:
        self.scores = scores

    async def ask(self, shard: str, question: Any) -> Any:
        return SimpleNamespace(scores=self.scores)


@pytest.mark.parametrize("seed", range(8))
async def test_scored_rows_of_the_vault_stand_beside_the_checks_in_order(seed: int) -> None:
    rng = random.Random(seed)
    rows = history(rng, 300)
    scored = rng.sample(rows, 0 if seed == 0 else 60)
    scores = {each.case_id: VaultScore(each.case_id, rng.choice(["a", "b", None]), 0.5, "large") for each in scored}
    evidence: Any = ToldEvidence(rows)
    found = await checks_of_model(evidence, ToldScores(scores), "digits", "m", POLICY)
    assert told_of(found) == told_of(as_columns(with_vault(rows, scores, "m", POLICY.version)))
    assert (len(found) > len(rows)) is bool(scores)


async def test_only_the_checks_that_the_vault_took_are_read_whole() -> None:
    rows = history(random.Random(1), 100)
    evidence: Any = ToldEvidence(rows)
    assert await vaulted_checks(evidence, "digits") == [each for each in rows if each.vaulted_until is not None]
