"""Which lines of the requirements the passed tests show: ``@pytest.mark.covers("003-43")`` becomes a row of a table.

tests/conftest.py brings the hooks in. Each run leaves ``build/covers/<what ran>.json``; docs/make_compatibility.py joins them.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

COVERS = "covers"
OUTPUT = Path(__file__).parent.parent / "build" / "covers"


class CoversCollector:
    """Collects the lines of every test that passed; a line with a failing test is left out."""

    def __init__(self) -> None:
        self.lines_of: dict[str, tuple[str, ...]] = {}
        self.passed: set[str] = set()
        self.failed: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            lines = tuple(line for mark in item.iter_markers("covers") for line in mark.args)
            if lines:
                item.user_properties.append((COVERS, lines))  # comes back in the reports, from another process too

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.lines_of.update((report.nodeid, tuple(lines)) for name, lines in report.user_properties if name == COVERS)
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.when == "call" and report.passed:
            self.passed.add(report.nodeid)

    def table(self) -> dict[str, list[str]]:
        """The test functions that show each line."""
        shown: dict[str, set[str]] = defaultdict(set)
        for nodeid in self.passed - self.failed:
            for line in self.lines_of.get(nodeid, ()):
                shown[line].add(nodeid.split("[")[0])
        return {line: sorted(tests) for line, tests in sorted(shown.items())}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput"):
            return
        OUTPUT.mkdir(parents=True, exist_ok=True)
        suite = "slow" if session.config.option.markexpr.startswith("slow") else "quick"
        (OUTPUT / f"{suite}.json").write_text(json.dumps(self.table(), indent=1), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CoversCollector(), "covers-collector")
