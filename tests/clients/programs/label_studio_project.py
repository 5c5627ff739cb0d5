"""What a person does in Label Studio, by its SDK: prints one line of JSON."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from label_studio_sdk import LabelStudio

studio = LabelStudio(base_url=os.environ["LABEL_STUDIO_URL"], api_key=os.environ["LABEL_STUDIO_API_KEY"])

BOX = {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["dent"]}


def draw(project: str, interaction: str) -> list[dict[str, Any]]:
    """A person draws a box in the task of the interaction."""
    (task,) = [each for each in studio.tasks.list(project=int(project), fields="all") if each.data["ray_hitl"] == interaction]
    region = {"from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": BOX}
    return list(studio.annotations.create(id=task.id, result=[region]).result)


def fill(project: str, tasks: str) -> int:
    """Put tasks into a project."""
    studio.projects.import_tasks(id=int(project), request=json.loads(tasks))
    return int(project)


def predictions(project: str) -> list[Any]:
    """What the backend says of the project's tasks, once each of them was asked about."""
    studio.actions.create(id="retrieve_tasks_predictions", project=int(project), selected_items={"all": True, "excluded": []})
    found = sorted(studio.tasks.list(project=int(project), fields="all"), key=lambda task: task.id)
    return [[[said.score, said.model_version, said.result] for said in task.predictions] for task in found]


def backend_state(project: str) -> list[Any]:
    """Whether the project's backend is connected, and what it tells of its versions."""
    backend = studio.ml.list(project=int(project))[0]
    versions = studio.ml.list_model_versions(id=str(backend.id))
    return [backend.state, {"versions": list(versions.versions or [])}]


def through(label_config: str, file: str) -> Any:
    """A file goes in, and the project's export comes out."""
    project = studio.projects.create(title="cases", label_config=label_config)
    studio.projects.import_tasks(id=project.id, request=json.loads(Path(file).read_text()))
    return studio.projects.exports.as_json(project.id)


print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])), flush=True)
