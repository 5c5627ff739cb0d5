"""A backend of the package label-studio-ml that answers what Label Studio asks: prints status and body of each answer."""

import json
import sys
from typing import Any

asked = json.loads(sys.argv[1])
folder = sys.argv[2]
sys.argv = sys.argv[:1]

from label_studio_ml.api import init_app  # noqa: E402 - it reads the command line
from label_studio_ml.model import LabelStudioMLBase  # noqa: E402

CHOICE = {"from_name": "label", "to_name": "input", "type": "choices", "value": {"choices": ["0"]}}


class Zero(LabelStudioMLBase):  # type: ignore[misc, unused-ignore]
    def predict(self, tasks: list[Any], **more: Any) -> list[Any]:
        return [{"result": [CHOICE], "score": 0.91, "model_version": "v1"} for _ in tasks]


client = init_app(model_class=Zero, model_dir=folder, redis_queue=None, redis_host=None, redis_port=None).test_client()
answers = [client.open(path, method=method, json=body) for method, path, body in asked]
print(json.dumps([[answer.status_code, answer.get_json()] for answer in answers]), flush=True)
