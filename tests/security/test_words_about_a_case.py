"""What people wrote about a sealed case: colleagues read it, no store has it in clear, and an erasure takes it."""

import json
from typing import Any

import pytest

from hitl.journal.entry import Commit
from hitl.machine.shards import shard_of_case
from hitl.outbox.facts import facts_of
from hitl.review.questions import ReviewOf
from hitl.tracking.cases import reviewed
from tests.identity.conftest import SealedWorld, sealed

__all__ = ["sealed"]

WORDS = "Ada has three months to live"
WHY = {"reason": "the person asked"}

ACTS: dict[str, dict[str, Any]] = {
    "decision": {"label": "3", "comment": WORDS},
    "release": {"reason": WORDS},
    "escalate": {"reason": WORDS},
    "skip": {"reason": WORDS},
    "delegate": {"to": "person:eve", "reason": WORDS},
    "draft": {"draft": {"comment": WORDS}},
    "failure": {"kind": "render", "detail": WORDS},
}
"""What the holder of a review may say in words."""

LATER: dict[str, dict[str, Any]] = {
    "amend": {"label": "4", "reason": WORDS},
    "reopen": {"reason": WORDS},
    "assign": {"to": "person:ann", "reason": WORDS},
}
"""And who does not hold it."""


async def written(world: SealedWorld, act: str) -> str:
    """The path of a review about which ``act`` has said WORDS."""
    await world.sealed_case("a")
    review = await world.claim()
    path = f"/v1/reviews/{review['review_id']}"
    lease = review["lease"]["id"]
    if act in ("amend", "reopen"):
        answer = {"lease": lease, "label": "3"}
        await world.call("POST", f"{path}/decision", "reviewer", answer, idempotency_key="d")
    who = "expert" if act in LATER else "reviewer"
    body = LATER[act] if act in LATER else {"lease": lease, **ACTS[act]}
    told = await world.call("POST", f"{path}/{act}", who, body, idempotency_key="w")
    assert told.status_code == 200, told.text
    return path


async def is_kept(world: SealedWorld, path: str) -> bool:
    """A draft is its writer's alone."""
    return WORDS in (await world.call("GET", path, "reviewer")).text


async def journals(world: SealedWorld) -> list[bytes]:
    return [entry.body for journal in world.shards.journals.values() for entry in await journal.read(0, 10_000)]


@pytest.mark.parametrize("act", [*ACTS, *LATER])
async def test_no_journal_has_the_words_and_colleagues_do(sealed: SealedWorld, act: str) -> None:
    path = await written(sealed, act)
    assert WORDS.encode() not in b"".join(await journals(sealed))
    seen = [await sealed.call("GET", place, "operator") for place in (path, path[:-1] + "2")]
    assert WORDS in "".join(each.text for each in seen) or (act == "draft" and await is_kept(sealed, path))


