"""Watch budgets, the disk, MLflow's health and runs of dead jobs, and raise alerts."""

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from hitl.outbox import Outbox
from hitl.tracking.budgets import TOPIC, RunSpending
from hitl.tracking.config import TrackingConfig
from hitl.tracking.exporter import Counts
from hitl.tracking.rows import RunRow
from hitl.tracking.views import Probes, alerts_of
from serve_app.http.telemetry import json_log

ALERT = "tracking.alert"
"""The kind under which the outbox gets an alert of health."""

MAX_RUNS = 100_000
"""With a cost, in one reading: a day of an application that calls a model once a second."""

LASTS_S = 120.0
"""What passes sooner is nobody's business: a server that starts with the service is away for a while."""

log = json_log()


class Mlflow(Protocol):
    """The port to MLflow. Calls block; all raise SinkAway."""

    def probes(self) -> Probes: ...

    def costs(self, since_s: float, limit: int) -> list[RunRow]:
        """The runs since then that have a cost."""

    def close_abandoned(self) -> list[str]:
        """End the runs of dead jobs."""


class MlflowWatch:
    """``disk`` is a directory on the disk that fills; ``wall`` is UTC seconds."""

    def __init__(
        self, mlflow: Mlflow, outbox: Outbox, config: TrackingConfig, disk: Path, wall: Callable[[], float] = time.time
    ) -> None:
        self._mlflow, self._outbox, self._disk, self._wall = mlflow, outbox, disk, wall
        self._budgets: Sequence[object] = config.budgets
        self._since: dict[str, float] = {}
        self._spending = RunSpending(config.budgets, config.currency)

    async def once(self) -> None:
        """Health first: it is told even when MLflow then turns out to be away (which raises SinkAway)."""
        await self._send_health_alerts()
        await self._send_budget_alerts()
        gone = await asyncio.to_thread(self._mlflow.close_abandoned)
        if gone:
            log.info("abandoned runs ended", runs=gone)

    async def _send_health_alerts(self) -> None:
        """Each alert that lasts, once a day: what still lasts tomorrow is told again."""
        probes = await asyncio.to_thread(self._mlflow.probes)
        disk, now = shutil.disk_usage(self._disk), self._wall()
        found = {alert.name: alert for alert in alerts_of(probes, disk.total, disk.free, Counts())}
        self._since = {name: self._since.get(name, now) for name in found}
        day = time.strftime("%Y-%m-%d", time.gmtime(now))
        for name, alert in found.items():
            if now - self._since[name] >= LASTS_S:
                await self._outbox.put(f"{ALERT}:{name}:{day}", ALERT, asdict(alert))

    async def _send_budget_alerts(self) -> None:
        """Put an alert for each budget that the costs of its period have reached into the outbox."""
        if not self._budgets:
            return
        now = self._wall()
        rows = await asyncio.to_thread(self._mlflow.costs, self._spending.since_s(now), MAX_RUNS)
        for name, alert in self._spending.see(rows, now):
            await self._outbox.put(f"{TOPIC}:{name}", TOPIC, alert)
