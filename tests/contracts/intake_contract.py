"""What every intake and its serving pointers must do. Inherit, and give fixtures ``intake`` and ``serving``."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hitl.canonical import digest_of
from hitl.errors import CaseExists, ChainBroken, StaleGeneration
from hitl.intake import CaseRecord, IntakeBatch
from hitl.intake.chains import verify_intake
from hitl.intake.ports import Pointer
from hitl.journal import GENESIS, chain_hash

POINTER = Pointer(1, (("d" * 64, 0.75), ("e" * 64, 0.25)), 7)


def payload_of(case_id: str) -> bytes:
    return b'{"features":["%s"]}' % case_id.encode()


def record(case_id: str, action: str = "review", task: str = "digits") -> CaseRecord:
    return CaseRecord(
        case_id=case_id,
        request_id=f"r-{case_id}",
        task=task,
        client="alice",
        at=1.5,
        body_digest="b",
        payload_digest=digest_of(b"s" + payload_of(case_id)),
        salt="s",
        prediction="3",
        probabilities=[0.25, 0.75],
        confidence=0.75,
        uncertainty=0.5,
        confidence_level="medium",
        action=action,
        reason="é",
        priority=None if action == "automatic" else "normal",
        model_version="m",
        policy_version="v",
        generation=0,
        processing_time=0.001,
    )


def batch(*records: CaseRecord, generation: int = 0, gateway: str = "g", first: int = 1, head: str = GENESIS) -> IntakeBatch:
    links: list[str] = []
    for i, each in enumerate(records):
        links.append(chain_hash(links[-1] if links else head, first + i, each.encode()))
    payloads = [payload_of(each.case_id) for each in records]
    return IntakeBatch(gateway, {r.task: generation for r in records}, records, payloads, first, links)


class IntakeContract:
    at_once = 500
    """More than a client of a store has connections."""

    async def test_those_that_are_there_are_told_from_the_others(self, intake: Any) -> None:
        await intake.append(batch(record("a"), record("b")))
        assert await intake.known(["a", "x", "b"]) == {"a", "b"}
        assert await intake.known([]) == set()

    async def test_hundreds_of_cases_are_looked_up_at_once(self, intake: Any) -> None:
        await intake.append(batch(record("a")))
        await intake.find("a")  # what the first look imports and reads holds up no connection of the others
        found = await asyncio.gather(*(intake.find("a") for _ in range(self.at_once)))
        assert [each.seq for each in found] == [1] * self.at_once

    async def test_a_case_is_found_where_it_was_put(self, intake: Any) -> None:
        appended = await intake.append(batch(record("a"), record("b")))
        found = await intake.find("b")
        assert appended.seqs == [1, 2]
        assert (found.seq, found.record, found.payload) == (2, record("b"), payload_of("b"))
        assert await intake.case_at(2) == found
        assert await intake.find("c") is None
        assert await intake.case_at(3) is None

    async def test_what_is_counted_stands_beside_the_whole_case(self, intake: Any) -> None:
        await intake.append(batch(record("a"), record("b", "automatic"), record("c")))
        rows = await intake.routed(1, 2)
        assert [row.stored() for row in rows] == await intake.cases(1, 2)
        assert [(row.seq, row.case.case_id, row.case.is_for_people) for row in rows] == [(2, "b", False), (3, "c", True)]
        assert await intake.routed(3, 2) == []

    async def test_cases_for_people_are_read_page_by_page_and_in_order(self, intake: Any) -> None:
        await intake.append(batch(*(record(f"c{n}", "automatic" if n % 3 else "review") for n in range(10))))
        assert [case.seq for case in await intake.reviewable(0, 3)] == [1, 4, 7]
        assert [case.record.case_id for case in await intake.reviewable(7, 3)] == ["c9"]
        assert await intake.reviewable(10, 3) == []

    async def test_positions_go_on_from_batch_to_batch(self, intake: Any) -> None:
        await intake.append(batch(record("a"), record("b")))
        assert (await intake.append(batch(record("c"), gateway="h"))).seqs == [3]

    async def test_a_known_case_keeps_the_whole_batch_out(self, intake: Any) -> None:
        await intake.append(batch(record("a"), record("b")))
        with pytest.raises(CaseExists) as exists:
            await intake.append(batch(record("new"), record("b", "automatic")))
        assert exists.value.positions == {"b": 2}
        assert await intake.find("new") is None
        assert (await intake.find("b")).record.action == "review"

    async def test_of_racing_repetitions_one_is_stored(self, intake: Any) -> None:
        results = await asyncio.gather(*(intake.append(batch(record("a"))) for _ in range(5)), return_exceptions=True)
        assert sorted(type(r).__name__ for r in results) == ["Appended"] + ["CaseExists"] * 4
        assert len(await intake.links(0, 10)) == 1

    async def test_a_batch_holds_each_case_once(self, intake: Any) -> None:
        with pytest.raises(ValueError, match="once"):
            await intake.append(batch(record("a"), record("a")))

    async def test_people_see_only_their_cases(self, intake: Any) -> None:
        await intake.append(batch(record("a"), record("b", "automatic"), record("c", "expert"), record("d")))
        assert [c.seq for c in await intake.reviewable(0, 10)] == [1, 3, 4]
        assert [c.record.case_id for c in await intake.reviewable(1, 1)] == ["c"]
        assert await intake.reviewable(4, 10) == []
        assert [c.record.case_id for c in await intake.cases(1, 2)] == [c.record.case_id for c in await intake.cases(0, 3)][1:]

    async def test_a_follower_is_woken_by_a_case_for_people(self, intake: Any) -> None:
        waiting = asyncio.create_task(intake.wait_beyond(0, 4.0))
        await asyncio.sleep(0.05)
        await intake.append(batch(record("a")))
        assert await asyncio.wait_for(waiting, 2.0)
        assert not await intake.wait_beyond(1, 0.02)

    async def test_a_batch_of_an_older_generation_is_refused(self, intake: Any, serving: Any) -> None:
        await serving.publish("digits", POINTER)
        with pytest.raises(StaleGeneration) as stale:
            await intake.append(batch(record("a"), generation=0))
        assert (stale.value.task, stale.value.had, stale.value.current) == ("digits", 0, 1)
        assert await intake.find("a") is None
        assert (await intake.append(batch(record("a"), generation=1))).seqs == [1]

    async def test_a_generation_that_nobody_published_is_refused(self, intake: Any) -> None:
        with pytest.raises(StaleGeneration):
            await intake.append(batch(record("a"), generation=2))

    async def test_each_task_has_its_own_generation(self, intake: Any, serving: Any) -> None:
        await serving.publish("other", POINTER)
        assert (await intake.append(batch(record("a")))).seqs == [1]

    async def test_pointers_come_back_as_published(self, serving: Any) -> None:
        assert await serving.current() == {}
        await serving.publish("digits", POINTER)
        assert await serving.current() == {"digits": POINTER}

    async def test_an_older_pointer_changes_nothing(self, serving: Any) -> None:
        await serving.publish("digits", Pointer(2, (("f" * 64, 1.0),), 9))
        await serving.publish("digits", POINTER)
        assert (await serving.current())["digits"].generation == 2

    async def test_the_chains_of_several_gateways_verify(self, intake: Any) -> None:
        one, two = batch(record("a"), record("b")), batch(record("c"), gateway="h")
        await intake.append(one)
        await intake.append(two)
        await intake.append(more := batch(record("d", "automatic"), first=3, head=one.links[-1]))
        assert await verify_intake("intake-0", intake) == (4, {"g": more.links[-1], "h": two.links[-1]})

    @pytest.mark.parametrize("wrong", [{"first": 2}, {"head": "1" * 64}])
    async def test_a_link_that_does_not_follow_is_found(self, intake: Any, wrong: dict[str, Any]) -> None:
        await intake.append(batch(record("a"), **wrong))
        with pytest.raises(ChainBroken) as broken:
            await verify_intake("intake-0", intake)
        assert broken.value.seq == 1

    async def test_a_wrapped_key_stands_beside_its_case_until_it_is_dropped(self, intake: Any) -> None:
        await intake.append(replace(batch(record("a"), record("b")), keys=[b"key of a", b""]))
        assert ((await intake.find("a")).wrapped_key, (await intake.find("b")).wrapped_key) == (b"key of a", None)
        assert (await intake.drop_key("a"), await intake.drop_key("a"), await intake.drop_key("b")) == (True, False, False)
        assert (await intake.find("a")).wrapped_key is None
        assert (await verify_intake("intake-0", intake))[0] == 2
