"""Misspell one word of the product: a field or a name of an event, a view, a question or a command.

What is misspelt is found by what it is, not by where it stands, so that moved and renamed code is mutated as before. A search
that finds nothing raises: a guard that no longer looks at anything is not a guard.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.measure import code_facts as facts
from tests.measure.code_source import Module, read_modules


@dataclass(frozen=True, slots=True)
class Spot:
    """A word in a line of a file; ``column`` counts bytes, as syntax trees do."""

    path: Path
    line: int
    column: int
    word: str

    def misspell(self) -> bytes:
        """Leave the last letter but one out of the word; returns what the file was."""
        before = self.path.read_bytes()
        lines = before.split(b"\n")
        line, end = lines[self.line - 1], self.column + len(self.word)
        if line[self.column : end] != self.word.encode():
            raise LookupError(f"expected {self.word!r} at {self.path}:{self.line}")
        lines[self.line - 1] = line[: end - 2] + line[end - 1 :]
        self.path.write_bytes(b"\n".join(lines))
        return before


N = TypeVar("N", bound=ast.AST)
OF_DICTIONARIES = {"get", "items", "keys", "values", "pop", "update", "copy"}
"""Misspelt, these fail for a dictionary too, and show nothing about a field."""

Search = Callable[[dict[str, Module], Module], Iterator[Spot]]
"""The spots of one module, given all of them."""


def find(root: Path, under: str, search: Search) -> Spot:
    """The first spot in the modules under the dotted name ``under``. Raises LookupError when there is none."""
    modules = read_modules(root)
    inside = [module for name, module in sorted(modules.items()) if f"{name}.".startswith(f"{under}.")]
    for module in inside:
        for spot in search(modules, module):
            return spot
    raise LookupError(f"nothing in {under} is left for this mutation: {len(inside)} modules were searched")


def keyword_of(base: str, cls: str = "", field: str = "") -> Search:
    """A keyword with which a subclass of ``base`` is made; of ``cls`` and ``field`` where they are given."""

    def search(modules: dict[str, Module], module: Module) -> Iterator[Spot]:
        names = {cls} if cls else set(facts.subclasses_of(base, modules.values()))
        for call in _nodes(module, ast.Call):
            for each in call.keywords if facts.name_of(call.func) in names else ():
                if each.arg and len(each.arg) > 2 and field in ("", each.arg):
                    yield Spot(module.path, each.lineno, each.col_offset, each.arg)

    return search


def key_of_fields(field: str) -> Search:
    """The key ``field`` of a dictionary that a function returns as a TypedDict: fields that events are made with."""

    def search(modules: dict[str, Module], module: Module) -> Iterator[Spot]:
        declared = facts.subclasses_of("TypedDict", modules.values())
        for function in _nodes(module, ast.FunctionDef):
            if function.returns is None or facts.name_of(function.returns) not in declared:
                continue
            keys = (key for node in ast.walk(function) if isinstance(node, ast.Dict) for key in node.keys)
            for key in keys:
                if isinstance(key, ast.Constant) and key.value == field:
                    yield Spot(module.path, key.lineno, key.col_offset + 1, field)

    return search


def either(*searches: Search) -> Search:
    """What the first of ``searches`` that finds something finds."""
    return lambda modules, module: (spot for search in searches for spot in search(modules, module))


def attribute_of(variable: str) -> Search:
    """A field that is read of a variable with this name."""

    def search(modules: dict[str, Module], module: Module) -> Iterator[Spot]:
        for node in _nodes(module, ast.Attribute):
            if facts.name_of(node.value) == variable and _is_field(node.attr):
                yield _end_of(module, node)

    return search


def name_of_event(cls: str = "") -> Search:
    """The name of an event class where a module uses it that does not declare it; of ``cls`` where it is given."""

    def search(modules: dict[str, Module], module: Module) -> Iterator[Spot]:
        events = facts.declared_events(modules.values())
        names = {name for name, at in events.items() if module.name not in at and cls in ("", name)}
        for node in _nodes(module, ast.Name):
            if node.id in names:
                yield Spot(module.path, node.lineno, node.col_offset, node.id)
        for each in _nodes(module, ast.Attribute):
            if each.attr in names:
                yield _end_of(module, each)

    return search


def keyword_of_view(modules: dict[str, Module], module: Module) -> Iterator[Spot]:
    """A keyword with which the answer to a question or a command is made: ``A`` of ``Question[A]`` or ``Command[A]``."""
    classes = (node for each in modules.values() for node in _nodes(each, ast.ClassDef))
    bases = (base for node in classes for base in node.bases if isinstance(base, ast.Subscript))
    views = {facts.name_of(base.slice) for base in bases if facts.name_of(base.value) in ("Question", "Command")}
    for call in _nodes(module, ast.Call):
        for each in call.keywords if facts.name_of(call.func) in views - {""} else ():
            if each.arg and len(each.arg) > 2:
                yield Spot(module.path, each.lineno, each.col_offset, each.arg)


def attribute_of_answer(modules: dict[str, Module], module: Module) -> Iterator[Spot]:
    """A field that is read of what a shard answered: ``found = await shards.ask(...)``, then ``found.field``."""
    for function in _nodes(module, ast.AsyncFunctionDef):
        answers = {
            facts.name_of(node.targets[0]) for node in ast.walk(function) if isinstance(node, ast.Assign) and _asks(node.value)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and facts.name_of(node.value) in answers and _is_field(node.attr):
                yield _end_of(module, node)


def _asks(value: ast.expr) -> bool:
    call = value.value if isinstance(value, ast.Await) else None
    return isinstance(call, ast.Call) and facts.name_of(call.func) == "ask"


def _is_field(name: str) -> bool:
    return len(name) > 2 and name not in OF_DICTIONARIES


def _end_of(module: Module, node: ast.Attribute) -> Spot:
    end = node.end_col_offset or 0
    return Spot(module.path, node.end_lineno or 0, end - len(node.attr), node.attr)


def _nodes(module: Module, kind: type[N]) -> Iterator[N]:
    return (node for node in ast.walk(module.tree) if isinstance(node, kind))
