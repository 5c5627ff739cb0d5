"""What an idle service costs: processor time, memory and processes of ``hitl up`` with the shipped tasks.

``python -m tests.measure.idle [MINUTES]`` starts a fresh service, waits until it is settled, measures for MINUTES (3) and writes
build/idle/report.json. Shares are of one core; ``start_processor_s`` is what all processes took of it until the service was
ready. Measure on a quiet machine: beside other work the processes get less of the processor than they would take, and are ready
later.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hitl.cli.local.place import place_of
from tests.measure.command_line import command_line
from tests.measure.processes import count_now, held_now, taken_between, taken_until_now
from tests.measure.report import write
from tests.running import Running

MINUTES = 3.0
SETTLED_S = 60.0
"""Until the last caches are filled and the last imports are done."""

RAYS_OWN: tuple[str, ...] = (
    *(
        "raylet",
        "GCS",
        "proxy",
        "Ray's start",
        "dashboard.py",
        "monitor.py",
        "log_monitor.py",
        "ray-dashboard-",
        "multiprocessing.",
    ),
    *(
        "ray::DashboardAgent",
        "ray::RuntimeEnvAgent",
        "ray::ServeController",
        "ray::ProxyActor",
        "ray::HAProxyManager",
        "ray::IDLE",
    ),
)
"""How the kinds begin that are Ray's: its head, its dashboard, Serve's controller and proxies. All others are the product's,
the store and MLflow among them. ``multiprocessing`` is the dashboard's: nothing of the product uses it."""


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("minutes", nargs="?", type=float, default=MINUTES, help="of the measurement (%(default)s)")
    minutes: float = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="hitl-") as folder, fresh(Path(folder)) as (service, ready_s):
        start_s = sum(each.seconds for each in taken_until_now(service).values())
        time.sleep(SETTLED_S)
        before, began = taken_until_now(service), time.monotonic()
        time.sleep(60.0 * minutes)
        after, lasted_s = taken_until_now(service), time.monotonic() - began
        counts, held = count_now(service), held_now(service)
    start = {"ready_s": round(ready_s, 1), "start_processor_s": round(start_s, 1)}
    write("idle", {"minutes": minutes, **start, **summed(taken_between(before, after), lasted_s, counts, held)})


@contextmanager
def fresh(folder: Path) -> Iterator[tuple[Running, float]]:
    """A service with the shipped tasks on ``folder`` and the seconds until it was ready, stopped at the end."""
    service, began = Running(place_of(folder), {}), time.monotonic()
    try:
        service.command("up", "--detach")
        yield service, time.monotonic() - began
    finally:
        service.command("down")


def summed(seconds: Mapping[str, float], lasted_s: float, counts: Mapping[str, int], held: Mapping[str, float]) -> dict[str, Any]:
    """Return the sums and the figures by kind, the busiest first. ``seconds`` are those of the processor that were taken in
    ``lasted_s``; ``held`` is in MiB."""
    taken = {kind: each / lasted_s for kind, each in seconds.items()}
    kinds = sorted({*taken, *counts, *held}, key=lambda kind: (-taken.get(kind, 0.0), kind))
    rows = [
        {
            "kind": kind,
            "is_rays": is_rays(kind),
            "processes": counts.get(kind, 0),
            "core_percent": _percent(taken.get(kind, 0.0)),
            "pss_mib": held.get(kind, 0.0),
        }
        for kind in kinds
    ]
    return {
        "core_percent": _percent(sum(taken.values())),
        "own_core_percent": _percent(sum(share for kind, share in taken.items() if not is_rays(kind))),
        "processes": sum(counts.values()),
        "pss_mib": round(sum(held.values()), 1),
        "kinds": rows,
    }


def is_rays(kind: str) -> bool:
    """Tell whether such processes are Ray's own."""
    return kind.startswith(RAYS_OWN)


def _percent(share: float) -> float:
    return round(100.0 * share, 2)


if __name__ == "__main__":
    main()
