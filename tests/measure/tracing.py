"""What tracing adds to a decision: a gateway over memory, with spans sent to a receiver in another process, and without.

``python -m tests.measure.tracing`` prints as JSON the processor's time of a decision: of the thread that answers, and of the
whole process, which also exports. Arms take turns within a round, in an order that changes; a figure is the median over the
rounds. The gateway's HTTP server and its store are left out: they cost the same in every arm.
"""

import asyncio
import gc
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import Any, NamedTuple

from hitl.adapters.otel.exporting import open_tracer
from hitl.tracing import Tracer, TracingTerms
from serve_app.decisions.case_spans import TracedTelemetry
from tests.free_ports import free_port
from tests.gateway.service import Service
from tests.measure.command_line import no_options

ROUNDS, DECISIONS = 15, 200
SHARES: Mapping[str, float | None] = {"off": None, "off_again": None, "share_0": 0.0, "share_0.1": 0.1, "share_1": 1.0}


class MeasuredService(Service):
    """A gateway with ``tracer``; None: tracing is off."""

    def __init__(self, tracer: Tracer | None) -> None:
        self.tracer = tracer
        super().__init__()

    def _ports(self) -> Any:
        ports = super()._ports()
        return ports if self.tracer is None else replace(ports, tracer=self.tracer, telemetry=TracedTelemetry(self.tracer))


async def measure() -> dict[str, dict[str, float]]:
    """Microseconds that each arm adds to a decision; ``off_again`` is the noise."""
    port = free_port()
    receiver = multiprocessing.get_context("spawn").Process(target=_receive, args=(port,), daemon=True)
    receiver.start()
    await _listening(port)
    arms = {name: MeasuredService(_tracer(port, share)) for name, share in SHARES.items()}
    times: dict[str, list[Cost]] = {name: [] for name in arms}
    for number in range(ROUNDS):
        for name in random.sample(sorted(arms), len(arms)):
            times[name].append(await _cost(arms[name], f"{name}-{number}"))
    receiver.terminate()
    off = _median(times["off"])
    added = {name: _median(each) for name, each in times.items()}
    return {
        name: {"thread_us": round(cost.thread - off.thread, 1), "process_us": round(cost.process - off.process, 1)}
        for name, cost in added.items()
    } | {"a_decision": {"thread_us": round(off.thread, 1), "process_us": round(off.process, 1)}}


async def _listening(port: int) -> None:
    """Return once the receiver takes connections: an exporter that meets none waits."""
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError("the receiver does not listen")


class Cost(NamedTuple):
    """Microseconds of processor time for a decision."""

    thread: float
    process: float


def _median(costs: list[Cost]) -> Cost:
    return Cost(median(cost.thread for cost in costs), median(cost.process for cost in costs))


def _tracer(port: int, share: float | None) -> Tracer | None:
    return None if share is None else open_tracer(TracingTerms(f"http://127.0.0.1:{port}", share), "gateway")


async def _cost(service: MeasuredService, key: str) -> Cost:
    """The spans are exported within the measured time."""
    gc.collect()
    thread, process = time.thread_time(), time.process_time()
    for number in range(DECISIONS):
        answer = await service.decide([0.1, 0.2, 0.7], f"{key}-{number}")
        assert answer.status_code == 202, answer.text
    thread = time.thread_time() - thread
    if service.tracer is not None:
        service.tracer.flush()
    return Cost(thread / DECISIONS * 1e6, (time.process_time() - process) / DECISIONS * 1e6)


def _receive(port: int) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    no_options(__doc__)
    sys.stdout.write(json.dumps(asyncio.run(measure()), indent=2) + "\n")
