"""Put what waits for Label Studio's account here into a project there: python label_studio_handover.py PROJECT [NOTED].

HITL_API_URL and HITL_API_KEY are those of the account that interactions of Label Studio are assigned to; LABEL_STUDIO_URL and
LABEL_STUDIO_API_KEY those of Label Studio. NOTED is a file with what was put before: nothing is put twice. It needs the package
label-studio-sdk.
"""

import os
import sys
from pathlib import Path
from typing import Any

from label_studio_sdk import LabelStudio

from hitl.client import Client
from hitl.client.calls import get


def waiting(client: Client) -> list[dict[str, Any]]:
    """The interactions that are to be drawn there."""
    found = client.send(get("v1", "interactions", "pending"))["interactions"]
    return [each for each in found if each["ui_schema"].get("type") == "label_studio"]


def main(project: int, noted: Path) -> None:
    known = set(noted.read_text().split()) if noted.exists() else set()
    studio = LabelStudio(base_url=os.environ["LABEL_STUDIO_URL"], api_key=os.environ["LABEL_STUDIO_API_KEY"])
    with Client(os.environ["HITL_API_URL"], os.environ["HITL_API_KEY"]) as client:
        for each in waiting(client):
            name = each["interaction_id"]
            if name in known:
                continue
            studio.projects.import_tasks(id=project, request=[{"data": {**each["data"], "ray_hitl": name}}])
            with noted.open("a") as file:
                file.write(f"{name}\n")
            print("handed over", name)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "handed-over.txt"))
