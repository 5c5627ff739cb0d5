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


def boto3() -> Path:
    return environment_of("boto3", "boto3==1.44.8")


def keys(host: HostProcess, secret: str) -> dict[str, str]:
    return {"HITL_A2I_URL": f"{host.url}/a2i", "HITL_A2I_KEY_ID": host.KEY_ID, "HITL_A2I_SECRET": secret}


class Boto:
    """A program that calls one operation after the other."""

    def __init__(self, host: HostProcess, secret: str) -> None:
        self.process = program(boto3(), "tests/clients/programs/a2i_operations.py", **keys(host, secret))

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


def answer(host: HostProcess, label: str) -> None:
    """As a person does it here."""
    with host.as_("reviewer") as reviewer:
        name = until(lambda: reviewer.send(get("v1", "interactions", "pending"))["interactions"])[0]["interaction_id"]
        reviewer.send(post("v1", "interactions", name, "answer", body={"user_input": {"label": label}}))


def start(boto: Boto, name: str) -> dict[str, Any]:
    given = {"InputContent": json.dumps({"text": "a seven?"})}
    return boto("start_human_loop", HumanLoopName=name, FlowDefinitionArn=FLOW, HumanLoopInput=given)


def test_the_example_waits_over_a_kill_and_prints_what_a_person_said(host: HostProcess, secret: str) -> None:
    given = ("digits", "example-1", json.dumps({"text": "a seven?"}))
    example = program(boto3(), "examples/clients/a2i_loop.py", *given, **keys(host, secret))
    assert example.stdout is not None
    assert example.stdout.readline() == "waiting for a person\n"
    host.restart()
    answer(host, "7")
    assert json.loads(example.communicate(timeout=120)[0]) == {"label": "7"}


def test_a_loop_survives_a_kill_of_the_service_and_ends_with_its_output(host: HostProcess, boto: Boto) -> None:
    assert start(boto, "loop-1")["HumanLoopArn"].endswith(":human-loop/loop-1")
    host.restart()
    assert boto("describe_human_loop", HumanLoopName="loop-1")["HumanLoopStatus"] == "InProgress"
    answer(host, "7")
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
