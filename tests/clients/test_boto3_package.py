"""The real boto3 (1.44.8), over HTTP: from StartHumanLoop to a person's answer and its output file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hitl.client.calls import get, post
from tests.clients.hosting import HostProcess, environment_of, program, until

pytestmark = pytest.mark.wide

FLOW = "arn:aws:sagemaker:us-east-1:000000000000:flow-definition/digits"


class Boto:
    """A program that calls one operation after the other."""

    def __init__(self, host: HostProcess, secret: str) -> None:
        python = environment_of("boto3", "boto3==1.44.8")
        keys = {"A2I": f"{host.url}/a2i", "KEY_ID": host.KEY_ID, "SECRET": secret}
        self.process = program(python, "tests/clients/programs/a2i_loop.py", **keys)

    def __call__(self, operation: str, **arguments: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([operation, arguments]) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def secret(host: HostProcess) -> str:
    with host.as_("client") as client:
        made = client.send(post("v1", "keys", host.KEY_ID, "signing-secret", body={}))
    return str(made["secret_access_key"])


@pytest.fixture
def boto(host: HostProcess, secret: str) -> Iterator[Boto]:
    made = Boto(host, secret)
    yield made
    made.process.kill()
    made.process.wait(10)


def start(boto: Boto, name: str) -> dict[str, Any]:
    given = {"InputContent": json.dumps({"text": "a seven?"})}
    return boto("start_human_loop", HumanLoopName=name, FlowDefinitionArn=FLOW, HumanLoopInput=given)


def test_a_loop_survives_a_kill_of_the_service_and_ends_with_its_output(host: HostProcess, boto: Boto) -> None:
    assert start(boto, "loop-1")["HumanLoopArn"].endswith(":human-loop/loop-1")
    host.restart()
    assert boto("describe_human_loop", HumanLoopName="loop-1")["HumanLoopStatus"] == "InProgress"
    with host.as_("reviewer") as reviewer:
        name = until(lambda: reviewer.send(get("v1", "interactions", "pending"))["interactions"])[0]["interaction_id"]
        reviewer.send(post("v1", "interactions", name, "answer", body={"user_input": {"label": "7"}}))
    told = boto("describe_human_loop", HumanLoopName="loop-1")
    output = json.loads(Path(told["HumanLoopOutput"]["OutputS3Uri"].removeprefix("file://")).read_text())
    assert (told["HumanLoopStatus"], output["humanAnswers"][0]["answerContent"]["label"]) == ("Completed", "7")


def test_list_stop_and_delete(host: HostProcess, boto: Boto) -> None:
    for name in ("s-1", "s-2", "s-3"):
        start(boto, name)
    assert boto("stop_human_loop", HumanLoopName="s-1") == {}
    assert boto("describe_human_loop", HumanLoopName="s-1")["HumanLoopStatus"] == "Stopped"
    assert boto("delete_human_loop", HumanLoopName="s-2") == {}
    names = boto("list_human_loops", FlowDefinitionArn=FLOW, SortOrder="Ascending", PaginationConfig={"PageSize": 2})["names"]
    assert names[-3:] == ["s-1", "s-2", "s-3"]
    boto("delete_human_loop", HumanLoopName="s-3")


def test_refusals_have_the_codes_that_boto3_knows(host: HostProcess, boto: Boto) -> None:
    assert boto("describe_human_loop", HumanLoopName="nothing") == {"error": "ResourceNotFoundException"}
    assert Boto(host, "another-secret")("describe_human_loop", HumanLoopName="x") == {"error": "AccessDeniedException"}
