"""Partitions are added at a restart while clients send and repeat: every case is there once, and all of them can be finished."""

import json
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hitl.cli.local.place import place_of
from hitl.client import Client
from hitl.client.patience import Patience
from hitl.ids import place_in
from tests.running import Running, images, started, until

pytestmark = [pytest.mark.slow, pytest.mark.service]

CLIENTS, PACE_S = 3, 0.5
PATIENCE_S = 900.0
"""Longer than any restart: who waits for it repeats the same key all the time."""
FEATURES = images(1)[0][0]


@dataclass(frozen=True)
class Restarted(Running):
    """``terms`` are the settings of its next start."""

    terms: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **self.terms}

    def patient(self, account: str) -> Client:
        return Client(self.url, self.keys[account], Patience(PATIENCE_S))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Restarted]:
    with started(Restarted(place_of(tmp_path), {}, {"HITL_PARTITIONS": "2"})) as found:
        yield found


class Senders:
    """Clients that send one key after another, each until it is answered; ``said`` is what they were told."""

    def __init__(self, service: Restarted) -> None:
        self.said: dict[str, str] = {}
        self._is_over = threading.Event()
        self._clients = [service.patient("client") for _ in range(CLIENTS)]
        self._threads = [threading.Thread(target=self._send, args=(each,), daemon=True) for each in range(CLIENTS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _send(self, number: int) -> None:
        with self._clients[number] as client:
            for each in count():
                key = f"{number}-{each}"
                self.said[key] = client.decide("digits", FEATURES, key=key)["case_id"]
                if self._is_over.wait(PACE_S):
                    return


def add_partitions(service: Restarted, partitions: int) -> None:
    """Start again, where clients look for it."""
    service.terms.update({"HITL_PARTITIONS": str(partitions), "HITL_HTTP_PORT": service.url.rpartition(":")[2]})
    service.command("down")
    service.command("up", "--detach")


def answer_one(eve: Client) -> str | None:
    """Answer the next review that waits; return its case."""
    review = eve.claim("digits").get("review")
    if review is None:
        return None
    eve.answer(review["review_id"], review["lease"]["id"], "7")
    return str(review["case_id"])


def answer_all(service: Restarted, cases: Collection[str], answered: Collection[str]) -> list[str]:
    """Answer reviews until all of ``cases`` are among those that were answered."""
    found = list(answered)
    with service.patient("eve") as eve:
        deadline = time.monotonic() + PATIENCE_S
        while not set(cases) <= set(found):
            case_id = answer_one(eve)
            found += [] if case_id is None else [case_id]
            assert time.monotonic() < deadline, set(cases) - set(found)
    return found


def entries(service: Restarted) -> dict[str, int]:
    """The number of cases in each partition, whose chains hold."""
    rows: list[dict[str, Any]] = json.loads(service.command("verify", "--json").stdout)
    return {row["chain"].split(" (")[0]: row["entries"] for row in rows if row["chain"].startswith("intake")}


def counted_decisions(service: Restarted) -> int:
    """The number of cases in the figures of the service."""
    headers = {"authorization": f"Bearer {service.keys['operator']}"}
    told = httpx2.get(f"{service.url}/v1/metrics/system", headers=headers, timeout=PATIENCE_S).raise_for_status().json()
    return int(told["processing_metrics"]["total_decisions"])


def test_partitions_are_added_under_load(service: Restarted) -> None:
    senders = Senders(service)
    senders.start()
    with service.patient("eve") as eve:
        before = list[str]()
        until(lambda: len(before) >= 5 or before.extend(filter(None, [answer_one(eve)])))  # type: ignore[func-returns-value]
    add_partitions(service, 4)
    until(lambda: {place_in(each) for each in list(senders.said.values())} == {None, 2, 3})
    senders.end()
    said = senders.said
    assert len(set(said.values())) == len(said)
    with service.patient("client") as client:
        again = {key: client.decide("digits", FEATURES, key=key)["case_id"] for key in said}
    assert again == said
    answered = answer_all(service, said.values(), before)
    assert sorted(answered) == sorted(said.values())
    with service.patient("client") as client:
        assert {client.wait(case_id, PATIENCE_S)["outcome"]["label"] for case_id in answered} == {"7"}
    counted = entries(service)
    assert (set(counted), sum(counted.values())) == ({f"intake partition {each}" for each in range(4)}, len(said))
    until(lambda: counted_decisions(service) >= len(said))
    assert counted_decisions(service) == len(said)