@pytest.mark.parametrize("act", [*ACTS, *LATER])
async def test_after_an_erasure_nobody_reads_the_words(sealed: SealedWorld, act: str) -> None:
    path = await written(sealed, act)
    case_id = path.rpartition("/")[2].rpartition("-")[0]
    assert (await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")).status_code == 200
    for who in ("reviewer", "expert", "operator", "admin"):
        for place in (path, f"/v1/decisions/{case_id}"):
            assert WORDS not in (await sealed.call("GET", place, who)).text


async def test_the_next_holder_and_the_queue_read_why_it_was_passed_on(sealed: SealedWorld) -> None:
    await written(sealed, "escalate")
    page = await sealed.call("GET", "/v1/queues/digits.expert/reviews", "expert")
    claimed = await sealed.call("POST", "/v1/queues/digits.expert/claim", "expert")
    assert (WORDS in page.text, WORDS in claimed.text) == (True, True)


async def test_a_repeated_answer_is_recognised_and_another_one_refused(sealed: SealedWorld) -> None:
    await sealed.sealed_case("a")
    review = await sealed.claim()
    path, body = f"/v1/reviews/{review['review_id']}/decision", {"lease": review["lease"]["id"], "label": "3", "comment": WORDS}
    answers = [await sealed.call("POST", path, "reviewer", body, idempotency_key="d") for _ in range(2)]
    other = await sealed.call("POST", path, "reviewer", {**body, "comment": "no"}, idempotency_key="d")
    assert ([each.status_code for each in answers], answers[0].json() == answers[1].json()) == ([200, 200], True)
    assert (other.status_code, other.json()["type"].rpartition(":")[2]) == (422, "idempotency-conflict")


async def test_words_about_an_erased_case_are_no_longer_kept(sealed: SealedWorld) -> None:
    await sealed.sealed_case("a")
    review = await sealed.claim()
    await sealed.decide(review)
    await sealed.call("POST", f"/v1/cases/{review['case_id']}/erase", "operator", WHY, idempotency_key="e")
    path, body = f"/v1/reviews/{review['review_id']}", {"label": "4", "reason": WORDS}
    assert (await sealed.call("POST", f"{path}/amend", "operator", body, idempotency_key="m")).status_code == 200
    assert WORDS.encode() not in b"".join(await journals(sealed))
    shown = (await sealed.call("GET", path, "operator")).json()["review"]
    assert [each["reason"] for each in shown["outcomes"]] == ["", "***"]


@pytest.mark.parametrize("text", ["x" * 4_000, "\U0001f600" * 4_000, "sealed:AAAA"])
async def test_a_comment_of_full_length_comes_back_as_it_was(sealed: SealedWorld, text: str) -> None:
    await sealed.sealed_case("a")
    review = await sealed.claim()
    path, body = f"/v1/reviews/{review['review_id']}", {"lease": review["lease"]["id"], "label": "3", "comment": text}
    assert (await sealed.call("POST", f"{path}/decision", "reviewer", body, idempotency_key="d")).status_code == 200
    shown = (await sealed.call("GET", path, "reviewer")).json()["review"]
    assert shown["outcome"]["comment"] == text


async def test_a_draft_of_full_length_is_taken_and_a_longer_one_refused(sealed: SealedWorld) -> None:
    await sealed.sealed_case("a")
    review = await sealed.claim()
    path, lease = f"/v1/reviews/{review['review_id']}/draft", review["lease"]["id"]
    told = [
        await sealed.call("POST", path, "reviewer", {"lease": lease, "draft": {"a": "x" * (8_192 - 8 + more)}})
        for more in (0, 40)
    ]
    assert [each.status_code for each in told] == [200, 422]
    assert told[0].json()["draft"] == {"a": "x" * 8_184}


async def test_mlflow_which_forgets_nothing_is_not_told_the_words(sealed: SealedWorld) -> None:
    path = await written(sealed, "decision")
    review_id = path.rpartition("/")[2]
    shard = shard_of_case(review_id.rpartition("-")[0], sealed.ports.partitioning)
    done = reviewed((await sealed.shards.ask(shard, ReviewOf(review_id))).review)
    assert [(each.label, each.comment) for each in done.answers] == [("3", "")]


@pytest.mark.parametrize("act", ["escalate", "failure"])
async def test_no_message_has_the_words_of_an_open_task_either(sealed: SealedWorld, act: str) -> None:
    """Why a review went to the experts stands in a field of its own; so does what a client reports."""
    sealed.tasks["digits"] = sealed.tasks["digits"].model_copy(
        update={"input": sealed.tasks["digits"].input.model_copy(update={"sensitive": False}), "sensitive_metadata": ()}
    )
    sealed.serve()
    await sealed.case("a")
    review = await sealed.claim()
    path = f"/v1/reviews/{review['review_id']}/{act}"
    assert (await sealed.call("POST", path, "reviewer", {"lease": review["lease"]["id"], **ACTS[act]})).status_code == 200
    entries = await journals(sealed)
    told = [fact.fields for body in entries for fact in facts_of("review-0", 1, Commit.decode(body))]
    assert (WORDS.encode() in b"".join(entries), WORDS in json.dumps(told)) == (True, False)
