"""The bench as a picture: docs/bench.png."""

from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

from tests.running import ROOT

FILE = ROOT / "docs" / "bench.png"


def plot(report: dict[str, Any]) -> None:
    """Requests a second by connections, one line a server; logarithmic, since they differ by tens."""
    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    names = list(dict.fromkeys(row["target"] for row in report["decisions"]))
    for name in names:
        rows = [row for row in report["decisions"] if row["target"] == name]
        at, speed = [row["connections"] for row in rows], [row["requests_per_s"] for row in rows]
        axes.plot(at, speed, marker="o", label=name, linewidth=2.5 if name == "product" else 1.2)
    axes.set(xscale="log", yscale="log", xlabel="connections", ylabel="requests a second", title="Decisions, medians of rounds")
    axes.set_xticks([1, 16, 64], ["1", "16", "64"])
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    figure.savefig(FILE, dpi=110)
    pyplot.close(figure)
