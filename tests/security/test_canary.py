"""Canary values in a sealed case, a sealed approval and an answer: looked for on every route by every role, in every store."""

import logging
import os
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
import yaml
from redis import Redis as BlockingRedis

from hitl.canonical import canonical, digest_of
from hitl.cli.commands import accounts
from hitl.cli.local.place import place_of
from hitl.client.calls import post
from hitl.ids import partition_of
from tests.identity.conftest import SealedWorld
from tests.identity.matrix import OWNERS, ROLES, VARIANTS, by_role, document, query, routes
from tests.identity.matrix import filled as filled_path
from tests.identity.matrix import things as known_things
from tests.running import ACCOUNTS, ROOT, Running, until

IN_CASE, IN_FEATURES = "canary-of-the-case-7f3a", "7.31651984"
IN_APPROVAL, IN_ANSWER = "canary-of-the-approval-91bc", "canary-of-the-answer-c2d4"
SEALED = [IN_CASE, IN_FEATURES, IN_APPROVAL]
"""What nobody is shown but by a reveal, and training alone learns from."""

GZIP = 31
"""What zlib calls the form of gzip."""

HIDDEN = [*SEALED, IN_ANSWER]
"""What no store has in clear."""

CALLERS = [*ROLES, *(f"{role} {variant}" for role in ROLES for variant in VARIANTS), *(f"{name} owner" for name in OWNERS)]
COLLEAGUES = ("reviewer", "expert", "operator", "admin")
OF_AN_ANSWER = ("/v1/reviews/{review_id}", "/v1/decisions/{case_id}", "/v1/journal/{shard}/state")
"""Where colleagues read what people said."""

WHY = {"reason": "the person asked"}
ASKED = {
    "kind": "ai_decision",
    "title": "Raise the salary?",
    "context": {"salary": IN_APPROVAL},
    "sensitive": ["salary"],
    "policy": {"approvers": ["a-approver"], "rule": "all"},
}


class CanaryWorld(SealedWorld):
    """The review application over memory, with a canary in each of three things."""

    async def plant(self) -> dict[str, str]:
        """The ids in paths."""
        self.ports = replace(self.ports, authenticate=by_role)
        self.serve()
        named = await known_things(self, " owner")
        await self._hide(named["case_id"])
        review = await self.claim("reviewer owner")
        body = {"lease": review["lease"]["id"], "label": "3", "comment": IN_ANSWER}
        path = f"/v1/reviews/{review['review_id']}/decision"
        assert (await self.call("POST", path, "reviewer owner", body, idempotency_key="d")).status_code == 200
        asked = await self.call("POST", "/v1/approvals", "client owner", ASKED, idempotency_key="a")
        return {**named, "approval_id": asked.json()["approval_id"]}

    async def _hide(self, case_id: str) -> None:
        intake = self.intakes[partition_of(case_id, len(self.intakes))]
        found = await intake.find(case_id)
        assert found is not None
        payload = canonical({"features": [float(IN_FEATURES)] * 64, "metadata": {"name": IN_CASE, "ward": "7"}})
        sealed = self.ports.vault.seal("digits", case_id, payload)
        record = replace(found.record, payload_digest=digest_of(found.record.salt.encode() + sealed.payload))
        intake._cases[found.seq - 1] = replace(found, record=record, payload=sealed.payload, wrapped_key=sealed.wrapped_key)


@pytest.fixture
async def planted() -> AsyncIterator[tuple[CanaryWorld, dict[str, str]]]:
    made = CanaryWorld()
    await made.shards.start()
    yield made, await made.plant()
    await made.http.aclose()
    await made.shards.stop()


async def walked(world: CanaryWorld, named: dict[str, str]) -> list[tuple[str, str, str]]:
    """(route, caller, canary) of each one that came to light on a read."""
    found = []
    for method, path, operation in routes(await document()):
        if method != "GET":
            continue
        for shard in ("review-0", "review-1", "approval", "access") if "{shard}" in path else ("approval",):
            full = filled_path(path, {**named, "shard": shard}) + query(path, operation)
            for who in CALLERS:
                text = (await world.call("GET", full, who)).text
                found += [(path, who, canary) for canary in (*SEALED, IN_ANSWER) if canary in text]
    return found


def is_meant(path: str, who: str, canary: str) -> bool:
    if canary == IN_ANSWER:
        return path in OF_AN_ANSWER and who.split(" ")[0] in COLLEAGUES
    return (path, who.split(" ")[0], canary) == ("/v1/examples", "trainer", IN_FEATURES)


async def test_no_read_shows_a_canary_to_whom_it_is_not_meant_for(planted: tuple[CanaryWorld, dict[str, str]]) -> None:
    found = await walked(*planted)
    assert [each for each in found if not is_meant(*each)] == []
    assert {canary for _, _, canary in found} == {IN_FEATURES, IN_ANSWER}  # the walk does see what there is to see


async def test_after_an_erasure_no_read_shows_what_was_sealed(planted: tuple[CanaryWorld, dict[str, str]]) -> None:
    world, named = planted
    for path in (f"/v1/cases/{named['case_id']}", f"/v1/approvals/{named['approval_id']}"):
        assert (await world.call("POST", f"{path}/erase", "operator", WHY, idempotency_key="e")).status_code == 200
        shown = await world.call("POST", f"{path}/reveal", "operator", WHY, idempotency_key="r")
        assert shown.status_code == 410
    assert await walked(world, named) == []


