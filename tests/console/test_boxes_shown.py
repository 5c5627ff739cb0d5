"""Where a document's fields were read, over its pages: the field in focus is marked, and a press on a box goes to its field."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from hitl.blobs.handle import FileFacts
from hitl.canonical import digest_of
from tests.console.browser import Console
from tests.console.near_files import NearFiles, near_files
from tests.fixtures.pictures import document

pytestmark = pytest.mark.slow

Person = Callable[..., Console]
TASK = "declared_invoice_pages"
READ = {"vendor": "Acme", "number": "R-1", "day": "2026-01-31", "total": "120.00"}
VENDOR = [0.1, 0.1, 0.6, 0.2]
BOXES = {
    "vendor": {"page": 1, "box": VENDOR},
    "day": {"page": 1, "box": [0.5, 0.5, 0.9, 0.6]},
    "total": {"page": 2, "box": [0.2, 0.8, 0.4, 0.9]},
}


class Papers(NearFiles):
    """The example task over documents, with one case of two pages whose fields were read there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, TASK)

    def put(self, beside: dict[str, object]) -> str:
        data = document(2)
        facts = FileFacts(digest_of(data), "pdf", len(data), 2)
        return self.put_file(TASK, "as_declared", "document", data, facts, beside)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Papers]:
    with near_files(Papers(tmp_path)) as found:
        yield found


def at(person: Person, place: str, theme: str = "light") -> Console:
    eve = person("eve", theme).go(place)
    eve.page.locator("figure.photo svg").wait_for()
    return eve


def boxes(eve: Console) -> Locator:
    return eve.page.locator("figure.photo svg rect")


def names(eve: Console) -> list[str]:
    return [str(name) for name in boxes(eve).evaluate_all("all => all.map(each => each.dataset.box)")]


def lies_over(eve: Console, name: str) -> list[float]:
    """Where the box is on the picture that is seen, as shares of it."""
    script = """name => {
      const edges = one => document.querySelector('figure.photo ' + one).getBoundingClientRect();
      const page = edges('img'), box = edges(`rect[data-box="${name}"]`);
      const across = x => (x - page.left) / page.width, down = y => (y - page.top) / page.height;
      return [across(box.left), down(box.top), across(box.right), down(box.bottom)].map(each => Math.round(100 * each) / 100);
    }"""
    found: list[float] = eve.page.evaluate(script, name)
    return found


def test_the_field_in_focus_is_marked_on_its_page_and_a_press_goes_to_its_field(world: Papers, person: Person) -> None:
    world.put({"value": READ, "boxes": BOXES})
    eve = at(person, f"reviews/{TASK}")
    assert names(eve) == ["vendor", "day"]
    assert lies_over(eve, "vendor") == VENDOR
    eve.page.get_by_label("Total").focus()
    eve.page.get_by_text("Page 2 of 2").wait_for()
    eve.page.locator("rect.focused").wait_for()
    assert (names(eve), eve.page.locator("rect.focused").get_attribute("data-box")) == (["total"], "total")
    eve.page.get_by_role("button", name="Page before").click()
    eve.page.locator('rect[data-box="day"]').click()
    eve.page.locator('rect.focused[data-box="day"]').wait_for()
    assert eve.page.evaluate("() => document.activeElement.closest('[data-field]').dataset.field") == "day"
    assert names(eve)[-1] == "day", "drawn over the others"
    assert (eve.serious(), eve.strangers, eve.complaints) == ([], [], [])


def test_boxes_move_with_the_picture(world: Papers, person: Person) -> None:
    world.put({"value": READ, "boxes": BOXES})
    eve = at(person, f"reviews/{TASK}", "dark")
    eve.page.get_by_role("group", name="The picture;").focus()
    for key in ("+", "+", "ArrowLeft"):
        eve.page.keyboard.press(key)
    assert lies_over(eve, "vendor") == VENDOR
    assert "scale(1.5625)" in str(eve.page.locator("figure.photo svg").get_attribute("style"))
    assert eve.serious() == []


def test_a_case_without_boxes_shows_none(world: Papers, person: Person) -> None:
    world.put({"value": READ})
    eve = at(person, f"reviews/{TASK}")
    assert names(eve) == []
    assert eve.page.get_by_text("Boxes show where fields were read").count() == 0


def test_the_page_of_the_case_shows_them_too(world: Papers, person: Person) -> None:
    """The declaration of a task is the gateway's to tell, which is not here."""
    case = world.put({"value": READ, "boxes": BOXES})
    spec = world.tasks[TASK]
    view = {"task": TASK, "labels": spec.labels, "input": spec.input.model_dump(), "answer": spec.answer.model_dump()}
    eve = person("eve")
    eve.page.route(f"**/v1/tasks/{TASK}", lambda route: route.fulfill(json=view))
    eve.go(f"cases/{case}").page.locator("figure.photo svg").wait_for()
    assert names(eve) == ["day", "vendor"]
    assert lies_over(eve, "day") == BOXES["day"]["box"]
