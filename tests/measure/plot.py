"""Measurements as pictures: docs/bench.png, docs/scale-costs.png, docs/scale-curve.png."""

from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

from tests.running import ROOT

FILE = ROOT / "docs" / "bench.png"
COSTS_FILE = ROOT / "docs" / "scale-costs.png"
CURVE_FILE = ROOT / "docs" / "scale-curve.png"


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


def plot_costs(report: dict[str, Any]) -> None:
    """Microseconds of the processor a piece of work by role, a bar for each number of nodes: docs/scale-costs.png."""
    figure, panels = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
    sizes = list(report["clusters"])
    for axes, work, piece in zip(panels, ("decisions", "reviews"), ("decision", "review"), strict=True):
        roles = [row["role"] for row in report[f"{work}_by_role"] if row["same"] != "too small"]
        for place, size in enumerate(sizes):
            middle = place - (len(sizes) - 1) / 2
            heights = [report["clusters"][size][work]["us"][role] for role in roles]
            at = [number + 0.8 / len(sizes) * middle for number in range(len(roles))]
            axes.bar(at, heights, 0.8 / len(sizes), label="1 node" if size == "1" else f"{size} nodes")
        axes.set_xticks(range(len(roles)), roles, rotation=25, ha="right")
        axes.set(ylabel="microseconds of the processor", title=f"A {piece}, without what an idle cluster takes")
        axes.grid(alpha=0.3, axis="y")
        axes.legend()
    figure.savefig(COSTS_FILE, dpi=110)
    pyplot.close(figure)


def plot_curve(report: dict[str, Any]) -> None:
    """Decisions a second by machines, a line for each way, and the share of time that the busiest process of each role works
    where each way ends: docs/scale-curve.png."""
    figure, (axes, shares) = pyplot.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    rows = report["curve"]
    ways = list(dict.fromkeys(row["way"] for row in rows))
    for way in ways:
        mine = [row for row in rows if row["way"] == way]
        axes.plot([row["machines"] for row in mine], [row["decisions_per_s"] for row in mine], marker="o", label=way)
    axes.axhline(10_000, color="grey", linestyle=":", linewidth=1)
    axes.set(
        xlabel="machines of four cores", ylabel="decisions a second", title=f"Simulated: p99 within {report['p99_bound_ms']:g} ms"
    )
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend()
    last = [[row for row in rows if row["way"] == way][-1] for way in ways]
    roles = list(last[0]["busy"])
    for place, row in enumerate(last):
        at = [number + 0.27 * (place - 1) for number in range(len(roles))]
        shares.bar(at, [100 * row["busy"].get(role, 0.0) for role in roles], 0.27, label=row["way"])
    shares.set_xticks(range(len(roles)), roles, rotation=20, ha="right")
    shares.set(ylabel="% of the time, the busiest of each role", title=f"Where {last[0]['machines']} machines end")
    shares.grid(alpha=0.3, axis="y")
    figure.savefig(CURVE_FILE, dpi=110)
    pyplot.close(figure)
