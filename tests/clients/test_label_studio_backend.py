"""The routes of a Label Studio ML backend, called as Label Studio's source calls them (ml_models.MLApi)."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from hitl.routing.prediction import Prediction, Scores, predict_from
from hitl.tasks import TaskSpec
from tests.review_app.conftest import FEATURES, World, world
from tests.review_app.test_approvals import FIRST, deploy

__all__ = ["world"]

SAID = [0.91] + [0.01] * 9
HANDED_OVER = {
    "pattern": "pause_for_input",
    "config": {"assignees": ["reviewer"], "ui_schema": {"type": "label_studio"}},
    "data": {},
}


async def predict(spec: TaskSpec, digest: str, vectors: Sequence[Any], measure: str) -> list[Prediction | None]:
    said = predict_from(SAID, tuple(spec.labels), digest, Scores(0.91, 0.91, 0.001), measure)
    return [said for _ in vectors]


class Backend:
    """A project's ML backend with basic authentication: the password is the key."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(
        self, method: str, path: str, body: Any = None, key: str = "trainer", task: str = "digits"
    ) -> httpx2.Response:
        word = base64.b64encode(f"label-studio:{key}".encode()).decode()
        headers = {"authorization": f"Basic {word}"}
        return await self.world.http.request(method, f"/label-studio/{task}{path}", json=body, headers=headers)


@pytest.fixture
async def backend(world: World) -> Backend:
    world.ports = replace(world.ports, predict=predict)
    await world.http.aclose()
    world.serve()
    return Backend(world)


def webhook(name: str, action: str = "ANNOTATION_CREATED", number: int = 5, **more: Any) -> dict[str, Any]:
    box = {"type": "rectanglelabels", "value": {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["dent"]}}
    annotation = {"id": number, "result": [box], "was_cancelled": False, "completed_by": 2, "lead_time": 9.1, **more}
    return {
        "action": action,
        "project": {"id": 1, "title": "boxes"},
        "task": {"id": 3, "data": {"ray_hitl": name}},
        "annotation": annotation,
    }


async def test_a_project_connects(backend: Backend) -> None:
    assert (await backend("GET", "/health")).json() == {"status": "UP", "model_class": "ray-hitl"}
    await deploy(backend.world, FIRST, 1)
    setup = {"project": "1.1764374400", "schema": "<View/>", "hostname": "http://ls", "access_token": "x", "extra_params": None}
    assert (await backend("POST", "/setup", setup)).json() == {"model_version": FIRST}


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", {"project": "1.1764374400"})])
async def test_a_project_is_told_the_versions_that_serve(backend: Backend, method: str, body: Any) -> None:
    assert (await backend(method, "/versions", body)).json() == {"versions": []}
    await deploy(backend.world, FIRST, 1)
    assert (await backend(method, "/versions", body)).json() == {"versions": [FIRST]}


async def test_tasks_get_the_serving_models_choice_and_no_case_is_opened(backend: Backend) -> None:
    await deploy(backend.world, FIRST, 1)
    before = await backend.world.state()
    tasks = [{"id": 1, "data": {"features": FEATURES}}, {"id": 2, "data": {"text": "another project's"}}]
    body = {"tasks": tasks, "project": "1.1764374400", "label_config": "<View/>", "params": {"login": None, "context": None}}
    answer = (await backend("POST", "/predict", body)).json()
    choice = {"from_name": "label", "to_name": "input", "type": "choices", "value": {"choices": ["0"]}}
    assert answer["results"] == [
        {"result": [choice], "score": 0.91, "model_version": f"{FIRST[:12]}:people"},
        {"result": [], "score": 0.0, "model_version": f"{FIRST[:12]}:people"},
    ]
    assert await backend.world.state() == before


async def test_without_a_model_it_is_told_to_come_again(backend: Backend) -> None:
    answer = await backend("POST", "/predict", {"tasks": []})
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)


@pytest.mark.parametrize(("key", "status"), [("client", 403), ("reviewer", 403), ("stranger", 403), ("nobody", 401), ("", 401)])
async def test_a_model_answers_without_a_case_only_who_trains_or_runs_it(backend: Backend, key: str, status: int) -> None:
    assert (await backend("POST", "/predict", {"tasks": []}, key)).status_code == status
    assert (await backend("POST", "/setup", {}, key)).status_code == status
    assert (await backend("GET", "/versions", key=key)).status_code == status


async def test_a_task_that_nobody_knows_is_not_found(backend: Backend) -> None:
    assert (await backend("GET", "/health", task="other")).status_code == 404


async def test_an_annotation_answers_what_was_handed_over_once(backend: Backend) -> None:
    world = backend.world
    opened = (await world.call("POST", "/v1/interactions", "client", HANDED_OVER, idempotency_key="o")).json()
    name = opened["interaction_id"]
    first = await backend("POST", "/webhook", webhook(name), "reviewer")
    again = await backend("POST", "/webhook", webhook(name), "reviewer")
    assert (first.status_code, first.json()) == (201, {"status": "answered", "interaction_id": name})
    assert again.json() == first.json()
    found = (await world.call("GET", f"/v1/interactions/{name}", "client")).json()
    assert (found["status"], found["human_input"]["annotation"][0]["value"]["rectanglelabels"]) == ("completed", ["dent"])
    assert (await backend("POST", "/webhook", webhook(name, number=6), "reviewer")).status_code == 409


async def test_who_is_not_asked_answers_nothing(backend: Backend) -> None:
    world = backend.world
    name = (await world.call("POST", "/v1/interactions", "client", HANDED_OVER, idempotency_key="o")).json()["interaction_id"]
    before = await world.state()
    assert (await backend("POST", "/webhook", webhook(name), "reviewer-2")).status_code in (403, 404)
    assert (await backend("POST", "/webhook", webhook("no-such-interaction"), "reviewer")).status_code == 404
    assert await world.state() == before


@pytest.mark.parametrize(
    "body",
    [
        {"action": "PROJECT_UPDATED", "project": {"id": 1}},
        {"action": "START_TRAINING", "project": {"id": 1}},
        webhook("x", "ANNOTATION_UPDATED"),
        webhook("x", was_cancelled=True),
        {**webhook("x"), "task": {"id": 3, "data": {"text": "ours is not here"}}},
    ],
)
async def test_what_is_none_of_ours_changes_nothing(backend: Backend, body: dict[str, Any]) -> None:
    before = await backend.world.state()
    assert (await backend("POST", "/webhook", body, "reviewer")).json() == {"status": "ignored", "interaction_id": None}
    assert await backend.world.state() == before
