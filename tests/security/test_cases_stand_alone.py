"""One account's case, rule, row or shadow policy is meant to break the answers of everybody else in the same micro-batch."""

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from hitl.intake import CaseRecord
from hitl.intake.ports import Pointer
from hitl.routing.policy import Policy
from hitl.routing.prediction import Prediction
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import Steering
from serve_app.decisions.batcher import Batcher
from serve_app.decisions.predictor import Loaded, PredictorRow, TaskModels, predictions_of
from serve_app.decisions.remote_predictor import PredictionCall, RemotePredictors
from serve_app.http.telemetry import Telemetry
from tests.gateway.service import FIRST, Echo, Service
from tests.gateway.test_overrides import UNSURE, Corrected

SURE, POISON = [0.97, 0.02, 0.01], [0.0, 0.0, 1.0]
ENDLESS = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
NESTED = "".join(f"{ENDLESS}.all({name}, " for name in "abcde") + "features.size() > 0" + ")" * 5
CHAINED = f"features.map(x, {ENDLESS}).size() > 100 || {NESTED}"
"""100,000 steps, of which the interpreter takes 10,000."""


def endless(effect: str = "priority") -> dict[str, Any]:
    return Policy.model_validate({"rules": [{"name": "r", "when": NESTED, "effect": effect, "priority": "low"}]}).body()


class Fragile(Echo):
    """A model that one row breaks."""

    def predict(self, rows: Rows) -> Probabilities:
        said = super().predict(rows)
        if (rows[:, 2] == 1.0).any():
            raise MemoryError("a row that the model cannot take")
        return said


class Forgetful(Echo):
    """A model that leaves out the row that it cannot take."""

    def predict(self, rows: Rows) -> Probabilities:
        return np.array([row for row in super().predict(rows) if row[2] != 1.0])


@pytest.mark.parametrize("effect", ["priority", "review", "compliance", "high_risk"])
async def test_a_rule_that_does_not_end_sends_its_case_to_people(effect: str) -> None:
    service = Service()
    await service.deploy((FIRST, 1.0), policy=endless(effect))
    reply = await service.decide(SURE)
    assert (reply.status_code, reply.json()["route"]["action"]) == (202, "review")
    assert "takes more steps than one case may" in reply.json()["route"]["reason"]


@pytest.mark.parametrize(
    "body",
    [
        {"costs": {"amount": f"{NESTED} ? 1.0 : 2.0"}},
        {"segments": {"named": [{"name": "s", "when": NESTED}]}},
        {"rules": [{"name": name, "when": CHAINED, "effect": "review"} for name in ("one", "two")]},
    ],
)
async def test_no_part_of_a_policy_raises(body: dict[str, Any]) -> None:
    found = CompiledPolicy(Policy.model_validate(body)).judge(SURE, {}, "ada")
    assert "takes more steps" in (found.failure or "")


def test_what_no_expression_can_read_goes_to_people() -> None:
    policy = CompiledPolicy(Policy.model_validate({"rules": [{"name": "r", "when": "size(features) > 9", "effect": "review"}]}))
    assert "raised" in (policy.judge(["\ud800"], {}, "ada").failure or "")


def test_a_comment_in_a_rule_closes_no_other_rule() -> None:
    rules = [{"name": "r", "when": "true // never (", "effect": "review"}, {"name": "s", "when": "false", "effect": "expert"}]
    found = CompiledPolicy(Policy.model_validate({"rules": rules})).judge(SURE, {}, "ada")
    assert [rule.name for rule in found.matched] == ["r"]


async def test_a_shadow_policy_that_does_not_end_changes_no_answer() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    before = (await service.decide(SURE, "a")).json()
    await service.deploy((FIRST, 1.0), shadow={"policy": endless()})
    reply = await service.decide(SURE, "b")
    assert (reply.status_code, reply.json()["route"]) == (200, before["route"])
    assert service.stored()[-1].record.shadow["action"] == "review"  # type: ignore[index]


