"""From the message to the vote: by a link, a button of Slack, a sentence in Teams. The same machine counts all of them."""

from dataclasses import replace

from tests.chat.worlds import ChatWorld


async def test_a_link_shows_what_it_votes_on_and_votes_once(chat: ChatWorld) -> None:
    asked = await chat.ask(description="<b>Order</b> came broken")
    token = chat.token(asked)
    page = await chat.open(token)
    assert (page.status_code, "&lt;b&gt;Order&lt;/b&gt;" in page.text, 'value="approve"' in page.text) == (200, True, True)
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert (await chat.send(token, "approve", "fine")).status_code == 200
    found = await chat.standing(asked["approval_id"])
    assert (found["status"], [(vote["voter"], vote["comment"]) for vote in found["votes"]]) == (
        "approved",
        [("approver", "fine")],
    )
    assert "<form" not in (await chat.open(token)).text


async def test_the_journal_says_by_which_way_a_vote_came(chat: ChatWorld) -> None:
    asked = await chat.ask()
    await chat.send(chat.token(asked), "approve")
    history = (await chat.standing(asked["approval_id"]))["history"]
    assert [entry.get("via") for entry in history if entry["type"] == "VoteCast"] == ["link"]


async def test_a_vote_of_who_is_signed_in_is_written_as_before(chat: ChatWorld) -> None:
    asked = await chat.ask()
    body = {"vote": "approve", "digest": asked["digest"]}
    await chat.world.call("POST", f"/v1/approvals/{asked['approval_id']}/votes", "approver", body, idempotency_key="v")
    history = (await chat.standing(asked["approval_id"]))["history"]
    assert ["via" in entry for entry in history if entry["type"] == "VoteCast"] == [False]


async def test_a_button_of_slack_votes_and_the_message_loses_its_buttons(chat: ChatWorld) -> None:
    asked = await chat.ask()
    assert (await chat.press(chat.token(asked, ""))).status_code == 200
    assert (await chat.standing(asked["approval_id"]))["status"] == "approved"
    told = chat.told[0]
    assert told["replace_original"] is True
    assert told["text"] == f"Your vote counts. {asked['approval_id']} is approved: 1 of 1 approving votes."


async def test_a_double_click_in_slack_has_one_effect_and_one_answer(chat: ChatWorld) -> None:
    token = chat.token(asked := await chat.ask(), "")
    await chat.press(token)
    await chat.press(token)
    assert chat.told[0] == chat.told[1]
    assert len((await chat.standing(asked["approval_id"]))["votes"]) == 1


async def test_a_sentence_in_teams_votes(chat: ChatWorld) -> None:
    asked = await chat.ask()
    said = await chat.write(f"approve {asked['approval_id']} {asked['digest'][:16]}")
    assert said.json() == {
        "type": "message",
        "text": f"Your vote counts. {asked['approval_id']} is approved: 1 of 1 approving votes.",
    }
    found = await chat.standing(asked["approval_id"])
    assert (found["status"], found["votes"][0]["voter"]) == ("approved", "approver")


async def test_what_cannot_count_is_told_in_the_chat(chat: ChatWorld) -> None:
    said = await chat.write("good morning")
    assert (said.status_code, said.json()["text"].startswith("The request does not fit")) == (200, True)


async def test_without_a_configuration_there_are_no_such_routes(chat: ChatWorld) -> None:
    token = chat.token(await chat.ask())
    chat.world.ports = replace(chat.world.ports, chat=None)
    chat.world.serve()
    answers = [await chat.open(token), await chat.press(token), await chat.write("x")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
