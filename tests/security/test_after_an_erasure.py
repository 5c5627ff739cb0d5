"""What is left to do and to see of a case once its input was erased."""

from hitl.access import EraseCase
from hitl.machine import Envelope
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
