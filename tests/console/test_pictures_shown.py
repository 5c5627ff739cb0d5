"""A picture of a case in the console: seen whole, zoomed, turned, and never from another origin."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route

from hitl.blobs.handle import FileFacts
from hitl.canonical import digest_of
from hitl.tasks import TaskSpec
from tests.console.browser import Console
from tests.console.near_files import NearFiles, near_files
from tests.fixtures.pictures import document, scene

pytestmark = pytest.mark.slow

Person = Callable[..., Console]
TASK, PAPERS = "declared_pictures", "papers"


class Showing(NearFiles):
    """The example task over pictures, and one over documents."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, TASK)
        papers = self.example(TASK).model_dump() | {"task": PAPERS, "title": "Papers", "input": {"kind": "document"}}
        self.tasks[PAPERS] = TaskSpec.model_validate(papers)

    def put(self, data: bytes, task: str = TASK, pages: int = 0) -> str:
        """Let a case with this picture, or with a document of ``pages``, wait; returns its id."""
        member, kind = ("document", "pdf") if pages else ("image", "jpeg")
        return self.put_file(task, "harmless", member, data, FileFacts(digest_of(data), kind, len(data), pages))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Showing]:
    with near_files(Showing(tmp_path)) as found:
        yield found


def at(person: Person, theme: str = "light", task: str = TASK) -> Console:
    eve = person("eve", theme).go(f"reviews/{task}")
    eve.page.locator("figure.photo img").wait_for()
    eve.page.wait_for_function("() => document.querySelector('figure.photo img').naturalWidth > 0")
    return eve


def test_a_person_looks_closely_by_keys_and_answers(world: Showing, person: Person) -> None:
    world.put(scene())
    eve = at(person)
    picture, frame = eve.page.locator("figure.photo img"), eve.page.get_by_role("group", name="The picture;")
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [900, 600]
    around, seen = frame.bounding_box() or {}, picture.bounding_box() or {}
    assert (around["height"] <= 640, seen["width"] >= 0.9 * around["width"]) == (True, True), "whole, and not as a stamp"
    frame.focus()
    for key in ("+", "+", "r", "ArrowLeft", "c"):
        eve.page.keyboard.press(key)
    style = str(picture.get_attribute("style"))
    assert re.search(r"scale\(1\.5625\).*rotate\(90deg\)", style)
    assert "contrast(1.25)" in style
    eve.page.keyboard.press("Home")
    assert "scale(1)" in str(picture.get_attribute("style"))
    assert eve.serious() == []
    assert (eve.strangers, eve.complaints) == ([], [])
    eve.page.keyboard.press("3")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered harmless").wait_for()


def test_buttons_do_what_keys_do(world: Showing, person: Person) -> None:
    world.put(scene())
    eve = at(person, "dark")
    eve.page.get_by_role("button", name="Turn").click()
    eve.page.get_by_role("button", name="Zoom in").click()
    assert re.search(r"scale\(1\.25\).*rotate\(90deg\)", str(eve.page.locator("figure.photo img").get_attribute("style")))
    assert eve.serious() == []


def test_a_picture_that_is_gone_says_so(world: Showing, person: Person) -> None:
    world.put(scene())
    world.files.remove(next(iter(world.files.names("2023-11-14"))))
    eve = person("eve").go(f"reviews/{TASK}")
    eve.page.get_by_text("The picture cannot be shown.").wait_for()


LATE_EFFECTS = """
window.requestAnimationFrame = () => 0;
const soon = window.setTimeout;
window.setTimeout = (work, wait, ...rest) => soon(work, wait > 0 && wait <= 100 ? 3000 : wait, ...rest);
"""
"""What a page does after it was drawn comes seconds later, as on a machine that has far more to do."""


def test_a_picture_that_fails_before_the_effects_of_the_page_says_so(world: Showing, person: Person) -> None:
    world.put(scene())
    world.files.remove(next(iter(world.files.names("2023-11-14"))))
    eve = person("eve")
    eve.page.add_init_script(LATE_EFFECTS)
    eve.page.reload()
    eve.go(f"reviews/{TASK}")
    notice = eve.page.get_by_text("The picture cannot be shown.")
    notice.wait_for()
    eve.page.wait_for_timeout(5000)
    notice.wait_for()


def test_a_picture_that_failed_once_is_asked_for_again(world: Showing, person: Person) -> None:
    world.put(scene())
    eve, asked = person("eve"), list[str]()

    def refuse_once(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=429, headers={"retry-after": "1"}) if len(asked) == 1 else route.continue_()

    eve.page.route("**/image*", refuse_once)
    eve.go(f"reviews/{TASK}")
    eve.page.get_by_text("The picture cannot be shown.").wait_for()
    eve.page.locator("figure.photo img").wait_for()
    eve.until(lambda: bool(eve.page.locator("figure.photo img").evaluate("picture => picture.naturalWidth > 0")))
    assert len(asked) == 2


def test_a_document_is_turned_page_by_page(world: Showing, person: Person) -> None:
    world.put(document(3), PAPERS, pages=3)
    eve = at(person, task=PAPERS)
    eve.page.get_by_text("Page 1 of 3").wait_for()
    eve.page.get_by_role("group", name="The picture;").focus()
    eve.page.keyboard.press("PageDown")
    eve.page.get_by_text("Page 2 of 3").wait_for()
    assert str(eve.page.locator("figure.photo img").get_attribute("src")).endswith("/image?page=2")
    eve.page.get_by_role("button", name="Next page").click()
    eve.page.get_by_text("Page 3 of 3").wait_for()
    assert eve.page.get_by_role("button", name="Next page").is_disabled()
    assert (eve.serious(), eve.strangers, eve.complaints) == ([], [], [])
