"""A head over an encoder's vectors: one linear layer, or two with a rectifier between them, in plain numpy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows

MAX_LAYERS = 2
Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VectorHead:
    """Vectors ``(n, width)`` are standardised by ``mean`` and ``scale``, both ``(width,)``; ``layers`` are pairs of weights
    ``(out, in)`` and biases ``(out,)``."""

    mean: Weights
    scale: Weights
    layers: tuple[tuple[Weights, Weights], ...]

    @property
    def width(self) -> int:
        return len(self.mean)

    @property
    def classes(self) -> int:
        return len(self.layers[-1][1])

    def probabilities(self, vectors: Rows) -> Probabilities:
        """In float64: sums of a thousand numbers shall not depend on the size of the batch."""
        states = (np.asarray(vectors, dtype=np.float64) - self.mean) / self.scale
        for number, (weights, biases) in enumerate(self.layers):
            states = (np.maximum(states, 0.0) if number else states) @ weights.T.astype(np.float64) + biases
        likely = np.exp(states - states.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    def tensors(self) -> dict[str, Weights]:
        """By name, for a file."""
        named = {"head.mean": self.mean, "head.scale": self.scale}
        for number, (weights, biases) in enumerate(self.layers):
            named |= {f"head.{number}.weights": weights, f"head.{number}.biases": biases}
        return {name: np.ascontiguousarray(each, dtype=np.float32) for name, each in named.items()}


def head_from(tensors: dict[str, Weights], width: int, classes: int) -> VectorHead:
    """Return the head that ``tensors`` hold, and nothing else. Raises ValueError for shapes that do not fit one another,
    ``width`` and ``classes``, and for numbers that are not finite."""
    count = sum(name.endswith(".weights") for name in tensors)
    names = {"head.mean", "head.scale"} | {f"head.{i}.{part}" for i in range(count) for part in ("weights", "biases")}
    if not 1 <= count <= MAX_LAYERS or set(tensors) != names:
        raise ValueError(f"expected the tensors of a head of 1 to {MAX_LAYERS} layers")
    if any(each.dtype != np.float32 or not np.isfinite(each).all() for each in tensors.values()):
        raise ValueError("a tensor of the head is not finite float32")
    layers = tuple((tensors[f"head.{i}.weights"], tensors[f"head.{i}.biases"]) for i in range(count))
    head, sizes = VectorHead(tensors["head.mean"], tensors["head.scale"], layers), [width]
    for weights, biases in layers:
        if weights.shape != (len(biases), sizes[-1]) or biases.ndim != 1:
            raise ValueError("the layers of the head do not fit together")
        sizes.append(len(biases))
    if head.mean.shape != (width,) or head.scale.shape != (width,) or not (head.scale > 0).all() or head.classes != classes:
        raise ValueError(f"expected a head from {width} numbers to {classes} labels")
    return head
