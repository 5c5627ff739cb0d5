"""Naming somebody in the note of an answer, in a real browser: completion, the service's refusal, the notice and its link."""

from collections.abc import Callable, Iterator

import pytest

from hitl.adapters.notify.senders import senders
from hitl.adapters.valkey.client import connect
from serve_app.reconcilers.outbox import Courier, OutboxTail
from tests.console.browser import Console
from tests.console.near import Near, near
from tests.review_app.test_mentions import CONFIG
from tests.valkey_process import ValkeyProcess

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


@pytest.fixture(scope="module")
def world(valkey_session: ValkeyProcess) -> Iterator[Near]:
    valkey_session.empty()
    made = Near()
    made.keep_records(connect(valkey_session.url))
    with near(made) as found:
        yield found


async def carry(world: Near) -> None:
    records = world.ports.records
    await OutboxTail(records.outgoing, {}, CONFIG).once()
    await Courier(records.outgoing, senders(CONFIG, records.inbox, {})).once()


def test_a_name_is_completed_in_the_note_and_its_person_finds_the_case_in_the_inbox(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    ada = person("ada").go("reviews/digits")
    note = ada.page.get_by_label("Note")
    note.fill("like the one of ")
    note.press_sequentially("@e")
    people = ada.page.get_by_role("listbox", name="People who can be named")
    people.get_by_role("option", name="eve").wait_for()
    assert ada.serious() == []
    ada.page.keyboard.press("Enter")
    assert note.input_value() == "like the one of @eve "
    people.wait_for(state="detached")
    ada.page.get_by_label("3", exact=True).check()
    ada.page.keyboard.press("Control+Enter")
    ada.page.get_by_text("Answered 3").first.wait_for()
    world.do(carry(world))
    eve = person("eve").go("inbox")
    eve.page.get_by_text("1 unread").wait_for()
    news = eve.page.get_by_role("region", name="Notifications")
    assert "like the one" not in news.inner_text()
    news.get_by_role("link", name="ada mentioned you about a case of digits").click()
    eve.page.wait_for_url(f"**/cases/{case_id}")
    eve.page.get_by_role("link", name="@eve").wait_for()


def test_a_name_of_nobody_who_may_see_the_case_is_refused_beside_the_note(world: Near, person: Person) -> None:
    world.cases(2, "other")
    ben = person("ben").go("reviews/digits")
    ben.page.get_by_label("3", exact=True).check()
    ben.page.get_by_label("Note").fill("ask @client")
    ben.page.keyboard.press("Control+Enter")
    ben.page.get_by_role("alert").filter(has_text="client").wait_for()
    assert ben.page.get_by_label("Note").input_value() == "ask @client"
