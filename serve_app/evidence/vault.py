"""The blind checks that count for a model: its own, and the rows of the vault that it scored without having learned from them."""

import asyncio
from collections.abc import Collection, Sequence

from hitl.approval import ApprovalKind
from hitl.approval.questions import Approvals
from hitl.approval.state import RequestStatus
from hitl.approval.views import ApprovalView
from hitl.learning.journalled.questions import VaultScoresOf
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.automation import last_stops
from hitl.quality.check_columns import CheckColumns, CheckSeen, as_columns, in_order
from hitl.quality.checks import BlindCheck
from hitl.quality.vault import with_vault
from hitl.quality.vault_evidence import VaultComparison, compare_on_vault, compared_rows
from hitl.routing.rules import CompiledPolicy
from hitl.serving.questions import CertificationPlans, History
from hitl.serving.views import ServingView
from serve_app.evidence.certifying import cycle_of
from serve_app.evidence.evidence import TaskEvidence

UNDECIDED = (RequestStatus.PENDING, RequestStatus.APPROVED)
MOST_CANDIDATES = 5
"""Of a task at a time, the newest: each that is planned for takes its part of the error budget."""


async def checks_of_model(evidence: TaskEvidence, shards: Shards, task: str, model: str, policy: CompiledPolicy) -> CheckColumns:
    """Return them in order of arrival, or each of their parts where the ``policy`` lets parts go one by one: what the vault tells
    is of whole cases alone, since the scores of parts are another model's. Raises Unavailable while a shard recovers."""
    if policy.policy.parts != "whole":
        return await evidence.check_columns(task, of_parts=True)
    scores = (await shards.ask(LEARNING, VaultScoresOf(task, model, policy.version))).scores
    if not scores:
        return await evidence.check_columns(task)
    scored = await evidence.checks(task, scores)
    checks = await evidence.check_columns(task)

    def joined() -> CheckColumns:
        others = checks.where(~checks.of_cases(scores))
        return in_order([others, as_columns(with_vault(scored, scores, model, policy.version))])

    return await asyncio.to_thread(joined)


async def vaulted_checks(evidence: TaskEvidence, task: str) -> Sequence[BlindCheck]:
    """Return the checks that the vault ever took, in order of arrival. Raises as ``checks_of_model`` does."""
    columns = await evidence.check_columns(task)
    taken = columns.where(columns.has(CheckSeen.VAULTED)).case_id
    return await evidence.checks(task, {case.decode() for case in taken.tolist()}) if len(taken) else []


async def candidates(shards: Shards, task: str, serving: Collection[str]) -> list[ApprovalView]:
    """Return the newest models that people have yet to decide on, or that wait for their deployment, oldest first."""
    asked = [Approvals(status.value, task, ApprovalKind.MODEL_DEPLOYMENT) for status in UNDECIDED]
    found = [one for each in asked for one in (await shards.ask(APPROVAL, each)).approvals if one.digest not in serving]
    newest = {one.digest: one for one in sorted(found, key=lambda each: each.requested_at)}
    return list(newest.values())[-MOST_CANDIDATES:]


async def beside_champion(
    evidence: TaskEvidence, shards: Shards, serving: ServingView, policy: CompiledPolicy, challenger: str
) -> VaultComparison | None:
    """Return the challenger and what decides most cases, on the rows of the vault that came after the last stop of their segment;
    None while nothing serves, or the challenger has scored none. Raises Unavailable while a shard recovers."""
    task = serving.task
    if not serving.versions:
        return None
    champion = max(serving.versions, key=lambda version: version[1])[0]
    asked = [VaultScoresOf(task, model, policy.version) for model in (challenger, champion)]
    mine, other = [(await shards.ask(LEARNING, each)).scores for each in asked]
    if not mine:
        return None
    stops = last_stops((await shards.ask(APPROVAL, History(task))).history)
    known = await evidence.checks(task, mine)
    fresh = [each for each in known if each.at > stops.get(mine[each.case_id].segment, 0.0)]
    rows = compared_rows(fresh, mine, other, champion, policy.policy.segments, evidence.groups_of_cases())
    cycle = cycle_of((await shards.ask(APPROVAL, CertificationPlans(task))).plans, challenger, policy.version)
    return compare_on_vault(rows, max(cycle - 1, 1))
