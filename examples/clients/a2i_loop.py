"""A human loop of Amazon A2I, asked here instead: boto3's own client, with another endpoint and other keys.

    pip install boto3
    HITL_A2I_URL=http://127.0.0.1:8000/a2i HITL_A2I_KEY_ID=<the id of a client's key> HITL_A2I_SECRET=<its signing secret> \\
        python a2i_loop.py digits loop-1 '{"text": "a seven?"}'

Starts the loop, waits for a person, and prints their answer. The same loop again is the loop that was started before. Nothing of
ray-hitl is imported.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError, HTTPClientError

FLOW = "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/"
PAUSE_S = 2.0


def open_client() -> Any:
    return boto3.client(
        "sagemaker-a2i-runtime",
        endpoint_url=os.environ["HITL_A2I_URL"],
        region_name="us-east-1",
        aws_access_key_id=os.environ["HITL_A2I_KEY_ID"],
        aws_secret_access_key=os.environ["HITL_A2I_SECRET"],
        config=Config(retries={"max_attempts": 8, "mode": "standard"}),  # a start is repeated: its name makes it one
    )


def wait_for_person(client: Any, name: str) -> Any:
    """Return the loop once it is over. While the service is away, the loop waits there."""
    while True:
        try:
            loop = client.describe_human_loop(HumanLoopName=name)
            if loop["HumanLoopStatus"] != "InProgress":
                return loop
        except (EndpointConnectionError, HTTPClientError) as error:
            print("nobody answers:", type(error).__name__, file=sys.stderr, flush=True)
        time.sleep(PAUSE_S)


def read_answer(loop: Any) -> Any:
    """Return what the person said, from the output file; this one lies in a folder, a bucket is read by its own client."""
    output = json.loads(Path(loop["HumanLoopOutput"]["OutputS3Uri"].removeprefix("file://")).read_text())
    return output["humanAnswers"][0]["answerContent"]


def main(task: str, name: str, content: str) -> None:
    client = open_client()
    client.start_human_loop(HumanLoopName=name, FlowDefinitionArn=FLOW + task, HumanLoopInput={"InputContent": content})
    print("waiting for a person", flush=True)
    loop = wait_for_person(client, name)
    print(json.dumps(read_answer(loop)) if loop["HumanLoopStatus"] == "Completed" else loop["HumanLoopStatus"], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
