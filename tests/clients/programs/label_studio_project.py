"""What a person does in Label Studio, by its SDK: prints one line of JSON."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from label_studio_sdk import LabelStudio

studio = LabelStudio(base_url=os.environ["LABEL_STUDIO_URL"], api_key=os.environ["LABEL_STUDIO_API_KEY"])

BOXES = """<View><Image name="image" value="$image"/>
<RectangleLabels name="box" toName="image"><Label value="dent"/></RectangleLabels></View>"""
BOX = {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["dent"]}


def boxes(webhook: str, key: str) -> int:
    """A project whose annotations are sent to ``webhook``."""
    project = studio.projects.create(title="boxes", label_config=BOXES)
    headers = {"Authorization": f"Bearer {key}"}
    given = {"actions": ["ANNOTATION_CREATED"], "send_for_all_actions": False, "send_payload": True}
    studio.webhooks.create(url=webhook, project=project.id, headers=headers, **given)
    return int(project.id)


def draw(project: str, interaction: str) -> list[dict[str, Any]]:
    """A person draws a box in the task of the interaction."""
    (task,) = [each for each in studio.tasks.list(project=int(project), fields="all") if each.data["ray_hitl"] == interaction]
    region = {"from_name": "box", "to_name": "image", "type": "rectanglelabels", "value": BOX}
    return list(studio.annotations.create(id=task.id, result=[region]).result)


def assisted(backend: str, key: str, label_config: str, tasks: str) -> int:
    """A project with an ML backend."""
    project = studio.projects.create(title="digits", label_config=label_config)
    account = {"auth_method": "BASIC_AUTH", "basic_auth_user": "label-studio", "basic_auth_pass": key}
    studio.ml.create(project=project.id, url=backend, title="ray-hitl", **account)
    studio.projects.import_tasks(id=project.id, request=json.loads(tasks))
    return int(project.id)


def predictions(project: str) -> list[Any]:
    """What the backend says of the project's tasks, once each of them was asked about."""
    studio.actions.create(id="retrieve_tasks_predictions", project=int(project), selected_items={"all": True, "excluded": []})
    found = sorted(studio.tasks.list(project=int(project), fields="all"), key=lambda task: task.id)
    return [[[said.score, said.model_version, said.result] for said in task.predictions] for task in found]


def backend_state(project: str) -> str:
    return str(studio.ml.list(project=int(project))[0].state)


def through(label_config: str, file: str) -> Any:
    """A file goes in, and the project's export comes out."""
    project = studio.projects.create(title="cases", label_config=label_config)
    studio.projects.import_tasks(id=project.id, request=json.loads(Path(file).read_text()))
    return studio.projects.exports.as_json(project.id)


print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])), flush=True)
