"""Every command of ``hitl`` finds the service in one way, and prints one JSON document where a program asks for it."""

import runpy
from pathlib import Path

from typer.core import TyperCommand, TyperOption
from typer.main import get_command

from hitl.cli.main import app

WITHOUT_JSON = {
    "up": "it stays until Ctrl-C; `hitl status --json` tells the same",
    "demo": "it writes build/demo/report.json",
    "audit export": "its output is JSON Lines",
    "audit report": "its output is JSON",
    "outbox catalogue": "its output is JSON",
    "mcp": "it speaks its protocol on standard output",
    "proxy-environment": "its output is for a shell",
}
SERVICE = {"--url", "--api"}
ENVIRONMENT = ["HITL_API_URL", "HITL_URL"]


MADE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "make_commands.py"))
ALL: dict[str, TyperCommand] = dict(MADE["commands"](get_command(app)))


def options(command: TyperCommand) -> list[TyperOption]:
    return [each for each in command.params if isinstance(each, TyperOption)]


def test_every_command_prints_json_or_says_why_not() -> None:
    without = {name for name, command in ALL.items() if not any("--json" in each.opts for each in options(command))}
    assert without == set(WITHOUT_JSON)
    assert len(ALL) > 50


def test_every_command_names_the_service_and_the_key_alike() -> None:
    seen = 0
    for name, command in ALL.items():
        for option in options(command):
            if SERVICE & set(option.opts):
                seen += 1
                assert (set(option.opts), option.envvar) == (SERVICE, ENVIRONMENT), name
            if "--key" in option.opts:
                assert option.envvar == "HITL_API_KEY", name
    assert seen > 15


def test_whoever_needs_a_key_can_say_where_the_service_is() -> None:
    for name, command in ALL.items():
        names = {opt for option in options(command) for opt in option.opts}
        assert ("--key" in names) == ("--url" in names), name


def test_every_option_says_what_it_is() -> None:
    silent = [(name, each.opts) for name, command in ALL.items() for each in options(command) if not each.help]
    assert silent == []


def test_the_page_of_the_commands_is_up_to_date() -> None:
    assert MADE["FILE"].read_text(encoding="utf-8") == MADE["page"](), "run python docs/make_commands.py"
