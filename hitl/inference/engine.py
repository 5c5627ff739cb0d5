"""Run a torch module on its device: rows in, probabilities out. All GPU optimizations are here.

Everything is computed in float32 on every device: a certificate is about probabilities, and bf16 would move them.
"""

import threading
from typing import TypeAlias

import torch
from torch import Tensor, nn

from hitl.errors import InvalidConfig
from hitl.inference.classifier import Probabilities
from hitl.inference.rows import Rows

DEVICES = ("auto", "cpu", "cuda")
GRAPH_ROWS = (1, 8, 64)
"""The batches that are captured; a smaller one is filled up, a larger one runs without a graph."""

WARM_UPS = 3
"""Calls before a capture: libraries choose their kernels in the first ones."""

Captured: TypeAlias = "tuple[Tensor, Tensor, torch.cuda.CUDAGraph, Tensor]"


class Engine:
    """``device`` is one of DEVICES; auto: CUDA where it is there. On a CPU one thread a process, because replicas and trials
    share the cores. Safe to call from several threads. Raises InvalidConfig for a device that is not there."""

    def __init__(self, module: nn.Module, width: int, device: str = "auto") -> None:
        self.device = device_named(device)
        self._module = module.to(self.device).eval()
        if self.device.type == "cpu":
            torch.set_num_threads(1)
        self._graphs = _Graphs(self._module, width) if self.device.type == "cuda" else None

    def probabilities(self, rows: Rows) -> Probabilities:
        """Return ``(n, classes)`` of ``(n, width)``; the softmax of the logits is taken in float64."""
        with torch.inference_mode():
            given = torch.as_tensor(rows, dtype=torch.float32)
            logits = self._module(given) if self._graphs is None else self._graphs.logits(given)
            said: Probabilities = torch.softmax(logits.double(), dim=1).numpy()
        return said


def device_named(name: str) -> torch.device:
    """Raises InvalidConfig for a name that is none of DEVICES, and for cuda where there is none."""
    if name not in DEVICES:
        raise InvalidConfig("HITL_DEVICE", "device", f"expected one of {', '.join(DEVICES)}, came {name!r}")
    has_cuda = torch.cuda.is_available()
    if name == "cuda" and not has_cuda:
        raise InvalidConfig("HITL_DEVICE", "device", "cuda was asked for and is not there")
    return torch.device("cuda" if has_cuda and name != "cpu" else "cpu")


def graph_rows(rows: int) -> int | None:
    """Return the size of the graph that takes a batch of ``rows``; None: it is too large for any."""
    return next((size for size in GRAPH_ROWS if size >= rows), None)


class _Graphs:
    """On CUDA: a batch is written to pinned memory, copied without a wait, and computed by one replay of a captured graph, where
    single kernels of a small model would cost more to start than to run."""

    def __init__(self, module: nn.Module, width: int) -> None:
        self._module, self._lock = module, threading.Lock()
        with torch.inference_mode():
            self._captured = {rows: _capture(module, rows, width) for rows in GRAPH_ROWS}

    def logits(self, rows: Tensor) -> Tensor:
        """On the CPU."""
        size = graph_rows(len(rows))
        if size is None:
            on_device: Tensor = self._module(rows.pin_memory().to("cuda", non_blocking=True))
            return on_device.cpu()
        with self._lock:  # the buffers are shared; the copy back waits until the replay is done with them
            staged, given, graph, said = self._captured[size]
            staged[: len(rows)].copy_(rows)
            given.copy_(staged, non_blocking=True)
            graph.replay()
            return said[: len(rows)].cpu()


def _capture(module: nn.Module, rows: int, width: int) -> Captured:
    staged = torch.zeros((rows, width), pin_memory=True)
    given, side = torch.zeros((rows, width), device="cuda"), torch.cuda.Stream()  # type: ignore[no-untyped-call]
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(WARM_UPS):
            module(given)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        said = module(given)
    return staged, given, graph, said
