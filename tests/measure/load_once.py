"""A load in a process of its own: wrk where the machine has it, else a Python client, which is itself the bottleneck sooner.

``python -m tests.measure.load_once URL BODIES.jsonl SECONDS CONNECTIONS [KEY]`` is that client; it prints one JSON object.
"""

import asyncio
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from hitl.client.calls import new_key

SCRIPT = """
local bodies, headers, n = {}, {["Content-Type"] = "application/json"}, 0
for line in io.lines("%(bodies)s") do bodies[#bodies + 1] = line end
if "%(key)s" ~= "" then headers["Authorization"] = "Bearer %(key)s" end
function request()
  n = n + 1
  headers["Idempotency-Key"] = "%(run)s-" .. n
  return wrk.format("POST", nil, headers, bodies[(n - 1) %% #bodies + 1])
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"count": %%d, "took_s": %%.6f, "p50_ms": %%.3f, "p99_ms": %%.3f, "failed": %%d}\\n', summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.status + e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True)
class Target:
    """A server that answers a POST of a row at ``url``; ``key`` '' where it wants none."""

    name: str
    url: str
    key: str = ""


def generator() -> str:
    """What drives the load."""
    return "wrk" if shutil.which("wrk") else "python"


def load(target: Target, bodies: Path, seconds: float, connections: int) -> dict[str, Any]:
    """``connections`` callers that each wait for their answer, for ``seconds``: answers, requests/s, p50 and p99 in ms,
    failures. A key of its own for each request, the rows of ``bodies`` in turn."""
    made = _by_wrk if generator() == "wrk" else _by_python
    said = made(target, bodies, seconds, connections)
    answers = said.pop("count")
    rate = round(answers / said.pop("took_s"), 1)
    return {"target": target.name, "connections": connections, "answers": answers, "requests_per_s": rate, **said}


def _by_wrk(target: Target, bodies: Path, seconds: float, connections: int) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % {"bodies": bodies, "key": target.key, "run": new_key()})
        script.flush()
        argv = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "20s", "-s", script.name, target.url]
        return _last_line(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)


def _by_python(target: Target, bodies: Path, seconds: float, connections: int) -> dict[str, Any]:
    argv = [sys.executable, "-m", "tests.measure.load_once", target.url, str(bodies), str(seconds), str(connections), target.key]
    return _last_line(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)


def _last_line(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text.strip().splitlines()[-1])
    return found


async def _drive(target: Target, rows: list[str], seconds: float, connections: int) -> dict[str, Any]:
    latencies: list[float] = []
    turn, start, failed = itertools.count(), time.monotonic(), 0
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {target.key}"} if target.key else {})

    async def call(client: httpx2.AsyncClient) -> None:
        nonlocal failed
        while time.monotonic() < start + seconds:
            at = time.perf_counter()
            response = await client.post(target.url, content=rows[next(turn) % len(rows)], headers={"idempotency-key": new_key()})
            latencies.append(time.perf_counter() - at)
            failed += not response.is_success

    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    async with httpx2.AsyncClient(headers=headers, limits=limits, timeout=60) as client:
        await asyncio.gather(*(call(client) for _ in range(connections)))
    ordered, count = sorted(latencies), len(latencies)
    p50, p99 = (round(ordered[int(count * q)] * 1000, 3) for q in (0.5, 0.99))
    return {"count": count, "took_s": time.monotonic() - start, "p50_ms": p50, "p99_ms": p99, "failed": failed}


if __name__ == "__main__":
    url, bodies, seconds, connections, key = [*sys.argv[1:], ""][:5]
    rows = Path(bodies).read_text().splitlines()
    print(json.dumps(asyncio.run(_drive(Target("", url, key), rows, float(seconds), int(connections)))))
