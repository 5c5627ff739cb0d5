"""Exchange what is drawn in Label Studio with this service: python label_studio_handover.py PROJECT TASK.

What waits for Label Studio's account here goes into the project, once. Annotations whose webhook got lost come back: Label
Studio sends a webhook once, and a service that is down misses it. Run it every few minutes; nothing is done twice.

HITL_API_URL and HITL_API_KEY are those of the account that the interactions are assigned to; LABEL_STUDIO_URL and
LABEL_STUDIO_API_KEY those of Label Studio. It needs the package label-studio-sdk.
"""

import os
import sys
from typing import Any

from label_studio_sdk import LabelStudio

from hitl.client import Client
from hitl.client.calls import get, post

MARK = "ray_hitl"
"""The key of a task's data with the interaction that it belongs to."""


def waiting(client: Client) -> list[dict[str, Any]]:
    """The interactions that are to be drawn there."""
    found = client.send(get("v1", "interactions", "pending"))["interactions"]
    return [each for each in found if each["ui_schema"].get("type") == "label_studio"]


def handed_over(studio: LabelStudio, project: int) -> dict[str, Any]:
    """The project's tasks by the interaction that each belongs to."""
    tasks = studio.tasks.list(project=project, fields="all")
    return {task.data[MARK]: task for task in tasks if MARK in task.data}


def hand_over(studio: LabelStudio, project: int, interaction: dict[str, Any]) -> None:
    data = {**interaction["data"], MARK: interaction["interaction_id"]}
    studio.projects.import_tasks(id=project, request=[{"data": data}])
    print("handed over", interaction["interaction_id"])


def bring_back(client: Client, task: str, drawn: Any) -> None:
    """The first annotation, as its webhook would bring it: the service takes the same annotation once."""
    for annotation in [each for each in drawn.annotations if not each["was_cancelled"]][:1]:
        told = {"action": "ANNOTATION_CREATED", "task": {"id": drawn.id, "data": drawn.data}, "annotation": annotation}
        answer = client.send(post("label-studio", task, "webhook", body=told))
        print(answer["status"], drawn.data[MARK])


def main(project: int, task: str) -> None:
    studio = LabelStudio(base_url=os.environ["LABEL_STUDIO_URL"], api_key=os.environ["LABEL_STUDIO_API_KEY"])
    with Client(os.environ["HITL_API_URL"], os.environ["HITL_API_KEY"]) as client:
        there = handed_over(studio, project)
        for each in waiting(client):
            name = each["interaction_id"]
            if name in there:
                bring_back(client, task, there[name])
            else:
                hand_over(studio, project, each)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
