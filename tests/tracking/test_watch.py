"""What the service watches of MLflow by itself: told through the outbox, once."""

from pathlib import Path
from typing import Any

import pytest

from hitl.errors import SinkAway
from hitl.tracking.config import Budget, TrackingConfig
from hitl.tracking.rows import RunRow
from hitl.tracking.views import Probes
from serve_app.reconcilers import mlflow_watch
from serve_app.reconcilers.mlflow_watch import LASTS_S, MlflowWatch

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


def _watch(mlflow: FakeMlflow, box: Box) -> tuple[MlflowWatch, list[float]]:
    """The watch and its clock, which stands at the last time in the list."""
    clock = [10.0]
    return MlflowWatch(mlflow, box, CONFIG, Path("/tmp"), lambda: clock[-1]), clock


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlflow_watch.shutil, "disk_usage", lambda _: type("Disk", (), {"total": 2**40, "free": 2**39}))


@pytest.mark.covers("002-35")
async def test_a_disk_that_stays_full_is_told_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlflow_watch.shutil, "disk_usage", lambda _: type("Disk", (), {"total": 2**40, "free": 2**30}))
    box = Box()
    watch, clock = _watch(FakeMlflow(), box)
    await watch.once()
    assert not box.taken
    for at in (10.0 + LASTS_S, 11.0 + LASTS_S, 86_400.0):
        clock.append(at)
        await watch.once()
    assert list(box.taken) == ["tracking.alert:disk:1970-01-01", "tracking.alert:disk:1970-01-02"]


@pytest.mark.covers("004-19")
@pytest.mark.usefixtures("roomy")
async def test_a_budget_that_is_passed_is_told_with_its_figures() -> None:
    box = Box()
    watch, _ = _watch(FakeMlflow(cost=9.0), box)
    await watch.once()
    (kind, alert) = box.taken["tracking.budget:*:1970-01-01:0.8"]
    assert (kind, alert["spent"], alert["limit"]) == ("tracking.budget", 9.0, 10.0)


@pytest.mark.usefixtures("roomy")
async def test_an_mlflow_that_is_away_is_told_and_fails_the_step() -> None:
    box, mlflow = Box(), FakeMlflow(Probes("refused", "refused", "refused"))
    watch, clock = _watch(mlflow, box)
    for at in (10.0, 10.0 + LASTS_S):
        clock.append(at)
        with pytest.raises(SinkAway):
            await watch.once()
    assert list(box.taken) == ["tracking.alert:tracking_server:1970-01-01"]


@pytest.mark.usefixtures("roomy")
async def test_an_mlflow_that_only_starts_later_than_the_service_alarms_nobody() -> None:
    box, mlflow = Box(), FakeMlflow(Probes("refused", "refused", "refused"))
    watch, clock = _watch(mlflow, box)
    with pytest.raises(SinkAway):
        await watch.once()
    mlflow.answer = WELL
    clock.append(10.0 + LASTS_S)
    await watch.once()
    assert not box.taken


@pytest.mark.usefixtures("roomy")
async def test_runs_of_dead_jobs_are_ended_each_time() -> None:
    mlflow = FakeMlflow()
    await _watch(mlflow, Box())[0].once()
    assert mlflow.closed == 1
