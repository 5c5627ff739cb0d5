"""The review application after a partition was added: cases of before and since are found, answered and read on alike."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from hitl.errors import InvalidRequest
from hitl.ids import case_digest, placed_case_id
from hitl.intake import IntakeBatch
from hitl.intake.partitioned import Partitioned, part_of
from hitl.machine import Envelope
from hitl.machine.shards import shard_of_case
from hitl.partitioning import Partitioning
from hitl.review import OpenReview
from hitl.routing.route import Action, Priority
from serve_app.api.routes.queue_events import _positions
from tests.review_app.conftest import World, _record

BEFORE, NOW = Partitioning((1,)), Partitioning((1, 2))
PAYLOAD = b'{"features":[0.0],"metadata":{}}'


class Grown(World):
    """``before`` is a case from before the second partition came, ``since`` one of a key that goes there now."""

    before: str
    since: str

    async def fill(self) -> None:
        self.ports = replace(self.ports, intakes=Partitioned(self.intakes, NOW))
        self.serve()
        names = [case_digest(b"secret", "client", "digits", f"k{each}") for each in range(20)]
        moved = [name for name in names if NOW.names_of(name).earlier]
        self.before, self.since = BEFORE.names_of(moved[0]).case_id, NOW.names_of(moved[1]).case_id
        for case_id in (self.before, self.since):
            record = replace(_record("k", Action.REVIEW, Priority.NORMAL), case_id=case_id)
            appended = await part_of(self.ports.intakes, case_id).append(IntakeBatch("g", {}, [record], [PAYLOAD], 1, [""]))
            command = OpenReview(record, appended.seqs[0])
            shard = shard_of_case(case_id, self.ports.partitioning)
            await self.shards.submit(shard, Envelope(command, f"open:{case_id}", "", "intake", "r"))

    async def answer_both(self) -> None:
        for number in range(2):
            assert (await self.decide(await self.claim(), key=f"answer-{number}")).status_code == 200


@pytest.fixture
async def grown() -> AsyncIterator[Grown]:
    made = Grown()
    await made.shards.start()
    await made.fill()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def test_cases_of_before_and_since_are_answered(grown: Grown) -> None:
    await grown.answer_both()
    for case_id in (grown.before, grown.since):
        found = (await grown.call("GET", f"/v1/decisions/{case_id}", "client")).json()
        assert (found["case_id"], found["outcome"]["label"]) == (case_id, "3")


async def test_a_forged_id_of_a_partition_that_is_not_there_is_not_found(grown: Grown) -> None:
    forged = placed_case_id(bytes(16), 63)
    assert (await grown.call("GET", f"/v1/decisions/{forged}", "client")).status_code == 404
    assert (await grown.call("GET", f"/v1/reviews/{forged}-1", "reviewer")).status_code == 404


async def test_examples_are_read_on_from_a_cursor_of_before(grown: Grown) -> None:
    await grown.answer_both()
    whole = (await grown.call("GET", "/v1/examples?task=digits", "trainer")).json()
    assert [row["case_id"] for row in whole["examples"]] == [grown.before, grown.since]
    first, _ = whole["next"].split(".")
    rest = (await grown.call("GET", f"/v1/examples?task=digits&after={first}", "trainer")).json()
    assert [row["case_id"] for row in rest["examples"]] == [grown.since]
    assert rest["next"] == whole["next"]
    assert (await grown.call("GET", "/v1/examples?task=digits&after=0.0.0", "trainer")).status_code == 400


def test_a_stream_goes_on_from_a_cursor_of_before(grown: Grown) -> None:
    assert _positions("7", grown.ports) == [7, 0]
    assert _positions("7.8", grown.ports) == [7, 8]
    assert _positions(None, grown.ports) == [None, None]
    with pytest.raises(InvalidRequest):
        _positions("7.8.9", grown.ports)
