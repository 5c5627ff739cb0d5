"""A recording of a case in the console: heard by keys and buttons, also while it is answered, never from another origin."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hitl.blobs.handle import FileFacts
from hitl.canonical import digest_of
from tests.console.browser import Console
from tests.console.near_files import NearFiles, near_files
from tests.fixtures.sounds import recording

pytestmark = pytest.mark.slow

Person = Callable[..., Console]
TASK = "declared_voice_notes"
SECONDS = 65.0


class Playing(NearFiles):
    """The example task over recordings."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, TASK)

    def put(self, data: bytes) -> str:
        """Let a case with this recording wait; returns its id."""
        facts = FileFacts(digest_of(data), "ogg", len(data), duration_ms=round(1000 * SECONDS))
        return self.put_file(TASK, "order", "audio", data, facts)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Playing]:
    with near_files(Playing(tmp_path)) as found:
        yield found


PLAYER = "document.querySelector('figure.recording audio')"


def at(person: Person, theme: str = "light") -> Console:
    eve = person("eve", theme).go(f"reviews/{TASK}")
    eve.page.wait_for_function(f"() => {PLAYER} && {PLAYER}.readyState >= 1")
    return eve


def test_a_person_listens_by_keys_and_answers_while_it_plays(world: Playing, person: Person) -> None:
    world.put(recording("ogg", SECONDS, rate=8000))
    eve = at(person)
    assert eve.page.evaluate(f"() => Math.round({PLAYER}.duration)") == 65
    eve.page.get_by_text("Length 1:05.").wait_for()
    wave = eve.page.get_by_role("img", name="How loud the recording is")
    eve.page.wait_for_function("() => document.querySelector('figure.recording img').naturalWidth === 1200")
    assert wave.is_visible()
    eve.page.get_by_role("group", name="The recording, 1:05 long").focus()
    eve.page.keyboard.press("Space")
    eve.page.wait_for_function(f"() => !{PLAYER}.paused && {PLAYER}.currentTime > 0")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        eve.page.keyboard.press(key)
    eve.page.wait_for_function(f"() => {PLAYER}.currentTime >= 10 && !{PLAYER}.seeking")
    eve.page.keyboard.press("+")
    eve.page.get_by_text("Speed 1.25").wait_for()
    eve.page.keyboard.press("2")
    before = float(eve.page.evaluate(f"() => {PLAYER}.currentTime"))
    eve.page.wait_for_function(f"() => !{PLAYER}.paused && {PLAYER}.currentTime > {before}")
    assert eve.serious() == []
    assert (eve.strangers, eve.complaints) == ([], [])
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered order").wait_for()


def test_buttons_do_what_keys_do(world: Playing, person: Person) -> None:
    world.put(recording("ogg", SECONDS, rate=8000))
    eve = at(person, "dark")
    eve.page.get_by_role("button", name="Play", exact=True).click()
    eve.page.get_by_role("button", name="Pause", exact=True).click()
    eve.page.wait_for_function(f"() => {PLAYER}.paused")
    eve.page.get_by_role("button", name="Forward 5 s").click()
    eve.page.wait_for_function(f"() => {PLAYER}.currentTime >= 5")
    eve.page.get_by_role("button", name="To the start").click()
    eve.page.wait_for_function(f"() => {PLAYER}.currentTime === 0")
    eve.page.get_by_role("button", name="Slower").click()
    eve.page.get_by_text("Speed 0.75").wait_for()
    assert (eve.serious(), eve.complaints) == ([], [])


def test_a_recording_that_is_gone_says_so(world: Playing, person: Person) -> None:
    world.put(recording("ogg", SECONDS, rate=8000))
    world.files.remove(next(iter(world.files.names("2023-11-14"))))
    eve = person("eve").go(f"reviews/{TASK}")
    eve.page.get_by_text("The recording cannot be played.").wait_for()
