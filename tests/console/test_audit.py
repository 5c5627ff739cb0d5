"""The history in the console: what happened, who did it, and that no entry was changed."""

from collections.abc import Callable, Iterator

import pytest

from hitl.adapters.valkey.client import connect
from tests.console.browser import Console
from tests.console.near import Near, near
from tests.console.test_browser import PAGES
from tests.valkey_process import ValkeyProcess

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


@pytest.fixture(scope="module")
def world(valkey_session: ValkeyProcess) -> Iterator[Near]:
    valkey_session.empty()
    made = Near()
    made.keep_records(connect(valkey_session.url))
    with near(made) as found:
        found.cases(2)
        yield found


def test_the_newest_entries_are_shown_and_narrowed_by_who(world: Near, person: Person) -> None:
    operator = person("operator").go("audit")
    table = operator.page.get_by_role("region", name="Latest entries")
    table.get_by_text("Review opened").first.wait_for()
    operator.page.get_by_label("Who", exact=True).fill("nobody at all")
    operator.page.keyboard.press("Enter")
    operator.page.get_by_text("No entry matches the filters.").wait_for()


def test_every_chain_is_walked_at_a_press(world: Near, person: Person) -> None:
    operator = person("operator").go("audit")
    operator.page.get_by_role("button", name="Verify now").click()
    operator.page.get_by_text("Every chain holds").wait_for()


@pytest.mark.parametrize("who", ["operator", "eve"])
def test_no_page_breaks(world: Near, person: Person, who: str) -> None:
    one = person(who)
    for place in PAGES:
        one.go(place).page.wait_for_timeout(400)
    assert one.complaints == []