async def test_a_shadow_policy_that_raises_is_counted_and_answers_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> None:
        raise RecursionError

    service = Service()
    counted: list[tuple[str, str, str]] = []
    monkeypatch.setattr(Telemetry, "shadow_failed", lambda _, *said: counted.append(said))
    await service.deploy((FIRST, 1.0), shadow={"policy": endless()})
    monkeypatch.setattr(Steering, "would", breaks)
    assert (await service.decide(SURE)).status_code == 200
    assert service.stored()[-1].record.shadow is None
    assert [why for _, _, why in counted] == ["RecursionError()"]


async def test_a_shadow_policy_that_cannot_be_read_stops_no_generation() -> None:
    service = Service()
    broken = {"rules": [{"name": "r", "when": "amount >", "effect": "review"}]}
    await service.deploy((FIRST, 1.0), shadow={"policy": broken})
    reply = await service.decide(SURE)
    assert (reply.status_code, reply.json()["generation"]) == (200, 1)


@pytest.mark.parametrize("model", [Fragile, Forgetful])
async def test_a_row_that_breaks_the_model_goes_to_people_alone(model: type[Echo]) -> None:
    rows = [SURE] * 30 + [POISON] + [SURE] * 20 + [POISON]
    said = await predictions_of(Loaded(FIRST, model(), is_quick=True), rows, "entropy")
    assert [i for i, prediction in enumerate(said) if prediction is None] == [30, 51]


async def test_an_account_that_breaks_the_model_breaks_nobody_elses_case() -> None:
    service = Service()
    service.model = Fragile()
    await service.deploy((FIRST, 1.0))
    sent = [service.decide(POISON if i == 7 else SURE, f"k{i}") for i in range(40)]
    replies = await asyncio.gather(*sent)
    assert [i for i, reply in enumerate(replies) if reply.status_code != 200] == [7]
    assert replies[7].json()["route"]["action"] == "expert"


async def test_a_model_that_fails_on_everything_sends_everything_to_people() -> None:
    said = await predictions_of(Loaded(FIRST, Fragile(), is_quick=False), [POISON] * 9, "entropy")
    assert said == [None] * 9


class Careless:
    """A predictor that answers one row too few for one of two tasks."""

    async def answer(self, calls: Sequence[PredictionCall]) -> list[list[Prediction | None]]:
        said = Prediction("reject", (0.97, 0.02, 0.01), 0.97, 0.1, FIRST)
        return [[said] * (len(call.rows) - (call.task == "other")) for call in calls]

    async def adopt(self, task: str, generation: int) -> bool:
        return True


async def test_a_wrong_number_of_predictions_is_one_tasks_loss() -> None:
    served = TaskModels(Steering(CompiledPolicy(Policy())), Pointer(1, ((FIRST, 1.0),), 1))
    rows = [PredictorRow(task, task, (0.97, 0.02, 0.01)) for task in ("loans", "other")]
    said = await RemotePredictors(Careless()).predict(rows, {"loans": served, "other": served})
    assert [prediction is None for prediction in said] == [False, True]


async def test_what_one_case_raises_is_its_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def encoded(record: CaseRecord) -> bytes:
        if "7" in record.request_id:
            raise ValueError("an id that cannot be written")
        return plain(record)

    plain = CaseRecord.encode
    monkeypatch.setattr(CaseRecord, "encode", encoded)
    service = Service()
    await service.deploy((FIRST, 1.0))
    replies = await asyncio.gather(*(service.decide(SURE, f"k{i}", **{"x-request-id": f"r{i}"}) for i in range(10)))
    assert [reply.status_code for reply in replies] == [200] * 7 + [500] + [200] * 2
    assert len(service.stored()) == 9


async def test_what_a_batch_did_not_foresee_is_tried_one_by_one() -> None:
    async def handle(items: list[int]) -> list[int | Exception]:
        if 3 in items:
            raise ZeroDivisionError
        return [item * 2 for item in items]

    batcher: Batcher[int, int] = Batcher(handle)
    said = await asyncio.gather(*(batcher.submit(number) for number in range(6)), return_exceptions=True)
    assert [repr(each) for each in said] == ["0", "2", "4", "ZeroDivisionError()", "8", "10"]


async def test_no_override_answers_a_case_whose_rules_could_not_be_read() -> None:
    service = Corrected()
    await service.confirmed()
    await service.deploy((FIRST, 1.0), policy=endless())
    assert (await service.decide(UNSURE, "second")).json()["route"]["action"] == "expert"
