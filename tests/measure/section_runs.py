"""Runs the sections of a report, several at a time, and writes each as soon as it is there."""

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

PROCESSES = int(os.environ.get("HITL_BENCH_PROCESSES", "2"))
"""Sections that are measured at the same time, each in a process of its own that takes one core; 1: all in this process."""
WHOLE = "whole run"
"""The name under which the report says of a run of all sections how long it took."""

Section = Callable[[bool], dict[str, Any]]
Sections = Callable[[], Mapping[str, Section]]


def write_sections(
    report: Path,
    sections: Sections,
    quick: bool = False,
    only: Collection[str] = (),
    processes: int = 1,
    first: Collection[str] = (),
) -> None:
    """Measures what ``sections`` returns, ``only`` those named if any are, and writes each in place of its last one. Infinite
    figures become null. ``first`` names those that take the longest, so that no process waits long at the end. With several
    ``processes`` each of them calls ``sections`` anew. Raises the first section's error once all others are written."""
    report.parent.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8")) if report.is_file() else {}
    names = sorted((name for name in sections() if name in only or not only), key=lambda name: name not in first)
    started, failed = time.time(), list[BaseException]()
    for name, figures in _measured(sections, names, quick, processes):
        if isinstance(figures, BaseException):
            failed.append(figures)
            continue
        found[name] = figures
        report.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if failed:
        raise failed[0]
    if not only:
        minutes = round((time.time() - started) / 60, 1)
        found[WHOLE] = {"quick": quick, "sections": len(names), "processes": processes, "minutes": minutes}
        report.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _measured(
    sections: Sections, names: Collection[str], quick: bool, processes: int
) -> Iterator[tuple[str, dict[str, Any] | BaseException]]:
    if processes == 1:
        yield from ((name, _section(sections, name, quick)) for name in names)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        running = {pool.submit(_section, sections, name, quick): name for name in names}
        for done in as_completed(running):
            error = done.exception()
            yield running[done], done.result() if error is None else error


def _section(sections: Sections, name: str, quick: bool) -> dict[str, Any]:
    started = time.process_time()
    with threadpool_limits(1):  # arrays this small lose more by waiting for threads than they win
        figures = sections()[name](quick)
    return {"quick": quick, "cpu_seconds": round(time.process_time() - started, 1), **_finite(figures)}


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return None if isinstance(value, float) and not np.isfinite(value) else value
