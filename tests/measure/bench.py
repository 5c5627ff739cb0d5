"""``make bench``: decisions a second through the whole product, beside the reference servers, in one run.

Product and references take turns, round after round, so that their ratio means something even where the machine is shared; the
absolute figures do not. Each request has an idempotency key of its own and, for the product, an API key; gold and audit rates
are the defaults, and an answer leaves after its record is durable.
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
from tests.measure.references import reference, references
from tests.measure.report import deployed, write
from tests.measure.scoring import measured as scoring
from tests.running import Running, images

CONNECTIONS = (1, 16, 64)
SECONDS = float(os.environ.get("HITL_BENCH_SECONDS", "4"))
ROUNDS = 3
WARM_UP_S = 1.0
ROWS = 1000


def main() -> None:
    no_options(__doc__)
    others, skipped = references()
    with tempfile.TemporaryDirectory() as folder, deployed() as service:
        bodies = _bodies(Path(folder))
        product = Target("product", f"{service.url}/v1/tasks/digits/decisions", service.keys["client"])
        share = _automatic_share(service)
        rows = [row for _ in range(ROUNDS) for row in _round(product, others, bodies)]
    decisions = [_middle(rows, target, n) for target in ("product", *others) for n in CONNECTIONS]
    report = {
        "decisions": decisions,
        "ratios": _ratios(decisions, others),
        "automatic_share": share,
        "generator": generator(),
        "enqueue": enqueued(),
        "engine": engine(),
        "scoring": scoring(),
        "skipped": skipped,
    }
    write("bench", report)
    plot(report)


def _round(product: Target, others: list[str], bodies: Path) -> Iterator[dict[str, Any]]:
    """Everybody once, at each number of connections. The product stays up beside the references, idle."""
    yield from _loads(product, bodies)
    for name in others:
        with reference(name) as target:
            load(target, bodies, WARM_UP_S, CONNECTIONS[-1])
            yield from _loads(target, bodies)


def _loads(target: Target, bodies: Path) -> Iterator[dict[str, Any]]:
    for connections in CONNECTIONS:
        yield load(target, bodies, SECONDS, connections)


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
