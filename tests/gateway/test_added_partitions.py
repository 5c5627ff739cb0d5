"""Partitions are added while clients send: each key has one case, and every repetition gets the answer that was given first."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey.partitions import pin_partitions
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.ids import partition_of, place_in
from hitl.intake import StoredCase
from hitl.intake.chains import verify_intake
from hitl.partitioning import Partitioning
from tests.gateway.service import FIRST, Service

SURE, TORN = [0.97, 0.02, 0.01], [0.4, 0.35, 0.25]
KEYS = [f"key-{each}" for each in range(60)]


class Store:
    """A store that gateways are started on, one after another, as the service is."""

    def __init__(self, client: Redis, url: str, folder: Path) -> None:
        self.client, self.url, self.folder = client, url, str(folder)
        self.first: Service | None = None

    async def start(self, partitions: int) -> Service:
        """A gateway of a service that is started with so many partitions."""
        partitioning = await asyncio.to_thread(pin_partitions, self.url, partitions)
        intakes = open_intakes(self.client, partitioning, self.folder)
        journal = {} if self.first is None else {"journal": self.first.journal}
        service = Service(serving=ValkeyServing(self.client, partitions), intakes=intakes, **journal)
        if self.first is None:
            self.first = service
            await service.deploy((FIRST, 1.0))
        await service.gateway.models.refresh()
        return service

    async def cases(self, partitioning: Partitioning) -> list[StoredCase]:
        """All cases, each chain proved on the way."""
        found = list[StoredCase]()
        for number, intake in enumerate(open_intakes(self.client, partitioning, self.folder)):
            page = await intake.cases(0, 10_000)
            assert (await verify_intake(f"intake-{number}", intake))[0] == len(page)
            assert all(partitioning.partition_of(case.record.case_id) == number for case in page)
            found += page
        return found


@pytest.fixture
def store(valkey: Redis, valkey_url: str, tmp_path: Path) -> Store:
    return Store(valkey, valkey_url, tmp_path)


async def all_of(service: Service, keys: list[str] = KEYS, features: Any = SURE) -> list[httpx2.Response]:
    return list(await asyncio.gather(*(service.decide(features, key) for key in keys)))


async def test_a_repeated_key_gets_its_answer_after_partitions_were_added(store: Store) -> None:
    first = await all_of(await store.start(2))
    again = await all_of(await store.start(4))
    assert [each.status_code for each in again] == [200] * len(KEYS)
    assert [each.json() for each in again] == [each.json() for each in first]
    assert len(await store.cases(Partitioning((2, 4)))) == len(KEYS)


async def test_a_key_finds_its_case_over_several_changes(store: Store) -> None:
    said = {key: each.json() for key, each in zip(KEYS[:20], await all_of(await store.start(1), KEYS[:20]), strict=True)}
    for end, partitions in ((40, 2), (60, 5)):
        service = await store.start(partitions)
        new = KEYS[end - 20 : end]
        said |= {key: each.json() for key, each in zip(new, await all_of(service, new), strict=True)}
        assert [each.json() for each in await all_of(service, list(said))] == list(said.values())
    assert len(await store.cases(Partitioning((1, 2, 5)))) == len(KEYS)


async def test_new_keys_go_to_new_partitions_too(store: Store) -> None:
    await store.start(2)
    await all_of(await store.start(4))
    places = Counter(Partitioning((2, 4)).partition_of(case.record.case_id) for case in await store.cases(Partitioning((2, 4))))
    assert set(places) == {0, 1, 2, 3}


async def test_a_key_that_came_before_with_another_body_is_still_a_conflict(store: Store) -> None:
    await all_of(await store.start(2))
    again = await all_of(await store.start(4), features=TORN)
    assert {each.json()["type"] for each in again} == {"urn:ray-hitl:problem:idempotency-conflict"}


async def test_a_gateway_of_before_is_refused_and_says_so(store: Store) -> None:
    before = await store.start(2)
    await store.start(4)
    refused = await before.decide(SURE)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.json()["type"].endswith(":partitions-added")
    assert await store.cases(Partitioning((2, 4))) == []


async def test_a_batch_finds_its_rows_after_partitions_were_added(store: Store) -> None:
    async def send(service: Service) -> list[Any]:
        headers = {"authorization": f"Bearer {service.key}", "idempotency-key": "b"}
        body = {"cases": [{"features": SURE}] * 30}
        answer = await service.http.post("/v1/tasks/loans/decisions:batch", json=body, headers=headers)
        return list(answer.json()["results"])

    first = await send(await store.start(2))
    assert await send(await store.start(4)) == first
    assert len(await store.cases(Partitioning((2, 4)))) == len(first)


async def test_a_key_that_goes_where_it_went_is_asked_for_nowhere_else(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.start(2)
    service, asked = await store.start(4), list[str]()
    for intake in service.intakes:
        known = intake.known

        async def counted(ids: Any, known: Any = known) -> set[str]:
            asked.extend(ids)
            return set(await known(ids))

        monkeypatch.setattr(intake, "known", counted)
    answers = [each.json()["case_id"] for each in await all_of(service)]
    assert len(asked) == sum(Partitioning((2, 4)).partition_of(each) >= 2 for each in answers)


@pytest.mark.parametrize("features", [SURE, TORN])
async def test_clients_that_send_and_repeat_while_partitions_are_added_get_one_case_a_key(store: Store, features: Any) -> None:
    """Two clients send each key until it is answered, one to the gateway of before as long as it takes cases, one to that of now:
    some before the change, some during it, some after it."""
    before = await store.start(2)
    gateways, said, now = [before], dict[str, list[Any]](), Partitioning((2, 4))

    async def send(key: str, client: int) -> None:
        for attempt in range(400):
            answer = await gateways[(client + attempt) % len(gateways)].decide(features, key)
            if answer.status_code in (200, 202):
                said.setdefault(key, []).append(answer.json())
                return
            assert answer.status_code == 503, answer.text
            await asyncio.sleep(0.005)
        raise AssertionError(f"{key} was never answered")

    async def add() -> None:
        gateways.append(await store.start(4))

    keys = [f"load-{each}" for each in range(400)]
    early, during = keys[:100], keys[100:300]
    await asyncio.gather(*(send(key, client) for key in early for client in range(2)))
    await asyncio.gather(add(), *(send(key, client) for key in during for client in range(2)))
    await asyncio.gather(*(send(key, client) for key in keys for client in range(2)))
    assert all(each == said[key][0] for key in keys for each in said[key])
    names = [said[key][0]["case_id"] for key in keys]
    assert sorted(case.record.case_id for case in await store.cases(now)) == sorted(names)
    assert any(
        place_in(each) is None and partition_of(each, 4) != partition_of(each, 2) for each in names
    )  # stored before it moved
    assert any(place_in(each) is not None for each in names)
