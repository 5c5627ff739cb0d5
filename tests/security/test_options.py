"""A client writes options that say one thing and do the other: they are refused, and a vote means what its words say."""

from typing import Any

import pytest

from hitl.approval import Vote
from hitl.errors import InvalidInput
from tests.approval.test_requests import HOUR, shown
from tests.fakes.approvals import ask, shard, voted
from tests.review_app.conftest import World


def option(value: str, outcome: str, label: str | None = None) -> dict[str, Any]:
    return {"label": label or value, "value": value, "outcome": outcome}


YES, NO = option("go", "approve", "Go ahead"), option("halt", "reject", "Leave it")
WORDS = {
    "approve": (
        *("approve", "ACCEPT", "Allow", "yes", "Deploy", "approve it", "Yes, please", "Not rejected", "ap\u200bprove"),
        *("Genehmigen", "Ja, freigeben", "Nicht ablehnen", "\u0430pprove", "\u0410\u0420\u0420ROV\u0415"),
    ),
    "reject": (
        *("reject", "DENY", "Decline", "no", "Block", "reject it", "Don't approve", "Do not deploy", "re\u200bject"),
        *("Ablehnen", "Nein", "Nicht genehmigen", "Zur\u00fcckweisen", "rej\u0435ct", "\u039d\u039f", "\u0405TOP"),
    ),
}  # fmt: skip
CONTRADICTIONS = [
    *([option(word, "reject", "Plan A"), YES] for word in WORDS["approve"]),
    *([option("plan-a", "reject", word), YES] for word in WORDS["approve"]),
    *([option(word, "approve", "Plan A"), NO] for word in WORDS["reject"]),
    *([option("plan-a", "approve", word), NO] for word in WORDS["reject"]),
    [option("approve", "reject", "Approve"), option("reject", "approve", "Reject")],
]
ALIKE = [
    [option("go", "approve", "Plan"), option("halt", "reject", "plan")],
    [option("plan", "approve", "Do it"), option("Plan", "reject", "Leave it")],
    [option("plan", "approve", "Do it"), option("pl\u200ban", "reject", "Leave it")],
]


@pytest.mark.parametrize("options", CONTRADICTIONS + ALIKE)
async def test_options_that_mislead_are_refused(world: World, options: list[dict[str, Any]]) -> None:
    before = await world.state()
    body = {"kind": "custom", "title": "Do it?", "options": options}
    answer = await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")
    assert (answer.status_code, "/options" in answer.text) == (422, True)
    assert await world.state() == before


TURNED = "\u202etcejer"
"""Shown as "reject"."""

TURNING: list[dict[str, Any]] = [
    {"title": f"Do it? {TURNED}"},
    {"description": TURNED},
    {"options": [option("plan-a", "approve", TURNED), NO]},
    {"options": [option(TURNED, "approve", "Plan"), NO]},
    {"title": "\u2067Do it?\u2069"},
]


@pytest.mark.parametrize("words", TURNING)
async def test_words_that_are_shown_in_another_order_are_refused(world: World, words: dict[str, Any]) -> None:
    before = await world.state()
    answer = await world.call(
        "POST", "/v1/approvals", "client", {"kind": "custom", "title": "Do it?", **words}, idempotency_key="k"
    )
    assert (answer.status_code, next(iter(words)) in answer.text) == (422, True)
    assert await world.state() == before


@pytest.mark.parametrize("word", ["approve", "reject", "GO", "go "])
def test_a_word_that_is_no_option_votes_for_none(word: str) -> None:
    shell = shard(ask(options=[YES, NO]))
    with pytest.raises(InvalidInput):
        voted(shell, "ann", word)
    assert shown(shell)["votes"] == []


@pytest.mark.parametrize("word", ["approve", "reject"])
def test_a_default_names_an_option_by_its_value_alone(word: str) -> None:
    with pytest.raises(InvalidInput, match="/default/option"):
        shard(ask(options=[YES, NO], default=HOUR | {"option": word}))


def test_a_vote_has_the_outcome_of_the_option_that_it_names() -> None:
    shell = shard(ask(options=[YES, NO], policy={"approvers": ["ann"]}))
    assert voted(shell, "ann", "halt") == "rejected"


@pytest.mark.parametrize("label", ["Approve with changes", "Publish and stop the old one", "Retry", "Refund", "Plan B"])
def test_plain_words_are_taken(label: str) -> None:
    assert shown(shard(ask(options=[option("plan-b", "approve", label), NO])))["options"][0]["label"] == label


def test_an_old_request_with_swapped_words_takes_no_vote_and_expires_unapproved(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr("hitl.approval.options.contradiction_in", lambda _: None)  # as before the rule
        shell = shard(ask(options=CONTRADICTIONS[-1], default=HOUR | {"option": "reject"}))
    found = shown(shell)
    with pytest.raises(InvalidInput):
        shell.send(Vote("refund", "ann", "reject", found["digest"]))
    shell.advance(3600)
    assert shown(shell)["status"] == "expired"
