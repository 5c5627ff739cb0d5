"""A replica that has not looked for new definitions yet shows and answers no case under an old one."""

from dataclasses import replace

import pytest

from hitl.approval.definitions import DefinitionKey, DefinitionReader, MemoryIndex
from hitl.journal.memory import MemoryJournal
from hitl.machine.shards import APPROVAL
from hitl.tasks.book import Definition, TaskBook
from tests.review_app.conftest import World
from tests.review_app.test_guidelines import with_guidelines

NEW = "unreadable"


class Definitions(DefinitionReader):
    """What came into force with the generation of the world's cases, and is read when somebody asks."""

    def __init__(self, world: World) -> None:
        super().__init__(MemoryIndex(), MemoryJournal(APPROVAL))
        before = world.tasks["digits"]
        wider = with_guidelines(before.model_copy(update={"labels": [*before.labels, NEW]}), **{"7": {"text": "One bar."}})
        self.found = Definition("digits", 1, "d", wider)

    async def refresh(self, book: TaskBook) -> bool:
        return book.learn([self.found])


@pytest.fixture
def book(world: World) -> TaskBook:
    """That of the replica, which knows the definition of before."""
    book, reader = TaskBook(world.tasks), Definitions(world)
    world.ports = replace(world.ports, tasks=book, definitions=reader)
    world.serve()
    return book


async def test_the_first_claim_shows_the_labels_and_guidelines_of_the_case(world: World, book: TaskBook) -> None:
    await world.case("a")
    form = (await world.claim())["form"]
    assert (form["labels"][-1], [each["text"] for each in form["guidelines"]]) == (NEW, ["One bar."])


@pytest.mark.parametrize("path", ["/v1/reviews/{review_id}", "/v1/queues/digits/reviews"])
async def test_what_defines_a_case_is_known_before_words_about_it_are_shown_or_kept(
    world: World, book: TaskBook, path: str
) -> None:
    """Words about it are sealed, or not, by its definition."""
    case = await world.case("a")
    assert book.known == frozenset[DefinitionKey]()
    told = await world.call("GET", path.format(review_id=f"{case}-1"), "reviewer")
    assert told.status_code == 200, told.text
    assert book.known == {("digits", 1)}
