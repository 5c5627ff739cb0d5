"""Commands that are imported when they are called: ``hitl --help`` needs none of what they stand on."""

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is: ``module:name`` of a function or of a Typer application, and its line in the help."""

    reference: str
    help: str
    linux_only: bool = False
    """It starts processes in ways that other systems do not have."""


class LazyCommand(TyperCommand):
    """Stands for a command in the list, and hands over to it when it is called."""

    def __init__(self, name: str, place: Place) -> None:
        super().__init__(name, help=place.help)
        self._place = place

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        _require_platform(self._place, info_name)
        return loaded(self._place).make_context(info_name, args, parent, **extra)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        return loaded(self._place).shell_complete(ctx, incomplete)


def _require_platform(place: Place, name: str | None) -> None:
    """Raises NotStarted before anything is imported that another system may not have."""
    if not place.linux_only or sys.platform == "linux":
        return
    from hitl.errors import NotStarted

    raise NotStarted(
        f"hitl {name}", f"it needs Linux, and this is {sys.platform}: run it in a container, or ask a service elsewhere"
    )


def loaded(place: Place) -> Any:
    """Return the command itself. Imports its module."""
    module, _, name = place.reference.partition(":")
    found = getattr(importlib.import_module(module), name)
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)
    single = typer.Typer(add_completion=False)
    single.command()(found)
    return typer.main.get_command(single)


def group_of(places: Mapping[str, Place]) -> type[TyperGroup]:
    """Return a group with these commands, in this order."""

    class LazyGroup(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:
            return list(places)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            return LazyCommand(cmd_name, places[cmd_name]) if cmd_name in places else None

    return LazyGroup
