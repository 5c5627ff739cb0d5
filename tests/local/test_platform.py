"""``hitl up`` on another system than Linux says so, before it imports what that system lacks."""

import sys

import pytest

from hitl.cli import lazy
from hitl.cli.main import COMMANDS
from hitl.errors import NotStarted


@pytest.mark.parametrize("name", ["up", "demo"])
def test_another_system_is_told_that_linux_is_needed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(lazy, "loaded", lambda place: pytest.fail("it imported the command"))
    with pytest.raises(NotStarted, match=f"hitl {name}.*needs Linux.*darwin"):
        lazy.LazyCommand(name, COMMANDS[name]).make_context(name, [])


def test_commands_that_only_ask_a_service_run_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Elsewhere:
        def make_context(self, name: str, args: list[str], parent: object, **extra: object) -> None:
            asked.append(name)

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(lazy, "loaded", lambda place: Elsewhere())
    lazy.LazyCommand("outbox", COMMANDS["outbox"]).make_context("outbox", [])
    assert asked == ["outbox"]
