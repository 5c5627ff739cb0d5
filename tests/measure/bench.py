"""``make bench``: decisions a second through the whole product, beside the reference servers, in one run.

Product and references take turns, round after round, so that their ratio means something even where the machine is shared; the
absolute figures do not. Each request has an idempotency key of its own and, for the product, an API key; gold and audit rates
are the defaults, and an answer leaves after its record is durable. ``processor`` tells what a decision takes of it, by kind of
process, in microseconds, with what that kind does meanwhile for earlier ones.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.measure.command_line import no_options
from tests.measure.engine import measured as engine
from tests.measure.enqueue import measured as enqueued
from tests.measure.load_once import Target, generator, load
from tests.measure.plot import plot
from tests.measure.processes import taken_between, taken_until_now
from tests.measure.references import reference, references
from tests.measure.report import deployed, write
from tests.measure.scoring import measured as scoring
from tests.running import Running, images

CONNECTIONS = (1, 16, 64)
SECONDS = float(os.environ.get("HITL_BENCH_SECONDS", "4"))
ROUNDS = 3
WARM_UP_S = 1.0
ROWS = 1000
MICRO = 1e6


def main() -> None:
    no_options(__doc__)
    others, skipped = references()
    with tempfile.TemporaryDirectory() as folder, deployed() as service:
        bodies = _bodies(Path(folder))
        product = Target("product", f"{service.url}/v1/tasks/digits/decisions", service.keys["client"])
        share = _automatic_share(service)
        watched = WatchedLoads(service, product)
        rows = [row for _ in range(ROUNDS) for row in _round(watched, others, bodies)]
    decisions = [_middle(rows, target, n) for target in ("product", *others) for n in CONNECTIONS]
    report = {
        "decisions": decisions,
        "ratios": _ratios(decisions, others),
        "processor": [{"connections": n, "us_a_decision": watched.microseconds(n)} for n in CONNECTIONS],
        "automatic_share": share,
        "generator": generator(),
        "enqueue": enqueued(),
        "engine": engine(),
        "scoring": scoring(),
        "skipped": skipped,
    }
    write("bench", report)
    plot(report)


class WatchedLoads:
    """Loads on the ``product``, with what each kind of the service's processes takes of the processor meanwhile."""

    def __init__(self, service: Running, product: Target) -> None:
        self._service, self._product = service, product
        self._taken = {n: list[dict[str, float]]() for n in CONNECTIONS}

    def loads(self, bodies: Path) -> Iterator[dict[str, Any]]:
        for connections in CONNECTIONS:
            before = taken_until_now(self._service)
            row = load(self._product, bodies, SECONDS, connections)
            taken = taken_between(before, taken_until_now(self._service))
            if not row["answers"]:
                raise RuntimeError(f"the service answered nothing in {SECONDS:g} s on {connections} connections: see its logs")
            self._taken[connections].append({kind: MICRO * seconds / row["answers"] for kind, seconds in taken.items()})
            yield row

    def microseconds(self, connections: int) -> dict[str, float]:
        """By kind: the median of the rounds, of kinds that take one microsecond and more."""
        rounds = self._taken[connections]
        middle = {kind: round(median(each.get(kind, 0.0) for each in rounds), 1) for kind in set().union(*rounds)}
        return {kind: us for kind, us in middle.items() if us >= 1}


def _round(product: WatchedLoads, others: list[str], bodies: Path) -> Iterator[dict[str, Any]]:
    """Everybody once, at each number of connections. The product stays up beside the references, idle."""
    yield from product.loads(bodies)
    for name in others:
        with reference(name) as target:
            load(target, bodies, WARM_UP_S, CONNECTIONS[-1])
            yield from (load(target, bodies, SECONDS, connections) for connections in CONNECTIONS)


def _bodies(folder: Path) -> Path:
    file = folder / "bodies.jsonl"
    file.write_text("".join(json.dumps({"features": features}) + "\n" for features, _ in images(ROWS)))
    return file


def _automatic_share(service: Running) -> float:
    """Over all rows once; it warms the product up too."""
    with service.as_("client") as client:
        said = [client.decide("digits", features)["status"] for features, _ in images(ROWS)]
    return said.count("decided") / len(said)


def _middle(rows: list[dict[str, Any]], target: str, connections: int) -> dict[str, Any]:
    """The median of each figure over the rounds."""
    mine = [row for row in rows if (row["target"], row["connections"]) == (target, connections)]
    figures = [name for name in mine[0] if name not in ("target", "connections")]
    return {"target": target, "connections": connections, **{name: median(row[name] for row in mine) for name in figures}}


def _ratios(rows: list[dict[str, Any]], others: list[str]) -> list[dict[str, Any]]:
    """The product's requests a second over each reference's, and how much longer its median answer takes, in ms."""
    by = {(row["target"], row["connections"]): row for row in rows}
    return [
        {
            "over": other,
            "connections": n,
            "requests_per_s": round(by["product", n]["requests_per_s"] / by[other, n]["requests_per_s"], 3),
            "p50_ms_more": round(by["product", n]["p50_ms"] - by[other, n]["p50_ms"], 3),
        }
        for other in others
        for n in CONNECTIONS
    ]


if __name__ == "__main__":
    main()
