"""Measure types, events, names and sizes of the product's modules."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median, quantiles
from typing import NamedTuple, TypeGuard

from tests.measure.code_source import Module

CODEC = ("hitl.machine.events", "hitl.machine.codec")
"""Modules that may look at an event by string: they turn the journal's JSON into types and back."""

EVENT_NAME = re.compile(r"^_?(?:[a-z]+_)?event$")
DICTIONARIES = {"dict", "Dict", "Mapping", "MutableMapping"}


class Place(NamedTuple):
    """Where something was found, for whoever mends it."""

    module: str
    line: int
    what: str


def any_dictionaries(module: Module) -> Iterator[Place]:
    """``dict[str, Any]`` and its relatives; an alias counts once, where it is declared."""
    for node in ast.walk(module.tree):
        if _is_any_dictionary(node):
            yield Place(module.name, node.lineno, ast.unparse(node))


def _is_any_dictionary(node: ast.AST) -> TypeGuard[ast.expr]:
    return isinstance(node, ast.Subscript) and name_of(node.value) in DICTIONARIES and name_of(_last(node.slice)) == "Any"


def aliases_used(module: Module, aliases: set[str]) -> int:
    """Uses of names that stand for ``dict[str, Any]``, so that an alias hides nothing."""
    return sum(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in aliases for node in ast.walk(module.tree)
    )


def aliases_of(module: Module) -> set[str]:
    """Names that the module's top level gives to ``dict[str, Any]``."""
    found: set[str] = set()
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _is_any_dictionary(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {name_of(target) for target in targets}
    return found


def anys(module: Module) -> int:
    """Every use of ``Any``, inside a dictionary or not."""
    return sum(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(module.tree))


def declared_events(modules: Iterable[Module]) -> dict[str, set[str]]:
    """The name of every event class, with the modules that declare it."""
    return subclasses_of("Event", modules)


def subclasses_of(base: str, modules: Iterable[Module]) -> dict[str, set[str]]:
    """Public classes that stand on one called ``base`` by however many steps, with the modules that declare them."""
    bases: dict[str, set[str]] = defaultdict(set)
    places: dict[str, set[str]] = defaultdict(set)
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                bases[node.name] |= {name_of(each.value if isinstance(each, ast.Subscript) else each) for each in node.bases}
                places[node.name].add(module.name)
    found = {base}
    while grown := {name for name, over in bases.items() if over & found} - found:
        found |= grown
    return {name: places[name] for name in found - {base} if not name.startswith("_")}


def event_lookups(module: Module, events: dict[str, set[str]]) -> Iterator[Place]:
    """Looks at an event by string: a field of it, its type, or the name of one outside the module that declares it."""
    if module.name in CODEC:
        return
    for node in ast.walk(module.tree):
        if _is_lookup(node) or _is_get(node):
            yield Place(module.name, node.lineno, ast.unparse(node))
        elif isinstance(node, ast.Constant) and node.value in events and module.name not in events[node.value]:
            yield Place(module.name, node.lineno, repr(node.value))


def _is_lookup(node: ast.AST) -> TypeGuard[ast.Subscript]:
    return isinstance(node, ast.Subscript) and _is_event(node.value) and _is_text(node.slice)


def _is_get(node: ast.AST) -> TypeGuard[ast.Call]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"):
        return False
    return _is_event(node.func.value) and bool(node.args) and _is_text(node.args[0])


def _is_event(node: ast.expr) -> bool:
    return bool(EVENT_NAME.match(name_of(node)))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _last(node: ast.expr) -> ast.expr:
    return node.elts[-1] if isinstance(node, ast.Tuple) and node.elts else node


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def homonyms(modules: Iterable[Module]) -> dict[str, list[str]]:
    """Public top-level classes whose name stands in more than one module."""
    places: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module.name)
    return {name: found for name, found in sorted(places.items()) if len(found) > 1}


def function_lines(modules: Iterable[Module]) -> list[int]:
    nodes = (node for module in modules for node in ast.walk(module.tree))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [node.end_lineno - node.lineno + 1 for node in functions if node.end_lineno]


def spread(sizes: list[int]) -> dict[str, float]:
    return {"number": len(sizes), "median": median(sizes), "p90": quantiles(sizes, n=10)[-1], "largest": max(sizes)}


def words(modules: Iterable[Module]) -> Counter[str]:
    """The words of the names that functions, classes, parameters and variables are given."""
    counted: Counter[str] = Counter()
    for module in modules:
        for node in ast.walk(module.tree):
            counted.update(_split(_given(node)))
    return counted


def _given(node: ast.AST) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
            return name
    return ""


def _split(name: str) -> list[str]:
    borders = [0, *(m.start() for m in re.finditer(r"(?<=[a-z0-9])[A-Z]", name)), len(name)]
    parts = [name[start:end] for start, end in pairwise(borders)]
    return [word.lower() for part in parts for word in part.split("_") if len(word) > 1 and word not in ("self", "cls")]
