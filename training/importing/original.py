"""A model as its own library runs it, beside the bundle that it was converted to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hitl.errors import InvalidConfig
from hitl.inference.classifier import Probabilities
from hitl.inference.onnx_bundle import OnnxBundle
from hitl.inference.rows import Rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the task asks of a model: its labels in the task's order, and the numbers a row. ``classes`` are the labels in the
    model's own order, where the caller gave them; ``output`` names the graph's output to read, empty: it is found."""

    labels: tuple[str, ...]
    width: int
    classes: tuple[str, ...] = ()
    output: str = ""

    def columns(self, classes: tuple[str, ...] = ()) -> tuple[int, ...]:
        """Return the column of each of the task's labels in a model whose classes are ``classes``; of a model that does not name
        its classes, those that the caller gave, else the task's own order. Raises InvalidConfig where they are other labels."""
        named = self.classes or classes or self.labels
        if sorted(named) != sorted(self.labels):
            raise InvalidConfig("model", "classes", f"the model's are {list(named)}, the task's labels {list(self.labels)}")
        return tuple(named.index(label) for label in self.labels)


@dataclass(frozen=True, slots=True)
class Original:
    """``predict`` is the library's own: ``(n, classes)`` with columns in the task's order."""

    bundle: OnnxBundle
    predict: Callable[[Rows], Probabilities]


def in_order(said: Any, columns: tuple[int, ...]) -> Probabilities:
    """Return a library's answer with its columns in the task's order; ``(n,)`` is the probability of the second class."""
    probabilities = np.asarray(said, dtype=np.float64)
    if probabilities.ndim == 1:
        probabilities = np.stack([1 - probabilities, probabilities], axis=1)
    return probabilities[:, list(columns)]