async def test_nothing_that_is_written_holds_what_is_sealed(
    planted: tuple[CanaryWorld, dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    """Journals, cases and logs, also after a reveal, whose answer alone shows it."""
    world, named = planted
    with caplog.at_level(logging.DEBUG):
        for path in (f"/v1/cases/{named['case_id']}", f"/v1/approvals/{named['approval_id']}"):
            shown = await world.call("POST", f"{path}/reveal", "operator", WHY, idempotency_key="r")
            assert IN_CASE in shown.text or IN_APPROVAL in shown.text
        await walked(world, named)
    written = [entry.body for journal in world.shards.journals.values() for entry in await journal.read(0, 10_000)]
    kept = [case.payload + case.record.encode() for intake in world.intakes for case in await intake.cases(0, 100)]
    everything = b"".join([*written, *kept, caplog.text.encode()])
    assert [canary for canary in HIDDEN if canary.encode() in everything] == []


@dataclass(frozen=True)
class SealedService(Running):
    """The whole product with a task whose inputs are sealed; snapshots come at once."""

    folder: Path = Path()

    def environment(self) -> dict[str, str]:
        tasks = {"HITL_TASKS_DIR": str(self.folder / "tasks"), "HITL_SNAPSHOT_MINUTES": "0.05", "HITL_LOG_LEVEL": "DEBUG"}
        return {**super().environment(), **tasks}


@pytest.fixture
def running_sealed(tmp_path: Path) -> Iterator[SealedService]:
    (tmp_path / "tasks").mkdir()
    task = yaml.safe_load((ROOT / "configs/tasks/digits.yaml").read_text())
    task = {**task, "input": {**task["input"], "sensitive": True}, "sensitive_metadata": ["name"]}
    (tmp_path / "tasks" / "digits.yaml").write_text(yaml.safe_dump(task))
    found = SealedService(place_of(tmp_path / "data"), {}, tmp_path)
    try:
        found.command("up", "--detach")
        found.keys.update(accounts.issue_all(found.state.redis_url, ACCOUNTS))
        yield found
    finally:
        found.command("down", check=False)


@pytest.mark.slow
@pytest.mark.service
def test_no_store_of_the_running_product_holds_what_is_sealed(running_sealed: SealedService, tmp_path: Path) -> None:
    """The store, snapshots, archive, MLflow, logs, Ray's files, a backup and the data directory, before and after an erasure."""
    case_id, approval_id = plant(running_sealed)
    until(lambda: any(running_sealed.place.data_dir.glob("archive/snapshots/*/*")))
    assert everywhere(running_sealed, tmp_path / "before") == []
    with running_sealed.as_("operator") as operator:
        for path in (("cases", case_id), ("approvals", approval_id)):
            operator.send(post("v1", *path, "reveal", body=WHY))
            operator.send(post("v1", *path, "erase", body=WHY))
    assert everywhere(running_sealed, tmp_path / "after") == []


def plant(service: SealedService) -> tuple[str, str]:
    with service.as_("client") as client:
        answer = client.decide("digits", [float(IN_FEATURES)] * 64, metadata={"name": IN_CASE})
        asked = client.send(post("v1", "approvals", body=ASKED))
    with service.as_("ada") as reviewer:
        until(lambda: bool(reviewer.queue("digits")["waiting"]))
        review = reviewer.claim("digits")["review"]
        reviewer.answer(review["review_id"], review["lease"]["id"], "3", comment=IN_ANSWER)
    return str(answer["case_id"]), str(asked["approval_id"])


def everywhere(service: SealedService, backup: Path) -> list[tuple[str, str]]:
    """(place, canary) of each one that is stored in clear."""
    service.command("backup", str(backup))
    roots = (service.place.data_dir, service.place.runtime, backup)
    files = [Path(folder, name) for root in roots for folder, _, names in os.walk(root) for name in names]
    found = [(str(file), canary) for file in files for text in [read(file)] for canary in HIDDEN if canary in text]
    with BlockingRedis.from_url(service.state.redis_url) as store:
        return found + [
            (str(key), canary) for key in store.scan_iter() for canary in HIDDEN if canary in str(value_of(store, key))
        ]


def read(file: Path) -> str:
    """What a file holds, as text; compressed and columnar ones opened. The service goes on: one that it has removed since holds
    nothing, and of one that it is just writing the first part is read."""
    if not file.is_file() or file.is_symlink():
        return ""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return ""
    if file.suffix == ".parquet":
        return str(parquet.read_table(BytesIO(data)).to_pylist())
    return (zlib.decompressobj(wbits=GZIP).decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("latin-1")


def value_of(store: Any, key: bytes) -> Any:
    readers = {
        b"string": lambda: store.get(key),
        b"hash": lambda: store.hgetall(key),
        b"list": lambda: store.lrange(key, 0, -1),
        b"set": lambda: store.smembers(key),
        b"zset": lambda: store.zrange(key, 0, -1, withscores=True),
        b"stream": lambda: store.xrange(key),
    }
    return readers[store.type(key)]()
