"""A real Label Studio (1.23.2) and its SDK (2.1.2): hand-off with the webhook back, the ML backend, and files both ways.

The service is killed between the hand-off and the annotation, during the annotation, and while a project uses its backend.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hitl.client.calls import get, post
from hitl.integrations.labelling import FORMATS
from hitl.integrations.labelling.label_studio import label_config
from tests.clients.hosting import HostProcess, until
from tests.clients.label_studio import LabelStudioServer
from tests.clients.test_labelling_files import LABELS, case
from tests.review_app.conftest import FEATURES
from tests.review_app.test_approvals import FIRST

pytestmark = pytest.mark.wide

PROJECTS = "examples/clients/label_studio_project.py"
HANDOVER = "examples/clients/label_studio_handover.py"
DIGITS = [str(digit) for digit in range(10)]
BOX = {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["dent"]}
ASKED = {
    "pattern": "pause_for_input",
    "config": {"ui_schema": {"type": "label_studio"}},
    "data": {"image": "https://example.org/dent.jpg"},
}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabelStudioServer]:
    server = LabelStudioServer(tmp_path_factory.mktemp("label-studio"))
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="module")
def projects(host: HostProcess, studio: LabelStudioServer) -> list[str]:
    """The ids of both projects that the example makes."""
    keys = {"HITL_API_URL": host.url, "HITL_REVIEWER_KEY": "reviewer", "HITL_TRAINER_KEY": "trainer"}
    return studio.run(PROJECTS, "digits", *DIGITS, **keys).split()


@pytest.fixture(scope="module")
def project(projects: list[str]) -> str:
    """The one whose drawings come back."""
    return projects[0]


def ask_for_a_drawing(host: HostProcess, key: str) -> str:
    with host.as_("client") as client:
        return str(client.send(post("v1", "interactions", body=ASKED, key=key))["interaction_id"])


def exchange(host: HostProcess, studio: LabelStudioServer, project: str) -> str:
    return studio.run(HANDOVER, project, "digits", HITL_API_URL=host.url, HITL_API_KEY="reviewer")


def found(host: HostProcess, name: str) -> dict[str, Any]:
    with host.as_("client") as client:
        return dict(client.send(get("v1", "interactions", name)))


def test_what_is_drawn_there_comes_back_by_the_webhook_after_a_kill(
    host: HostProcess, studio: LabelStudioServer, project: str
) -> None:
    name = ask_for_a_drawing(host, "drawn")
    assert exchange(host, studio, project) == f"handed over {name}\n"
    assert exchange(host, studio, project) == ""
    host.restart()
    studio.ask("draw", project, name)
    answered = until(lambda: (now := found(host, name))["status"] == "completed" and now)
    (region,) = answered["human_input"]["annotation"]
    assert (region["value"], answered["human_input"]["completed_by"]) == (BOX, 1)
    assert exchange(host, studio, project) == ""


def test_a_webhook_that_met_a_dead_service_is_made_up_for(host: HostProcess, studio: LabelStudioServer, project: str) -> None:
    name = ask_for_a_drawing(host, "lost")
    exchange(host, studio, project)
    host.kill()
    try:
        studio.ask("draw", project, name)
    finally:
        host.start()
    assert found(host, name)["status"] == "pending"
    assert exchange(host, studio, project) == f"answered {name}\n"
    assert found(host, name)["human_input"]["annotation"][0]["value"] == BOX


def test_a_project_has_the_serving_models_predictions_over_a_kill(
    host: HostProcess, studio: LabelStudioServer, projects: list[str]
) -> None:
    tasks = [{"data": {"shown": "a digit", "features": FEATURES}}, {"data": {"shown": "another's", "features": ["x"]}}]
    project = projects[1]
    studio.ask("fill", project, json.dumps(tasks))
    assert json.loads(studio.ask("backend_state", project)) == ["CO", {"versions": [FIRST]}]
    host.restart()
    usable, foreign = json.loads(studio.ask("predictions", project))
    choice = {"from_name": "label", "to_name": "input", "type": "choices", "value": {"choices": ["0"]}}
    assert usable == [[0.91, f"{FIRST[:12]}:people", [choice]]]
    assert [said[2] for said in foreign] in ([], [[]])


def test_what_we_export_goes_through_and_comes_back_as_cases(studio: LabelStudioServer, tmp_path: Path) -> None:
    (tmp_path / "tasks.json").write_text(FORMATS["label-studio"].write([case(), case(label="ham")], LABELS))
    exported = json.loads(studio.ask("through", label_config(LABELS), str(tmp_path / "tasks.json")))
    cases = FORMATS["label-studio"].read(exported)
    assert [(each.features, each.answers) for each in cases] == [(case().features, 1)] * 2
    assert sorted(task["annotations"][0]["result"][0]["value"]["choices"][0] for task in exported) == ["ham", "spam"]
