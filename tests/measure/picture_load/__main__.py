"""``python -m tests.measure.picture_load``: pictures through a running service, at rising load and beyond.

Writes build/bench/pictures.json, and its figures into build/bench/report.json where that is there: pictures a second through
upload and record, and with a model; the answers when more is offered than fits; the memory of the processes; and what another
task's slowest answers take meanwhile, over what they take alone. HITL_BENCH_SECONDS (15) is the time of each load.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

from tests.measure.command_line import no_options
from tests.measure.picture_load.measuring import measured
from tests.measure.picture_load.world import world
from tests.measure.reported import add_to_report, write_report
from tests.running import ROOT

FILE = ROOT / "build" / "bench" / "pictures.json"
SECONDS = float(os.environ.get("HITL_BENCH_SECONDS", "15"))


def main() -> None:
    no_options(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # who ends this ends its service too
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="hitl-") as folder, world(Path(folder)) as made:
        report = {"cpus": os.cpu_count(), "load_before": round(before, 2), **measured(made, SECONDS)}
    write_report(FILE, report)
    add_to_report(FILE.with_name("report.json"), "pictures", report)
    if strange := [each for rows in report.values() if isinstance(rows, list) for row in rows for each in row["unexpected"]]:
        raise SystemExit(f"answers that should not be: {strange}")


if __name__ == "__main__":
    main()
