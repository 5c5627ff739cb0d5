"""Sealed inputs over HTTP: masked, revealed on the record, erased for ever."""

import pytest

from hitl.access import EraseCase, Erasures
from hitl.errors import HitlError, Recovering, SealBroken, StoreUnavailable
from hitl.ids import partition_of
from hitl.intake import StoredCase
from hitl.intake.segments import day_of
from hitl.machine import Envelope
from hitl.sealing import MemoryDataKeys
from serve_app.reconcilers import erasures
from serve_app.reconcilers.erasures import EraseKeys
from tests.fakes.archive import MemoryCases, archive_all
from tests.identity.conftest import NAME, SealedWorld

WHY = {"reason": "the person asked"}


@pytest.mark.covers("000-76")
async def test_a_claim_and_a_decision_show_masks_and_a_reveal_the_input_with_its_event(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    claimed = await sealed.claim()
    assert claimed["payload"] == {"features": "***", "metadata": {"name": "***", "ward": "7"}}
    assert NAME not in (await sealed.call("GET", f"/v1/decisions/{case_id}", "client")).text
    shown = await sealed.call("POST", f"/v1/cases/{case_id}/reveal", "reviewer", WHY, idempotency_key="r")
    assert shown.json()["metadata"] == {"name": NAME, "ward": "7"}
    told = (await sealed.call("GET", f"/v1/cases/{case_id}/reveals", "operator")).json()["reveals"]
    assert [(each["by"], each["reason"]) for each in told] == [("reviewer", "the person asked")]


@pytest.mark.parametrize(
    ("who", "status"), [("client", 403), ("approver", 403), ("reviewer-2", 403), ("stranger", 404), (None, 401)]
)
async def test_nobody_without_the_lease_sees_it(sealed: SealedWorld, who: str | None, status: int) -> None:
    case_id = await sealed.sealed_case("a")
    await sealed.claim()
    before = await sealed.state()
    answer = await sealed.call("POST", f"/v1/cases/{case_id}/reveal", who, WHY, idempotency_key="r")
    assert (answer.status_code, NAME in answer.text) == (status, False)
    assert await sealed.state() == before


async def test_who_holds_a_later_review_of_the_case_sees_it(sealed: SealedWorld) -> None:
    case_id, first = await sealed.sealed_case("a"), await sealed.claim()
    await sealed.decide(first)
    await archive_all(sealed.shards.shards, MemoryCases())
    body = {"reason": "look again", "to_experts": False}
    await sealed.call("POST", f"/v1/reviews/{first['review_id']}/reopen", "expert", body, idempotency_key="o")
    assert (await sealed.claim("reviewer-2"))["case_id"] == case_id
    shown = await sealed.call("POST", f"/v1/cases/{case_id}/reveal", "reviewer-2", WHY, idempotency_key="r")
    assert (shown.status_code, shown.json().get("metadata")) == (200, {"name": NAME, "ward": "7"})
    again = await sealed.call("POST", f"/v1/cases/{case_id}/reveal", "reviewer", WHY, idempotency_key="r")
    assert again.status_code == 403


async def test_nothing_is_shown_while_the_access_journal_is_away(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    sealed.shards.away.add("access")
    answer = await sealed.call("POST", f"/v1/cases/{case_id}/reveal", "operator", WHY, idempotency_key="r")
    assert (answer.status_code, NAME in answer.text) == (503, False)


@pytest.mark.covers("000-76")
async def test_an_erased_case_is_gone_for_everybody_and_its_example_vanishes(sealed: SealedWorld) -> None:
    case_id, other = await sealed.sealed_case("a"), await sealed.sealed_case("b")
    for key in ("1", "2"):
        await sealed.decide(await sealed.claim(), key=key)
    erased = await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")
    assert erased.json() == {"case_id": case_id, "is_erased": True}
    assert (await sealed.call("POST", f"/v1/cases/{case_id}/reveal", "operator", WHY, idempotency_key="r")).status_code == 410
    assert (await sealed.call("GET", f"/v1/decisions/{case_id}", "client")).json()["features"] is None
    rows = (await sealed.call("GET", "/v1/examples?task=digits&limit=1", "trainer")).json()["examples"]
    assert [row["case_id"] for row in rows] == [other]


@pytest.mark.parametrize(("who", "status"), [("client", 403), ("reviewer", 403), ("expert", 403), ("operator-of-digits", 200)])
async def test_operators_of_the_task_alone_erase(sealed: SealedWorld, who: str, status: int) -> None:
    case_id = await sealed.sealed_case("a")
    assert (await sealed.call("POST", f"/v1/cases/{case_id}/erase", who, WHY, idempotency_key="e")).status_code == status


async def test_an_input_that_is_not_sealed_cannot_be_erased(sealed: SealedWorld) -> None:
    case_id, before = await sealed.case("a"), await sealed.state()
    answer = await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[1]) == (409, "not-sealed")
    assert await sealed.state() == before


async def test_the_keeper_finishes_an_erasure_that_a_crash_interrupted(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    await sealed.shards.shards["access"].submit(Envelope(EraseCase(case_id, "digits", "olga", "asked"), "e", "", "olga", "r"))
    keeper = EraseKeys(sealed.shards, sealed.intakes, MemoryDataKeys())
    sealed.shards.away.add("access")
    with pytest.raises(Recovering):
        await keeper.once()
    sealed.shards.away.clear()
    await keeper.once()
    answer = await sealed.call("POST", f"/v1/cases/{case_id}/reveal", "operator", WHY, idempotency_key="r")
    assert answer.status_code == 410


def hold(until: float) -> dict[str, object]:
    return {"until": until, "reason": "the court asked"}


FAR = 4e9


async def test_a_held_case_is_not_erased_before_its_day(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    held = await sealed.call("POST", f"/v1/cases/{case_id}/hold", "operator", hold(FAR), idempotency_key="h")
    assert held.json() == {"case_id": case_id, "until": FAR}
    refused = await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")
    assert (refused.status_code, "2096-10-02T07:06:40Z" in refused.json()["detail"]) == (409, True)
    shown = (await sealed.call("GET", f"/v1/cases/{case_id}/hold", "operator")).json()["hold"]
    assert (shown["by"], shown["reason"], shown["until"]) == ("operator", "the court asked", FAR)
    assert (await sealed.call("POST", f"/v1/cases/{case_id}/reveal", "operator", WHY, idempotency_key="r")).status_code == 200


async def test_who_holds_a_case_cannot_shorten_the_hold_without_an_admin(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    await sealed.call("POST", f"/v1/cases/{case_id}/hold", "operator", hold(FAR), idempotency_key="h")
    refused = await sealed.call("POST", f"/v1/cases/{case_id}/hold", "operator", hold(0.0), idempotency_key="i")
    longer = await sealed.call("POST", f"/v1/cases/{case_id}/hold", "operator", hold(FAR + 1), idempotency_key="j")
    assert (refused.status_code, longer.status_code) == (403, 200)


async def test_a_hold_that_is_over_erases_again(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    await sealed.call("POST", f"/v1/cases/{case_id}/hold", "operator", hold(1.0), idempotency_key="h")
    assert (await sealed.call("GET", f"/v1/cases/{case_id}/hold", "operator")).json() == {"hold": None}
    assert (await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("client", 403), ("reviewer", 403), ("stranger", 403), (None, 401)])
async def test_operators_of_the_task_alone_hold(sealed: SealedWorld, who: str | None, status: int) -> None:
    case_id = await sealed.sealed_case("a")
    assert (await sealed.call("POST", f"/v1/cases/{case_id}/hold", who, hold(FAR), idempotency_key="h")).status_code == status


def held_days(until: float, first: str, last: str) -> dict[str, object]:
    return {"task": "digits", "first_day": first, "last_day": last, **hold(until)}


async def day_of_case(sealed: SealedWorld, case_id: str) -> str:
    found = await sealed.intakes[partition_of(case_id, len(sealed.intakes))].find(case_id)
    assert found is not None
    return day_of(found.record.at)


async def test_a_case_of_held_days_is_not_erased(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    day = await day_of_case(sealed, case_id)
    body = held_days(FAR, day, day)
    assert (await sealed.call("POST", "/v1/holds/days", "operator", body, idempotency_key="h")).status_code == 200
    refused = await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")
    assert (refused.status_code, "2096-10-02T07:06:40Z" in refused.json()["detail"]) == (409, True)
    shorter = await sealed.call("POST", "/v1/holds/days", "operator", {**body, "until": 1.0}, idempotency_key="i")
    assert shorter.status_code == 403
    [told] = (await sealed.call("GET", "/v1/holds", "operator")).json()["days"]
    assert (told["task"], told["first_day"], told["by"], told["until"]) == ("digits", day, "operator", FAR)


async def test_other_days_are_not_held(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    body = held_days(FAR, "1980-01-01", "1980-01-02")
    await sealed.call("POST", "/v1/holds/days", "operator", body, idempotency_key="h")
    assert (await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"last_day": "1979-12-31"}, 422),
        ({"first_day": "1980-02-30"}, 422),
        ({"first_day": "yesterday"}, 422),
        ({"task": "unknown"}, 404),
        ({"reason": " "}, 422),
    ],
)
async def test_days_that_are_none_are_refused(sealed: SealedWorld, change: dict[str, str], status: int) -> None:
    body = {**held_days(FAR, "1980-01-01", "1980-03-01"), **change}
    before = await sealed.state()
    assert (await sealed.call("POST", "/v1/holds/days", "operator", body, idempotency_key="h")).status_code == status
    assert await sealed.state() == before


async def test_an_erasure_whose_files_are_away_holds_up_no_other(sealed: SealedWorld) -> None:
    first, second = await sealed.sealed_case("a"), await sealed.sealed_case("b")
    for number, case_id in enumerate((first, second)):
        erase = EraseCase(case_id, "digits", "olga", "asked")
        await sealed.shards.shards["access"].submit(Envelope(erase, f"e{number}", "", "olga", "r"))

    async def release(case: StoredCase) -> None:
        if case.record.case_id == first:
            raise StoreUnavailable("files of cases")

    keeper = EraseKeys(sealed.shards, sealed.intakes, MemoryDataKeys(), release)
    with pytest.raises(StoreUnavailable):
        await keeper.once()
    kept = [await sealed.intakes[partition_of(case_id, len(sealed.intakes))].find(case_id) for case_id in (first, second)]
    assert [case is not None and case.wrapped_key is None for case in kept] == [False, True]


@pytest.mark.parametrize("error", [SealBroken("a file", "its bytes are others"), StoreUnavailable("a file is lost")])
async def test_a_key_that_cannot_be_dropped_holds_up_no_later_erasure(
    sealed: SealedWorld, monkeypatch: pytest.MonkeyPatch, error: HitlError
) -> None:
    case_ids = [await sealed.sealed_case(key) for key in "abc"]
    for number, case_id in enumerate(case_ids):
        erase = EraseCase(case_id, "digits", "olga", "asked")
        await sealed.shards.shards["access"].submit(Envelope(erase, f"e{number}", "", "olga", "r"))
    broken = set(case_ids[:1])

    async def release(case: StoredCase) -> None:
        if case.record.case_id in broken:
            raise error

    async def erased() -> list[bool]:
        found = [await sealed.intakes[partition_of(case_id, len(sealed.intakes))].find(case_id) for case_id in case_ids]
        return [case is not None and case.wrapped_key is None for case in found]

    monkeypatch.setattr(erasures, "Erasures", lambda after: Erasures(after, 1))
    keeper = EraseKeys(sealed.shards, sealed.intakes, MemoryDataKeys(), release)
    for _ in case_ids:
        with pytest.raises(type(error)):
            await keeper.once()
    assert await erased() == [False, True, True]
    broken.clear()
    await keeper.once()
    assert await erased() == [True] * 3
