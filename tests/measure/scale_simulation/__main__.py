"""``python -m tests.measure.scale_simulation [REPORT]``: the product on more machines than there are, from measured costs.

REPORT is one of ``python -m tests.measure.scale``; without it build/scale/report.json, and where that is not there the copy of
measured costs in measured_costs.yaml. Writes build/scale_simulation/report.json and docs/scale-curve.png.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.measure.command_line import command_line
from tests.measure.plot import plot_curve
from tests.measure.report import write
from tests.measure.scale_simulation.costs import DEFAULT, Costs, costs_of, load_costs
from tests.measure.scale_simulation.study import MACHINES, P99_MS, at_target, capacities, curve, layout_of, shards, validation
from tests.running import ROOT

REPORT = ROOT / "build" / "scale" / "report.json"


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("report", nargs="?", type=Path, default=REPORT, help="of tests.measure.scale (%(default)s)")
    costs, measured, source = _read(parser.parse_args().report)
    report: dict[str, Any] = {
        "costs_from": source,
        "costs": asdict(costs),
        "p99_bound_ms": P99_MS,
        "curve": list(curve(costs)),
        "at_target": at_target(costs, MACHINES[-1]),
        "shards": shards(costs),
        "capacities": [
            {"machines": number, **{role: round(each) for role, each in capacities(layout_of(way, number), costs).items()}}
            for way, number in (("one store", 1), ("a store for each partition", MACHINES[-1]))
        ],
    }
    if measured is not None:
        report["validation"] = validation(costs, measured)
    write("scale_simulation", report)
    plot_curve(report)


def _read(file: Path) -> tuple[Costs, dict[str, Any] | None, str]:
    """The costs, the report that they come from, and where that is. Without a report nothing can be validated."""
    if not file.exists():
        if file != REPORT:
            raise SystemExit(f"no report {file}: python -m tests.measure.scale writes one")
        return load_costs(), None, DEFAULT.name
    measured: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return costs_of(measured), measured, str(file)


if __name__ == "__main__":
    main()
