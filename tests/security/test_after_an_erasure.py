"""What is left to do and to see of a case once its input was erased."""

from typing import Any

from hitl.access import EraseCase
from hitl.ids import partition_of
from hitl.machine import Envelope
from hitl.machine.shards import shard_of_case
from hitl.review import OpenReview
from hitl.sealing import MemoryDataKeys
from serve_app.reconcilers.erasures import EraseKeys
from tests.identity.conftest import SealedWorld, sealed

__all__ = ["sealed"]

WHY = {"reason": "the person asked"}


async def test_nobody_is_asked_to_look_at_an_erased_input(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")
    assert (await sealed.call("POST", "/v1/queues/digits/claim", "reviewer")).status_code == 204
    told = (await sealed.call("GET", f"/v1/decisions/{case_id}", "client")).json()
    assert (told["status"], told["outcome"], told["in_line"]) == ("withdrawn", None, None)


async def test_who_holds_the_review_loses_it_with_its_draft(sealed: SealedWorld) -> None:
    case_id, review = await sealed.sealed_case("a"), await sealed.claim()
    path = f"/v1/reviews/{review['review_id']}"
    draft = {"lease": review["lease"]["id"], "draft": {"comment": "looks like Ada"}}
    await sealed.call("POST", f"{path}/draft", "reviewer", draft)
    await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")
    assert (await sealed.decide(review)).status_code == 409
    shown = (await sealed.call("GET", path, "operator")).json()["review"]
    assert (shown["status"], shown["lease"], shown["drafts"]) == ("withdrawn", None, {})


async def test_a_decision_that_was_made_before_stands(sealed: SealedWorld) -> None:
    case_id, review = await sealed.sealed_case("a"), await sealed.claim()
    await sealed.decide(review)
    await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")
    told = (await sealed.call("GET", f"/v1/decisions/{case_id}", "client")).json()
    assert (told["features"], told["outcome"]["label"]) == (None, "3")


async def test_the_reconciler_withdraws_what_a_crash_left_open(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    await sealed.shards.shards["access"].submit(Envelope(EraseCase(case_id, "digits", "olga", "asked"), "e", "", "olga", "r"))
    await EraseKeys(sealed.shards, sealed.intakes, MemoryDataKeys()).once()
    assert (await sealed.call("POST", "/v1/queues/digits/claim", "reviewer")).status_code == 204


async def erased_before_it_opened(world: SealedWorld) -> tuple[str, EraseKeys]:
    """A case that its shard came to after its erasure, as it does after a crash."""
    case_id = await world.sealed_case("a")
    sent, world.shards.submit = world.shards.submit, unopened(world)  # type: ignore[method-assign]
    later = await world.sealed_case("b")
    world.shards.submit = sent  # type: ignore[method-assign]
    assert case_id != later
    await world.shards.shards["access"].submit(Envelope(EraseCase(later, "digits", "olga", "asked"), "e", "", "olga", "r"))
    erasures = EraseKeys(world.shards, world.intakes, MemoryDataKeys())
    await erasures.once()
    found = await world.intakes[partition_of(later, len(world.intakes))].find(later)
    assert found is not None
    assert found.wrapped_key is None
    opening = Envelope(OpenReview(found.record, found.seq), f"open:{later}", "", "intake", "r")
    await world.shards.submit(shard_of_case(later, world.ports.partitioning), opening)
    return later, erasures


def unopened(world: SealedWorld) -> Any:
    async def submit(shard: str, envelope: Envelope[Any]) -> None:
        """The shard is away."""

    return submit


async def test_a_review_that_opens_after_the_erasure_is_withdrawn(sealed: SealedWorld) -> None:
    case_id, erasures = await erased_before_it_opened(sealed)
    await erasures.once()
    told = (await sealed.call("GET", f"/v1/decisions/{case_id}", "client")).json()
    assert told["status"] == "withdrawn"


async def test_a_claim_hands_out_no_erased_input_whatever_opened_its_review(sealed: SealedWorld) -> None:
    """As it is where a case of known answer, erased since, is asked again."""
    case_id, _ = await erased_before_it_opened(sealed)
    claims = [await sealed.call("POST", "/v1/queues/digits/claim", "reviewer") for _ in range(2)]
    assert sorted(each.status_code for each in claims) == [200, 204]
    told = (await sealed.call("GET", f"/v1/decisions/{case_id}", "client")).json()
    assert told["status"] == "withdrawn"
