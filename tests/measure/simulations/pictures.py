"""Learning curves as pictures: the same bytes for the same figures."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from tests.measure.simulations.curves import Curve

COLOURS = {"random": "#777777", "hybrid": "#0b6e4f", "margin": "#3f6fb5", "adaptive": "#c4701c"}


def draw(curves: Mapping[str, Curve], title: str, score: str, whole: float, file: Path) -> None:
    """An SVG of the mean scores with bands of two standard errors over the seeds; ``whole`` is the score with all labels."""
    mpl.rcParams["svg.hashsalt"] = title
    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.subplots()
    for name, curve in curves.items():
        mean = curve.accuracy.mean(axis=0)
        reach = 2 * curve.accuracy.std(axis=0, ddof=1) / len(curve.accuracy) ** 0.5
        axes.plot(curve.labels, mean, label=name, color=COLOURS[name], linewidth=1.8)
        axes.fill_between(curve.labels, mean - reach, mean + reach, color=COLOURS[name], alpha=0.15, linewidth=0)
    axes.axhline(whole, color="#777777", linestyle=":", linewidth=1, label="all labels")
    axes.set(title=title, xlabel="labels", ylabel=score)
    axes.grid(alpha=0.25)
    axes.legend(loc="lower right", frameon=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, format="svg", metadata={"Date": None})
