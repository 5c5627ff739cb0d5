"""What the service watches of MLflow by itself: told through the outbox, once."""

from pathlib import Path
from typing import Any

import pytest

from hitl.errors import SinkAway
from hitl.tracking.config import Budget, TrackingConfig
from hitl.tracking.rows import RunRow
from hitl.tracking.views import Probes
from serve_app.keeping import mlflow_watch
from serve_app.keeping.mlflow_watch import MlflowWatch

WELL = Probes(None, None, None)
CONFIG = TrackingConfig(budgets=[Budget(feature="*", limit=10, period="day")])


class FakeMlflow:
    def __init__(self, probes: Probes = WELL, cost: float = 0.0) -> None:
        self.answer, self.cost, self.closed = probes, cost, 0

    def probes(self) -> Probes:
        return self.answer

    def costs(self, since_s: float, limit: int) -> list[RunRow]:
        if self.answer.server_error:
            raise SinkAway("m", "away")
        return [RunRow("r", "e", 5.0, "success", metrics={"cost": self.cost}, tags={"feature": "f"})]

    def close_abandoned(self) -> list[str]:
        self.closed += 1
        return ["r"]


class Box:
    """Takes each id once, as the outbox does."""

    def __init__(self) -> None:
        self.taken: dict[str, tuple[str, dict[str, Any]]] = {}

    async def put(self, message_id: str, kind: str, payload: dict[str, Any]) -> bool:
        return self.taken.setdefault(message_id, (kind, payload)) is None


def _watch(mlflow: FakeMlflow, box: Box) -> MlflowWatch:
    return MlflowWatch(mlflow, box, CONFIG, Path("/tmp"), lambda: 10.0)


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlflow_watch.shutil, "disk_usage", lambda _: type("Disk", (), {"total": 2**40, "free": 2**39}))


@pytest.mark.covers("002-35")
async def test_a_full_disk_is_told_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlflow_watch.shutil, "disk_usage", lambda _: type("Disk", (), {"total": 2**40, "free": 2**30}))
    box = Box()
    for _ in range(2):
        await _watch(FakeMlflow(), box).once()
    assert list(box.taken) == ["tracking.alert:disk:1970-01-01"]


@pytest.mark.covers("004-19")
@pytest.mark.usefixtures("roomy")
async def test_a_budget_that_is_passed_is_told_with_its_figures() -> None:
    box = Box()
    await _watch(FakeMlflow(cost=9.0), box).once()
    (kind, alert) = box.taken["tracking.budget:*:1970-01-01:0.8"]
    assert (kind, alert["spent"], alert["limit"]) == ("tracking.budget", 9.0, 10.0)


@pytest.mark.usefixtures("roomy")
async def test_an_mlflow_that_is_away_is_told_and_fails_the_step() -> None:
    box = Box()
    with pytest.raises(SinkAway):
        await _watch(FakeMlflow(Probes("refused", "refused", "refused")), box).once()
    assert list(box.taken) == ["tracking.alert:tracking_server:1970-01-01"]


@pytest.mark.usefixtures("roomy")
async def test_runs_of_dead_jobs_are_ended_each_time() -> None:
    mlflow = FakeMlflow()
    await _watch(mlflow, Box()).once()
    assert mlflow.closed == 1
