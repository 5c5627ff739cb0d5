"""How workers share a run: a file's tests stay together, and all files with tests that need a service stay with one worker.

These come first: they take longest, two services at once take each other's time, and the other worker has the whole rest to do
meanwhile. tests/conftest.py brings the hooks in.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SERVICE = "service"
"""The marker of a test that needs a running product."""

ROOT = Path(__file__).parent.parent


class ByFile(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return SERVICE if needs_service(file) else file


@cache
def needs_service(file: str) -> bool:
    """Whether a test of ``file`` has the marker: the process that shares out the tests has their names alone."""
    return f"pytest.mark.{SERVICE}" in (ROOT / file).read_text(encoding="utf-8")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not needs_service(item.nodeid.split("::", 1)[0]))
