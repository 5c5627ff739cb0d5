"""Votes by links and from chat, as an attacker would want them: none of it counts, and nothing changes."""

from collections.abc import AsyncIterator

import pytest

from hitl.chat.vote_links import VoteLink, sign_link
from tests.chat.worlds import SLACK_SECRET, ChatWorld
from tests.review_app.conftest import World

CODE = {"kind": "code_execution", "context": {"code": "print(1)", "language": "python"}}


@pytest.fixture
async def chat() -> AsyncIterator[ChatWorld]:
    world = World()
    await world.shards.start()
    made = ChatWorld(world)
    await made.start()
    yield made
    await world.http.aclose()
    await world.shards.stop()


async def test_who_opens_or_prefetches_a_link_has_not_voted(chat: ChatWorld) -> None:
    token = chat.token(await chat.ask())
    before = await chat.world.state()
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        await chat.open(token + "?vote=approve", method)
    assert await chat.world.state() == before


async def test_a_link_that_is_used_votes_no_other_way(chat: ChatWorld) -> None:
    """Who finds the link in a mailbox later can neither change the vote nor add one."""
    token = chat.token(asked := await chat.ask(policy={"rule": "k_of_n", "k": 2, "approvers": ["approver", "approver-2"]}))
    assert (await chat.send(token, "approve")).status_code == 200
    before = await chat.world.state()
    assert (await chat.send(token, "reject")).status_code == 422
    assert (await chat.send(chat.token(asked, hours=2.0), "reject")).status_code == 409
    assert (await chat.send(token, "approve")).status_code == 200
    assert await chat.world.state() == before


@pytest.mark.parametrize("person", ["reviewer", "operator", "nobody-at-all", ""])
async def test_a_link_gives_nobody_a_vote_that_they_do_not_have(chat: ChatWorld, person: str) -> None:
    token = chat.token(await chat.ask(), person)
    before = await chat.world.state()
    assert (await chat.send(token, "approve")).status_code in (401, 403)
    assert (await chat.open(token)).status_code in (401, 403)
    assert await chat.world.state() == before


async def test_who_is_excluded_does_not_vote_by_a_link(chat: ChatWorld) -> None:
    asked = await chat.ask(policy={"excluded": ["approver"]})
    assert (await chat.send(chat.token(asked), "approve")).status_code == 403


async def test_rights_are_those_of_the_moment_of_the_vote(chat: ChatWorld) -> None:
    token = chat.token(asked := await chat.ask())
    await chat.disable("approver")
    assert (await chat.send(token, "approve")).status_code == 401
    assert (await chat.standing(asked["approval_id"]))["votes"] == []


async def test_a_link_of_another_secret_or_for_other_bytes_is_worth_nothing(chat: ChatWorld) -> None:
    asked = await chat.ask()
    link = VoteLink(asked["approval_id"], asked["digest"], "approver", chat.now + 60)
    assert (await chat.send(sign_link(link, [b"guessed-guessed-guessed-guessed!"]), "approve")).status_code == 404
    assert (await chat.send(chat.token({**asked, "digest": "0" * 64}), "approve")).status_code == 409
    chat.now += 2 * 3600
    assert (await chat.send(chat.token(asked, hours=-1.0), "approve")).status_code == 404


async def test_wrong_links_are_bounded_and_right_ones_go_on(chat: ChatWorld) -> None:
    token = chat.token(await chat.ask())
    statuses = [(await chat.open("x" * 60)).status_code for _ in range(70)]
    assert (statuses[0], statuses[-1]) == (404, 429)
    assert (await chat.open(token)).status_code == 200


@pytest.mark.parametrize("way", ["link", "slack", "teams"])
@pytest.mark.parametrize(
    "risky",
    [CODE, {"context": {"riskLevel": "critical"}}, {"context": {"card": "4111"}, "sensitive": ["card"]}],
)
async def test_fixed_kinds_and_risks_take_a_sign_in(chat: ChatWorld, way: str, risky: dict[str, object]) -> None:
    asked = await chat.ask(**risky)
    if way == "link":
        assert (await chat.send(chat.token(asked), "approve")).status_code == 403
        page = (await chat.open(chat.token(asked))).text
        assert ("<form" in page, "print(1)" in page, "signed in" in page) == (False, False, True)
    elif way == "slack":
        await chat.press(chat.token(asked, ""))
        assert "sign in" in str(chat.told[0]["text"])
    else:
        said = await chat.write(f"approve {asked['approval_id']} {asked['digest'][:16]}")
        assert "sign in" in said.json()["text"]
    assert (await chat.standing(asked["approval_id"]))["votes"] == []


