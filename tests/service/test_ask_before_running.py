"""The example that asks before it runs code, against the real service: people see the findings, and only a yes runs it."""

import importlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hitl.client import HumanLayer
from hitl.client.calls import get
from tests.fakes.stranger import EXAMPLES
from tests.running import Running, until

pytestmark = [pytest.mark.service, pytest.mark.slow]

CODE = "import subprocess\ncommand = 'echo 42'\nprint(subprocess.check_output(command, shell=True, text=True))"


def pending(service: Running) -> list[dict[str, Any]]:
    with service.as_("kim") as kim:
        found: list[dict[str, Any]] = kim.send(get("v1", "approvals", status="pending", kind="code_execution"))["approvals"]
    return found


@pytest.mark.covers("000-17", "000-27", "000-29", "000-30")
@pytest.mark.parametrize(("vote", "printed"), [("execute", "42\n\n"), ("reject", None)])
def test_code_runs_only_after_a_yes_to_exactly_this_code(service: Running, vote: str, printed: str | None) -> None:
    example = importlib.import_module("ask_before_running")
    people = HumanLayer([service.as_("client")])
    assert people.check_health()
    assert EXAMPLES.joinpath("ask_before_running.py").exists()
    with ThreadPoolExecutor(1) as waiting:
        asked = waiting.submit(example.run_if_approved, people, CODE, "u7")
        until(lambda: bool(pending(service)))
        seen = pending(service)[0]
        with service.as_("kim") as kim:
            kim.vote(seen["approval_id"], vote, seen["digest"])
        answer, output = asked.result(timeout=300)
    assert seen["checks"][0]["severity"] == "high"
    assert (answer.approved, output) == (printed is not None, printed)
