"""A picture of a case in the console: seen whole, zoomed, turned, and never from another origin."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes

import pytest

from hitl.adapters.checkers.decoder import FileDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.handle import FileFacts
from hitl.blobs.ownership import mint_handle
from hitl.blobs.sealed import seal_blob
from hitl.canonical import digest_of
from hitl.tasks import TaskSpec, load_task
from serve_app.setup.case_files import CaseFiles
from tests.console.browser import Console
from tests.console.near import Near, near
from tests.fixtures.pictures import document, scene
from tests.running import ROOT

pytestmark = pytest.mark.slow

Person = Callable[..., Console]
TASK, PAPERS = "declared_pictures", "papers"


class Showing(Near):
    """The example task over pictures, not sealed here."""

    def __init__(self, folder: Path) -> None:
        super().__init__(undo_s=60.0)
        spec = load_task((ROOT / "examples" / "tasks" / f"{TASK}.yaml").read_text(encoding="utf-8"), TASK)
        self.tasks[TASK] = spec.model_copy(update={"sealed": False})
        papers = spec.model_dump() | {"task": PAPERS, "title": "Papers", "input": {"kind": "document"}, "sealed": False}
        self.tasks[PAPERS] = TaskSpec.model_validate(papers)
        self.files = BlobStore(str(folder))
        self.ports = replace(self.ports, files=CaseFiles(self.files, FileDecoder()))

    def put(self, data: bytes, task: str = TASK, pages: int = 0) -> str:
        """Let a case with this picture, or with a document of ``pages``, wait; returns its id."""
        member, kind = ("document", "pdf") if pages else ("image", "jpeg")
        facts = FileFacts(digest_of(data), kind, len(data), pages)
        handle, blob = mint_handle(b"s" * 32, "client", task, 1_700_000_000.0, facts, token_bytes)
        self.files.put(blob.name, seal_blob(data, blob.name, blob.data_key, token_bytes))
        return self.do(self.case_of(task, task, "harmless", {"features": {member: handle.plain()}, "metadata": {}}))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Showing]:
    with near(Showing(tmp_path)) as found:
        assert isinstance(found, Showing)
        yield found
        assert found.ports.files is not None
        found.do(found.ports.files.decoder.close())


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
