"""Models in the gateway or in a process of their own: the same records; what fails there fails for its cases alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from hitl.routing.prediction import Prediction
from serve_app.decisions.predictor_answering import Answering
from serve_app.decisions.remote_predictor import PredictionCall
from serve_app.decisions.serving_models import ModelSource, ServingModels
from serve_app.http.telemetry import Telemetry
from serve_app.setup.policies import policies
from tests.gateway.service import FIRST, SECOND, Artifacts, Echo, Service

SURE = [0.97, 0.02, 0.01]
ROWS = [[0.97, 0.02, 0.01], [0.5, 0.3, 0.2], [0.1, 0.85, 0.05], [0.34, 0.33, 0.33]] * 10
OWN = ("processing_time", "model_s", "salt", "payload_digest")
"""Of a record: times, and what is drawn for each."""


class Shifted(Echo):
    """Another version: it answers with the classes turned by one."""

    def predict(self, rows: Rows) -> Probabilities:
        return np.roll(super().predict(rows), 1, axis=1)


class Beside:
    """A Predictor over models of its own, which follow what ``service`` publishes; counts the calls."""

    def __init__(self, service: Service) -> None:
        source = ModelSource(Artifacts(), lambda data, labels, width: Shifted() if data == b"second" else Echo())
        known = policies(service.tasks, None, None)
        self.models = ServingModels(service.tasks, service.serving, service.journal, source, Telemetry(), known)
        self._answering = Answering(self.models)
        self.calls: list[list[str]] = []
        self.is_away, self.dying = False, 0

    async def answer(self, calls: Sequence[PredictionCall]) -> list[list[Prediction | None]]:
        self.calls.append([call.digest for call in calls])
        if self.is_away or self.dying:
            self.dying = max(0, self.dying - 1)
            raise ConnectionError("no replica")
        return await self._answering.answer(calls)

    async def adopt(self, task: str, generation: int) -> bool:
        if self.is_away:
            raise ConnectionError("no replica")
        return await self._answering.adopt(task, generation)


def services() -> tuple[Service, Service, Beside]:
    """One with models of its own, one that asks; the same clients and clocks."""
    alone = Service()
    alone.gateway.models._load = lambda data, labels, width: Shifted() if data == b"second" else Echo()
    asking = Service(predictor=lambda service: Beside(service))
    return alone, asking, asking.beside


def records(service: Service) -> list[dict[str, Any]]:
    plain = [asdict(case.record) for case in service.stored()]
    return sorted(({k: v for k, v in each.items() if k not in OWN} for each in plain), key=lambda each: each["case_id"])


async def test_both_places_make_the_same_records_of_a_batch_over_two_versions() -> None:
    alone, asking, _ = services()
    for service in (alone, asking):
        await service.deploy((FIRST, 0.6), (SECOND, 0.4))
        heads = {"x-request-id": "r1"}
        await asyncio.gather(*(service.decide(row, f"k{i}", **heads) for i, row in enumerate(ROWS)))
    made, same = records(alone), records(asking)
    assert {each["model_version"] for each in made} == {FIRST, SECOND}
    assert same == made
    assert asking.gateway.models.current["loans"].models == ()


async def test_a_micro_batch_is_one_call_whatever_versions_it_holds() -> None:
    _, asking, beside = services()
    await asking.deploy((FIRST, 0.5), (SECOND, 0.5))
    await asking.gateway.models.refresh()
    await asyncio.gather(*(asking.decide(SURE, f"k{i}") for i in range(64)))
    assert len(beside.calls) <= asking.intakes[0].appends
    assert max(len(calls) for calls in beside.calls) == 2


async def test_a_swap_is_loaded_there_before_it_is_asked_for_and_the_old_version_answers_those_behind() -> None:
    _, asking, beside = services()
    for version in (FIRST, SECOND):
        await asking.deploy((version, 1.0))
        told = (await asking.decide(SURE, version)).json()
        assert told["model_version"] == version
    assert [beside.models.held("loans", version) is None for version in (FIRST, SECOND)] == [False, False]
    (said,) = await beside.answer([PredictionCall("loans", FIRST, np.array([SURE], dtype=np.float32), "entropy")])
    assert said[0] is not None
    assert said[0].model == FIRST


async def test_a_version_that_does_not_serve_is_not_asked_for_by_anybody() -> None:
    _, asking, beside = services()
    await asking.deploy((FIRST, 1.0))
    (said,) = await beside.answer([PredictionCall("loans", SECOND, np.array([SURE], dtype=np.float32), "entropy")])
    assert said == [None]


async def test_a_predictor_that_is_away_gives_its_cases_to_people_and_the_next_case_is_served() -> None:
    _, asking, beside = services()
    await asking.deploy((FIRST, 1.0))
    beside.is_away = True
    lost = (await asking.decide(SURE, "a")).json()
    beside.is_away = False
    assert (lost["status"], lost["route"]["reason"]) == ("pending_expert", "the model gave no usable probabilities")
    assert (await asking.decide(SURE, "b")).json()["model_version"] == FIRST


async def test_a_replica_that_dies_costs_no_case_its_prediction_where_another_answers() -> None:
    _, asking, beside = services()
    await asking.deploy((FIRST, 1.0))
    await asking.decide(SURE, "a")
    beside.dying = 1
    assert (await asking.decide(SURE, "b")).json()["model_version"] == FIRST
    beside.dying = 2
    assert (await asking.decide(SURE, "c")).json()["status"] == "pending_expert"


async def test_what_the_predictor_refuses_the_gateway_does_not_adopt() -> None:
    _, asking, beside = services()
    await asking.deploy((FIRST, 1.0))
    await asking.decide(SURE, "a")
    beside.models._load = lambda data, labels, width: 1 / 0
    await asking.deploy(("f" * 64, 1.0))
    assert (await asking.decide(SURE, "b")).status_code == 503
    assert asking.gateway.models.current["loans"].pointer.versions == ((FIRST, 1.0),)


async def test_a_predictor_that_hangs_gives_its_cases_to_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve_app.decisions.remote_predictor.ANSWERED_WITHIN_S", 0.05)
    _, asking, beside = services()
    await asking.deploy((FIRST, 1.0))
    await asking.decide(SURE, "a")
    beside.answer = lambda calls: asyncio.sleep(10)  # type: ignore[assignment,return-value]
    assert (await asking.decide(SURE, "b")).json()["status"] == "pending_expert"
