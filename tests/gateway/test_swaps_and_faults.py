"""Swaps take effect at once, forged pointers never, and a store that fails loses and doubles nothing."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace

import numpy as np
import pytest

from hitl.canonical import digest_of
from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows
from hitl.intake.chains import verify_intake
from hitl.intake.memory import MemoryServing
from serve_app.decisions.batcher import Batcher
from serve_app.decisions.case_writer import MAX_STALE
from tests.gateway.service import FIRST, SECOND, Echo, FlakyIntake, Service

SURE = [0.97, 0.02, 0.01]


async def test_a_case_after_a_swap_is_decided_by_the_new_version() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    await service.decide(SURE, "a")
    await service.deploy((SECOND, 1.0))
    told = (await service.decide(SURE, "b")).json()
    assert (told["model_version"], told["generation"]) == (SECOND, 2)


async def test_traffic_over_a_swap_loses_no_request() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    early = [asyncio.create_task(service.decide(SURE, f"a{i}")) for i in range(50)]
    await service.deploy((SECOND, 1.0))
    late = [asyncio.create_task(service.decide(SURE, f"b{i}")) for i in range(50)]
    replies = await asyncio.gather(*early, *late)
    assert {reply.status_code for reply in replies} == {200}
    assert {case.record.model_version for case in service.stored()[-50:]} == {SECOND}
    assert len(service.stored()) == 100


@pytest.mark.covers("D21")
@pytest.mark.parametrize("journalled", [False, True])
async def test_a_version_that_the_journal_did_not_deploy_or_that_has_other_bytes_never_serves(journalled: bool) -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    await service.decide(SURE, "a")
    version = digest_of(b"not in the store") if journalled else SECOND
    await service.deploy((version, 1.0), journalled=journalled)
    reply = await service.decide(SURE, "b")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")
    assert service.gateway.models.current["loans"].pointer.versions == ((FIRST, 1.0),)
    assert len(service.stored()) == 1


async def test_a_swap_that_reaches_one_partition_before_the_others_drops_no_request() -> None:
    ahead = MemoryServing()
    service = Service(intakes=[FlakyIntake(ahead)])
    event = await service.deploy((FIRST, 1.0))
    await ahead.publish("loans", event)
    await service.decide(SURE, "a")
    await ahead.publish("loans", replace(event, generation=2))
    waiting = asyncio.create_task(service.decide(SURE, "b"))
    await asyncio.sleep(0.2)
    await service.deploy((SECOND, 1.0))
    reply = await waiting
    assert (reply.status_code, reply.json()["generation"]) == (200, 2)


async def test_a_forged_pointer_delays_a_case_until_the_true_one_is_put_back_and_fails_none() -> None:
    service = Service()
    true = await service.deploy((FIRST, 1.0))
    for case in ("a", "b"):
        await service.deploy((SECOND, 1.0), journalled=False)
        waiting = asyncio.create_task(service.decide(SURE, case))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await service.serving.restore("loans", true)
        reply = await waiting
        assert (reply.status_code, reply.json()["model_version"], reply.json()["generation"]) == (200, FIRST, 1)


async def test_a_generation_that_never_comes_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve_app.decisions.case_writer.ADOPTED_WITHIN_S", 0.05)
    service = Service()
    await service.deploy((SECOND, 1.0), journalled=False)
    assert (await service.decide(SURE, "a")).status_code == 503
    service.gateway.models.refresh, refreshed = _counting(service.gateway.models.refresh)
    assert (await service.decide(SURE, "b")).status_code == 503
    assert len(refreshed) <= MAX_STALE + 1


def _counting(refresh: Callable[[], Awaitable[None]]) -> tuple[Callable[[], Awaitable[None]], list[int]]:
    calls: list[int] = []

    async def counted() -> None:
        calls.append(1)
        await refresh()

    return counted, calls


async def test_a_canary_decides_its_share_and_always_the_same_cases() -> None:
    service = Service()
    await service.deploy((FIRST, 0.75), (SECOND, 0.25))
    await asyncio.gather(*(service.decide(SURE, f"k{i}") for i in range(200)))
    by_second = {case.record.case_id for case in service.stored() if case.record.model_version == SECOND}
    assert 25 <= len(by_second) <= 80


async def test_a_lost_answer_of_the_store_is_settled_by_reading() -> None:
    service = Service()
    service.intakes[0].fails = ["after"]
    assert (await service.decide(SURE)).status_code == 202
    assert len(service.stored()) == 1


async def test_an_append_that_did_not_happen_is_a_503_and_its_repetition_has_one_effect() -> None:
    service = Service()
    service.intakes[0].fails = ["before"]
    lost = await service.decide(SURE)
    again = await service.decide(SURE)
    assert (lost.status_code, lost.headers["retry-after"], again.status_code) == (503, "1", 202)
    assert len(service.stored()) == 1


async def test_an_outcome_that_cannot_be_read_is_a_503_and_its_repetition_finds_the_case() -> None:
    service = Service()
    service.intakes[0].fails, service.intakes[0].is_away = ["after"], True
    unknown = await service.decide(SURE)
    service.intakes[0].is_away = False
    again = await service.decide(SURE)
    assert (unknown.status_code, again.status_code) == (503, 202)
    assert len(service.stored()) == 1


async def test_every_incarnation_keeps_one_whole_chain_whatever_the_store_did() -> None:
    service = Service()
    for i, failure in enumerate([None, "after", None, "before", None, None]):
        service.intakes[0].fails = [failure] if failure else []
        await asyncio.gather(*(service.decide(SURE, f"{i}-{j}") for j in range(3)))
    count, heads = await verify_intake("intake-0", service.intakes[0])
    assert (count, len(heads)) == (len(service.stored()), 3)


async def test_a_cancelled_request_leaves_its_batch_alone() -> None:
    service = Service()
    service.intakes[0].may_go_on.clear()
    waiting = [asyncio.create_task(service.decide(SURE, f"k{i}")) for i in range(10)]
    await service.intakes[0].reached.wait()
    waiting[0].cancel()
    service.intakes[0].may_go_on.set()
    replies = await asyncio.gather(*waiting[1:])
    assert {reply.status_code for reply in replies} == {202}
    assert len(service.stored()) == 10
    assert (await service.decide(SURE, "k0")).status_code == 202


async def test_a_model_that_fails_sends_its_cases_to_an_expert_and_the_next_case_is_served() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    await service.decide(SURE, "a")
    healthy, service.model.predict = service.model.predict, lambda rows: 1 / 0
    failed = await service.decide(SURE, "b")
    service.model.predict = healthy
    assert (failed.status_code, failed.json()["status"]) == (202, "pending_expert")
    assert failed.json()["route"]["reason"] == "the model gave no usable probabilities"
    assert (await service.decide(SURE, "c")).status_code == 200


@pytest.mark.parametrize("said", [[[np.nan, 0.5, 0.5]], [[2.0, -0.5, -0.5]], [[0.9, 0.1]], [[0.9, 0.1, 0.0]] * 2])
async def test_probabilities_that_are_none_are_never_an_answer(said: list[list[float]]) -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    await service.decide(SURE, "a")
    service.model.predict = lambda rows: np.array(said)
    told = await service.decide(SURE, "b")
    assert (told.status_code, told.json()["status"], told.json()["prediction"]) == (202, "pending_expert", None)


class Failing(Echo):
    def predict(self, rows: Rows) -> Probabilities:
        raise ValueError("expected another version of the library")


@pytest.mark.parametrize("challenger", [SECOND, digest_of(b"not in the store")])
async def test_a_challenger_that_fails_from_its_first_call_on_takes_nothing_from_the_champions_cases(challenger: str) -> None:
    service = Service()
    load = service.gateway.models._load
    service.gateway.models._load = lambda data, labels, width: Failing() if data == b"second" else load(data, labels, width)
    await service.deploy((FIRST, 0.75), (challenger, 0.25))
    replies = await asyncio.gather(*(service.decide(SURE, f"k{i}") for i in range(100)))
    told = {(reply.status_code, reply.json()["model_version"]) for reply in replies}
    assert told == {(200, FIRST), (202, None)}


async def test_a_model_that_hangs_gives_its_cases_to_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve_app.decisions.predictor.CALL_WITHIN_S", 0.05)
    monkeypatch.setattr("serve_app.decisions.serving_models.QUICK_S", 0.0)
    service, may_end = Service(), threading.Event()
    await service.deploy((FIRST, 1.0))
    await service.decide(SURE, "a")
    service.model.predict = lambda rows: may_end.wait(10)
    told = await service.decide(SURE, "b")
    may_end.set()
    assert (told.status_code, told.json()["status"]) == (202, "pending_expert")


async def test_a_failure_that_nobody_foresaw_is_a_500_that_says_nothing_and_the_next_case_is_served() -> None:
    service = Service()
    append, service.intakes[0].append = service.intakes[0].append, lambda batch: 1 / 0
    failed = await service.decide(SURE, "b")
    service.intakes[0].append = append
    assert (failed.status_code, "division" in failed.text) == (500, False)
    assert (await service.decide(SURE, "b")).status_code == 202


async def test_too_many_waiting_requests_are_told_to_come_again() -> None:
    service = Service()
    service.gateway._batchers[0] = Batcher(service.gateway._writers[0].settle, max_rows=1, max_waiting=1)
    service.intakes[0].may_go_on.clear()
    first = asyncio.create_task(service.decide(SURE, "k1"))
    await service.intakes[0].reached.wait()
    rest = await asyncio.gather(*(asyncio.create_task(service.decide(SURE, key)) for key in ("k2", "k3")), _open_soon(service))
    assert [reply.status_code for reply in (await first, *rest[:2])] == [202, 202, 503]
    assert rest[1].json()["type"] == "urn:ray-hitl:problem:overloaded"


async def _open_soon(service: Service) -> None:
    await asyncio.sleep(0.1)
    service.intakes[0].may_go_on.set()


async def test_the_watch_adopts_a_swap_without_traffic_and_stops_with_the_gateway() -> None:
    service = Service()
    await service.gateway.start()
    await service.deploy((FIRST, 1.0))
    async with asyncio.timeout(30):
        await service.loaded.wait()
    service.gateway.check_health()
    await service.gateway.stop()
