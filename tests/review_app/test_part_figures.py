"""The figures of each label of a set, from what people answer over the routes."""

from dataclasses import replace

from hitl.routing.route import Action, Priority
from hitl.tasks import load_task
from tests.review_app.conftest import World, _record

TOPICS = """
task: digits
title: Topics
input: {kind: text, max_chars: 2000}
answer: {kind: labels, labels: [billing, delivery, account]}
model: {family: declared}
risk: {level: 0.05, confidence: 0.9}
review: {undo_s: 0.0}
"""


class Topics(World):
    """A task whose answers are sets of labels."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks["digits"] = load_task(TOPICS, "digits.yaml")
        self.serve()

    async def answered(self, key: str, declared: list[str], given: list[str] | None) -> None:
        """A case with the declared labels, which a person answers with others; None: none of these."""
        record = replace(_record(key, Action.REVIEW, Priority.NORMAL), prediction="as_declared", probabilities=[0.9, 0.1])
        await self.keep(record, {"features": {"text": key}, "metadata": {}, "value": {"labels": declared}})
        review = await self.claim()
        said = {"label": "none_of_these"} if given is None else {"value": {"labels": given}}
        body = {"lease": review["lease"]["id"], **said}
        told = await self.call("POST", f"/v1/reviews/{review['review_id']}/decision", "reviewer", body, idempotency_key=key)
        assert told.status_code == 200, told.text


async def test_each_label_of_a_set_has_figures_of_its_own() -> None:
    topics = Topics()
    await topics.shards.start()
    await topics.answered("a", ["billing"], ["billing", "delivery"])
    await topics.answered("b", ["billing"], ["delivery"])
    await topics.answered("c", ["billing"], ["billing"])
    await topics.answered("d", ["account"], None)
    found = (await topics.call("GET", "/v1/quality/digits", "operator")).json()["parts"]
    errors = {name: (each["model_error"]["value"], each["model_error"]["n"]) for name, each in found.items()}
    assert errors == {"billing": (0.25, 4), "delivery": (0.5, 4), "account": (0.25, 4)}
    await topics.http.aclose()
    await topics.shards.stop()
