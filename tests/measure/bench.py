"""``make bench``: decisions a second through the whole product, beside a plain server where its folder is there.

Both are driven by the same client in the same process, round after round alternating, so that their ratio means something
even on a busy machine; the absolute figures do not. The reference is ``$HITL_BENCH_DIR/plain.py`` (default ../shared/bench).
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx2

from hitl.cli.local.ports import answers
from hitl.client.calls import new_key
from tests.measure.report import deployed, write
from tests.running import ROOT, images, until

CONNECTIONS = (1, 16, 64)
SECONDS = 4.0
ROUNDS = 3
REFERENCE_PORT = 8101

Bodies = list[dict[str, Any]]


def main() -> None:
    bodies = [{"features": features} for features, _ in images(1000)]
    with deployed() as service, _reference() as reference:
        targets = {"product": (f"{service.url}/v1/tasks/digits/decisions", service.keys["client"])}
        targets |= {"plain": (reference, "")} if reference else {}
        rounds = [_round(name, *target, bodies) for _ in range(ROUNDS) for name, target in targets.items()]
        rows = [row for each in rounds for row in each]
    report: dict[str, Any] = {"decisions": [_middle(rows, name, n) for name in targets for n in CONNECTIONS]}
    if reference:
        report["ratio_to_plain"] = _ratios(report["decisions"])
    else:
        report["skipped"] = {"plain": f"no plain.py in {_folder()}"}
    write("bench", report)


def _round(name: str, url: str, key: str, bodies: Bodies) -> list[dict[str, Any]]:
    return [{"target": name, "connections": n, **asyncio.run(_drive(url, key, bodies, n))} for n in CONNECTIONS]


async def _drive(url: str, key: str, bodies: Bodies, connections: int) -> dict[str, Any]:
    """``connections`` callers that each wait for their answer, for SECONDS."""
    latencies: list[float] = []
    statuses: dict[int, int] = {}
    turn, until_s = itertools.count(), time.monotonic() + SECONDS
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})

    async def call(client: httpx2.AsyncClient) -> None:
        while time.monotonic() < until_s:
            content = json.dumps(bodies[next(turn) % len(bodies)])
            at = time.perf_counter()
            response = await client.post(url, content=content, headers={"idempotency-key": new_key()})
            latencies.append(time.perf_counter() - at)
            statuses[response.status_code] = statuses.get(response.status_code, 0) + 1

    async with httpx2.AsyncClient(headers=headers, limits=limits, timeout=60) as client:
        await asyncio.gather(*(call(client) for _ in range(connections)))
    return _figures(latencies, statuses)


def _figures(latencies: list[float], statuses: dict[int, int]) -> dict[str, Any]:
    ordered = sorted(latencies)
    count = len(ordered)
    return {
        "requests_per_s": round(count / SECONDS, 1),
        "p50_ms": round(ordered[count // 2] * 1000, 2),
        "p99_ms": round(ordered[int(count * 0.99)] * 1000, 2),
        "automatic_share": round(statuses.get(200, 0) / count, 4),
        "failed": count - statuses.get(200, 0) - statuses.get(202, 0),
    }


def _middle(rows: list[dict[str, Any]], target: str, connections: int) -> dict[str, Any]:
    """The median of each figure over the rounds."""
    mine = [row for row in rows if (row["target"], row["connections"]) == (target, connections)]
    figures = [name for name in mine[0] if name not in ("target", "connections")]
    return {"target": target, "connections": connections, **{name: median(row[name] for row in mine) for name in figures}}


def _ratios(rows: list[dict[str, Any]]) -> dict[str, float]:
    speed = {(row["target"], row["connections"]): row["requests_per_s"] for row in rows}
    return {str(n): round(speed["product", n] / speed["plain", n], 3) for n in CONNECTIONS}


@contextmanager
def _reference() -> Iterator[str | None]:
    """The URL of the plain server, or None where its file is not there."""
    script = _folder() / "plain.py"
    if not script.exists():
        yield None
        return
    process = subprocess.Popen([sys.executable, str(script), "--port", str(REFERENCE_PORT)], stdout=subprocess.DEVNULL)
    try:
        until(lambda: answers(REFERENCE_PORT))
        yield f"http://127.0.0.1:{REFERENCE_PORT}{_route(script)}"
    finally:
        process.kill()
        process.wait()


def _route(script: Path) -> str:
    """The path of the server's one POST route, from its source."""
    return next(line.split('"')[1] for line in script.read_text().splitlines() if ".post(" in line)


def _folder() -> Path:
    return Path(os.environ.get("HITL_BENCH_DIR", ROOT.parent / "shared" / "bench"))


if __name__ == "__main__":
    main()
