"""Answers of every kind in the console: what a person sees, the keys that answer, and what arrives at the service."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hitl.tasks import TaskSpec, load_task
from tests.console.browser import Console
from tests.console.near import Near, near
from tests.running import ROOT

pytestmark = pytest.mark.slow

Person = Callable[..., Console]
FOLDER = ROOT / "examples" / "tasks"
CHAT = {
    "messages": [
        {"role": "user", "content": "Where is my parcel?"},
        {"role": "assistant", "content": "It is lost. We cannot help you."},
    ]
}


class Answering(Near):
    """The example tasks with every kind of answer; nothing of theirs is sealed here."""

    def __init__(self) -> None:
        super().__init__(undo_s=60.0)
        for name in ("declared_topics", "declared_repair_hours", "chat_verdicts", "answer_pairs", "helpfulness_scale"):
            self.tasks[name] = _open(load_task((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), name))

    def put(self, task: str, prediction: str, features: dict[str, Any], **payload: Any) -> str:
        """Let a case wait; returns its id."""
        return self.do(self.case_of(task, task, prediction, {"features": features, "metadata": {}, **payload}))

    def outcome(self, case_id: str) -> dict[str, Any]:
        """What the client is told of the case."""
        return dict(self.do(self.call("GET", f"/v1/decisions/{case_id}", self.keys["client"])).json())


def _open(spec: TaskSpec) -> TaskSpec:
    review = spec.review.model_copy(update={"overlap": 1})
    return spec.model_copy(update={"sealed": False, "review": review})


@pytest.fixture
def world() -> Iterator[Answering]:
    with near(Answering()) as found:
        assert isinstance(found, Answering)
        yield found


def at(person: Person, task: str) -> Console:
    eve = person("eve").go(f"reviews/{task}")
    eve.page.locator("article").wait_for()
    return eve


def test_a_set_of_labels_is_ticked_by_digits(world: Answering, person: Person) -> None:
    features = {"text": "You billed me twice, and it never came."}
    case_id = world.put("declared_topics", "as_declared", features, value={"labels": ["billing", "account"]})
    eve = at(person, "declared_topics")
    assert eve.page.get_by_role("checkbox", name="billing").is_checked()
    assert not eve.page.get_by_role("checkbox", name="delivery").is_checked()
    eve.page.keyboard.press("2")  # delivery too
    eve.page.keyboard.press("3")  # account not
    assert eve.page.get_by_text("taken off").is_visible()
    assert eve.serious() == []
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered Topics of a support message").wait_for()
    told = world.outcome(case_id)
    assert (told["value"], told["outcome"]["label"].partition(":")[0]) == ({"labels": ["billing", "delivery"]}, "corrected")


def test_a_number_is_entered_with_its_unit_in_view(world: Answering, person: Person) -> None:
    features = {"age_years": 4, "parts": 3, "machine": "lathe"}
    case_id = world.put("declared_repair_hours", "as_declared", features, value={"number": 10})
    eve = at(person, "declared_repair_hours")
    assert eve.page.get_by_text("0 to 200 hours").is_visible()
    eve.page.get_by_label("Number").fill("300")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_role("alert").get_by_text("a number from 0 to 200").wait_for()
    eve.page.get_by_label("Number").fill("12.5")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered Hours of a repair").wait_for()
    assert world.outcome(case_id)["value"] == {"number": 12.5}


def test_a_rejection_is_corrected_beside_the_conversation(world: Answering, person: Person) -> None:
    case_id = world.put("chat_verdicts", "approve", CHAT)
    eve = at(person, "chat_verdicts")
    judged = eve.page.locator(".chat .judged")
    assert "You judge this" in judged.inner_text()
    assert "We cannot help you" in judged.inner_text()
    eve.page.keyboard.press("r")
    correction = eve.page.get_by_label("Correction")
    assert correction.input_value() == CHAT["messages"][1]["content"]
    eve.page.get_by_role("checkbox", name="incomplete").check()
    correction.fill("It is late. We send it again.")
    assert eve.page.locator(".words del").first.is_visible()
    assert eve.serious() == []
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered Reject").wait_for()
    told = world.outcome(case_id)
    assert told["outcome"]["label"] == "reject"
    assert told["value"] == {"reasons": ["incomplete"], "correction": "It is late. We send it again."}


def test_a_rejection_without_a_word_says_nothing_beside_it(world: Answering, person: Person) -> None:
    case_id = world.put("chat_verdicts", "approve", CHAT)
    eve = at(person, "chat_verdicts")
    eve.page.keyboard.press("r")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered Reject").wait_for()
    told = world.outcome(case_id)
    assert (told["outcome"]["label"], told["value"]) == ("reject", None)


def test_the_better_one_of_a_pair_is_answered_by_its_side(world: Answering, person: Person) -> None:
    features = {"question": "What is 2 + 2?", "one": "It is 4.", "two": "It is 5."}
    case_id = world.put("answer_pairs", "first", features)
    eve = at(person, "answer_pairs")
    sides = eve.page.locator(".side-by-side section")
    side = next(number for number in range(2) if "It is 4." in sides.nth(number).inner_text())
    assert eve.page.get_by_text("What is 2 + 2?").is_visible()
    assert eve.serious() == []
    eve.page.keyboard.press(str(side + 1))
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text(f"Answered {('Left', 'Right')[side]}").wait_for()
    assert world.outcome(case_id)["outcome"]["label"] == "first"


def test_a_scale_says_what_its_ends_mean(world: Answering, person: Person) -> None:
    case_id = world.put("helpfulness_scale", "2", CHAT)
    eve = at(person, "helpfulness_scale")
    assert eve.page.get_by_text("1: of no use").is_visible()
    assert eve.page.get_by_text("5: solves it").is_visible()
    eve.page.keyboard.press("4")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered 4").wait_for()
    assert world.outcome(case_id)["outcome"]["label"] == "4"


def seen_by_operator(world: Answering, person: Person, task: str, case_id: str) -> Console:
    """The page of a case. The view of the task is the gateway's, which is not here: it is stood in for."""
    spec, operator = world.tasks[task], person("operator")
    view = {"labels": spec.labels, "input": spec.input.model_dump(mode="json"), "answer": spec.answer.model_dump(mode="json")}
    operator.page.route(f"**/v1/tasks/{task}", lambda route: route.fulfill(json=view))
    return operator.go(f"cases/{case_id}")


def test_the_page_of_a_corrected_case_shows_the_value_and_no_digest(world: Answering, person: Person) -> None:
    features = {"text": "You billed me twice."}
    case_id = world.put("declared_topics", "as_declared", features, value={"labels": ["account"]})
    eve = at(person, "declared_topics")
    eve.page.keyboard.press("1")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered Topics of a support message").wait_for()
    operator = seen_by_operator(world, person, "declared_topics", case_id)
    outcome = operator.page.locator("section.panel", has=operator.page.get_by_role("heading", name="Outcome"))
    outcome.get_by_text("billing, account").wait_for()
    assert "Corrected" in outcome.inner_text()
    assert "corrected:" not in operator.page.locator("main").inner_text()
    assert operator.page.get_by_label("New label").count() == 0


def test_the_page_of_a_judged_chat_marks_what_was_judged(world: Answering, person: Person) -> None:
    case_id = world.put("chat_verdicts", "approve", CHAT)
    operator = seen_by_operator(world, person, "chat_verdicts", case_id)
    judged = operator.page.locator(".chat .judged")
    judged.wait_for()
    assert "We cannot help you" in judged.inner_text()
