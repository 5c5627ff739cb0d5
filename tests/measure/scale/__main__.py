"""``python -m tests.measure.scale [NODES ...]``: the processor time of a decision and of a review by role, on 1, 2 and 4 nodes.

The nodes are Ray nodes of this machine, each with two logical processors; partitions, gateways and review replicas are as many
as nodes. Writes build/scale/report.json and docs/scale-costs.png. Sizes that are not named stay as the last run measured them.
HITL_SCALE_SECONDS (15) is the time of each load that is paced.
"""

import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.measure.command_line import command_line
from tests.measure.plot import plot_costs
from tests.measure.report import keep, write
from tests.measure.scale import store_terms
from tests.measure.scale.nodes import scale_nodes
from tests.measure.scale.phases import CASES_PER_S, REVIEWS_PER_S, Times, measured
from tests.measure.scale.roles import agreement
from tests.running import ROOT

SIZES = (1, 2, 4)
FILE = ROOT / "build" / "scale" / "report.json"
SECONDS = float(os.environ.get("HITL_SCALE_SECONDS", "15"))


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # who ends this ends its nodes too
    parser = command_line(__doc__)
    parser.add_argument("nodes", nargs="*", type=int, help=f"sizes of the cluster ({' '.join(map(str, SIZES))})")
    sizes: list[int] = parser.parse_args().nodes or list(SIZES)
    report: dict[str, Any] = {"cases_per_s_a_node": CASES_PER_S, "reviews_per_s_a_node": REVIEWS_PER_S}
    report["store"] = store_terms.measured()
    clusters: dict[str, Any] = _measured_before()
    report["clusters"] = clusters
    for size in sizes:
        clusters[str(size)] = _cluster(size)
        keep("scale", report)
    for work in ("decisions", "reviews"):
        report[f"{work}_by_role"] = agreement({int(nodes): row[work]["us"] for nodes, row in sorted(clusters.items())})
    write("scale", report)
    plot_costs(report)


def _measured_before() -> dict[str, Any]:
    """The clusters of the last report, if there is one."""
    return dict(json.loads(FILE.read_text(encoding="utf-8"))["clusters"]) if FILE.exists() else {}


def _cluster(size: int) -> dict[str, Any]:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hitl-") as folder, scale_nodes(Path(folder), size) as nodes:
        ready_s = round(time.monotonic() - began, 1)
        return {"ready_s": ready_s, **measured(nodes, Times(load_s=SECONDS))}


if __name__ == "__main__":
    main()
