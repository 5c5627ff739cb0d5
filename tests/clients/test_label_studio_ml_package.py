"""The real label-studio-ml (1.0.9) beside our backend: the same questions get answers of the same shape."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hitl.integrations.labelling.label_studio import label_config
from tests.clients.hosting import HostProcess, environment_of, program
from tests.review_app.conftest import FEATURES

pytestmark = pytest.mark.wide

PINNED = ("label-studio-ml==1.0.9", "redis", "rq")
"""It imports the last two, and does not say so."""

CONFIG = label_config(["0", "1"])
SETUP = {"project": "1.1764374400", "schema": CONFIG, "hostname": "", "access_token": "x", "extra_params": None}
TASK = {"id": 1, "data": {"shown": "a digit", "features": FEATURES}}
PARAMS = {"login": None, "password": None, "context": None}
PREDICT = {"tasks": [TASK], "project": "1.1764374400", "label_config": CONFIG, "params": PARAMS}
ASKED = [
    ("GET", "/health", None),
    ("POST", "/setup", SETUP),
    ("POST", "/predict", PREDICT),
    ("POST", "/versions", {"project": "1.1764374400"}),
    ("POST", "/webhook", {"action": "PROJECT_UPDATED", "project": {"id": 1, "label_config": CONFIG}}),
]


def test_our_backend_answers_in_the_shape_of_the_package(host: HostProcess, tmp_path: Path) -> None:
    python = environment_of("label-studio-ml", *PINNED)
    arguments = (json.dumps(ASKED), str(tmp_path))
    theirs = json.loads(
        program(python, "tests/clients/programs/predicting_backend.py", *arguments).communicate(timeout=120)[0].splitlines()[-1]
    )
    ours = [ask(host, *each) for each in ASKED]
    assert [status for status, _ in ours] == [status for status, _ in theirs] == [200, 200, 200, 200, 201]
    assert ours[0][1]["status"] == theirs[0][1]["status"] == "UP"
    assert [shape_of(body) for _, body in ours[1:3]] == [shape_of(body) for _, body in theirs[1:3]]
    assert (type(ours[3][1]["versions"]), type(theirs[3][1]["versions"])) == (list, list)


def ask(host: HostProcess, method: str, path: str, body: Any) -> tuple[int, Any]:
    answer = httpx2.request(
        method, f"{host.url}/label-studio/digits{path}", json=body, auth=("label-studio", "trainer"), timeout=30
    )
    return answer.status_code, answer.json()


def shape_of(value: Any) -> Any:
    """Names and types; of a list its first element."""
    if isinstance(value, dict):
        return {name: shape_of(each) for name, each in value.items()}
    return [shape_of(value[0])] if isinstance(value, list) else type(value).__name__
