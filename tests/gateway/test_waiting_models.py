"""A model that waits for another machine: its cases wait in a queue of their own, and other tasks' go on."""

import asyncio
from collections.abc import Sequence

from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys
from hitl.routing.prediction import Prediction
from serve_app.decisions.case_queues import MAX_WAITING
from serve_app.decisions.remote_predictor import PredictionCall
from tests.gateway.service import FIRST, NOW, Service, loans

BODY = b'{"features":[0.1,0.8,0.1]}'


class Slow:
    """A Predictor that answers the task ``loans`` when it may, and others at once."""

    def __init__(self) -> None:
        self.may_answer, self.is_asked = asyncio.Event(), asyncio.Event()

    async def answer(self, calls: Sequence[PredictionCall]) -> list[list[Prediction | None]]:
        if any(call.task == "loans" for call in calls):
            self.is_asked.set()
            await self.may_answer.wait()
        return [[Prediction("approve", (0.0, 1.0, 0.0), 1.0, 0.0, call.digest)] * len(call.rows) for call in calls]

    async def adopt(self, task: str, generation: int) -> bool:
        return True


async def service_of(family: str) -> Service:
    """The task ``loans`` with this family; ``other`` is trained here."""
    key, record = issue(Principal("bea", frozenset({Role.CLIENT})), NOW, lambda n: b"b" * n)
    source = {"source": "", "initial_rows": 0, "holdout_rows": 0} if family == "remote" else loans().data.model_dump()
    tasks = {"loans": loans(model={"family": family}, data=source), "other": loans("other")}
    service = Service(predictor=lambda _: Slow(), tasks=tasks, keys=MemoryKeys(record))
    service.key = key
    for task in tasks:
        await service.deploy((FIRST, 1.0), task=task)
    await service.gateway.models.refresh()
    return service


async def test_other_tasks_are_decided_while_a_remote_model_waits() -> None:
    service = await service_of("remote")
    waiting = asyncio.create_task(service.send(BODY, "loans", **{"idempotency-key": "a"}))
    await asyncio.wait_for(service.beside.is_asked.wait(), 20)
    other = await asyncio.wait_for(service.send(BODY, "other", **{"idempotency-key": "b"}), 20)
    assert (other.json()["status"], waiting.done()) == ("decided", False)
    service.beside.may_answer.set()
    assert (await waiting).json()["status"] == "decided"
    assert sorted(case.record.task for case in service.stored()) == ["loans", "other"]


async def test_tasks_of_one_queue_wait_for_each_other() -> None:
    """What the queue of its own is for."""
    service = await service_of("torch_mlp")
    waiting = asyncio.create_task(service.send(BODY, "loans", **{"idempotency-key": "a"}))
    await asyncio.wait_for(service.beside.is_asked.wait(), 20)
    other = asyncio.create_task(service.send(BODY, "other", **{"idempotency-key": "b"}))
    await asyncio.sleep(0)
    assert not other.done()
    service.beside.may_answer.set()
    assert [(await each).json()["status"] for each in (waiting, other)] == ["decided", "decided"]


async def test_more_waiting_cases_than_a_queue_holds_are_told_to_come_back() -> None:
    service = await service_of("remote")
    first = asyncio.create_task(service.send(BODY, "loans", **{"idempotency-key": "first"}))
    await asyncio.wait_for(service.beside.is_asked.wait(), 20)
    sent = [asyncio.create_task(service.send(BODY, "loans", **{"idempotency-key": f"k{at}"})) for at in range(MAX_WAITING + 1)]
    refused = (await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED))[0].pop().result()
    assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
    service.beside.may_answer.set()
    await asyncio.gather(first, *sent)
