"""The processes of a running service by kind: how many there are, the memory that they hold, the processor time they took."""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.running import Running

MIB = 1024.0
TICK = os.sysconf("SC_CLK_TCK")
"""Of the processor's time in /proc/<pid>/stat, a second."""

TIMES = slice(11, 15)
"""Fields of /proc/<pid>/stat after the command's name (proc(5)): time in user and kernel mode, its own and that of children that
ended."""
START = 19
"""The field after the command's name that says when the process began."""

PROGRAM = re.compile(r"\bfrom ([\w.]+) import main\b")
"""What a ``python -c`` runs: multiprocessing's helpers and the product's limited programs are started so."""

TITLED = re.compile(r"ray::[\w:]+|ray-dashboard-[A-Za-z]+")
"""Titles that Ray's processes give themselves; behind them comes what the process does just now, or its old command line."""

KINDS = {
    "raylet": "raylet",
    "gcs_server": "GCS",
    "valkey-server": "store",
    "redis-server": "store",
    "haproxy": "proxy",
    "hitl.cli.local.supervisor": "supervisor",
    "hitl.cli.local.deploy": "deployment",
    "hitl.cli.local.mlflow_server": "MLflow",
    "ray.scripts.scripts": "Ray's start",
}
"""By the executable, or the module that Python runs."""
MLFLOW = "mlflow.server"
"""What uvicorn serves; the module that is run is its own."""


def count_now(service: Running) -> dict[str, int]:
    """Return the number of processes of each kind."""
    return dict(Counter(kind for kind, _ in _processes(service)))


def held_now(service: Running) -> dict[str, float]:
    """Return the proportional set size (PSS) of each kind, in MiB."""
    found: dict[str, float] = {}
    for kind, folder in _processes(service):
        if (pss := _pss(folder)) is not None:
            found[kind] = round(found.get(kind, 0.0) + pss, 1)
    return found


class Taken(NamedTuple):
    """What one process has taken: its kind by now, and seconds of processor time, with those of its children that ended."""

    kind: str
    seconds: float


def taken_until_now(service: Running) -> dict[tuple[str, str], Taken]:
    """Return what each process has taken, by its pid and its start: a pid may come again."""
    found: dict[tuple[str, str], Taken] = {}
    for kind, folder in _processes(service):
        if (stat := _read(folder / "stat")) is not None:
            fields = stat.rpartition(")")[2].split()
            found[folder.name, fields[START]] = Taken(kind, sum(int(each) for each in fields[TIMES]) / TICK)
    return found


def taken_between(before: Mapping[tuple[str, str], Taken], after: Mapping[tuple[str, str], Taken]) -> dict[str, float]:
    """Return the seconds of each kind. A process counts with its last kind; one that ended between counts where its parent is
    there, whose children's time it joined."""
    found: dict[str, float] = {}
    for kind, seconds in taken_by_process(before, after).values():
        found[kind] = found.get(kind, 0.0) + seconds
    return found


def taken_by_process(
    before: Mapping[tuple[str, str], Taken], after: Mapping[tuple[str, str], Taken]
) -> dict[tuple[str, str], Taken]:
    """Return what each process that is there took between the two looks."""
    nothing = Taken("", 0.0)
    return {process: Taken(now.kind, now.seconds - before.get(process, nothing).seconds) for process, now in after.items()}


def taken_by_machine() -> float:
    """Return the seconds that all cores have worked, by the first line of /proc/stat: user, nice, system, and interrupts."""
    _, user, nice, system, _, _, hard, soft, *_ = Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()
    return sum(map(int, (user, nice, system, hard, soft))) / TICK


def name_of(command: Sequence[str]) -> str:
    """Return the kind of the process with this command line, as /proc gives it."""
    first = command[0] if command else ""
    if titled := TITLED.match(first):
        return titled[0]
    executable = Path(first.partition(" ")[0]).name
    if executable in KINDS or not executable.startswith("python"):
        return KINDS.get(executable, executable or "ended")
    if any(word.startswith(MLFLOW) for word in command):
        return "MLflow"
    module = _module(command)
    return KINDS.get(module, module)


def _module(command: Sequence[str]) -> str:
    """Return what this command has Python run."""
    for flag, word in pairwise(command):
        if flag == "-m":
            return word
        if flag == "-c":
            program = PROGRAM.search(word)
            return program[1] if program else "python -c"
    return next((Path(word).name for word in command[1:] if word.endswith(".py")), Path(command[0]).name)


def _processes(service: Running) -> Iterator[tuple[str, Path]]:
    """Yield the kind and the folder in /proc of each process. One whose command line is empty has ended."""
    sessions = {service.state.pid, *(part["pid"] for part in service.state.parts.values())}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _session(int(folder.name)) in sessions and (line := _read(folder / "cmdline")):
            yield name_of(line.rstrip("\0").split("\0")), folder


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return -1


def _pss(folder: Path) -> float | None:
    rows = _read(folder / "smaps_rollup")
    return None if rows is None else sum(float(row.split()[1]) / MIB for row in rows.splitlines() if row.startswith("Pss:"))


def _read(file: Path) -> str | None:
    """None for a process that has ended."""
    try:
        return file.read_bytes().decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
