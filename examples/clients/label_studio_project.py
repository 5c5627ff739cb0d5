"""Make two projects in Label Studio: one whose drawings come back here, one with the serving model's predictions.

    pip install label-studio-sdk
    LABEL_STUDIO_URL=http://127.0.0.1:8080 LABEL_STUDIO_API_KEY=<a token> HITL_API_URL=http://127.0.0.1:8000 \\
        HITL_REVIEWER_KEY=<the key of Label Studio's account here> HITL_TRAINER_KEY=<a trainer's key> \\
        python label_studio_project.py digits 0 1 2 3 4 5 6 7 8 9

The arguments are the task and its labels. Prints the ids of both projects. Nothing of ray-hitl is imported.
"""

import os
import sys
from xml.sax.saxutils import quoteattr

from label_studio_sdk import LabelStudio

BOXES = """<View><Image name="image" value="$image"/>
<RectangleLabels name="box" toName="image"><Label value="dent"/></RectangleLabels></View>"""
"""What people draw is yours to choose: the answer has whatever the annotation has."""


def make_drawing_project(studio: LabelStudio, webhook: str, key: str) -> int:
    """A project whose annotations are sent to ``webhook``."""
    project = studio.projects.create(title="drawings", label_config=BOXES)
    headers = {"Authorization": f"Bearer {key}"}
    given = {"actions": ["ANNOTATION_CREATED"], "send_for_all_actions": False, "send_payload": True}
    studio.webhooks.create(url=webhook, project=project.id, headers=headers, **given)
    return int(project.id)


def make_assisted_project(studio: LabelStudio, backend: str, key: str, labels: list[str]) -> int:
    """A project with our ML backend. ``hitl examples export --format label-studio`` prints the same configuration."""
    project = studio.projects.create(title="assisted", label_config=choices_of(labels))
    account = {"auth_method": "BASIC_AUTH", "basic_auth_user": "label-studio", "basic_auth_pass": key}
    studio.ml.create(project=project.id, url=backend, title="ray-hitl", **account)
    return int(project.id)


def choices_of(labels: list[str]) -> str:
    choices = "".join(f"<Choice value={quoteattr(label)}/>" for label in labels)
    text = '<Text name="input" value="$shown"/>'
    return f'<View>{text}<Choices name="label" toName="input" choice="single">{choices}</Choices></View>'


def main(task: str, labels: list[str]) -> None:
    studio = LabelStudio(base_url=os.environ["LABEL_STUDIO_URL"], api_key=os.environ["LABEL_STUDIO_API_KEY"])
    backend = f"{os.environ['HITL_API_URL']}/label-studio/{task}"
    drawings = make_drawing_project(studio, f"{backend}/webhook", os.environ["HITL_REVIEWER_KEY"])
    print(drawings, make_assisted_project(studio, backend, os.environ["HITL_TRAINER_KEY"], labels), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