async def test_a_form_of_another_type_or_size_is_refused(chat: ChatWorld) -> None:
    token = chat.token(await chat.ask())
    before = await chat.world.state()
    path = f"/v1/votes/{token}"
    form = {"content-type": "application/x-www-form-urlencoded"}
    sent = [
        await chat.world.http.post(path, content=b'{"vote":"approve"}', headers={"content-type": "application/json"}),
        await chat.world.http.post(path, content=b"vote=approve&vote=reject", headers=form),
        await chat.world.http.post(path, content=b"vote=approve&" + b"a=b&" * 9, headers=form),
        await chat.world.http.post(path, content=b"vote=%ff", headers=form),
        await chat.world.http.post(path, content=b"x" * 70_000, headers=form),
        await chat.world.http.post(path, content=b"", headers=form),
    ]
    assert [answer.status_code for answer in sent] == [415, 422, 400, 400, 413, 422]
    assert await chat.world.state() == before


async def test_slack_is_believed_only_with_its_signature_and_now(chat: ChatWorld) -> None:
    token = chat.token(await chat.ask(), "")
    before = await chat.world.state()
    refused = [
        await chat.press(token, secret="0" * 32),
        await chat.press(token, late_s=400),
        await chat.press(token, team={"id": "T2"}),
    ]
    assert [answer.status_code for answer in refused] == [401, 401, 401]
    assert (await chat.world.state(), chat.told) == (before, [])


@pytest.mark.parametrize("user", ["U3", "U9", "approver", ""])
async def test_a_slack_user_without_the_role_or_an_account_votes_nothing(chat: ChatWorld, user: str) -> None:
    before_asking = chat.token(await chat.ask(), "")
    before = await chat.world.state()
    await chat.press(before_asking, user=user)
    assert await chat.world.state() == before
    assert chat.told[0]["replace_original"] is False


async def test_a_message_that_somebody_else_posts_has_no_button_that_counts(chat: ChatWorld) -> None:
    """Who knows the URL of the incoming webhook writes "Pizza?" over the buttons of a refund."""
    asked = await chat.ask()
    before = await chat.world.state()
    await chat.press(f"{asked['approval_id']}|{asked['digest']}")
    await chat.press(chat.token(asked, "approver-2"))  # a personal link as a button's value
    await chat.press(chat.token(asked, ""), vote="approve_all")
    assert await chat.world.state() == before


async def test_an_answer_goes_to_slack_and_nowhere_else(chat: ChatWorld) -> None:
    token = chat.token(await chat.ask(), "")
    before = await chat.world.state()
    for url in ("https://hooks.slack.com.evil.example/x", "http://hooks.slack.com/x", "https://hooks.slack.com@127.0.0.1/"):
        assert (await chat.press(token, secret=SLACK_SECRET, response_url=url)).status_code == 422
    assert (await chat.world.state(), chat.told) == (before, [])


@pytest.mark.parametrize(
    "body",
    [b"", b"payload=", b"payload=%7B", b"payload=[]", b"payload=%7B%22type%22%3A1%7D", b"other=1", b"payload=1&" * 9, b"\xff"],
)
async def test_what_slack_never_sends_is_refused_in_words(chat: ChatWorld, body: bytes) -> None:
    """Signed by somebody who has the secret: a damaged body is no failure of the service."""
    answer = await chat.post_signed(body)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:ray-hitl:problem:malformed-body")


async def test_a_button_is_no_link(chat: ChatWorld) -> None:
    asked = await chat.ask()
    assert (await chat.send(chat.token(asked, ""), "approve")).status_code == 401


async def test_teams_is_believed_only_with_its_signature_now_and_from_here(chat: ChatWorld) -> None:
    asked = await chat.ask()
    before = await chat.world.state()
    sentence = f"approve {asked['approval_id']} {asked['digest'][:16]}"
    assert (await chat.write(sentence, key=b"x" * 32)).status_code == 401
    elsewhere = {"channelData": {"tenant": {"id": "other"}}}
    for more in ({"late_s": 400}, elsewhere, {"user": "aad-9"}, {"user": "aad-3"}, {"user": ""}):
        await chat.write(sentence, **more)  # type: ignore[arg-type]
    await chat.write(f"approve {asked['approval_id']} {'0' * 16}")
    await chat.write(f"approve {asked['approval_id']} {asked['digest'][:8]}")
    assert await chat.world.state() == before


async def test_a_replayed_message_of_teams_has_one_effect(chat: ChatWorld) -> None:
    asked = await chat.ask(policy={"rule": "k_of_n", "k": 2, "approvers": ["approver", "approver-2"]})
    sentence = f"approve {asked['approval_id']} {asked['digest'][:16]}"
    first, second = await chat.write(sentence), await chat.write(sentence)
    assert first.json() == second.json()
    assert len((await chat.standing(asked["approval_id"]))["votes"]) == 1
