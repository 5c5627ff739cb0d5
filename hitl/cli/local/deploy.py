"""Deploy the Serve applications on the environment's Ray, and return when they answer."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import ray
from ray import serve

from hitl.cli.local.tcp_ports import answers
from serve_app.app import build_gateway, build_review
from serve_app.setup.args import ServeArgs

REQUEST_TIMEOUT_S = 90.0
"""Above the longest wait of a decision (60 s)."""

RAY_WITHIN_S = 60.0


def main(plan_file: str) -> None:
    plan = json.loads(Path(plan_file).read_text())
    _connect()
    deploy(plan)


def deploy(plan: dict[str, Any]) -> None:
    """Run both applications of ``plan`` ({"host", "port", "args"}) and wait until they are running."""
    http = {"host": plan["host"], "port": plan["port"], "request_timeout_s": REQUEST_TIMEOUT_S}
    logging = {"encoding": "JSON", "enable_access_log": False}
    serve.start(http_options=http, logging_config=logging)
    args = ServeArgs.model_validate(plan["args"])
    gateway = serve.RunTarget(build_gateway(args), name="gateway", route_prefix="/v1/tasks")
    review = serve.RunTarget(build_review(args), name="review", route_prefix="/")
    serve.run_many([review, gateway])


def _connect() -> None:
    """Wait for Ray, which starts at the same time as we do."""
    host, port = os.environ["RAY_ADDRESS"].rsplit(":", 1)
    deadline = time.monotonic() + RAY_WITHIN_S
    while not answers(int(port), host) and time.monotonic() < deadline:
        time.sleep(0.1)
    ray.init(namespace="hitl", log_to_driver=False)


if __name__ == "__main__":
    main(sys.argv[1])
