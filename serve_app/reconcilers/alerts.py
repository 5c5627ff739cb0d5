"""Evaluate the alert rules on the journals and MLflow, and make the one retry that a rule may order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from hitl.approval.questions import Approvals
from hitl.approval.views import ApprovalView
from hitl.canonical import fingerprint
from hitl.errors import HitlError
from hitl.identity import Principal, Role
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, WORKFLOW, Shards
from hitl.outbox import Notifications
from hitl.outbox import readings as watch
from hitl.outbox.alerts import Change, OpenAlert, Reading, changes
from hitl.outbox.rules import AlertRule
from hitl.workflow.commands import AnswerInteraction
from hitl.workflow.questions import Workflows
from hitl.workflow.state import FlowStatus
from hitl.workflow.views import StagedWorkflow
from serve_app.http.telemetry import json_log

KEEPER = Principal("keeper", frozenset({Role.OPERATOR}))
"""Who orders a retry, in the journal: not a person."""

MOST_FLOWS = 500
STATES = {"completed": "succeeded", "failed": "failed"}

Runs = Callable[[], list[tuple[str, str]]]
"""The newest runs as (experiment, state), newest first. Blocks. Raises SinkAway."""

Overdue = Callable[[], Awaitable[Mapping[str, int]]]
"""By task, the checks of automatic decisions that nobody answered in time. Raises Unavailable."""

log = json_log()


class Alerts(Protocol):
    """A store of standing alerts (hitl.adapters.valkey.alerts)."""

    async def standing(self) -> dict[str, OpenAlert]: ...

    async def write(self, change: Change) -> bool: ...


def seldom(runs: Runs, every_s: float, monotonic: Callable[[], float] = time.monotonic) -> Runs:
    """Return ``runs`` as it is asked at most every ``every_s``: meanwhile its last answer stands. A failure is not remembered."""
    told: list[tuple[float, list[tuple[str, str]]]] = []

    def remembered() -> list[tuple[str, str]]:
        now = monotonic()
        if not told or now - told[-1][0] >= every_s:
            told[:] = [(now, runs())]
        return told[-1][1]

    return remembered


def no_runs() -> list[tuple[str, str]]:
    """Without MLflow only the workflows tell of failures."""
    return []


async def no_checks() -> Mapping[str, int]:
    """Where nothing reads the checks of automatic decisions."""
    return {}


class AlertWatch:
    """``dead`` counts the dead deliveries, ``overdue`` by task the checks that nobody answered in time; ``names`` are the shards
    that are asked how they are."""

    def __init__(  # noqa: PLR0913 - what it reads, each with its default
        self,
        alerts: Alerts,
        shards: Shards,
        config: Notifications,
        dead: Callable[[], Awaitable[int]],
        runs: Runs = no_runs,
        wall: Callable[[], float] = time.time,
        names: Sequence[str] = (),
        overdue: Overdue = no_checks,
    ) -> None:
        self._alerts, self._shards, self._config = alerts, shards, config
        self._dead, self._runs, self._wall, self._names, self._overdue = dead, runs, wall, names, overdue

    async def once(self) -> None:
        """Evaluate every rule; one whose facts are away keeps its alerts as they stand, and the first failure is raised."""
        results = await asyncio.gather(*(self._evaluate(rule) for rule in self._config.alerts), return_exceptions=True)
        for failure in results:
            if failure is not None:
                raise failure

    async def _evaluate(self, rule: AlertRule) -> None:
        now = self._wall()
        found = await self._read(rule, now)
        for change in changes(rule, found, await self._alerts.standing(), now, self._config):
            if rule.auto_retry and change.kind == "fired" and change.after is not None:
                await self._retry(change.after.key)  # before it is written: a crash repeats it, which changes nothing
            if await self._alerts.write(change):
                log.warning("alert", alert=change.name, state=change.kind)

    async def _read(self, rule: AlertRule, now: float) -> list[Reading]:
        match rule.watch:
            case "oldest_pending_approval_s":
                return watch.oldest_pending_approval_s(await self._approvals(), now)
            case "pending_deployment_approvals":
                return watch.pending_deployment_approvals(await self._approvals())
            case "consecutive_run_failures":
                runs = await asyncio.to_thread(self._runs)
                of_flows = [(flow.experimentName, STATES.get(flow.status, "")) for flow in await self._flows()]
                return _greatest_by_key(watch.consecutive_run_failures(runs), watch.consecutive_run_failures(of_flows))
            case "dead_deliveries":
                return watch.dead_deliveries(await self._dead())
            case "unanswered_checks":
                return watch.unanswered_checks(await self._overdue())
            case "shard_troubles":
                return watch.shard_troubles([await self._shards.status(shard) for shard in self._names])

    async def _approvals(self) -> list[ApprovalView]:
        return (await self._shards.ask(APPROVAL, Approvals("pending", None))).approvals

    async def _flows(self) -> list[StagedWorkflow]:
        found = await self._shards.ask(WORKFLOW, Workflows(KEEPER, None, None, MOST_FLOWS))
        return [each for each in found.workflows if isinstance(each, StagedWorkflow)]

    async def _retry(self, experiment: str) -> None:
        """Answer the failed workflows' question whether to try again, once an alert: a person answers the next one."""
        for flow in await self._flows():
            if flow.experimentName == experiment and flow.status is FlowStatus.FAILED and flow.interaction_id:
                await self._answer(flow.interaction_id)

    async def _answer(self, interaction_id: str) -> None:
        command = AnswerInteraction(interaction_id, KEEPER, {"decision": "retry"})
        command_id = f"auto-retry:{interaction_id}"
        envelope = Envelope(command, command_id, fingerprint([command_id]), KEEPER.id, command_id)
        try:
            await self._shards.submit(WORKFLOW, envelope)
        except HitlError as error:  # a person was asked by name, or has answered: theirs to decide
            log.info("no automatic retry", interaction=interaction_id, why=str(error))


def _greatest_by_key(*found: Sequence[Reading]) -> list[Reading]:
    """Return the greatest reading of each key, of all lists together."""
    best: dict[str, Reading] = {}
    for reading in (each for readings in found for each in readings):
        if reading.key not in best or reading.value > best[reading.key].value:
            best[reading.key] = reading
    return list(best.values())
