"""Measure the code itself: types, events, arrows between packages, names and sizes, to build/measure-code/report.json.

``--check`` fails where a figure is over its target; ``--report``, the default, shows them and ends well.
"""

import argparse
import json
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.measure import code_facts as facts
from tests.measure import code_imports as imports
from tests.measure.code_source import PACKAGES, Module, comments_of, documented_events, read_modules
from tests.running import ROOT

FILE = ROOT / "build" / "measure-code" / "report.json"
PER_1000_LINES = 4.0
"""Of ``dict[str, Any]``."""

SHELLS = ("serve_app", "training")
WORDS = 40
CLIENT = "hitl.client"
"""Shown by itself beside the packages: it is to depend on nothing of the rest."""

PLACES_SHOWN = 10
WIDTH = 160


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--report", action="store_true", help="show the figures (default)")
    mode.add_argument("--check", action="store_true", help="exit with 1 where a figure is over its target")
    given = parser.parse_args()
    report = measure(read_modules(ROOT))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    show(report, Console(markup=False, width=WIDTH))
    raise SystemExit(int(given.check and bool(report["over_target"])))


def measure(modules: dict[str, Module]) -> dict[str, Any]:
    """The report: ``targets`` are those that a figure must not exceed, everything else is for reading. Files that a script
    writes count as code that is imported, and not as code that somebody wrote."""
    graph = imports.import_graph(modules)
    edited = {name: module for name, module in modules.items() if not module.is_generated}
    declared = facts.declared_events(modules.values())
    events = {name: set[str]() for name in documented_events(ROOT)} | declared
    aliases = set[str]().union(*map(facts.aliases_of, modules.values()))
    lookups = [place for module in modules.values() for place in facts.event_lookups(module, events)]
    packages = [_package_row(name, edited, lookups, aliases) for name in (*PACKAGES, CLIENT)]
    homonyms = facts.homonyms(edited.values())
    cycles = imports.cycles(imports.package_graph(modules, graph))
    found: dict[str, list[Any]] = {
        "event look-ups by string": lookups,
        "package cycles": cycles,
        "shells imported by hitl outside hitl.cli": imports.crossings(graph, "hitl", SHELLS, "hitl.cli"),
        "hitl.cli imported by others": imports.crossings(graph, "", ("hitl.cli",), "hitl.cli"),
        "class names with several meanings": [f"{name}: {', '.join(at)}" for name, at in homonyms.items()],
    }
    per_package = {f"dict[str, Any] per 1,000 lines, {row['package']}": row["dict_any_per_1000"] for row in packages}
    targets = {name: (value, PER_1000_LINES) for name, value in per_package.items()}
    targets |= {name: (len(places), 0.0) for name, places in found.items()}
    return {
        "packages": packages,
        "targets": {name: {"is": value, "target": target} for name, (value, target) in targets.items()},
        "over_target": sorted(name for name, (value, target) in targets.items() if value > target),
        "places": found,
        "events_declared": len(declared),
        "modules_with_one_importer": imports.single_importers(modules, graph),
        "function_lines": facts.spread(facts.function_lines(modules.values())),
        "file_lines": facts.spread([module.lines for module in edited.values()]),
        "words": dict(facts.words(modules.values()).most_common(WORDS)),
    }


def _package_row(name: str, modules: dict[str, Module], lookups: list[facts.Place], aliases: set[str]) -> dict[str, Any]:
    inside = [module for module in modules.values() if imports.is_inside(module.name, name)]
    lines = sum(module.lines for module in inside)
    dictionaries = sum(len(list(facts.any_dictionaries(module))) for module in inside)
    with_aliases = dictionaries + sum(facts.aliases_used(module, aliases) for module in inside)
    return {
        "package": name,
        "lines": lines,
        "dict_any": dictionaries,
        "dict_any_per_1000": round(1000 * dictionaries / lines, 1),
        "with_aliases_per_1000": round(1000 * with_aliases / lines, 1),
        "any_per_1000": round(1000 * sum(map(facts.anys, inside)) / lines, 1),
        "event_lookups": sum(imports.is_inside(place.module, name) for place in lookups),
        "comments_per_100": round(100 * sum(map(comments_of, inside)) / lines, 2),
    }


def _where(place: Any) -> str:
    return f"{place.module}:{place.line} {place.what}" if isinstance(place, facts.Place) else str(place)


def show(report: dict[str, Any], console: Console) -> None:
    packages = Table(*report["packages"][0], title="by package")
    for row in report["packages"]:
        packages.add_row(*map(str, row.values()))
    targets = Table("figure", "is", "target", "", title="targets")
    for name, each in report["targets"].items():
        targets.add_row(name, str(each["is"]), str(each["target"]), "over" if name in report["over_target"] else "met")
    console.print(packages, targets)
    for name, places in report["places"].items():
        for place in places[:PLACES_SHOWN]:
            console.print(f"  {name}: {_where(place)}", highlight=False, soft_wrap=True)
    for name in ("modules_with_one_importer", "function_lines", "file_lines"):
        console.print(f"{name}: {report[name]}")
    console.print("words of names:", ", ".join(f"{word} {count}" for word, count in report["words"].items()))
    console.print(str(FILE))


if __name__ == "__main__":
    main()
