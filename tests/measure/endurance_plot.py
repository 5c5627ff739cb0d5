"""What the store and the process held, as a picture."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

from tests.measure.endurance_sample import EnduranceSample

MIB = 2**20


def plot_endurance(samples: list[EnduranceSample], memory: int, file: Path) -> None:
    """MiB of the store, of its cases and journal, and of the process, against cases."""
    figure, axes = pyplot.subplots(figsize=(7, 4.6), layout="constrained")
    at = [each.cases / 1e6 for each in samples]
    axes.plot(at, [each.process_bytes / MIB for each in samples], label="process of the shard and the load (USS)")
    axes.plot(at, [each.mapped_bytes / MIB for each in samples], label="of it pages of files")
    axes.plot(at, [each.store_bytes / MIB for each in samples], label="store")
    axes.plot(at, [each.stream_bytes / MIB for each in samples], label="cases in the store")
    axes.plot(at, [each.journal_bytes / MIB for each in samples], label="journal of reviews in the store")
    axes.axhline(memory / MIB, color="grey", linestyle=":", label="the store's limit")
    axes.set(xlabel="million cases", ylabel="MiB", title="Memory as cases come", ylim=(0, None))
    axes.grid(alpha=0.3)
    figure.legend(loc="outside lower center", fontsize=8, ncols=3)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)
