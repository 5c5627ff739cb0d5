"""Measure who imports whom: cycles between packages, arrows that must not be, modules with one importer."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.measure.code_source import Module


def import_graph(modules: dict[str, Module]) -> dict[str, set[str]]:
    """The product's modules that each one imports."""
    return {name: set(imports_of(module, modules)) - {name} for name, module in modules.items()}


def imports_of(module: Module, modules: dict[str, Module]) -> Iterator[str]:
    """The product's modules that ``module`` imports anywhere in its text, functions and type checking included."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            yield from _imported_from(node, module, modules)


def _imported_from(node: ast.ImportFrom, module: Module, modules: dict[str, Module]) -> Iterator[str]:
    source = node.module or ""
    if node.level:
        parts = module.name.split(".")
        base = parts[: len(parts) - node.level + module.is_package]
        source = ".".join([*base, source] if source else base)
    for alias in node.names:
        inner = f"{source}.{alias.name}"
        if inner in modules:
            yield inner
        elif source in modules:
            yield source


def package_graph(modules: dict[str, Module], graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Imports between packages; a package and those inside it are one idea and no arrow."""
    arrows: dict[str, set[str]] = defaultdict(set)
    for name, imported in graph.items():
        source = modules[name].package
        for target in (modules[each].package for each in imported):
            if not is_inside(source, target) and not is_inside(target, source):
                arrows[source].add(target)
    return dict(arrows)


def is_inside(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of nodes that reach each other, largest first."""
    reach = {node: _reachable(graph, node) for node in graph}
    groups = {
        tuple(sorted(other for other in reach[node] if node in reach.get(other, ()))) for node in graph if node in reach[node]
    }
    return sorted(map(list, groups), key=lambda group: (-len(group), group))


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for each in graph.get(waiting.pop(), set()) - found:
            found.add(each)
            waiting.append(each)
    return found


def crossings(graph: dict[str, set[str]], sources: str, targets: tuple[str, ...], but: str) -> list[str]:
    """Imports of ``targets`` by modules of ``sources`` (empty: of all) that are outside ``but``."""
    return sorted(
        f"{name} -> {each}"
        for name, imported in graph.items()
        if (not sources or is_inside(name, sources)) and not is_inside(name, but)
        for each in imported
        if any(is_inside(each, target) for target in targets)
    )


def single_importers(modules: dict[str, Module], graph: dict[str, set[str]]) -> dict[str, int]:
    """Modules that one other module imports, and those of them whose importer is in the same package."""
    importers: dict[str, list[str]] = defaultdict(list)
    for name, imported in graph.items():
        for each in imported:
            importers[each].append(name)
    once = {name: found[0] for name, found in importers.items() if len(found) == 1 and not modules[name].is_package}
    same = sum(modules[name].package == modules[importer].package for name, importer in once.items())
    return {"modules": len(once), "in the same package": same}
