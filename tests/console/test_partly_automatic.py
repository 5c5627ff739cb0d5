"""The form of a document whose fields went in part by themselves, in a real browser."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from hitl.ids import case_id
from hitl.routing.route import Action, Priority
from hitl.tasks import load_task
from serve_app.setup.policies import policies
from tests.console.browser import Console
from tests.console.near import Near, near
from tests.review_app.conftest import _record

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

TASK = """
task: invoices
title: Invoices
input: {kind: text, max_chars: 2000}
answer:
  kind: fields
  fields: [{name: vendor, type: text, title: Vendor}, {name: total, type: money, title: Total}]
model: {family: declared}
risk: {level: 0.05, confidence: 0.9}
policy: {parts: each}
"""
VALUE = {"vendor": "Acme", "total": "120.00"}


class Invoices(Near):
    """A task of two fields, of which the model decided the total."""

    def __init__(self) -> None:
        super().__init__(undo_s=60.0)
        self.tasks["invoices"] = load_task(TASK, "invoices.yaml")
        self.ports = replace(self.ports, policies=policies(self.tasks, None, None))
        self.serve()

    def put(self) -> str:
        record = replace(
            _record("a", Action.REVIEW, Priority.NORMAL),
            case_id=case_id(b"secret", "client", "invoices", "a"),
            task="invoices",
            prediction="as_declared",
            probabilities=[0.9, 0.1],
            automatic_parts=["total"],
            declared=[{"model": "reader", "version": "1", "probabilities": [0.9, 0.1], "parts": {"vendor": 0.9, "total": 1.0}}],
        )
        return self.do(self.keep(record, {"features": {"text": "Acme, 120.00"}, "metadata": {}, "value": VALUE}))

    def outcome(self, case: str) -> dict[str, Any]:
        """What the client is told of the case."""
        return dict(self.do(self.call("GET", f"/v1/decisions/{case}", self.keys["client"])).json())


@pytest.fixture
def world() -> Iterator[Invoices]:
    with near(Invoices()) as found:
        assert isinstance(found, Invoices)
        yield found


def at_hand(person: Person, scheme: str = "light") -> Console:
    eve = person("eve", scheme).go("reviews/invoices")
    eve.page.get_by_text("decided by the model").wait_for()
    return eve


@pytest.mark.parametrize("scheme", ["light", "dark", "dark contrast"])
def test_only_the_open_field_is_asked_for_and_the_other_stays_the_models(world: Invoices, person: Person, scheme: str) -> None:
    case = world.put()
    eve = at_hand(person, scheme)
    assert eve.page.get_by_label("Total", exact=True).count() == 0
    assert eve.page.get_by_text("120.00").count() > 0
    assert eve.serious() == []
    eve.page.get_by_label("Vendor").fill("Acme Tools")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered Invoices").wait_for()
    told = world.outcome(case)
    assert told["value"] == {**VALUE, "vendor": "Acme Tools"}
    assert {name: part["by"] for name, part in told["parts"].items()} == {"vendor": "person", "total": "model"}


def test_a_locked_field_is_opened_by_its_button_and_another_value_overrides_the_models(world: Invoices, person: Person) -> None:
    case = world.put()
    eve = at_hand(person)
    eve.page.get_by_role("button", name="Change Total").click()
    eve.page.get_by_label("Total").fill("99.00")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered Invoices").wait_for()
    told = world.outcome(case)
    assert told["value"] == {**VALUE, "total": "99.00"}
    assert told["parts"]["total"] == {"by": "person", "is_override": True}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_field_has_a_row_for_each_of_its_figures(world: Invoices, person: Person, scheme: str) -> None:
    world.put()
    kim = person("kim", scheme).go("analytics/invoices")
    table = kim.page.get_by_role("table", name="Figures of each part of an answer")
    table.wait_for()
    rows = [row.inner_text().split("\t")[:3] for row in table.get_by_role("row").all()]
    assert [row for row in rows if row[1] == "Automation rate"] == [
        ["vendor", "Automation rate", "0%"],
        ["total", "Automation rate", "100%"],
    ]
    assert kim.serious() == []
