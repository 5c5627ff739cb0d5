"""The real OpenAI Agents SDK (0.24.0): a tool that needs an approval waits for people here."""

from pathlib import Path
from subprocess import Popen

import pytest

from tests.clients.hosting import HostProcess, environment_of, program, until
from tests.running import ROOT

pytestmark = pytest.mark.wide


@pytest.fixture(scope="session")
def sdk() -> Path:
    return environment_of("openai-agents", "openai-agents==0.24.0", "httpx2>=2.16", "pydantic-settings>=2.16")


def run(host: HostProcess, python: Path, run_id: str, saved: Path) -> Popen[str]:
    environment = {"HITL_API_URL": host.url, "HITL_API_KEY": "client", "PYTHONPATH": str(ROOT)}
    return program(python, "examples/clients/openai_agent.py", run_id, str(saved), **environment)


def vote(host: HostProcess, how: str, comment: str = "") -> None:
    with host.as_("approver") as approver:
        found = until(lambda: approver.approvals(status="pending")["approvals"])[0]
        assert found["context"] == {"name": "pay", "args": {"amount": 5}}
        approver.vote(found["approval_id"], how, found["digest"], comment)


@pytest.mark.parametrize(("how", "said"), [("approve", "paid 5\npaid 5\n"), ("reject", "People did not approve the call: no\n")])
def test_a_tool_runs_only_after_a_yes(host: HostProcess, sdk: Path, tmp_path: Path, how: str, said: str) -> None:
    agent = run(host, sdk, how, tmp_path / "run.json")
    vote(host, how, "no")
    assert agent.communicate(timeout=60)[0] == said
    assert not (tmp_path / "run.json").exists()


def test_a_death_of_both_sides_asks_nobody_twice(host: HostProcess, sdk: Path, tmp_path: Path) -> None:
    agent = run(host, sdk, "killed", tmp_path / "run.json")
    with host.as_("approver") as approver:
        until(lambda: approver.approvals(status="pending")["approvals"])
    agent.kill()
    agent.wait(10)
    host.restart()
    agent = run(host, sdk, "killed", tmp_path / "run.json")
    vote(host, "approve")
    assert agent.communicate(timeout=60)[0] == "paid 5\npaid 5\n"
    with host.as_("approver") as approver:
        assert approver.approvals(status="pending")["approvals"] == []
